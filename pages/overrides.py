from rhml.ui import shell

with shell.page("overrides") as here:
    pass
