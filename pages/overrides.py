"""Where decisions differ from recommendations, why, and what came of it."""

from rhml.ui import computed, explorer, override_split, shell

with shell.page("overrides") as here:
    looked_at = explorer.chosen(here)
    explorer.looking_at(looked_at, here.domain)
    explorer.bank_left_out(looked_at, here.domain)
    by = explorer.split_by(here)
    found = computed.explored(here.domain.name, looked_at, by)

    if not explorer.nothing(found.total, looked_at, here.domain):
        explorer.summary(found.total, here.domain)
        override_split.table(here, found, by)
        explorer.listed(here, looked_at, found.total)
        explorer.downloads(here, looked_at, found)
