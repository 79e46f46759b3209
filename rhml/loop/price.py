"""What each reason and each segment of people's decisions taught a version, computed in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import NoChampion
from rhml.loop import lessons_for_models, permit
from rhml.machine.judging.prices import prices
from rhml.store import frames, registry, studies
from rhml.store import marks as marks_made
from rhml.store.engine import Store
from rhml.store.studies import Study

KIND = "prices"


def price(
    store: Store,
    domain: DecisionDomain,
    version: str | None = None,
    *,
    by: str,
    at: datetime,
    progress: Callable[[float, str], None],
    seed: int = 7,
) -> dict[str, Any]:
    """Price what people taught a version, the newest by default, from the facts that it had learned from."""
    permit.lead(store, by, "have prices computed")
    entry = _version(store, domain, version)
    cases, calls = as_of(store, domain, entry.learned_from)

    lessons = entry.card.get("taught_by", ())
    taught = lessons_for_models.covered_by(lessons, cases)
    marks = marks_made.of_calls(store, domain)
    found = prices(cases, calls, domain=domain, seed=seed, progress=progress, taught=taught, marks=marks)

    content = {**found.as_dict(), "version": entry.version, "same": found.hash in ("", entry.hash)}
    store.write(lambda tx: studies.add(tx, domain.name, Study(KIND, entry.version, content, at, by)))
    return content


def as_of(store: Store, domain: DecisionDomain, seq: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cases and decisions as a training at a fact's number saw them; a reversal since is not undone.

    The bank's newer outcomes stay: nothing learns from them, and each makes a comparison surer.
    """
    cases, calls = frames.cases(store, domain), frames.decided(store, domain)
    resolved = frames.resolved_before(store, domain, seq)
    later = ~cases["case_id"].isin(resolved) & ~cases["bank"].astype(bool)
    then = cases.assign(right_action=cases["right_action"].mask(later, None))
    return then, calls[calls["decision_id"].isin(frames.decided_before(store, domain, seq))]


def _version(store: Store, domain: DecisionDomain, version: str | None) -> registry.Version:
    if version is not None:
        return registry.version(store, domain.name, version)
    every = registry.versions(store, domain.name)
    if not every:
        raise NoChampion("There is no model yet, so nobody has taught one. Retrain first.")
    return every[0]
