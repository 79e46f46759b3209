"""What came of a practised case: the outcome, the factor that spoke for it, the nearest case that went the other way.

Read from what was stored with the case's recommendation; nothing is explained anew. Only answered places are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DrillRefused
from rhml.human.drills import opposite
from rhml.human.drills.memory import card_key, memory
from rhml.human.drills.refuting import strongest, towards
from rhml.loop.card import ModelWords
from rhml.loop.drill_pool import taught
from rhml.stats.rules.rule import Rule
from rhml.store import case_file, drill_cases, drills, lessons
from rhml.store.case_file import StoredRecommendation
from rhml.store.drills import Answer, Drill
from rhml.store.engine import Store

AMONG = 3_000
"""Past cases among which the nearest that went the other way is looked for: those resolved last."""


@dataclass(frozen=True)
class Factor:
    """The factor that spoke strongest for what proved right: its features, their typical values, its points."""

    features: tuple[str, ...]
    typical: dict[str, Any]
    points: float


@dataclass(frozen=True)
class Told:
    """One answered place: the call, the outcome, what the model and the person said then, and why.

    `factor` None: nothing of the recommendation's factors spoke for it, or none are stored (`explained` False).
    `opposite` are the facts of the nearest case with another outcome, with its `right_action`.
    """

    answer: Answer
    facts: dict[str, Any]
    source: str
    lesson: str | None
    model_action: str | None
    own_action: str | None
    factor: Factor | None
    explained: bool
    opposite: dict[str, Any] | None
    back: datetime | None


def told(
    store: Store, domain: DecisionDomain, drill: Drill, place: int, *, words_of: Callable[[str], ModelWords]
) -> Told:
    """What may be said of a place once it is answered; DrillRefused before."""
    answer = drill.answers.get(place)
    if answer is None:
        raise DrillRefused("Call this case first; then its outcome appears.")
    facts = case_file.facts(store, domain, answer.case_id)
    shown = drill_cases.recommendation_of(store, domain.name, answer.case_id)
    words: ModelWords = words_of(shown.model_version) if shown and shown.points else ((), {}, ())
    own = drill_cases.own_call(store, domain, answer.case_id, answer.manager)
    secret = {p["case_id"] for at, p in enumerate(drill.plan["places"]) if at not in drill.answers}
    secret |= drill_cases.cases_of_courses(store, domain.name, answer.manager)
    return Told(
        answer=answer,
        facts=facts,
        source=answer.phase,
        lesson=_lesson(store, domain, answer, facts),
        model_action=shown.action if shown else None,
        own_action=(own["first_action"] or own["final_action"]) if own else None,
        factor=_factor(domain, shown, answer.right_action, words),
        explained=bool(shown and shown.points and words[0]),
        opposite=nearest(store, domain, answer, facts, shown, without=secret),
        back=_back(store, domain, answer),
    )


@dataclass(frozen=True)
class Missed:
    """A place whose call proved wrong, and the factor that spoke for its outcome."""

    answer: Answer
    facts: dict[str, Any]
    factor: Factor | None


def missed(
    store: Store, domain: DecisionDomain, drill: Drill, *, words_of: Callable[[str], ModelWords]
) -> list[Missed]:
    """The wrong calls of a drill in their order."""
    found = []
    for answer in (drill.answers[place] for place in sorted(drill.answers)):
        if not answer.right:
            shown = drill_cases.recommendation_of(store, domain.name, answer.case_id)
            words: ModelWords = words_of(shown.model_version) if shown and shown.points else ((), {}, ())
            factor = _factor(domain, shown, answer.right_action, words)
            found.append(Missed(answer, case_file.facts(store, domain, answer.case_id), factor))
    return found


def _lesson(store: Store, domain: DecisionDomain, answer: Answer, facts: dict[str, Any]) -> str | None:
    """The rule of the lesson that the place was for, else of one being taught that covers the case."""
    if answer.lesson_id:
        held = [one for one in lessons.held(store, domain) if one.lesson_id == answer.lesson_id]
    else:
        held = list(taught(store, domain, answer.manager, answer.answered_at).values())
    row = pd.DataFrame([facts])
    rules = [Rule.of(one.content) for one in held]
    found = [rule for rule in rules if answer.lesson_id or rule.covers(row)[0]]
    return found[0].words(domain) if found else None


def _factor(
    domain: DecisionDomain, shown: StoredRecommendation | None, right: str, words: ModelWords
) -> Factor | None:
    features, typical, groups = words
    if shown is None or len(features) != len(shown.points):
        return None
    places = {name: place for place, name in enumerate(features)}
    found = strongest(
        shown.points, actions=domain.action_keys, recommended=shown.action, right=right, by_action=shown.by_action,
        groups=[[places[name] for name in group if name in places] for group in groups],
    )  # fmt: skip
    if found is None:
        return None
    named = tuple(features[place] for place in found[0])
    return Factor(named, {name: typical.get(name) for name in named}, found[1])


def nearest(
    store: Store,
    domain: DecisionDomain,
    answer: Answer,
    facts: dict[str, Any],
    shown: StoredRecommendation | None,
    *,
    without: set[str],
) -> dict[str, Any] | None:
    """The facts of the nearest case in which another action proved right; `without` those still to be asked here or in a course."""
    pool = drill_cases.pool(store, domain, [], newest=AMONG)
    # Where the call was wrong, the case that it would have been right for tells most.
    wanted = (
        [answer.action] if not answer.right else [a for a in domain.action_keys if a != answer.right_action]
    )
    pool = pool[pool["right_action"].isin(wanted) & ~pool["case_id"].isin(without | {answer.case_id})]
    pool = pool.reset_index(drop=True)
    at = _seen_alike(store, domain, shown, answer.right_action, pool)
    if at is None:
        at = opposite.alike(facts, pool, domain.features)
    if at is None:
        return None
    row = pool.iloc[at]
    return {**case_file.facts(store, domain, row["case_id"]), "right_action": row["right_action"]}


def _seen_alike(
    store: Store, domain: DecisionDomain, shown: StoredRecommendation | None, right: str, pool: pd.DataFrame
) -> int | None:
    """The case that the same version treats most alike, for the same reasons."""
    if shown is None or not shown.points or pool.empty:
        return None
    seen = drill_cases.seen_by(store, domain, shown.model_version, list(pool["case_id"]))
    two = len(domain.actions) == 2

    def place(points: Any, action: str, by_action: Any) -> tuple[float, ...]:
        if not two:
            return tuple(by_action) if by_action is not None and len(by_action) else ()
        found = towards(points, actions=domain.action_keys, recommended=action, right=right)
        return () if found is None else tuple(found)

    here = place(shown.points, shown.action, shown.by_action)
    others = [place(*row) for row in seen[["points", "action", "by_action"]].itertuples(index=False)]
    at = opposite.seen_alike(here, others)
    return None if at is None else int(pool.index[pool["case_id"] == seen["case_id"].iloc[at]][0])


def _back(store: Store, domain: DecisionDomain, answer: Answer) -> datetime | None:
    """When what was just answered comes back; None where it does not."""
    kept = memory(
        drills.answers(store, domain, manager=answer.manager, kind="drill"), actions=len(domain.actions)
    )
    card = kept.get(card_key(answer.case_id, answer.lesson_id))
    return card.due if card else None
