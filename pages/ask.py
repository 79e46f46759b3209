from rhml.ui import shell

with shell.page("ask") as here:
    pass
