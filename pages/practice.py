"""Practice on past cases, when one likes: drills of five minutes, and the course for those who begin."""

from rhml.ui import practice_views, shell

with shell.page("practice") as here:
    practice_views.draw(here)
