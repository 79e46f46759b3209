"""What a newcomer on a tour does beside the ordinary pages: come in under a name, and let time pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from rhml.demo.tour_steps import NEWCOMER, Tour, checked
from rhml.demo.year import LEAD
from rhml.loop.resolve import resolve
from rhml.loop.teams import set_role
from rhml.store import demo_log, organization, tours
from rhml.store.engine import Store
from rhml.store.tours import OnTour


@dataclass(frozen=True)
class Passed:
    """What time brought: how many outcomes became known, and of how many decisions none ever will."""

    known: int
    never: int


def begin(store: Store, tour: Tour, *, at: datetime) -> OnTour:
    """Take the newcomer in, once, and begin the tour anew: what was done before it does not count for it."""
    if organization.role(store, NEWCOMER) in (None, organization.LEFT):
        set_role(store, NEWCOMER, "lead", by=LEAD, at=at)
    begun = OnTour(NEWCOMER, tour.field, tour.domain, at, folded=False, ended=False)
    store.write(lambda tx: tours.keep(tx, begun))
    return begun


def change(store: Store, held: OnTour, *, folded: bool = False, ended: bool = False) -> None:
    """Fold, unfold or end a tour."""
    store.write(lambda tx: tours.keep(tx, replace(held, folded=folded, ended=ended)))


def steps_done(store: Store, tour: Tour, held: OnTour) -> tuple[bool, ...]:
    """Which steps the log shows as done since the tour began."""
    done = tours.done(store, tour.domain, held.person, since=held.began_at)
    return checked(tour, done, tours.looks(store, held))


def let_time_pass(store: Store, tour: Tour, held: OnTour, *, at: datetime) -> Passed:
    """Record what proves right for what the person decided on the tour, as far as it ever shows.

    The lead of the demo records it, as after every month of the year before.
    """
    domain = organization.domain(store, tour.domain)
    waiting = tours.awaiting_outcome(store, tour.domain, held.person, since=held.began_at)
    truth = demo_log.truth(store, tour.domain, list(waiting))
    shows = set(domain.outcome.observed_after if domain.outcome else ()) or set(domain.action_keys)
    explored = tours.explored(store, tour.domain, list(waiting)) if domain.selective else set()
    rows = [
        (case_id, truth[case_id], at)
        for case_id, action in waiting.items()
        if case_id in truth and (action in shows or case_id in explored)
    ]
    if rows:
        outcomes = pd.DataFrame(rows, columns=["case_id", "right_action", "known_at"])
        resolve(store, domain, outcomes, by=LEAD, at=at)
    return Passed(len(rows), len(waiting) - len(rows))
