"""Practice as facts: each drill or course with the plan it was drawn with, its answers, and how it ended.

A (drill, place) is answered once: the check stands inside the write. Where somebody is within a place (what is
chosen but not said, which outcome was read) is a draft in the workspace, so that a restart changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DrillRefused
from rhml.store import case_file
from rhml.store.engine import Store, Transaction, quoted

ENDS = ("finished", "stopped")
"""*finished*: every place is answered; *stopped*: the person ended it early."""


@dataclass(frozen=True)
class Answer:
    """What a person called in one place of a drill, and what had proved right by then."""

    drill_id: str
    place: int
    phase: str
    case_id: str
    manager: str
    lesson_id: str | None
    action: str
    confidence: float | None
    right_action: str
    seconds: float | None
    answered_at: datetime

    @property
    def right(self) -> bool:
        """Whether the call was the action that proved right."""
        return self.action == self.right_action


@dataclass(frozen=True)
class Event:
    """What else happened to a drill: it ended, a place was *left out*, or what a course adds to these."""

    kind: str
    content: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Drill:
    """One drill or course: its plan as drawn, its answers by place, its events oldest first."""

    drill_id: str
    manager: str
    kind: str
    plan: dict[str, Any]
    begun_at: datetime
    answers: dict[int, Answer]
    events: tuple[Event, ...] = ()

    @property
    def left_out(self) -> frozenset[int]:
        """Places whose case could not be asked any more: its outcome was withdrawn, or it waits again."""
        return frozenset(e.content["place"] for e in self.events if e.kind == LEFT_OUT)

    @property
    def next_place(self) -> int:
        """The first place that is neither answered nor left out; places count from 0."""
        place = 0
        while place in self.answers or place in self.left_out:
            place += 1
        return place

    @property
    def ended(self) -> Event | None:
        """How it ended; None while it is open."""
        return next((e for e in self.events if e.kind in ENDS), None)


_ANSWER = tuple(field.name for field in fields(Answer))

LEFT_OUT = "left out"

Source = Store | Transaction


def _run(source: Source) -> Callable[..., list[tuple]]:
    return source.read if isinstance(source, Store) else source.run


def begin(
    tx: Transaction,
    schema: str,
    drill_id: str,
    *,
    manager: str,
    kind: str,
    plan: dict[str, Any],
    at: datetime,
) -> None:
    """Record a drill with its plan; DrillRefused while the person has another one of this kind open."""
    [seq] = tx.numbers(schema)
    if open_of(tx, schema, manager, kind) is not None:
        raise DrillRefused(f"Your {kind} is open already. Go on with it, or end it first.")
    tx.append(
        f"{quoted(schema)}.drills",
        ("seq", "drill_id", "manager", "kind", "plan", "begun_at"),
        [(seq, drill_id, manager, kind, json.dumps(plan, ensure_ascii=False), at)],
    )


def answer(tx: Transaction, schema: str, new: Answer) -> None:
    """Record an answer; DrillRefused if this place has one, the drill is another person's or it has ended."""
    [seq] = tx.numbers(schema)
    drill = held(tx, schema, new.drill_id)
    if drill.manager != new.manager:
        raise DrillRefused("This is another person's practice. Begin one of your own.")
    if drill.ended:
        raise DrillRefused("This session has ended; every answer of it counts. Begin another one.")
    if new.place in drill.answers:
        raise DrillRefused("This answer is on record already and counts once. Go on with the next case.")
    tx.append(f"{quoted(schema)}.drill_answers", ("seq", *_ANSWER), [(seq, *astuple(new))])


def happen(tx: Transaction, schema: str, drill_id: str, event: Event) -> None:
    """Record what happened to a drill; a second end is refused."""
    [seq] = tx.numbers(schema)
    if event.kind in ENDS and held(tx, schema, drill_id).ended:
        raise DrillRefused("This session has ended already; every answer of it counts.")
    tx.append(
        f"{quoted(schema)}.drill_events",
        ("seq", "drill_id", "kind", "content", "happened_at"),
        [(seq, drill_id, event.kind, json.dumps(event.content, ensure_ascii=False), event.at)],
    )


def held(source: Source, schema: str, drill_id: str) -> Drill:
    """One drill with its answers and events; DrillRefused if there is none of this id."""
    d, run = quoted(schema), _run(source)
    rows = run(
        f"SELECT drill_id, manager, kind, plan, begun_at FROM {d}.drills WHERE drill_id = $1", [drill_id]
    )
    if not rows:
        raise DrillRefused("There is no such session in this log. Open the Practice page anew.")
    answered = run(f"SELECT {', '.join(_ANSWER)} FROM {d}.drill_answers WHERE drill_id = $1", [drill_id])
    happened = run(
        f"SELECT kind, content, happened_at FROM {d}.drill_events WHERE drill_id = $1 ORDER BY seq",
        [drill_id],
    )
    [(name, manager, kind, plan, begun_at)] = rows
    return Drill(
        name, manager, kind, json.loads(plan), begun_at,
        {found.place: found for found in (Answer(*row) for row in sorted(answered))},
        tuple(Event(what, json.loads(content or "{}"), at) for what, content, at in happened),
    )  # fmt: skip


def open_of(source: Source, schema: str, manager: str, kind: str) -> Drill | None:
    """The drill of this kind that a person has begun and not ended; None if there is none."""
    d = quoted(schema)
    rows = _run(source)(
        f"SELECT drill_id FROM {d}.drills WHERE manager = $1 AND kind = $2 AND drill_id NOT IN "
        f"(SELECT drill_id FROM {d}.drill_events WHERE kind = ANY($3)) ORDER BY seq DESC LIMIT 1",
        [manager, kind, list(ENDS)],
    )
    return held(source, schema, rows[0][0]) if rows else None


def last_of(source: Source, schema: str, manager: str, kind: str) -> Drill | None:
    """The newest drill of this kind of a person, open or ended."""
    rows = _run(source)(
        f"SELECT drill_id FROM {quoted(schema)}.drills WHERE manager = $1 AND kind = $2 "
        "ORDER BY seq DESC LIMIT 1",
        [manager, kind],
    )
    return held(source, schema, rows[0][0]) if rows else None


def begun(store: Store, schema: str, manager: str, kind: str) -> int:
    """How many drills of this kind a person has begun."""
    [(count,)] = store.read(
        f"SELECT count(*) FROM {quoted(schema)}.drills WHERE manager = $1 AND kind = $2", [manager, kind]
    )
    return count


def answered(store: Store, schema: str) -> int:
    """How many answers practice and tests have had from everybody."""
    [(n,)] = store.read(f"SELECT count(*) FROM {quoted(schema)}.drill_answers")
    return n


def answers(
    store: Store, domain: DecisionDomain, *, manager: str | None = None, kind: str | None = None
) -> pd.DataFrame:
    """Every answer, of one person and kind where they are named, oldest first.

    Columns: those of `Answer`, `kind` (of its drill) and `right` (bool). Never decisions, never unaided calls.
    """
    d = quoted(domain.name)
    frame = store.frame(
        f"SELECT {', '.join(f'a.{c}' for c in _ANSWER)}, s.kind, a.action = a.right_action AS right "
        f"FROM {d}.drill_answers a JOIN {d}.drills s ON s.drill_id = a.drill_id "
        "WHERE ($1::text IS NULL OR a.manager = $1::text) AND ($2::text IS NULL OR s.kind = $2::text) "
        "ORDER BY a.seq",
        [manager, kind],
    )
    lesson = frame["lesson_id"].astype(object)
    return frame.assign(lesson_id=lesson.where(lesson.notna(), None))


def first_answers(store: Store, schema: str) -> list[tuple[str, str, datetime]]:
    """Who practised which lesson, and since when."""
    return store.read(
        f"SELECT manager, lesson_id, min(answered_at) FROM {quoted(schema)}.drill_answers "
        "WHERE lesson_id IS NOT NULL GROUP BY manager, lesson_id ORDER BY 3"
    )


def half_done(source: Source, schema: str, drill: Drill) -> dict[str, Any]:
    """Where the person is within a place, as `keep_half_done` kept it; empty if nothing was kept."""
    rows = _run(source)(
        f"SELECT content FROM {quoted(schema)}.drafts WHERE case_id = $1 AND manager = $2",
        [drill.drill_id, drill.manager],
    )
    return json.loads(rows[0][0]) if rows else {}


def keep_half_done(tx: Transaction, schema: str, drill: Drill, content: dict[str, Any] | None) -> None:
    """Keep where the person is within a place, in the workspace beside the other drafts; None lets it go."""
    text = json.dumps(content, ensure_ascii=False) if content else None
    case_file.save_draft(tx, schema, drill.drill_id, drill.manager, text)
