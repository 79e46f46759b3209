"""Where decisions differ from recommendations, why, and what came of it."""

from rhml.ui import explorer, resources, shell

with shell.page("overrides") as here:
    looked_at = explorer.chosen(here)
    explorer.looking_at(looked_at, here.domain)
    by = explorer.split_by(here)
    found = resources.explored(here.domain.name, looked_at, by)

    if not explorer.nothing(found.total, looked_at, here.domain):
        explorer.summary(found.total, here.domain)
        explorer.split(found, by, here.domain)
        explorer.listed(here, looked_at, found.total)
        explorer.downloads(here, looked_at, found)
