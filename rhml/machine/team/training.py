"""How the team's model is trained: trees on calls instead of outcomes, then everyone's own weights beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import logit, softmax

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Training
from rhml.errors import TrainingRefused
from rhml.machine.explaining.explanation import contributions, points_of
from rhml.machine.learning.fitting import CrossFit, cross_fit, finish, fold_models
from rhml.machine.learning.material import Material, prepare
from rhml.machine.team.own_calls import FEWEST, KINDS, OwnCalls
from rhml.machine.team.person import EDGE, stretch
from rhml.machine.team.pooling import ENOUGH, Called, weights
from rhml.machine.team.team_model import TeamModel
from rhml.machine.texts.cross_reading import without
from rhml.stats.intervals import share
from rhml.stats.sample import Sample


def train_team(
    cases: pd.DataFrame, calls: OwnCalls, *, domain: DecisionDomain, seed: int, nthread: int = 1
) -> TeamModel:
    """Learn what people call on their own; TrainingRefused where the calls are too few or all alike.

    cases: case_id, fold and the domain's features, each case once. Outcomes are not read, so the bank may be in it.
    """
    free = _unbound(domain)
    rows = calls.rows[calls.rows["case_id"].isin(cases["case_id"])].reset_index(drop=True)
    action = pd.Index(free.action_keys, dtype=object).get_indexer(rows["action"].astype(object))
    _refuse(rows, action, domain)
    known = cases[cases["case_id"].isin(rows["case_id"])].reset_index(drop=True)
    known = known.drop(columns=["right_action"], errors="ignore")
    case = pd.Index(known["case_id"]).get_indexer(rows["case_id"])
    counts = np.zeros((len(known), len(free.action_keys)))
    np.add.at(counts, (case, action), 1.0)

    material = prepare(known, counts, domain=free)
    cross = cross_fit(material, domain=free, seed=seed, nthread=nthread)
    model = finish(material, cross, domain=free, seed=seed, nthread=nthread)

    parts, team = _out_of_fold(material, cross, free)
    people = weights(_by_person(rows["manager"].to_numpy(), case, action, parts, team, material.folds))
    guess = cross.own[case].argmax(axis=1)
    right = share(guess == action, Sample.of(rows["case_id"], rows["manager"]))
    usual = float(np.bincount(action).max() / len(action))
    card = {
        "kind": calls.kind, "learned_from": KINDS[calls.kind], "calls": len(rows), "cases": len(known),
        "managers": int(rows["manager"].nunique()), "with_weights": len(people), "enough": ENOUGH,
        "foretold": right.as_dict(), "always_the_usual_call": round(usual, 4),
    }  # fmt: skip
    counted = rows["manager"].astype(str).value_counts().sort_index()
    return TeamModel(model, people, {name: int(n) for name, n in counted.items()}, card)


def _unbound(domain: DecisionDomain) -> DecisionDomain:
    """The domain without what it demands of the main model: people need not be monotone, nor keep factors apart."""
    features = tuple(f.model_copy(update={"effect": "any"}) for f in domain.features)
    training = Training(**{**domain.training.model_dump(), "apart": ()})
    return domain.model_copy(update={"features": features, "training": training})


def _refuse(rows: pd.DataFrame, action: np.ndarray, domain: DecisionDomain) -> None:
    if len(rows) < FEWEST:
        raise TrainingRefused(
            f"There are {len(rows)} calls of people in {domain.title}, and {FEWEST} are needed to tell how the team "
            f"weighs a {domain.terms.case}. Decide more {domain.terms.many}, or bring an older log."
        )
    if len(np.unique(action)) < 2:
        raise TrainingRefused(
            "Everyone always called the same action, so nothing shows how the team weighs the factors. "
            "Wait for calls of another action."
        )


def _out_of_fold(
    material: Material, cross: CrossFit, domain: DecisionDomain
) -> tuple[np.ndarray, np.ndarray]:
    """For each case, by the model that never saw it: what each factor adds to the log odds of each action against
    the others (n, K, d), and those log odds (n, K)."""
    n, k = material.weights.shape
    parts, team = np.zeros((n, k, len(material.encoding.columns))), np.zeros((n, k))
    for fold, model in enumerate(fold_models(material, cross, domain=domain)):
        rows = np.flatnonzero(material.folds == fold)
        if not len(rows):
            continue
        start, added = contributions(model, without(material, fold).matrix[rows])
        points = points_of(start, added)
        chance = softmax(start + added.sum(axis=1), axis=1)
        parts[rows] = points * stretch(chance - points.sum(axis=2), chance)[:, :, None]
        team[rows] = logit(np.clip(chance, EDGE, 1 - EDGE))
    return parts, team


def _by_person(
    manager: np.ndarray, case: np.ndarray, action: np.ndarray, parts: np.ndarray, team: np.ndarray,
    folds: np.ndarray,
) -> dict[str, Called]:  # fmt: skip
    found = {}
    for name in pd.unique(manager):
        mine = np.flatnonzero(manager == name)
        at = case[mine]
        found[str(name)] = Called(parts[at], team[at], action[mine], folds[at])
    return found
