from rhml.ui import shell

with shell.page("improvement") as here:
    pass
