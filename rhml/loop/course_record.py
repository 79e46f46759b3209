"""A course as the log holds it: where it stands, which case each place asks, and what both tests came to."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.human.course.forms import Equated, Pair
from rhml.human.course.gain import Gain, gain
from rhml.human.course.practice import Practised
from rhml.store import courses
from rhml.store.drills import Answer, Drill
from rhml.store.engine import Store

BEFORE, PRACTICE, AFTER = "pre", "practice", "post"
PHASES = (BEFORE, PRACTICE, AFTER)
DRAWN, CERTIFIED = "practice drawn", "certificate"
"""Events of a course besides its end: what to practise on, and what it came to."""


@dataclass(frozen=True)
class Place:
    """One place of a course: its phase, its number within it from 1, of how many, and its case.

    `case_id` is None for a place of the practice before that is drawn.
    """

    phase: str
    number: int
    of: int
    case_id: str | None
    lesson_id: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Course:
    """A course with its plan read: places 0 … n−1 come before, then the practice, then n after."""

    drill: Drill

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The matched pairs of the two tests."""
        return tuple(
            Pair(
                pair["before"]["case_id"],
                pair["after"]["case_id"],
                pair["right"],
                (pair["before"]["difficulty"], pair["after"]["difficulty"]),
            )
            for pair in self.drill.plan["pairs"]
        )

    @property
    def size(self) -> int:
        """Cases of each test."""
        return len(self.pairs)

    @cached_property
    def practised(self) -> tuple[Practised, ...] | None:
        """What is practised on; None before that is drawn."""
        drawn = next((e for e in self.drill.events if e.kind == DRAWN), None)
        if drawn is None:
            return None
        return tuple(Practised(p["case_id"], p["lesson_id"], p["why"]) for p in drawn.content["places"])

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place in its order."""
        n, m = self.size, self.drill.plan["practice"]
        between = self.practised if self.practised is not None else [Practised("", None, "")] * m
        order = self.drill.plan["order_after"]
        return (
            *(Place(BEFORE, i + 1, n, pair.before) for i, pair in enumerate(self.pairs)),
            *(
                Place(PRACTICE, i + 1, len(between), one.case_id or None, one.lesson_id, one.why)
                for i, one in enumerate(between)
            ),
            *(Place(AFTER, i + 1, n, self.pairs[at].after) for i, at in enumerate(order)),
        )

    @property
    def now(self) -> int | None:
        """The place that is asked; None when every place is answered or left out, or the course has ended."""
        place = self.drill.next_place
        return None if self.drill.ended or place >= len(self.places) else place

    @property
    def phase(self) -> str:
        """*pre*, *practice*, *post* or *done*."""
        return "done" if self.now is None else self.places[self.now].phase

    @property
    def stopped(self) -> bool:
        """Whether the person ended it early."""
        return bool(self.drill.ended and self.drill.ended.kind == "stopped")

    @property
    def certificate(self) -> dict[str, Any] | None:
        """What it came to, once it is finished."""
        found = next((e for e in self.drill.events if e.kind == CERTIFIED), None)
        return found.content if found else None

    def answered(self, phase: str) -> list[Answer]:
        """The answers of a phase, in their order."""
        return [a for _, a in sorted(self.drill.answers.items()) if a.phase == phase]

    def both(self) -> list[tuple[Pair, Answer, Answer]]:
        """The pairs of which both cases were answered."""
        before, after = ({a.case_id: a for a in self.answered(p)} for p in (BEFORE, AFTER))
        return [
            (p, before[p.before], after[p.after])
            for p in self.pairs
            if p.before in before and p.after in after
        ]

    def gain(self, domain: DecisionDomain) -> Gain:
        """What the two tests came to, over the pairs of which both cases were answered."""
        done = self.both()
        return gain(
            [before.right for _, before, _ in done],
            [after.right for _, _, after in done],
            smallest=domain.report.smallest_change,
            said_before=[before.confidence for _, before, _ in done],
            said_after=[after.confidence for _, _, after in done],
        )

    def equated(self) -> Equated:
        """How equal the two tests were, over the same pairs; over all of them before any is done."""
        return Equated.of([pair for pair, _, _ in self.both()] or self.pairs)


def courses_of(store: Store, domain: DecisionDomain, person: str) -> tuple[Course, ...]:
    """Every course of a person in a domain, oldest first."""
    return tuple(Course(drill) for drill in courses.courses(store, domain.name, person))


def verification(secret: bytes, domain: DecisionDomain, course: Course, result: dict[str, Any]) -> str:
    """A keyed hash of the plan, every answer and the result: only this log can make it, and any change breaks it.

    result: what the certificate says. Six groups of four hexadecimal digits.
    """
    drill = course.drill
    facts: dict[str, Any] = {
        "domain": domain.name,
        "drill_id": drill.drill_id,
        "person": drill.manager,
        "begun_at": drill.begun_at,
        "plan": drill.plan,
        "practice": [asdict(p) for p in course.practised or ()],
        "answers": [asdict(a) for _, a in sorted(drill.answers.items())],
        "result": {name: value for name, value in result.items() if name != "verification"},
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    digest = hmac.new(secret, f"course\x1f{text}".encode(), sha256).hexdigest()
    return "-".join(digest[i : i + 4] for i in range(0, 24, 4))


def verified(secret: bytes, domain: DecisionDomain, course: Course) -> bool | None:
    """Whether a certificate still agrees with the facts in the log; None where there is none."""
    held = course.certificate
    if held is None:
        return None
    return hmac.compare_digest(str(held.get("verification")), verification(secret, domain, course, held))


def seen(found: Sequence[Course]) -> set[str]:
    """The cases that courses have shown, or still will while they are open: never to be offered again."""
    cases: set[str | None] = set()
    for course in found:
        cases |= {answer.case_id for answer in course.drill.answers.values()}
        if course.drill.ended is None:
            cases |= {place.case_id for place in course.places}
        elif course.drill.next_place < len(course.places):
            cases.add(course.places[course.drill.next_place].case_id)
    return {case for case in cases if case}
