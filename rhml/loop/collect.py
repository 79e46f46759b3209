"""A manager fills in a field that is being collected; the next recommendation of the case may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DecisionInvalid
from rhml.intake.features import read_feature
from rhml.loop import permit
from rhml.machine.learning.collected import needed
from rhml.store import case_file, case_values, proposals, registry, waiting
from rhml.store.engine import Store, Transaction


def missing(domain: DecisionDomain, facts: dict[str, Any]) -> list[str]:
    """The fields being collected that a case has no value of."""
    return [f.name for f in domain.features if f.collect and pd.isna(facts.get(f.name))]


def fill(
    store: Store, domain: DecisionDomain, case_id: str, values: dict[str, str], *, by: str, at: datetime
) -> bool:
    """Record values of collected fields of a case, as they would stand in a file; True if anything changed.

    A waiting case is marked for a new recommendation where the live model or a policy reads one of them.
    """
    permit.decider(store, by)
    typed = {name: _typed(domain, name, text) for name, text in values.items() if str(text).strip()}
    if not typed:
        return False
    facts = pd.DataFrame({"case_id": [case_id], **typed})
    read = _read(store, domain)

    def unit(tx: Transaction) -> bool:
        case_file.facts(tx, domain, case_id)  # UnknownCase where there is none
        changed = case_values.append(tx, domain, facts, at=at, by=by)
        if changed and read & typed.keys():
            waiting.score_again(tx, domain.name, [case_id])
        return bool(changed)

    changed = store.write(unit)
    store.forget()
    return changed


def _typed(domain: DecisionDomain, name: str, text: str) -> pd.Series:
    """One value as the domain declares it; DecisionInvalid where it cannot be read."""
    feature = next((f for f in domain.features if f.name == name and f.collect), None)
    if feature is None:
        raise DecisionInvalid(f"{name!r} is no field that is being collected.")
    parsed = read_feature(pd.Series([str(text)], dtype=object), feature)
    if not parsed.sound or parsed.values.isna().all():
        raise DecisionInvalid(f"{feature.label}: “{str(text)[:60]}” cannot be read. {_WANTED[feature.kind]}")
    return parsed.values


_WANTED = {
    "number": "Write a number.",
    "yes_no": "Write yes or no.",
    "date": "Write a day as 2025-03-31.",
    "category": "Write one of the words the domain knows.",
    "text": "Write a sentence.",
}


def _read(store: Store, domain: DecisionDomain) -> set[str]:
    """What a recommendation or the policies beside it may turn on."""
    live = registry.live_version(store, domain.name)
    stated = {condition.feature for policy in domain.policy for condition in policy.when}
    return stated | set(registry.version(store, domain.name, live).features if live else ())


@dataclass(frozen=True)
class Collecting:
    """A field being collected: how many of the cases that teach have a value, how many are needed, who reads it."""

    label: str
    known: int
    needed: int
    everywhere: int
    read: bool


def collecting(store: Store, domain: DecisionDomain) -> list[Collecting]:
    """How far each field being collected has come."""
    live = registry.live_version(store, domain.name)
    read = registry.version(store, domain.name, live).features if live else ()
    return [
        Collecting(domain.feature(name).label, known, needed(teaching), everywhere, name in read)
        for name, known, teaching, everywhere in proposals.collected(store, domain)
    ]
