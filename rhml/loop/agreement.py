"""Agreement beyond chance: gathered from the log under a reader's filters, computed, and told as far as they may see."""

from __future__ import annotations

from dataclasses import replace

from rhml.core.domain import DecisionDomain
from rhml.reports.agreeing import Agreeing, agreeing
from rhml.stats.measure import MINIMUM
from rhml.store import agreement_counts as log
from rhml.store.engine import Store
from rhml.store.explorer import Filters


def agreement(
    store: Store, domain: DecisionDomain, filters: Filters, *, by: str | None = None, people: bool = True
) -> Agreeing:
    """α between people and with the model; by a segment where one is named, two by two where people may be told apart."""
    parts = (
        [log.among_people(store, domain, filters, own=own, by=by) for own in (True, False)]
        if by
        else [None, None]
    )
    own, final = (log.among_people(store, domain, filters, own=own) for own in (True, False))
    veil = filters.seen_by
    pairs = log.between_people(store, domain, filters, own=True, least=MINIMUM) if people and veil else None
    model = log.with_model(store, domain, filters)
    found = agreeing(
        own,
        final,
        domain=domain,
        model=model,
        opinions=log.second_opinions(store, domain, filters),
        own_by=parts[0],
        final_by=parts[1],
        pairs=pairs,
        called=dict(veil.shown) if veil else {},
    )
    return replace(found, cut=log.cut(own, final, model, *parts))
