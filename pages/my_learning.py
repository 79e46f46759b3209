from rhml.ui import shell

with shell.page("my_learning") as here:
    pass
