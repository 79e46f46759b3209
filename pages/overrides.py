"""Where decisions differ from recommendations, why, and what came of it."""

from rhml.ui import overrides_views, shell

with shell.page("overrides") as here:
    overrides_views.draw(here)
