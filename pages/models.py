"""Model versions, what each learned from, how they compare, and which one recommends."""

from rhml.ui import evidence, promotion, shell, versions

with shell.page("models") as here:
    found = versions.held(here)
    versions.standing(found, here.domain)
    busy = promotion.work(here)

    if not versions.nothing(here, found):
        versions.table(found)
        version = evidence.pick(found)
        evidence.verdict(version, found, here.domain)
        evidence.taught(version)
        evidence.card(version, here.domain)
    promotion.acts(here, found, busy=busy)
    versions.audit(found)
