"""Lessons as facts: rules mined from decisions and outcomes, what later cases said, and who was taught them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, Transaction, quoted

VERBS = ("teach the team", "teach the model", "to own drills", "not yet", "withdrawn")
"""What people do with a lesson; the newest stands. 'confirmed' and 'refuted' are what later cases say."""


@dataclass(frozen=True)
class LessonEvent:
    """Something that happened to a lesson; `starts_at` is when teaching begins, `seq` the fact's number."""

    kind: str
    by: str
    why: str
    at: datetime
    starts_at: datetime | None = None
    evidence: dict[str, Any] | None = None
    seq: int = 0


@dataclass(frozen=True)
class StoredLesson:
    """A lesson with what happened to it; `manager` None is the team's, `learner` 'people' or 'model'.

    `content` holds the rule's conditions (read them with `stats.rules.rule.Rule.of`); `evidence` the counts.
    """

    lesson_id: str
    learner: str
    manager: str | None
    content: dict[str, Any]
    sentence: str
    evidence: dict[str, Any]
    learned_from: int
    found_at: datetime
    found_by: str
    events: tuple[LessonEvent, ...] = ()

    def last(self, *kinds: str) -> LessonEvent | None:
        """The newest event of these kinds."""
        return next((e for e in reversed(self.events) if e.kind in kinds), None)

    @property
    def refuted(self) -> bool:
        """Whether what later cases said last was against it."""
        said = self.last("confirmed", "refuted")
        return bool(said and said.kind == "refuted")

    @property
    def state(self) -> str:
        """What stands: a person's newest verb, 'refuted', or 'proposed' while nobody has said anything."""
        done = self.last(*VERBS)
        if done and done.kind == "withdrawn":
            return "withdrawn"
        return "refuted" if self.refuted else done.kind if done else "proposed"

    @property
    def starts_at(self) -> datetime | None:
        """When people begin to be taught it; None where they are not."""
        taught = self.last("teach the team", "to own drills")
        return taught.starts_at or taught.at if taught and self.state == taught.kind else None

    @property
    def drawn_until(self) -> datetime | None:
        """The last decision that the rule was looked for on; None where an earlier version of the product found it."""
        told = self.evidence.get("drawn_until")
        return datetime.fromisoformat(told) if told else None

    def taught_at(self, now: datetime) -> bool:
        """Whether people are being taught it at this moment: drills and courses may use it."""
        return self.starts_at is not None and self.starts_at <= now

    @property
    def teaches_model(self) -> bool:
        """Whether the next challenger learns from it."""
        return self.state == "teach the model"

    def for_person(self, person: str) -> bool:
        """Whether it is the team's or this person's own: nobody else's is ever shown."""
        return self.manager in (None, person)


def held(store: Store | Transaction, domain: DecisionDomain) -> list[StoredLesson]:
    """Every lesson of a domain, in the order found; who may see which is the caller's duty (`for_person`)."""
    run = store.read if isinstance(store, Store) else store.run
    rows = run(
        "SELECT lesson_id, kind, manager, content, sentence, evidence, learned_from, found_at, found_by "
        f"FROM {quoted(domain.name)}.lessons ORDER BY seq"
    )
    happened = _events(store, domain.name) if rows else {}
    return [
        StoredLesson(
            name, kind, manager, json.loads(content), sentence, json.loads(evidence), *rest,
            events=tuple(happened.get(name, ())),
        )
        for name, kind, manager, content, sentence, evidence, *rest in rows
    ]  # fmt: skip


def seen_judged(store: Store, domain: DecisionDomain, until: int) -> set[str]:
    """Ids of the decisions that had an outcome at a fact's number: a look of then has used them up."""
    d = quoted(domain.name)
    rows = store.read(
        f"SELECT decision_id FROM {d}.decisions WHERE seq <= $1 AND case_id IN "
        f"(SELECT case_id FROM {d}.outcomes WHERE seq <= $1)",
        [until],
    )
    return {decision_id for (decision_id,) in rows}


def _events(store: Store | Transaction, schema: str) -> dict[str, list[LessonEvent]]:
    run = store.read if isinstance(store, Store) else store.run
    rows = run(
        "SELECT lesson_id, kind, by_whom, why, happened_at, starts_at, evidence, seq "
        f"FROM {quoted(schema)}.lesson_events ORDER BY seq"
    )
    found: dict[str, list[LessonEvent]] = {}
    for name, *rest, evidence, seq in rows:
        event = LessonEvent(*rest, json.loads(evidence) if evidence else None, seq)
        found.setdefault(name, []).append(event)
    return found


def append(tx: Transaction, schema: str, new: Iterable[StoredLesson]) -> None:
    """Record new lessons, with the events they come with."""
    for lesson in new:
        [seq] = tx.numbers(schema)
        tx.append(
            f"{quoted(schema)}.lessons",
            ("seq", "lesson_id", "kind", "manager", "content", "sentence", "evidence", "learned_from", "found_at",
             "found_by"),
            [(seq, lesson.lesson_id, lesson.learner, lesson.manager, json.dumps(lesson.content), lesson.sentence,
              json.dumps(lesson.evidence), lesson.learned_from, lesson.found_at, lesson.found_by)],
        )  # fmt: skip
        for event in lesson.events:
            happen(tx, schema, lesson.lesson_id, event)


def happen(tx: Transaction, schema: str, lesson_id: str, event: LessonEvent) -> None:
    """Record what happened to a lesson."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.lesson_events",
        ("seq", "lesson_id", "kind", "by_whom", "why", "evidence", "starts_at", "happened_at"),
        [
            (
                seq,
                lesson_id,
                event.kind,
                event.by,
                event.why,
                json.dumps(event.evidence) if event.evidence else None,
                event.starts_at,
                event.at,
            )
        ],
    )
