from rhml.ui import shell

with shell.page("decide") as here:
    pass
