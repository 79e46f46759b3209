"""What waits for a second person: signatures, blind second opinions, conflicts."""

from rhml.ui import review_views, shell

with shell.page("review") as here:
    review_views.draw(here)
