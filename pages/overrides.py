"""Where decisions differ from recommendations, why, and what came of it."""

from rhml.ui import shell
from rhml.ui.overrides import overrides_views

with shell.page("overrides") as here:
    overrides_views.draw(here)
