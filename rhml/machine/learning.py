"""The whole recipe of a retraining: from cases, outcomes and calls to a challenger, its twins and its card.

1. A model from outcomes only, out-of-fold; the bank is never touched.
2. Posterior labels for the cases that people called.
3. The challenger, from both; it is dropped to outcomes only if the labels are seen to make it worse on held-out
   outcomes.
4. Twins: the same window and parameters, everything people called left out, five seeds; and siblings of the
   challenger with the same five seeds, to compare them with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine import card
from rhml.machine.labels import Posterior, posterior
from rhml.machine.model import Model
from rhml.machine.refusals import check_training_set
from rhml.machine.training import CrossFit, Material, cross_fit, finish, prepare, right_index

TWINS = 5
Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Learned:
    """What a retraining made. `oof` (n, K) are the challenger's probabilities for `case_ids`, each by a
    model that never saw the case's fold; `twins` learned from outcomes alone (none without outcomes),
    `siblings` from what the challenger learned from, with the twins' seeds (none where calls were not used):
    their mean difference is free of the luck of one seed."""

    challenger: Model
    case_ids: tuple[str, ...]
    oof: np.ndarray
    twins: tuple[Model, ...]
    card: dict[str, Any]
    siblings: tuple[Model, ...] = ()

    def twin_scores(self, cases: pd.DataFrame) -> pd.DataFrame:
        """The mean scores of twins and siblings on cases, row for row as `judge` reads them.

        Columns twin_action, twin_p_<action>, twin_right, twin_brier, and the same for `sibling` where what
        people called was used.
        """
        found = pd.DataFrame(index=cases.index)
        for who, models in (("twin", self.twins), ("sibling", self.siblings)):
            if models:
                found = found.join(_mean_scores(models, who, cases))
        return found


def _mean_scores(models: tuple[Model, ...], who: str, cases: pd.DataFrame) -> pd.DataFrame:
    """Action and probabilities from the mean probability; right and Brier are means of each model's own
    score where the outcome is known, which no averaging flatters."""
    each = np.stack([model.probabilities(cases) for model in models])
    actions = np.asarray(models[0].actions, dtype=object)
    mean = each.mean(axis=0)
    scores = pd.DataFrame({f"{who}_p_{a}": mean[:, k] for k, a in enumerate(actions)}, index=cases.index)
    scores.insert(0, f"{who}_action", actions[mean.argmax(axis=1)])
    right = pd.Index(actions).get_indexer(cases["right_action"].astype(object))
    hit = (each.argmax(axis=2) == right).mean(axis=0)
    brier = ((each - np.eye(len(actions))[right]) ** 2).sum(axis=2).mean(axis=0) / 2
    return scores.assign(
        **{
            f"{who}_right": np.where(right >= 0, hit, np.nan),
            f"{who}_brier": np.where(right >= 0, brier, np.nan),
        }
    )


def learn(
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    progress: Progress = lambda share, words: None,
    nthread: int = 1,
) -> Learned:
    """Train a challenger and its twins; `calls` is the frame of decisions, `cases` may include the bank.

    Deterministic for a seed. TrainingRefused says what is missing.
    """
    check_training_set(cases, calls, domain=domain)
    kept = cases[~cases["bank"].fillna(False).to_numpy(dtype=bool)].reset_index(drop=True)
    if domain.outcome is None:
        return _imitation(kept, calls, domain=domain, seed=seed, progress=progress, nthread=nthread)

    progress(0.05, "Learning from outcomes alone")
    exposure = observation_weights(kept, calls, domain=domain)
    outcomes = _one_hot(kept, domain) * exposure[:, None]
    plain = prepare(kept, outcomes, domain=domain)
    before = cross_fit(plain, domain=domain, seed=seed, nthread=nthread)

    progress(0.30, "Reading what people called")
    labels = _labels(kept, calls, plain, before, domain=domain)

    progress(0.40, "Learning from outcomes and calls")
    material, cross, used = _better(
        kept, labels, exposure, (plain, before), domain=domain, seed=seed, nthread=nthread
    )
    challenger = finish(material, cross, domain=domain, seed=seed, nthread=nthread)

    twins, siblings = [], []
    for at in range(TWINS):
        progress(0.75 + 0.04 * at, f"Training twin {at + 1} of {TWINS} without what people called")
        twins.append(finish(plain, before, domain=domain, seed=seed + 1 + at, nthread=nthread))
        if used:
            siblings.append(finish(material, cross, domain=domain, seed=seed + 1 + at, nthread=nthread))
    oof = cross.own(material.folds)
    written = card.write(
        kept, calls, material, challenger, domain=domain,
        oof=oof, plain=before.own(plain.folds), labels=labels, used=used,
    )  # fmt: skip
    progress(1.0, "Trained")
    return Learned(challenger, tuple(kept["case_id"]), oof, tuple(twins), written, tuple(siblings))


def observation_weights(
    cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain, most: float = 10.0
) -> np.ndarray:
    """How many cases each outcome stands for, where decisions choose which outcomes are seen (n,).

    A case that was declined and tried all the same, by chance, stands for the 1/share declined like it
    (inverse propensity, capped so that no single case rules); everything else stands for itself.
    """
    weights = np.ones(len(cases))
    if not domain.selective or domain.outcome is None or not domain.outcome.explore or "explore" not in cases:
        return weights
    seen = set(calls.loc[calls["final_action"].isin(domain.outcome.observed_after), "case_id"])
    refused = cases["case_id"].isin(set(calls["case_id"]) - seen).to_numpy()
    tried = cases["explore"].fillna(False).to_numpy(dtype=bool)
    weights[refused & tried] = min(most, 1 / domain.outcome.explore)
    return weights


def _one_hot(cases: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    right = right_index(cases, domain)
    weights = np.zeros((len(cases), len(domain.action_keys)))
    known = np.flatnonzero(right >= 0)
    weights[known, right[known]] = 1.0
    return weights


def _labels(
    cases: pd.DataFrame, calls: pd.DataFrame, plain: Material, before: CrossFit, *, domain: DecisionDomain
) -> Posterior:
    """Posterior labels; no case without an outcome was in any fold's model, so all of them are averaged."""
    by_fold = before.probabilities()
    resolved = (right_index(cases, domain) >= 0)[:, None]
    prior = np.where(resolved, before.own(plain.folds), by_fold.mean(axis=0))
    return posterior(cases, calls, domain=domain, out_of_fold=prior, by_fold=by_fold)


def _better(
    cases: pd.DataFrame,
    labels: Posterior,
    exposure: np.ndarray,
    plain: tuple[Material, CrossFit],
    *,
    domain: DecisionDomain,
    seed: int,
    nthread: int,
) -> tuple[Material, CrossFit, bool]:
    """The fit with posterior labels, unless the one without them foretells held-out outcomes better.

    Few outcomes tell the two fits apart badly, and the calls have passed a test of their own already: the
    labels are dropped for a loss beyond its standard error times the share of the doubt that calls remove.
    """
    if not labels.labelled.any():
        return (*plain, False)
    stands = exposure[:, None]
    material = prepare(cases, labels.weights * stands, domain=domain, by_fold=labels.by_fold * stands)
    cross = cross_fit(material, domain=domain, seed=seed, nthread=nthread)
    truth = plain[0].weights
    with_labels, without = (
        -(truth * np.log(np.clip(fit.own(material.folds), 1e-9, 1))).sum(axis=1) for fit in (cross, plain[1])
    )
    loss = (with_labels - without)[truth.sum(axis=1) > 0]
    known = labels.weights[labels.labelled].sum(axis=1).mean()
    dropped = loss.mean() > known * loss.std() / np.sqrt(len(loss))
    return (*plain, False) if dropped else (material, cross, True)


def _imitation(
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    progress: Progress,
    nthread: int,
) -> Learned:
    """Without outcomes: what this team usually decides, each case weighted by the shares of its votes."""
    progress(0.1, "Learning what this team usually decides")
    votes = pd.crosstab(calls["case_id"], calls["final_action"])
    shares = votes.reindex(index=cases["case_id"], columns=list(domain.action_keys), fill_value=0).to_numpy(
        float
    )
    weights = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1)
    usual = np.asarray(domain.action_keys, dtype=object)[shares.argmax(axis=1)]
    cases = cases.assign(right_action=np.where(shares.sum(axis=1) > 0, usual, None))
    material = prepare(cases, weights, domain=domain)
    cross = cross_fit(material, domain=domain, seed=seed, nthread=nthread)

    progress(0.8, "Fitting the final model")
    challenger = finish(material, cross, domain=domain, seed=seed, nthread=nthread)
    oof = cross.own(material.folds)
    written = card.write(cases, calls, material, challenger, domain=domain, oof=oof)
    progress(1.0, "Trained")
    return Learned(challenger, tuple(cases["case_id"]), oof, (), written)
