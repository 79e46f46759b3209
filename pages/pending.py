from rhml.ui import shell

with shell.page("pending") as here:
    pass
