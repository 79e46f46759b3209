"""What the card of a decision process is written from: who decides how, how people oversee, and how far they rely."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop.alarms import KIND as ALARMS
from rhml.loop.edges import plain
from rhml.loop.intent.intending import on_record
from rhml.loop.records.model_card import about
from rhml.reports.tallied import row
from rhml.stats.measure import Measure
from rhml.store import organization, registry, studies, tallies
from rhml.store.engine import Store

RATE_OF_NONE = {
    "override_rate": Measure.unknown("Only overrides have a direction; see the counts.").as_dict()
}


def process_card(store: Store, domain: DecisionDomain, *, at: datetime) -> dict[str, Any]:
    """Plain values; numbers are of the team as a whole, and nobody is named."""
    alarms = studies.newest(store, domain.name, ALARMS)
    roles = list(organization.people(store).values())

    def rows(by: str | None) -> list[dict[str, object]]:
        return [row(one) for one in tallies.tallies(store, domain, by, made_here=True)]

    return plain({
        "kind": "process",
        "about": about(store, domain, f"Decision process: {domain.title}", at),
        "roles": {role: roles.count(role) for role in organization.ROLES},
        "entered": tallies.entered(store, domain),
        "live_version": registry.live_version(store, domain.name),
        "whole": rows(None),
        "by_mode": rows("mode"),
        "by_direction": [one | RATE_OF_NONE for one in rows("direction")] if domain.has_order else [],
        "by_month": rows("period"),
        "seconds": tallies.middle_seconds(store, domain),
        "reasons": tallies.reasons(store, domain),
        "intent": on_record(store, domain),
        "alarms": alarms.content["alarms"] if alarms else None,
        "alarms_at": alarms.made_at if alarms else None,
        "rules": {
            "modes": domain.modes.model_dump(), "override": domain.override.model_dump(),
            "governance": domain.governance.model_dump(), "training": domain.training.model_dump(),
            "people": domain.people.model_dump(), "policies": [one.model_dump() for one in domain.policy],
            "retention": _retention(domain),
        },
        "by_a_person": domain.card.model_dump(),
    })  # fmt: skip


def _retention(domain: DecisionDomain) -> dict[str, Any] | None:
    """How long what is kept, where the domain says so."""
    held = getattr(domain, "retention", None)
    return held.model_dump() if held is not None else None
