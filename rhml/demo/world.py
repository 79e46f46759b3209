"""What a simulated domain consists of: its cases, what is planted in them, and when things happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, read_domain
from rhml.demo.people import Manager, Plant
from rhml.demo.scale import TWO, Scale
from rhml.demo.words import Said

DOMAINS = Path(__file__).resolve().parents[2] / "data" / "domains"

YEAR = 365
COFFEE = timedelta(minutes=20)
"""Between an import and the first decision: the new cases get their recommendations."""

THIS_MORNING = timedelta(hours=5)
"""The last round of imports lies so long before now: its cases are the ones that wait."""


def demo_domain(name: str) -> DecisionDomain:
    """One of the domain files that come with the product."""
    return read_domain(DOMAINS / f"{name}.toml")


@dataclass(frozen=True)
class World:
    """A domain's year before anybody has worked it.

    cases: one row a case in the columns of its file, with received_at and due_at. planted: the columns of
    `Plant`, and `manager` and `decide_at`, who will take the case when. history: ids of the cases decided
    before the year began. known_at: when the outcome of a decided case shows, None if never. scale: where one action
    ends and the next begins, of opinions and of the truth. settled: the share of the year after which people have learned
    what it teaches them. mark: what who looked at a case marks on it, whether the
    decision differs or not; nothing unless given. panel: own calls that several people make on a case before anybody
    decides it, imported with it: case_id, manager, first_action, first_confidence, decided_at. besides: what else happens after each
    round's recommendations, and how much of it.
    """

    domain: DecisionDomain
    managers: dict[str, Manager]
    cases: pd.DataFrame
    planted: pd.DataFrame
    history: frozenset[str]
    rounds: tuple[datetime, ...]
    trainings: frozenset[datetime]
    known_at: Callable[[str, str, datetime, bool], datetime | None]
    say: Callable[..., Said]
    ask: str
    scale: Scale = TWO
    settled: float = 1.0
    panel: pd.DataFrame | None = None
    mark: Callable[..., tuple[tuple[str, str], ...]] | None = None
    besides: Callable[[datetime], dict[str, int]] | None = None
    plants: dict[str, Plant] = field(init=False)

    def __post_init__(self) -> None:
        names = list(Plant.__dataclass_fields__)
        rows = self.planted[names].to_dict("records")
        object.__setattr__(self, "plants", {row["case_id"]: Plant(**row) for row in rows})

    @property
    def start(self) -> datetime:
        """When the year begins: the first model is trained, and the first cases are imported."""
        return self.rounds[0]

    def progress(self, at: datetime) -> float:
        """How much of the year has passed, 0 to 1."""
        return min(1.0, max(0.0, (at - self.start) / (self.rounds[-1] - self.start)))

    def learned(self, at: datetime) -> float:
        """How much of what the year teaches people they have learned, 0 to 1."""
        return min(1.0, self.progress(at) / self.settled)


def rounds(at: datetime, *, days: int, last: int) -> tuple[datetime, ...]:
    """The moments at which new cases are imported, `days` apart for a year; the cases of the `last` days wait."""
    now = at.replace(second=0, microsecond=0) - THIS_MORNING
    before = now - timedelta(days=last)
    count = (YEAR - last) // days
    return (*(before - timedelta(days=days * k) for k in range(count, -1, -1)), now)


def arrivals(
    rng: np.random.Generator, moments: tuple[datetime, ...], *, a_day: float, history: int
) -> tuple[list[datetime], list[datetime]]:
    """For each case when it arrived and the round that imports it; `history` cases come before the year."""
    before = moments[0] - timedelta(days=15)
    received = [before - spread * timedelta(days=100) for spread in sorted(rng.random(history), reverse=True)]
    imported = [moments[0]] * history
    for since, moment in pairwise(moments):
        count = max(1, round(a_day * (moment - since).days * rng.uniform(0.85, 1.15)))
        received += [since + spread * (moment - since) for spread in sorted(rng.random(count))]
        imported += [moment] * count
    return [
        min(_at_work(when, weekend="Friday"), by) for when, by in zip(received, imported, strict=True)
    ], imported


def decide_times(
    rng: np.random.Generator, imported: list[datetime], moments: tuple[datetime, ...]
) -> list[datetime | None]:
    """When each case is taken up: soon after its import, one in twenty a round later; None if not yet."""
    length, last = moments[1] - moments[0], moments[-1]
    taken = []
    for moment in imported:
        wait = 0.02 + 0.9 * rng.random() ** 2 + (1.0 if rng.random() < 0.05 else 0.0)
        taken.append(max(_at_work(moment + wait * length, weekend="Monday"), moment + COFFEE))
    return [when if when < last else None for when in taken]


def plant_people(rng: np.random.Generator, managers: list[Manager], count: int) -> list[str]:
    """Who will take each case, by the managers' shares."""
    shares = np.array([m.share for m in managers])
    return list(rng.choice([m.name for m in managers], size=count, p=shares / shares.sum()))


def chances(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    """The chances of each case that `Plant` keeps, drawn in advance so that no order of work changes them."""
    return {
        "luck": rng.normal(size=count),
        "heard": rng.random(count),
        "looks": rng.random(count),
        "pick": rng.random(count),
    }


def right_actions(
    rng: np.random.Generator, odds: np.ndarray, domain: DecisionDomain, scale: Scale = TWO
) -> np.ndarray:
    """What will prove right: each action with the probability that facts and private facts give it."""
    return np.array(domain.action_keys)[scale.drawn(odds, rng.random(len(odds)))]


def _at_work(when: datetime, *, weekend: str) -> datetime:
    """The same moment between eight and six; a weekend's on the "Friday" before or the "Monday" after."""
    if when.weekday() > 4:
        when += timedelta(days=7 - when.weekday() if weekend == "Monday" else 4 - when.weekday())
    return when.replace(hour=8 + when.hour * 10 // 24, second=0, microsecond=0)
