"""Where a person stands with practice: what is due, what was practised, what a session taught, what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DrillRefused
from rhml.human.drills.memory import Kept, memory
from rhml.human.drills.pace import pace
from rhml.loop import drill_pool
from rhml.loop.drill import KIND
from rhml.stats.intervals import share
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.rules.rule import Rule
from rhml.stats.sample import Sample
from rhml.store import drills, frames, lessons, organization
from rhml.store.drills import Drill
from rhml.store.engine import Store

SOURCES = ("lesson", "dispute", "plain")


@dataclass(frozen=True)
class Standing:
    """What waits for a person who may want to practise; nothing here urges anybody.

    `size` cases would be asked in about `minutes`; 0 and `why` where there is nothing to practise on. `due` are
    cards that can be asked now; `later` how many come back within a day, a week, a month, and after that.
    """

    size: int
    minutes: int
    why: str
    due: tuple[Kept, ...]
    disputes: int
    lessons: dict[str, str]
    later: dict[str, int]
    practised: Measure
    sessions: int


def standing(store: Store, domain: DecisionDomain, person: str, *, at: datetime) -> Standing:
    """What a session would hold, and what was practised so far."""
    found = drill_pool.material(store, domain, person, at=at)
    fresh = found.pool["dispute"].astype(bool) & ~found.pool["seen"].astype(bool)
    seconds = pace(found.answers)
    return Standing(
        size=found.size,
        minutes=max(round((seconds or 30.0) * found.size / 60), 1) if found.size else 0,
        why=found.why,
        due=tuple(found.due),
        disputes=int(fresh.sum()),
        lessons={name: Rule.of(lesson.content).words(domain) for name, lesson in found.lessons.items()},
        later=later(found.kept, at),
        practised=practised(found.answers),
        sessions=drills.begun(store, domain.name, person, KIND),
    )


def later(kept: dict[str, Kept], at: datetime) -> dict[str, int]:
    """How many cards come back when, of those not due yet."""
    spans = {"by tomorrow": 1, "within a week": 7, "within a month": 30}
    away = [card.due - at for card in kept.values() if card.due > at]
    found, before = {}, timedelta(0)
    for name, days in spans.items():
        until = timedelta(days=days)
        found[name] = sum(before < gap <= until for gap in away)
        before = until
    return {**found, "later": sum(gap > before for gap in away)}


def practised(answers: pd.DataFrame) -> Measure:
    """The share of practice calls that were right: of chosen cases, so it says nothing of daily work."""
    if len(answers) < MINIMUM:
        return Measure.unknown(too_few(len(answers)), len(answers))
    return share(answers["right"].to_numpy(bool), Sample.of(answers["case_id"]))


@dataclass(frozen=True)
class Summary:
    """What one session came to: right of asked, by source, lessons met, and when each card comes back."""

    asked: int
    right: int
    by_source: dict[str, tuple[int, int]]
    lessons: dict[str, tuple[str, int, int]]
    back: tuple[tuple[datetime, int], ...]
    said: Measure
    stopped: bool
    left_out: int


def summary(store: Store, domain: DecisionDomain, drill: Drill) -> Summary:
    """A session that has ended, as its person reads it."""
    given = [drill.answers[place] for place in sorted(drill.answers)]
    held = {lesson.lesson_id: lesson for lesson in lessons.held(store, domain)}
    met = {a.lesson_id for a in given if a.lesson_id in held}
    answers = drills.answers(store, domain, manager=drill.manager, kind=KIND)
    kept = memory(answers, actions=len(domain.actions))
    keys = {f"lesson:{a.lesson_id}" if a.lesson_id else f"case:{a.case_id}" for a in given}
    days = pd.Series([kept[key].due for key in sorted(keys & set(kept))], dtype="datetime64[us]")
    return Summary(
        asked=len(given),
        right=sum(a.right for a in given),
        by_source={s: _count(a for a in given if a.phase == s) for s in SOURCES},
        lessons={
            name: (
                Rule.of(held[name].content).words(domain),
                *_count(a for a in given if a.lesson_id == name),
            )
            for name in sorted(met)
        },
        back=tuple(
            (day.to_pydatetime(), int(n))
            for day, n in days.dt.normalize().value_counts().sort_index().items()
        ),
        said=_honest(answers),
        stopped=bool(drill.ended and drill.ended.kind == "stopped"),
        left_out=len(drill.left_out),
    )


def _count(given: Any) -> tuple[int, int]:
    """How many were right, of how many."""
    rights = [a.right for a in given]
    return sum(rights), len(rights)


def _honest(answers: pd.DataFrame) -> Measure:
    """How much surer the person was than right, over all practice calls with a confidence; in probability."""
    said = answers[answers["confidence"].notna()]
    if len(said) < MINIMUM:
        return Measure.unknown(too_few(len(said)), len(said))
    gap = said["confidence"].to_numpy(float) - said["right"].to_numpy(float)
    half = 1.96 * float(np.std(gap, ddof=1)) / np.sqrt(len(gap))
    return Measure(float(gap.mean()), float(gap.mean()) - half, float(gap.mean()) + half, len(gap))


def record(store: Store, domain: DecisionDomain, person: str, *, at: datetime) -> dict[str, Any]:
    """A person's practice as plain values for JSON; DrillRefused for a name that nobody has here."""
    if organization.role(store, person) is None and frames.decided_by(store, domain, person).empty:
        raise DrillRefused(f"Nobody called {person!r} works here or has decided anything in {domain.title}.")
    found = standing(store, domain, person, at=at)
    opened = drills.open_of(store, domain.name, person, KIND)
    return {
        "person": person,
        "due": [_card(card, found.lessons) for card in found.due],
        "later": found.later,
        "new_disputes": found.disputes,
        "lessons": [{"lesson_id": name, "rule": rule} for name, rule in found.lessons.items()],
        "session": {"cases": found.size, "minutes": found.minutes, "why": found.why},
        "practised": {"sessions": found.sessions, "right": found.practised.as_dict()},
        "open": None
        if opened is None
        else {"drill_id": opened.drill_id, "begun_at": opened.begun_at, "answered": len(opened.answers),
              "of": len(opened.plan["places"])},
    }  # fmt: skip


def _card(card: Kept, rules: dict[str, str]) -> dict[str, Any]:
    return {
        "lesson_id": card.lesson_id, "rule": rules.get(card.lesson_id or ""), "case_id": card.case_id,
        "due": card.due, "asked": card.asked, "missed": card.missed,
    }  # fmt: skip


def in_words(found: dict[str, Any]) -> str:
    """A person's practice as the command line prints it."""
    session, right = found["session"], found["practised"]["right"]
    said = session["why"] or f"{session['cases']} cases, about {session['minutes']} minutes"
    known = f"{right['value']:.0%} right of {right['n']}" if right["value"] is not None else right["why"]
    opened = found["open"] and f"open: {found['open']['answered']} of {found['open']['of']} answered"
    later = ", ".join(f"{n} {when}" for when, n in found["later"].items() if n) or "nothing"
    lines = [
        f"{found['person']}: {said}", opened,
        f"due: {len(found['due'])}; new disputes: {found['new_disputes']}; lessons: {len(found['lessons'])}",
        f"comes back: {later}", f"sessions: {found['practised']['sessions']}; {known}",
    ]  # fmt: skip
    return "\n".join(filter(None, lines))
