"""Lesson tests: after an override its manager says which similar cases should change too and which must stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DecisionInvalid
from rhml.loop import permit
from rhml.machine.explaining.peers import nearest
from rhml.machine.judging.lesson_tests import Checked, newest
from rhml.machine.judging.lesson_tests import check as check_tests
from rhml.machine.model import Model
from rhml.store import case_file, registry
from rhml.store import lesson_tests as kept
from rhml.store.engine import Store, Transaction
from rhml.store.lesson_tests import LessonTest
from rhml.store.opening import new_id

SIMILAR = 3
FACTS = 4
SHOULD = ("change", "stay")


@dataclass(frozen=True)
class Similar:
    """A case like the one overridden: what is recommended on it, and its facts by weight in both cases.

    facts: feature, its value in the overridden case, its value here.
    """

    case_id: str
    recommended: str
    facts: tuple[tuple[str, Any, Any], ...]


def similar(store: Store, domain: DecisionDomain, decision_id: str) -> tuple[Similar, ...]:
    """Up to three cases for which the model has reasons most like those that were overridden."""
    about = _override(store, domain, decision_id)
    shown = case_file.recommendation(store, domain.name, about["recommendation_id"])
    if shown is None or not shown.points:
        return ()
    found = kept.candidates(store, domain, shown.model_version, about["case_id"])
    found = found[[len(p) == len(shown.points) for p in found["points"]]] if len(found) else found
    if found.empty:
        return ()
    towards = _towards(domain, [shown.action], np.array([shown.points], dtype=float))
    pool = _towards(domain, list(found["action"]), np.array(found["points"].to_list(), dtype=float))
    nearest_rows, _ = nearest(towards, pool, min(SIMILAR, len(pool)))
    features = registry.features(store, domain.name, shown.model_version)
    weight = np.abs(np.array(shown.points, dtype=float))
    order = [features[i] for i in np.argsort(-weight, kind="stable")[:FACTS]]
    mine = case_file.facts(store, domain, about["case_id"])
    chosen = found.iloc[nearest_rows[0]]
    return tuple(
        Similar(case_id, action, _facts(store, domain, case_id, mine, order))
        for case_id, action in zip(chosen["case_id"], chosen["action"], strict=True)
    )


def decided(store: Store, domain: DecisionDomain, decision_id: str) -> str:
    """What the override decided, which is what a similar case should change to."""
    return _override(store, domain, decision_id)["final_action"]


def _towards(domain: DecisionDomain, actions: list[str], points: np.ndarray) -> np.ndarray:
    """Points for the recommended action as points for the first of two, so that opposite advice lies apart."""
    if len(domain.actions) != 2:
        return points
    return points * np.where(np.array(actions) == domain.action_keys[0], 1.0, -1.0)[:, None]


def _facts(
    store: Store, domain: DecisionDomain, case_id: str, mine: dict[str, Any], order: list[str]
) -> tuple[tuple[str, Any, Any], ...]:
    theirs = case_file.facts(store, domain, case_id)
    return tuple((name, mine.get(name), theirs.get(name)) for name in order)


def teach(
    store: Store,
    domain: DecisionDomain,
    decision_id: str,
    should: Mapping[str, str],
    *,
    by: str,
    at: datetime,
) -> tuple[LessonTest, ...]:
    """Record what an override should mean for similar cases: {case: 'change' or 'stay'}.

    Meant for the cases of `similar`; only the override's own manager may say, until it is reversed.
    """
    permit.decider(store, by)
    about = _override(store, domain, decision_id)
    if about["manager"] != by:
        raise DecisionInvalid(f"Only {about['manager']}, who decided, can say what it means for other cases.")
    found = kept.candidates(store, domain, about["model_version"], about["case_id"])
    offered = dict(zip(found["case_id"], found["action"], strict=True))
    for case_id, what in should.items():
        if case_id not in offered or what not in SHOULD:
            raise DecisionInvalid(
                f"{case_id} cannot be a lesson test of this decision. Say 'change' or 'stay' for one of the "
                "similar cases that were offered; a case whose outcome is known is settled by it."
            )
        if what == "change" and offered[case_id] == about["final_action"]:
            raise DecisionInvalid(f"{case_id} is recommended as you decided already: it can only stay.")
    new = tuple(
        LessonTest(new_id(), decision_id, case_id, what,
                   about["final_action"] if what == "change" else offered[case_id], by, at)
        for case_id, what in should.items()
    )  # fmt: skip
    store.write(lambda tx: kept.append(tx, domain.name, new))
    return new


def _override(store: Store | Transaction, domain: DecisionDomain, decision_id: str) -> dict[str, Any]:
    about = kept.override(store, domain.name, decision_id)
    if about is None:
        raise DecisionInvalid("There is no such decision in this log. Reload the page.")
    if about["reversed"]:
        raise DecisionInvalid("This decision was taken back, and its lesson with it.")
    if not about["recommendation_id"] or about["final_action"] == about["recommended_action"]:
        raise DecisionInvalid("This decision agreed with the model, so it teaches no lesson test.")
    return about


def any_stand(store: Store, domain: DecisionDomain) -> bool:
    """Whether there is any lesson test to pass."""
    return not kept.standing(store, domain).empty


def check(store: Store, domain: DecisionDomain, model: Model, cases: pd.DataFrame | None = None) -> Checked:
    """Hold a model against every standing lesson test; `cases` may hold more than those of the tests."""
    tests = kept.standing(store, domain)
    if tests.empty:
        return Checked()
    asked = tuple(tests["case_id"].unique())
    rows = kept.cases_of(store, domain, asked) if cases is None else cases[cases["case_id"].isin(asked)]
    chosen = model.probabilities(rows).argmax(axis=1)
    actions = {case: model.actions[i] for case, i in zip(rows["case_id"], chosen, strict=True)}
    return check_tests(tests, actions)


@dataclass(frozen=True)
class Followed:
    """What one version makes of one lesson test: 'passed', 'failed', 'void', 'contested' or 'not tried yet'."""

    case_id: str
    of_case: str
    action: str
    manager: str
    version: str | None
    state: str
    got: str | None = None
    right_action: str | None = None


def followed(store: Store, domain: DecisionDomain, manager: str | None = None) -> tuple[Followed, ...]:
    """What the newest version makes of the standing lesson tests, of one manager or of all, newest first.

    As it was judged: nothing is scored here. Tests made since are not tried yet.
    """
    tests = newest(kept.standing(store, domain))
    versions = registry.versions(store, domain.name)
    version = versions[0] if versions else None
    tried = version.evidence.get("lessons", {}) if version else {}
    states = {t["lesson_test_id"]: (state, t["got"]) for state, rows in tried.items() for t in rows}
    mine = tests if manager is None else tests[tests["manager"] == manager]
    found = []
    for row in mine.iloc[::-1].itertuples(index=False):
        state, got = states.get(row.lesson_test_id, ("not tried yet", None))
        if row.right_action is not None and row.right_action != row.action:
            state = "void"
        found.append(
            Followed(row.case_id, row.of_case, row.action, row.manager, version.version if version else None,
                     state, got, row.right_action)
        )  # fmt: skip
    return tuple(found)
