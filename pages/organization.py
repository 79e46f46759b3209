from rhml.ui import shell

with shell.page("organization") as here:
    pass
