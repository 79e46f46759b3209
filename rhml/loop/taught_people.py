"""What the model taught people, line by line: lessons of the team, people's own lessons, and drills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd

from rhml.human.skill.transfer import discovered_until
from rhml.human.taught import Shown, Teaching, Unaided, shown
from rhml.loop.asked import Asked
from rhml.reports.ledger import TO_PEOPLE, Entry
from rhml.reports.unaided import compared, rows_of
from rhml.stats.measure import Measure
from rhml.stats.periods import middle
from rhml.stats.rules.rule import Rule
from rhml.store import drills, lessons
from rhml.store.lessons import VERBS, StoredLesson

TO_TEAM, TO_OWN = "teach the team", "to own drills"
PEOPLE = 3
"""People of whom a line must speak that is not about the team: fewer, and it would be a person's record."""

MOST_UNITS = 50
"""Lessons of people’s own that are told in one line: the newest."""

ASSOCIATION = "Whoever took it up may differ from others in more than that, so this is an association."
TOGETHER = "the team’s lessons together"


@dataclass(frozen=True, eq=False)
class Room:
    """The unaided calls that can tell, and which of them each thing taught covers."""

    asked: Asked

    @cached_property
    def at(self) -> tuple[np.ndarray, str]:
        """Positions of the calls among those asked about, and why there are none."""
        return rows_of(self.asked.calls)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The decisions of those calls."""
        return self.asked.kept.iloc[self.at[0]].reset_index(drop=True)

    @cached_property
    def calls(self) -> Unaided:
        """The calls with what their cases are like."""
        judged, _ = self.asked.calls.judged()
        times = pd.to_datetime(self.asked.kept["decided_at"])
        moment = middle(times[judged & times.notna()])
        # What people do on like cases at other times is the very thing that teaching changes: not held alike here.
        hard = None if self.asked.hard is None else self.asked.hard.assign(people=np.nan)
        found, _ = compared(self.asked.calls, self.at[0], moment=moment, difficulty=hard)
        known = [pd.to_datetime(self.rows[name]) for name in ("decided_at", "known_at")]
        arrived = pd.concat(known, axis=1).max(axis=1).to_numpy("datetime64[us]")
        return Unaided(found.right.astype(float), found.manager, found.case, found.times, arrived, found.mix)

    @cached_property
    def facts(self) -> pd.DataFrame:
        """The facts of the calls' cases, row for row."""
        return self.asked.cases.set_index("case_id").reindex(self.rows["case_id"]).reset_index()

    @cached_property
    def codes(self) -> dict[str, int]:
        """The code of each manager."""
        return dict(zip(self.rows["manager"], self.calls.manager.tolist(), strict=True))

    def covered(self, lesson: StoredLesson) -> np.ndarray:
        """The calls inside a lesson's rule."""
        return Rule.of(lesson.content).covers(self.facts)

    def teaching(self, lesson: StoredLesson, starts_at: datetime, who: str | None = None) -> Teaching:
        """What is taught, as the comparison takes it; `who` is the one person taught."""
        learner = None if who is None else self.codes.get(who, -1)
        inside = self.covered(lesson) & (True if who is None else self.calls.manager == learner)
        found = lesson.drawn_until or discovered_until(self.calls.times, lesson.found_at)
        return Teaching(inside, found, starts_at, learner)

    def cases(self, found: Shown, since: datetime) -> tuple[str, ...]:
        """Ids of the cases inside since the start, never of the bank; newest last."""
        rows = self.rows.iloc[found.rows]
        told = rows[
            (pd.to_datetime(rows["decided_at"]) >= since).to_numpy(bool) & ~rows["bank"].to_numpy(bool)
        ]
        return tuple(dict.fromkeys(told["case_id"]))


def lines(asked: Asked) -> tuple[list[Entry], list[str]]:
    """Every line of what the model taught people, newest first, and what cannot be told, in sentences."""
    held = {lesson.lesson_id: lesson for lesson in lessons.held(asked.store, asked.domain)}
    team = [
        (x, told) for x in held.values() if (told := _taught(x, TO_TEAM, asked.until)) and x.manager is None
    ]
    own = [
        (x, told)
        for x in held.values()
        if (told := _taught(x, TO_OWN, asked.until)) and x.manager is not None
    ]
    drilled = drills.first_answers(asked.store, asked.domain.name)
    room = Room(asked)
    if not (team or own or drilled) or not len(room.at[0]):
        return [], [room.at[1]] if room.at[1] else []
    covered = [room.covered(x) for x, _ in (*team, *own)]
    covered += [room.covered(held[x]) for _, x, _ in drilled if x in held]
    elsewhere = ~np.logical_or.reduce([np.zeros(len(room.rows), bool), *covered])
    found = list(_of_the_team(room, team, elsewhere))
    own_units = [(x, x.manager, told.starts_at or told.at) for x, told in own]
    drill_units = [(held[x], who, at) for who, x, at in drilled if x in held]
    return found + [
        line
        for kind, units in (("own lessons", own_units), ("drills", drill_units))
        if (line := _pooled(room, kind, units, elsewhere)) is not None
    ], []


def _taught(lesson: StoredLesson, verb: str, until: datetime | None) -> lessons.LessonEvent | None:
    """The event from which a lesson was taught; None where it was taken back before its start."""
    told = lesson.last(verb)
    if told is None or lesson.learner != "people":
        return None
    starts = told.starts_at or told.at
    undone = any(e.kind in VERBS and told.at < e.at < starts for e in lesson.events)
    return None if undone or (until is not None and starts >= until) else told


def _of_the_team(room: Room, team, elsewhere: np.ndarray) -> Iterator[Entry]:
    """The lessons of the team, each by itself, and where there are several all of them together."""
    given = [(x, told, room.teaching(x, told.starts_at)) for x, told in reversed(team)]
    if len(given) > 1:
        lot = all(told.starts_at > told.at for _, told, _ in given)
        everything = tuple(one for *_, one in given)
        since = min(one.starts_at for one in everything)
        what = f"{len(given)} lessons together: the change inside them on average"
        yield _line(room, "lessons", TOGETHER, what, everything, elsewhere, since, lot)
    for lesson, told, one in given:
        lot = told.starts_at > told.at
        yield _line(room, "lesson", lesson.lesson_id, lesson.sentence, (one,), elsewhere, one.starts_at, lot)


def _line(room: Room, kind, about, what, taught, elsewhere, since, lot: bool) -> Entry:
    found = shown(room.calls, taught, elsewhere)
    cases = room.cases(found, since)
    return Entry(
        TO_PEOPLE, kind, about, what, "the team", since, found.before, found.after, found.change,
        lot and found.compared, _why(found, lot), p=found.p, beside=_beside(found),
        cases=cases[-200:], counted=len(cases),
    )  # fmt: skip


def _beside(found: Shown) -> tuple[tuple[str, Measure], ...]:
    return (("had both moved alike in odds, not in points", found.in_odds),) if found.in_odds.known else ()


def _why(found: Shown, lot: bool) -> str:
    if not found.change.known:
        return found.change.why
    start = "Its start was drawn by lot" if lot else "Its start was not drawn by lot"
    held = (
        "the change is held against calls on which nothing was taught"
        if found.compared
        else "there are too few calls on which nothing was taught to hold it against"
    )
    return f"{start}, and {held}."


def _pooled(room: Room, kind: str, units, elsewhere: np.ndarray) -> Entry | None:
    """What people took up by themselves, all of them in one line; None where too few people did."""
    people = {who for _, who, _ in units if who in room.codes}
    if not people:
        return None
    what = {"own lessons": "Lessons that people took to their own drills", "drills": "Drills on lessons"}[
        kind
    ]
    since = min(at for _, _, at in units)
    if len(people) < PEOPLE:
        who = "1 person" if len(people) == 1 else f"{len(people)} people"
        why = f"{who} so far: a line of fewer than {PEOPLE} would be a person’s own record."
        unknown = Measure.unknown(why)
        return Entry(TO_PEOPLE, kind, kind, what, who, since, unknown, unknown, unknown, False, why)
    taught = tuple(room.teaching(x, at, who) for x, who, at in units if who in people)[-MOST_UNITS:]
    found = shown(room.calls, taught, elsewhere)
    why = ASSOCIATION if found.change.known else found.change.why
    return Entry(
        TO_PEOPLE, kind, kind, what, f"{len(people)} people", since, found.before, found.after, found.change, False, why,
        p=found.p, counted=len(found.rows),
    )  # fmt: skip
