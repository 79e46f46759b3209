"""What waits for a second person: signatures, blind second opinions, conflicts."""

from rhml.ui import shell
from rhml.ui.review import review_views

with shell.page("review") as here:
    review_views.draw(here)
