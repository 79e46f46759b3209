"""Model versions, what each learned from, how they compare, and which one recommends."""

from rhml.ui import evidence, promotion, shell, versions

with shell.page("models") as here:
    found = versions.held(here)
    promotion.begin_anew(here, found)
    versions.standing(found, here.domain)
    busy = promotion.work(here, found)
    promotion.retrain(here, busy=busy)

    if not versions.nothing(here, found):
        versions.table(found)
        version = evidence.pick(found)
        evidence.verdict(version, found, here.domain)
        promotion.promotion(here, found)
        evidence.taught(version)
        evidence.card(version, here.domain)
    versions.audit(found)
