"""My learning: a manager's calls against outcomes and against the model's; nobody else's numbers."""

from rhml.ui import learning_views, shell

with shell.page("my_learning") as here:
    learning_views.draw(here)
