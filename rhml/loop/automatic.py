"""What follows by itself when outcomes have arrived: a retraining, or another look at a challenger.

`[training] every = N` asks for a retraining after N outcomes since the last. Nothing is ever promoted by
itself. A challenger that waits is looked at again when the outcomes since have grown by half of those it was
judged on: a look at every outcome would let it in by chance at last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.stats.measure import MINIMUM
from rhml.store import frames, jobs, registry, studies
from rhml.store.engine import Store, Transaction
from rhml.store.registry import Version
from rhml.store.studies import Study

KIND = "automatic retraining"
GROWN = 0.5


def trainer(domain: DecisionDomain) -> str:
    """Who trained a version that trained itself, as it stays on record."""
    facts = "outcomes" if domain.outcome else "decisions"
    return f"rhml (every {domain.training.every:,} {facts})"


@dataclass(frozen=True)
class Due:
    """What should follow: whether to retrain, after how many outcomes, and which version to judge again."""

    retrain: bool
    outcomes: int
    judge: str | None = None


def due(store: Store, domain: DecisionDomain) -> Due:
    """What the outcomes since the last training ask for; a few small reads."""
    versions = registry.versions(store, domain.name)
    since = max([0, *(v.learned_from for v in versions[:1]), _asked_at(store, domain)])
    new, every = frames.new_outcomes(store, domain, since), domain.training.every
    enough = every > 0 and new >= max(every, 0 if versions else domain.training.minimum)
    return Due(enough, new, None if enough else _to_judge(store, domain, versions))


def _asked_at(store: Store, domain: DecisionDomain) -> int:
    """The number of the newest fact when a retraining last asked for itself: a refused one is not asked anew."""
    last = studies.newest(store, domain.name, KIND)
    return last.content["asked_at"] if last else 0


def _to_judge(store: Store, domain: DecisionDomain, versions: list[Version]) -> str | None:
    """The newest version, if it waits for more outcomes and enough of them have come."""
    if not versions:
        return None
    newest, live = versions[0], registry.live_version(store, domain.name)
    ever = {p.version for p in registry.promotions(store, domain.name)}
    if live is None or newest.version in ever:
        return None
    since = frames.new_outcomes(store, domain, newest.judged_from or newest.learned_from)
    return newest.version if since >= max(MINIMUM, GROWN * newest.evidence.get("cases", 0)) else None


def begin(store: Store, domain: DecisionDomain, *, at: datetime) -> None:
    """Record that a retraining begins by itself, so that the next one waits for as many outcomes again."""
    begun = _begun(store, domain, at)
    store.write(lambda tx: studies.add(tx, domain.name, begun))


def _begun(store: Store, domain: DecisionDomain, at: datetime) -> Study:
    return Study(KIND, None, {"asked_at": frames.counter(store, domain)}, at, trainer(domain))


def ask(store: Store, domain: DecisionDomain, *, at: datetime) -> Due:
    """Put in line for the worker whatever is due; what is on record as begun is in line."""
    found = due(store, domain)
    if found.retrain:
        begun = _begun(store, domain, at)

        def unit(tx: Transaction) -> None:
            studies.add(tx, domain.name, begun)
            jobs.ask(tx, "retrain", domain=domain.name, arguments={}, by=begun.made_by, at=at)

        store.write(unit)
    if found.judge:
        named = {"version": found.judge}
        store.write(lambda tx: jobs.ask(tx, "judge", domain=domain.name, arguments=named, by="rhml", at=at))
    return found
