"""What a team's courses came to: who finished (as a count), both tests, where, live work afterwards, and what no model learned."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.course.certificate import verdict_of
from rhml.human.course.difficulty import named_segments
from rhml.human.course.team_gain import FEWEST_PEOPLE, Gained, team_gain
from rhml.loop.course_record import Course
from rhml.reports.calls import Calls
from rhml.reports.late_outcomes import late_outcomes
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.store import courses, drills, frames
from rhml.store.engine import Store

ASSOCIATION = "Who takes which {many} is not drawn by lot, so the difference may be in the {many} and not in the course."


@dataclass(frozen=True)
class Training:
    """The courses of a domain, of the team alone.

    finished, open, stopped: courses. people: who finished one. results: certificates by their verdict. live: unaided
    calls in live work after the course (`newcomers`), and of all others since the first course ended (`others`).
    answers: how many practice and test answers no model learned from.
    """

    finished: int
    open: int
    stopped: int
    people: int
    gain: Gained
    segments: tuple[Gained, ...]
    results: dict[str, int]
    newcomers: Measure
    others: Measure
    answers: int

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; single results only where enough people finished."""
        return {
            "finished": self.finished,
            "open": self.open,
            "stopped": self.stopped,
            "people": self.people,
            "gain": self.gain.as_dict(),
            "segments": [one.as_dict() for one in self.segments],
            "live": {"newcomers": self.newcomers.as_dict(), "others": self.others.as_dict()},
            "answers_no_model_learned_from": self.answers,
        }


def training(store: Store, domain: DecisionDomain) -> Training:
    """Gather every course of a domain, and say what the team's came to."""
    held = [Course(drill) for drill in courses.courses(store, domain.name)]
    first = _first_finished(held)

    gain, segments = _gain(store, domain, first)
    newcomers, others = _live(store, domain, {name: _ended(one) for name, one in first.items()})
    return Training(
        finished=sum(one.certificate is not None for one in held),
        open=sum(one.drill.ended is None for one in held),
        stopped=sum(one.stopped for one in held),
        people=len(first),
        gain=gain,
        segments=segments,
        results=dict(Counter(verdict_of(one.gain(domain)) for one in first.values())),
        newcomers=newcomers,
        others=others,
        answers=drills.answered(store, domain.name),
    )


def in_a_line(store: Store, domain: DecisionDomain) -> str:
    """What courses changed in the team, in one sentence; nothing where there is none."""
    first = _first_finished([Course(drill) for drill in courses.courses(store, domain.name)])
    if not first:
        return ""
    said = _gain(store, domain, first)[0].verdict
    change = said.change
    if not change.known:
        return f"What courses taught: {change.why}"
    return (
        f"What courses taught: {len(first)} people who finished one moved by {100 * change.value:+.0f} points "
        f"({100 * change.low:+.0f} to {100 * change.high:+.0f}; {change.n} pairs of past {domain.terms.many}) from the test before "
        f"practice to the test after: {said.words}; it is on Team, under Training."
    )


def _first_finished(held: list[Course]) -> dict[str, Course]:
    """The first finished course of each person."""
    first: dict[str, Course] = {}
    for one in held:
        if one.certificate:
            first.setdefault(one.drill.manager, one)
    return first


def _gain(
    store: Store, domain: DecisionDomain, first: dict[str, Course]
) -> tuple[Gained, tuple[Gained, ...]]:
    columns = tuple(named_segments(domain))
    pairs = _pairs(store, domain, list(first.values()), columns)
    return team_gain(pairs, smallest=domain.report.smallest_change, columns=columns)


def _pairs(
    store: Store, domain: DecisionDomain, done: list[Course], columns: tuple[str, ...]
) -> pd.DataFrame:
    """One row a pair of which both cases were answered, with the segments that its two cases share."""
    rows = [
        (one.drill.manager, _ended(one), before.right, after.right, pair.before, pair.after)
        for one in done
        for pair, before, after in one.both()
    ]
    pairs = pd.DataFrame(rows, columns=["person", "ended", "before", "after", "first", "then"])
    ids = sorted({*pairs["first"], *pairs["then"]})
    facts = frames.cases_of(store, domain, ids).set_index("case_id") if ids else pd.DataFrame(columns=columns)
    for column in columns:
        there, here = (pairs[which].map(facts[column].astype(object)) for which in ("first", "then"))
        pairs[column] = there.where(there == here)
    return pairs


def _ended(one: Course) -> datetime:
    ended = one.drill.ended
    assert ended is not None, "a course with a certificate has ended"
    return ended.at


def _live(store: Store, domain: DecisionDomain, finished: dict[str, datetime]) -> tuple[Measure, Measure]:
    """The share right of unaided calls in live work since: of those who finished a course, and of all others."""
    if not finished:
        none = Measure.unknown("Nobody has finished a course so far.")
        return none, none
    calls = Calls.of(late_outcomes(frames.decided(store, domain), domain=domain)[0], domain)
    judged, why = calls.judged()
    made, who = pd.to_datetime(calls.column("decided_at")), calls.column("manager")
    live = judged & calls.unaided & ~calls.column("imported").fillna(False).to_numpy(bool)
    since = who.map(finished)
    newcomer = live & since.notna().to_numpy() & (made > pd.to_datetime(since)).fillna(False).to_numpy(bool)
    other = live & since.isna().to_numpy() & (made > min(finished.values())).fillna(False).to_numpy(bool)
    return _right(calls, newcomer, why), _right(calls, other, why)


def _right(calls: Calls, rows: np.ndarray, why: str) -> Measure:
    people = len(np.unique(calls.manager[rows]))
    if why or people < FEWEST_PEOPLE:
        said = f"Calls of {people} {'person' if people == 1 else 'people'} so far; shown from {FEWEST_PEOPLE} on."
        return Measure.unknown(why or said, int(rows.sum()))
    return share(calls.hits("first")[rows], calls.sample(rows))


def in_words(found: Training, domain: DecisionDomain) -> str:
    """The same in a few lines, for the command line."""
    said, many = found.gain.verdict, domain.terms.many
    lines = [
        f"Courses on past {many}: {found.finished} finished by {found.people} people, {found.open} open."
    ]
    if said.change.known:
        lines.append(
            f"Right before {_of_100(found.gain.before)}, after {_of_100(found.gain.after)}: {100 * said.change.value:+.0f} points "
            f"({100 * said.change.low:+.0f} to {100 * said.change.high:+.0f}; {said.change.n} pairs): {said.words}."
        )
        lines.append(_holds(found.gain))
    else:
        lines.append(said.change.why)
    lines += [
        f"  {one.name}: {_of_100(one.before)} before, {_of_100(one.after)} after: {one.verdict.words}."
        for one in found.segments
    ]
    for who, measure in (("who finished a course", found.newcomers), ("all others", found.others)):
        lines.append(
            f"Own calls in live work since, {who}: {_of_100(measure) if measure.known else measure.why}"
        )
    lines.append(f"{found.answers:,} answers in practice and tests taught no model anything.")
    return "\n".join(lines)


def _holds(of: Gained) -> str:
    """What the words rest on, and how rarely they are false."""
    low, high = (100 * end for end in (of.rests_on.low, of.rests_on.high))
    return (
        f"Asked again as each course ends (look {of.looks.number}), so the words rest on {low:+.0f} to {high:+.0f}: over all "
        "looks false of at most 1 team in 20 that learned nothing, and as rarely of any of its segments."
    )


def _of_100(found: Measure) -> str:
    return f"{100 * found.value:.0f} of 100 (n {found.n:,})"
