"""Did people, the model and the team improve, because of whom, how sure is that, and what next."""

from rhml.ui import improvement_views, shell

with shell.page("improvement") as here:
    improvement_views.draw(here)
