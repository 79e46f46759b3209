"""Works a simulated domain through its year: import, recommend, decide, resolve, retrain, promote.

Everything goes through the verbs of `rhml.loop` that pages and commands use, at the times it would have
happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from rhml.demo import desk
from rhml.demo.decider import Decider
from rhml.demo.older_log import older_log, table
from rhml.demo.second_person import SecondPeople
from rhml.demo.world import World
from rhml.intake.tables import Table
from rhml.loop.onboard import onboard
from rhml.loop.promote import FREE, promote
from rhml.loop.queue import assign, escalate, snooze
from rhml.loop.recommend import recommend_waiting
from rhml.loop.resolve import resolve
from rhml.loop.retrain import Retrained, retrain
from rhml.store import demo_log
from rhml.store.engine import Store

Progress = Callable[[float, str], None]
LEAD = "Lead"
ANALYST = "Analyst"


def silent(share: float, words: str) -> None:
    """Steps too small to speak of."""


@dataclass
class Work:
    """A year being worked: what was decided and not yet resolved, and what this month came to."""

    store: Store
    world: World
    progress: Progress
    decided: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    count: Counter = field(default_factory=Counter)

    def tell(self, at: datetime, words: str) -> None:
        """Progress in words."""
        self.progress(self.world.progress(at), words)


def work(store: Store, world: World, *, progress: Progress) -> dict[str, int]:
    """Live through the year; returns how much of everything happened."""
    year = Work(store, world, progress)
    decider, seconds = Decider(store, world), SecondPeople(store, world, LEAD)
    _begin(year)
    for moment, until in zip(world.rounds, [*world.rounds[1:], None], strict=True):
        _bring(year, moment)
        _resolve(year, moment)
        if moment in world.trainings:
            _retrain(year, moment)
        recommend_waiting(store, world.domain, at=moment + timedelta(minutes=5), progress=silent)
        year.count.update(world.besides(moment) if world.besides else {})
        if until is not None:
            _decide(year, decider, moment, until)
            _second_look(year, seconds, until)
            _month(year, moment, until)
    _keep_truth(year)
    _leave_traces(year, world.rounds[-1])
    return {"cases": len(world.cases), **year.count}


def _begin(year: Work) -> None:
    """The domain file comes with an older log: cases decided without any model, and their outcomes."""
    world = year.world
    cases, decisions, outcomes = older_log(world)
    asked = _asked_before(world, set(cases["case_id"]))
    done = onboard(
        year.store,
        world.domain,
        cases=table(cases),
        decisions=table(decisions),
        outcomes=table(outcomes),
        by=LEAD,
        at=world.start,
    )
    if asked is not None:
        onboard(year.store, world.domain, decisions=asked, by=LEAD, at=world.start)
    year.count.update(imported_decisions=done.decisions.new, outcomes=done.outcomes.new)
    year.tell(
        world.start, f"{world.domain.title}: {done.cases.new:,} older {world.domain.terms.many} imported"
    )


def _bring(year: Work, moment: datetime) -> None:
    """Import the cases that arrived since the last round."""
    world = year.world
    new = (world.planted["imported"] == moment) & ~world.planted["case_id"].isin(world.history)
    if new.any():
        cases = world.cases[new.to_numpy()]
        calls = _asked_before(world, set(cases["case_id"]))
        onboard(year.store, world.domain, cases=table(cases), decisions=calls, by=LEAD, at=moment)


def _asked_before(world: World, case_ids: set[str]) -> Table | None:
    """What a panel said of these cases before anybody decided them; None where there is no panel."""
    if world.panel is None:
        return None
    return table(world.panel[world.panel["case_id"].isin(case_ids)])


def _resolve(year: Work, moment: datetime) -> None:
    """Record the outcomes that have become known by now."""
    world = year.world
    explored = desk.explored(year.store, world.domain) if world.domain.selective else set()
    rows = []
    for case_id, (action, decided_at) in list(year.decided.items()):
        known_at = world.known_at(case_id, action, decided_at, case_id in explored)
        if known_at is None or known_at <= moment:
            del year.decided[case_id]
        if known_at is not None and known_at <= moment:
            rows.append((case_id, world.plants[case_id].right_action, known_at))
    if rows:
        outcomes = pd.DataFrame(rows, columns=["case_id", "right_action", "known_at"])
        done = resolve(year.store, world.domain, outcomes, by=LEAD, at=moment)
        year.count.update(outcomes=done.new)
        if len(rows) > 40:
            year.tell(
                moment, f"{moment:%B}: outcomes of {len(rows):,} {world.domain.terms.many} became known"
            )


def _retrain(year: Work, moment: datetime) -> None:
    """Train a challenger; the lead promotes it where the gate says so, and keeps the champion otherwise."""
    domain, at = year.world.domain, moment + timedelta(minutes=1)
    which = "new" if year.count["versions"] else "first"
    year.tell(moment, f"{moment:%B}: a {which} model learns from outcomes and from what people decided")
    done = retrain(year.store, domain, by=LEAD, at=at, progress=silent)
    year.count.update(versions=1)
    if done.verdict in FREE and not done.known:
        later = moment + timedelta(minutes=3)
        promote(year.store, domain, done.version, by=LEAD, why=_why(done, domain.terms.many), at=later)
        year.count.update(promotions=1)
    said = "live, as there was none before" if done.verdict == "first" else f"judged: {done.verdict}"
    year.tell(moment, f"{moment:%B}: model {done.version} is {said}")


def _why(done: Retrained, many: str) -> str:
    if done.verdict == "first":
        return "Our first model. It starts as a second opinion; we look at the overrides every quarter."
    return f"Better on {many} that neither version has trained on, and no segment is harmed."


def _decide(year: Work, decider: Decider, moment: datetime, until: datetime) -> None:
    """Everybody takes up the cases of these days, one after another."""
    folders = desk.folders(year.store, year.world.domain, now=moment)
    planted = year.world.planted
    due = planted[planted["case_id"].isin(folders) & (planted["decide_at"] < until)].sort_values("decide_at")
    for case_id, manager, at in zip(due["case_id"], due["manager"], due["decide_at"], strict=True):
        done = decider.take(folders[case_id], manager=manager, at=at.to_pydatetime())
        year.decided[case_id] = (done.final_action, done.decided_at)
        year.count.update(decisions=1, overrides=int(done.is_override), this_month=1)
        year.count.update(differently=int(done.is_override), first_calls=int(done.first_action is not None))


def _second_look(year: Work, seconds: SecondPeople, until: datetime) -> None:
    """Before the next round others sign, judge blind and settle; some of the last round's is left for this morning."""
    at = until - timedelta(minutes=30)
    year.count.update(seconds.look(at, leaving=until == year.world.rounds[-1]))


def _month(year: Work, moment: datetime, until: datetime) -> None:
    """At the end of a month, say what it came to."""
    last = until == year.world.rounds[-1]
    if (moment.month == until.month and not last) or not year.count["this_month"]:
        return
    decided, differently = year.count.pop("this_month"), year.count.pop("differently", 0)
    words = f"{decided:,} {year.world.domain.terms.many} decided, {differently:,} differently from the model"
    year.tell(until, f"{moment:%B}: {words}")


def _keep_truth(year: Work) -> None:
    """Keep what will prove right for the undecided and the unresolved, so that time can pass for a newcomer too."""
    waiting = desk.folders(year.store, year.world.domain, now=year.world.rounds[-1])
    open_ = {*waiting, *year.decided}
    plants = year.world.plants
    demo_log.keep_truth(
        year.store, year.world.domain.name, {one: plants[one].right_action for one in plants if one in open_}
    )


def _leave_traces(year: Work, moment: datetime) -> None:
    """This morning somebody asked for help, put a case off and passed one on; the rest simply waits."""
    waiting = list(desk.folders(year.store, year.world.domain, now=moment))
    names = [name for name in year.world.managers if name != LEAD]
    year.count.update(waiting=len(waiting))
    if len(waiting) < 4:
        return
    at, domain = moment + timedelta(hours=1), year.world.domain
    escalate(year.store, domain, waiting[1], why=year.world.ask, manager=names[1], at=at)
    snooze(year.store, domain, waiting[-1], until=moment + timedelta(days=4), manager=names[0], at=at)
    assign(year.store, domain, waiting[2], to=names[0], manager=LEAD, at=at)
