"""The whole recipe of a retraining: from cases, outcomes and calls to a challenger, its twins and its card.

1. A model from outcomes only, out-of-fold; the bank is never touched.
2. Posterior labels for the cases that people called.
3. The challenger, from both; it is dropped to outcomes only if the labels are seen to make it worse on held-out
   outcomes.
4. Twins: the same window and parameters, everything people called left out, five seeds; and siblings of the
   challenger with the same five seeds, to compare them with; and where words that people marked count, the same five
   once more without the marks.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.learning import card
from rhml.machine.learning.agreement import agrees_only, learn_agreement
from rhml.machine.learning.fitting import CrossFit, cross_fit, finish, fold_models
from rhml.machine.learning.labels import Posterior, posterior
from rhml.machine.learning.learned import Learned, Progress
from rhml.machine.learning.material import Material, prepare, right_index
from rhml.machine.learning.refusals import check_training_set
from rhml.machine.model import Model
from rhml.machine.texts.marked import Marked, marked_words

TWINS = 5
FEW_ROWS = 5_000
"""Up to so many cases to learn from, twins are fits of their own."""


def learn(
    cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain, seed: int,
    progress: Progress = lambda share, words: None, nthread: int = 1,
    taught: Mapping[str, np.ndarray] | None = None, marks: pd.DataFrame | None = None,
) -> Learned:  # fmt: skip
    """Train a challenger and its twins; `calls` is the frame of decisions, `cases` may include the bank.

    `taught` are lessons that the model is to learn, by name: which of `cases` each covers. `marks`: what decisions
    marked (decision_id, factor, mark). Deterministic for a seed. TrainingRefused says what is missing.
    """
    check_training_set(cases, calls, domain=domain)
    given = {"domain": domain, "seed": seed, "nthread": nthread}
    kept, taught = _outside_bank(cases, taught or {})
    if agrees_only(kept, calls, domain=domain):
        return learn_agreement(kept, calls, progress=progress, **given)

    progress(0.05, "Learning from outcomes alone")
    exposure = observation_weights(kept, calls, domain=domain)
    plain, before = _from_outcomes(kept, exposure, **given)

    progress(0.30, "Reading what people called")
    labels = _labels(kept, calls, plain, before, taught, domain=domain)
    marked = {} if marks is None else marked_words(kept, calls, marks, domain=domain)

    progress(0.40, "Learning from outcomes and calls")
    material, cross, used = _better(kept, labels, exposure, (plain, before), marked, **given)
    challenger = finish(material, cross, **given)

    progress(0.75, "Training twins without what people called")
    fits = [(plain, before), (material, cross)] if used else [(plain, before)]
    twins, *others = _every_twin(kept, labels, exposure, fits, **given)
    written = card.write(
        kept, calls, material, challenger, domain=domain,
        oof=cross.own, plain=before.own, labels=labels, used=used and bool(labels.labelled.any()),
    )  # fmt: skip
    progress(1.0, "Trained")
    if len(others) > 1:
        written["marked"] = {name: one.as_dict() for name, one in marked.items()}
    return Learned(challenger, tuple(kept["case_id"]), cross.own, twins, written, *others)


def _outside_bank(
    cases: pd.DataFrame, taught: Mapping[str, np.ndarray]
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """The cases to learn from, and which of them each lesson covers."""
    kept = ~cases["bank"].fillna(False).to_numpy(dtype=bool)
    return cases[kept].reset_index(drop=True), {name: inside[kept] for name, inside in taught.items()}


def _from_outcomes(
    cases: pd.DataFrame, exposure: np.ndarray, *, domain: DecisionDomain, seed: int, nthread: int
) -> tuple[Material, CrossFit]:
    """The fit that knows outcomes alone."""
    plain = prepare(cases, _one_hot(cases, domain) * exposure[:, None], domain=domain)
    return plain, cross_fit(plain, domain=domain, seed=seed, nthread=nthread)


def _every_twin(
    cases: pd.DataFrame, labels: Posterior, exposure: np.ndarray, fits: list[tuple[Material, CrossFit]],
    **given,
) -> list[tuple[Model, ...]]:  # fmt: skip
    """The twins of each fit, and where marked words count in the one with calls, of the same without them."""
    if len(fits) > 1:
        fits = [*fits, *_without_marks(cases, labels, exposure, *fits[-1], **given)]
    few = fits[-1][0].rows <= FEW_ROWS
    return [_twins(*fit, few=few, **given) for fit in fits]


def _twins(
    material: Material, cross: CrossFit, *, few: bool, domain: DecisionDomain, seed: int, nthread: int
) -> tuple[Model, ...]:
    """Five seeds of one fit. Of many cases the models of the folds serve, each short of another fifth: so are
    the siblings they are compared with."""
    if not few:
        return fold_models(material, cross, domain=domain)
    return tuple(
        finish(material, cross, domain=domain, seed=seed + 1 + at, nthread=nthread) for at in range(TWINS)
    )


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
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    plain: Material,
    before: CrossFit,
    taught: Mapping[str, np.ndarray],
    *,
    domain: DecisionDomain,
) -> Posterior:
    """Posterior labels; no case without an outcome was in any fold's model, so all of them are averaged."""
    by_fold = before.everywhere(plain)
    resolved = (right_index(cases, domain) >= 0)[:, None]
    prior = np.where(resolved, before.own, by_fold.mean(axis=0))
    return posterior(cases, calls, domain=domain, out_of_fold=prior, by_fold=by_fold, taught=taught)


def _better(
    cases: pd.DataFrame,
    labels: Posterior,
    exposure: np.ndarray,
    plain: tuple[Material, CrossFit],
    marked: Mapping[str, Marked],
    *,
    domain: DecisionDomain,
    seed: int,
    nthread: int,
) -> tuple[Material, CrossFit, bool]:
    """The fit with posterior labels and marked words, unless the one without them foretells held-out outcomes better.

    Few outcomes tell the two fits apart badly, and the calls have passed a test of their own already: the
    labels are dropped for a loss beyond its standard error times the share of the doubt that calls remove.
    """
    if not labels.labelled.any() and not marked:
        return (*plain, False)
    material = _prepared(cases, labels, exposure, marked, domain=domain)
    if not labels.labelled.any() and not any(read.marked for read in material.texts):
        return (*plain, False)
    cross = cross_fit(material, domain=domain, seed=seed, nthread=nthread, line=plain[1].line)
    truth = plain[0].weights
    with_labels, without = (
        -(truth * np.log(np.clip(fit.own, 1e-9, 1))).sum(axis=1) for fit in (cross, plain[1])
    )
    loss = (with_labels - without)[truth.sum(axis=1) > 0]
    known = labels.weights[labels.labelled].sum(axis=1).mean() if labels.labelled.any() else 1.0
    dropped = loss.mean() > known * loss.std() / np.sqrt(len(loss))
    return (*plain, False) if dropped else (material, cross, True)


def _prepared(
    cases: pd.DataFrame,
    labels: Posterior,
    exposure: np.ndarray,
    marked: Mapping[str, Marked],
    *,
    domain: DecisionDomain,
) -> Material:
    stands = exposure[:, None]
    return prepare(
        cases, labels.weights * stands, domain=domain, by_fold=labels.by_fold * stands, marked=marked
    )


def _without_marks(
    cases: pd.DataFrame,
    labels: Posterior,
    exposure: np.ndarray,
    material: Material,
    cross: CrossFit,
    *,
    domain: DecisionDomain,
    seed: int,
    nthread: int,
) -> list[tuple[Material, CrossFit]]:
    """The same fit without the words that people marked; none where none of them counts."""
    if not any(read.marked for read in material.texts):
        return []
    bare = _prepared(cases, labels, exposure, {}, domain=domain)
    return [(bare, cross_fit(bare, domain=domain, seed=seed, nthread=nthread, line=cross.line))]
