"""How a course is drawn: how large it can be, its two tests of matched pairs, and what is practised between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import draw
from rhml.errors import DrillRefused
from rhml.human.course.difficulty import difficulty, named_segments
from rhml.human.course.forms import Pair, forms
from rhml.human.course.practice import Practised, practice
from rhml.loop.course_pool import Material, material
from rhml.loop.course_record import BEFORE, Course
from rhml.loop.drill_pool import taught
from rhml.stats.rules.rule import Rule
from rhml.store import drill_cases, drills
from rhml.store.courses import KIND
from rhml.store.engine import Store

SIZES = (5, 10, 20, 30, 40)
USUAL = 20
FEWEST, MOST = 5, 40
BETWEEN = 20
"""Cases to practise on; at least half of them where history is short, and in a short course as many as in a test."""
SPEAKS = 10
"""Tests of fewer cases say nothing of a gain: such a short course shows how one goes."""
ONE_WAY = 0.85
"""The share of a form in which one action may prove right: beyond it, always saying the same would pass."""


@dataclass(frozen=True)
class Offer:
    """How large a course can be at this moment; `largest` is 0 where there can be none, and `why` says why."""

    largest: int
    cases: int
    used: int
    why: str = ""


def offer(store: Store, domain: DecisionDomain, person: str) -> Offer:
    """What a person could begin now."""
    return _offer(material(store, domain, person), domain)


def _offer(found: Material, domain: DecisionDomain) -> Offer:
    cases = len(found.cases)
    largest = min((cases - BETWEEN // 2) // 2, MOST)
    if found.why:
        return Offer(0, cases, found.used, found.why)
    if largest < FEWEST:
        many = domain.terms.many
        past = f"{cases} past {many} with an outcome are left that you neither decided nor practised on"
        after = f", after the {found.used} of your earlier courses" if found.used else ""
        needed = 2 * FEWEST + BETWEEN // 2
        return Offer(0, cases, found.used, f"History runs out: {past}{after}. A course needs {needed}. Every new outcome brings one more.")  # fmt: skip
    return Offer(largest, cases, found.used)


def plan(store: Store, domain: DecisionDomain, person: str, size: int) -> dict[str, Any]:
    """Both tests of a course with their cases in order; DrillRefused where history is too short or one-sided."""
    if type(size) is not int or not FEWEST <= size <= MOST:
        raise DrillRefused(f"Each test has {FEWEST} to {MOST} cases, not {size!r}. Choose a size in between.")
    found = material(store, domain, person)
    able = _offer(found, domain)
    if size > able.largest:
        raise DrillRefused(
            able.why or f"There are cases for two tests of {able.largest} at most. Choose fewer."
        )
    number = drills.begun(store, domain.name, person, KIND)
    rng = _lot(store, domain, person, number, "forms")
    hard = difficulty(found.cases, found.calls, domain=domain)
    pairs = forms(found.cases, hard, size, segments=named_segments(domain), rng=rng)
    _balanced(pairs, size, domain)
    return {
        "pairs": [_plain(pair) for pair in pairs],
        "order_after": [int(i) for i in rng.permutation(size)],
        "practice": between(size, len(found.cases)),
        "number": number,
    }


def between(size: int, cases: int) -> int:
    """How many cases to practise on between two tests of a size.

    >>> between(20, 300), between(20, 52), between(5, 300)
    (20, 12, 5)
    """
    return min(BETWEEN if size >= SPEAKS else size, cases - 2 * size)


def _lot(store: Store, domain: DecisionDomain, person: str, number: int, what: str) -> np.random.Generator:
    """Chance from the log's secret: the same after a reload, and nobody can pick or predict it."""
    drawn = draw(store.secret, f"course {what}", domain.name, f"{person}\x1f{number}")
    return np.random.default_rng(int(drawn * 2**53))


def _plain(pair: Pair) -> dict[str, Any]:
    before, after = (round(float(d), 4) for d in pair.difficulty)
    return {
        "before": {"case_id": pair.before, "difficulty": before},
        "after": {"case_id": pair.after, "difficulty": after},
        "right": pair.right,
    }


def _balanced(pairs: tuple[Pair, ...], size: int, domain: DecisionDomain) -> None:
    """Refuse forms that are too small, or that always the same answer would pass."""
    if len(pairs) < size:
        raise DrillRefused(
            f"Only {len(pairs)} pairs of past {domain.terms.many} match. Choose a smaller course."
        )
    commonest = pd.Series([pair.right for pair in pairs]).value_counts().iloc[0]
    if commonest > ONE_WAY * size:
        raise DrillRefused(
            f"Past {domain.terms.many} nearly all went one way, so that a course would teach to say always the same."
        )


def practised(store: Store, domain: DecisionDomain, course: Course, at: Any) -> tuple[Practised, ...]:
    """What to practise on, from the lessons taught and from what the first test got wrong."""
    person, held = course.drill.manager, course.drill.plan
    pool = material(store, domain, person).cases
    missed = [answer.case_id for answer in course.answered(BEFORE) if not answer.right]
    wrong = drill_cases.pool(store, domain, missed, newest=0)
    rules = {name: Rule.of(one.content) for name, one in taught(store, domain, person, at).items()}
    rng = _lot(store, domain, person, held["number"], "practice")
    return practice(pool, wrong, rules, held["practice"], domain=domain, rng=rng)
