"""The team's own way of weighing a case: gather people's calls, learn what they would call, record.

What a person weighs differently is part of the model's content and leaves it in one way only: as a line on that
person's own card. The entry in the register counts people and names none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import TrainingRefused
from rhml.loop import recommend
from rhml.machine.team.own_calls import FEWEST, own_calls
from rhml.machine.team.training import train_team
from rhml.store import frames, registry, team_models
from rhml.store.engine import Store
from rhml.store.team_models import StoredTeam

Progress = Callable[[float, str], None]

AT_MOST_EVERY = timedelta(days=1)
NEW_CALLS = 20
"""Fewer calls since the last training change nothing that a card would show."""


@dataclass(frozen=True)
class Team:
    """What learning the team's way came to; `known` says that it is as it was, `rescored` how many waiting cases
    got the team's points beside their recommendation."""

    team_version: str
    card: dict[str, Any]
    known: bool
    rescored: int
    message: str


def team(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress, seed: int = 7
) -> Team:
    """Learn what the team would call, from its own calls; TrainingRefused where they are too few."""
    progress(0.1, "Reading what people called on their own")
    calls = own_calls(frames.decided(store, domain), domain)
    wanted = sorted(set(calls.rows["case_id"]))
    cases = frames.cases_of(store, domain, wanted)
    learned_from = frames.counter(store, domain)

    progress(0.3, f"Learning from {len(calls):,} calls")
    found = train_team(cases, calls, domain=domain, seed=seed)

    before = team_models.newest(store, domain.name)
    entry = StoredTeam(found.version, found.card, learned_from, at, by)
    store.write(lambda tx: team_models.add(tx, domain.name, entry, found.to_bytes()))
    progress(0.7, f"Looking at the waiting {domain.terms.many}")
    rescored = _beside_waiting(store, domain, at)
    known = before is not None and before.version == found.version
    return Team(found.version, found.card, known, rescored, _in_words(found.card))


def _beside_waiting(store: Store, domain: DecisionDomain, at: datetime) -> int:
    """Score anew the waiting cases whose recommendation says nothing of the team yet."""
    if registry.live_version(store, domain.name) is None:
        return 0
    return recommend.recommend_again(store, domain, team_models.without_team(store, domain), at=at)


def _in_words(card: dict[str, Any]) -> str:
    managers = "1 person" if card["managers"] == 1 else f"{card['managers']:,} people"
    return (
        f"Learned from {card['calls']:,} calls of {managers} ({card['learned_from']}); "
        f"{card['with_weights']:,} of them with {card['enough']} calls or more have weights of their own."
    )


def due(store: Store, domain: DecisionDomain, *, at: datetime) -> bool:
    """Whether people have called enough since the team's way was last learned, at most once a day."""
    last = team_models.newest(store, domain.name)
    if last is None:
        return team_models.calls_since(store, domain.name, 0) >= FEWEST
    aged = at - last.trained_at >= AT_MOST_EVERY
    return aged and team_models.calls_since(store, domain.name, last.learned_from) >= NEW_CALLS


def learn_if_possible(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress
) -> str:
    """The same as `team`, in one sentence; too few calls are no refusal where nobody asked."""
    try:
        return team(store, domain, by=by, at=at, progress=progress).message
    except TrainingRefused as few:
        return str(few)
