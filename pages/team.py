"""Team: what the team can do without the model, what it is taught, what alarms, and who may be looked at."""

from rhml.ui import shell, team_views

with shell.page("team") as here:
    team_views.draw(here)
