"""The lessons that the next challenger is taught: where people proved to know better, their calls count there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.stats.rules.rule import Rule
from rhml.store import lessons as kept
from rhml.store.engine import Store
from rhml.store.lessons import StoredLesson


def standing(store: Store, domain: DecisionDomain) -> list[StoredLesson]:
    """The team's lessons that a lead teaches the model."""
    return [lesson for lesson in kept.held(store, domain) if lesson.teaches_model and lesson.manager is None]


def covered(lessons: Iterable[StoredLesson], cases: pd.DataFrame) -> dict[str, np.ndarray]:
    """For each lesson which cases it covers, as `learn` takes it."""
    return {lesson.lesson_id: Rule.of(lesson.content).covers(cases) for lesson in lessons}


def covered_by(on_card: Iterable[Mapping[str, Any]], cases: pd.DataFrame) -> dict[str, np.ndarray]:
    """The same from a version's card, whatever has become of its lessons since."""
    return {one["lesson_id"]: Rule.of(one).covers(cases) for one in on_card}


def on_card(lessons: Iterable[StoredLesson], card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a version's card says of the lessons it was taught, and how far calls were trusted inside each."""
    trusts = (card.get("calls") or {}).get("taught", {})
    return [
        {
            "lesson_id": lesson.lesson_id,
            "sentence": lesson.sentence,
            "conditions": lesson.content["conditions"],
            "trust": trusts.get(lesson.lesson_id, 0.0),
        }
        for lesson in lessons
    ]
