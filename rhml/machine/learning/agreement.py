"""Learning where no outcome exists: what this team usually decides, or would agree on where several judged.

A case that three or more people called is labelled by their consensus, with the model's own out-of-fold view as
one more voter; elsewhere the shares of the votes stand. A domain that will have outcomes but has none yet learns
from such cases alone, and only from calls made before the recommendation was seen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.learning import card
from rhml.machine.learning.consensus import Consensus, consensus, votes
from rhml.machine.learning.fitting import CrossFit, Material, cross_fit, finish
from rhml.machine.learning.learned import Learned, Progress
from rhml.machine.learning.material import prepare

TOGETHER = 3
"""So many people must call a case before it can show who of them is to be trusted."""


def agrees_only(cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain) -> bool:
    """Whether a model can learn only what people agree on: no outcome exists, or none is known yet."""
    if domain.outcome is None:
        return True
    known = "right_action" in cases and cases["right_action"].notna().any()
    return not known and judged_together(cases, calls, domain=domain) >= domain.training.minimum


def judged_together(cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain) -> int:
    """How many cases three or more people called before they saw a recommendation; the bank is left out."""
    said = votes(cases, calls, domain=domain, unaided=True)
    return int((np.bincount(said.case, minlength=1) >= TOGETHER).sum())


def learn_agreement(
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    progress: Progress,
    nthread: int,
) -> Learned:
    """A challenger without twins: there is nothing it learned that people did not say."""
    progress(0.1, "Learning what this team usually decides")
    imitates = domain.outcome is None
    weights = _shares(cases, calls, domain) if imitates else np.zeros((len(cases), len(domain.action_keys)))
    said = votes(cases, calls, domain=domain, unaided=not imitates)
    several = np.bincount(said.case, minlength=len(cases)) >= TOGETHER
    agreed = consensus(said, cases=len(cases), actions=weights.shape[1])
    material, cross = _fitted(cases, weights, agreed, several, domain=domain, seed=seed, nthread=nthread)
    if several.any():
        progress(0.4, "Weighing several people's calls on the same case")
        agreed = consensus(said, cases=len(cases), actions=weights.shape[1], voter=cross.own)
        material, cross = _fitted(cases, weights, agreed, several, domain=domain, seed=seed, nthread=nthread)

    progress(0.8, "Fitting the final model")
    challenger = finish(material, cross, domain=domain, seed=seed, nthread=nthread)
    written = card.write(
        cases, calls, material, challenger, domain=domain, oof=cross.own, together=int(several.sum())
    )
    progress(1.0, "Trained")
    return Learned(challenger, tuple(cases["case_id"]), cross.own, (), written)


def _shares(cases: pd.DataFrame, calls: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """The share (n, K) of a case's final decisions (first calls where there is none) that each action has."""
    said = calls["final_action"].astype(object)
    if "first_action" in calls:
        said = said.where(said.notna(), calls["first_action"].astype(object))
    counts = pd.crosstab(calls["case_id"], said).reindex(
        index=cases["case_id"], columns=list(domain.action_keys), fill_value=0
    )
    shares = counts.to_numpy(float)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1)


def _fitted(
    cases: pd.DataFrame,
    shares: np.ndarray,
    agreed: Consensus,
    several: np.ndarray,
    *,
    domain: DecisionDomain,
    seed: int,
    nthread: int,
) -> tuple[Material, CrossFit]:
    """A cross-fit on the consensus where several judged a case, and on the shares of the votes elsewhere."""
    weights = np.where(several[:, None], agreed.probabilities, shares)
    if domain.outcome is None:
        usual = np.asarray(domain.action_keys, dtype=object)[weights.argmax(axis=1)]
        cases = cases.assign(right_action=np.where(weights.sum(axis=1) > 0, usual, None))
    material = prepare(cases, weights, domain=domain)
    return material, cross_fit(material, domain=domain, seed=seed, nthread=nthread)
