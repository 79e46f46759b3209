from rhml.ui import shell

with shell.page("models") as here:
    pass
