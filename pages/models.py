"""Model versions, what each learned and from whom, how they compare, and which one recommends."""

from rhml.ui import model_views, shell

with shell.page("models") as here:
    model_views.draw(here)
