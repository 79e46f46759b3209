"""What a model is fitted on: encoded cases, how much each counts for each action, and its fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import FOLDS
from rhml.errors import TrainingRefused
from rhml.machine.encoding import Encoding
from rhml.machine.learning.collected import readable
from rhml.machine.texts.cross_reading import CrossRead, read_texts
from rhml.machine.texts.marked import Marked

MONOTONE = {"increasing": 1, "decreasing": -1, "any": 0}
FEW_OUTCOMES = 30
"""With fewer resolved cases than this, posterior labels too decide the size and the calibration."""


@dataclass(frozen=True)
class Material:
    """What a model is fitted on. `by_fold` (F, n, K) replaces `weights` while fold F is held out."""

    encoding: Encoding
    matrix: np.ndarray
    weights: np.ndarray
    truth: np.ndarray
    folds: np.ndarray
    reference: np.ndarray
    by_fold: np.ndarray | None = None
    texts: tuple[CrossRead, ...] = ()

    @property
    def rows(self) -> int:
        """How many cases count anything."""
        return int((self.weights.sum(axis=1) > 0).sum())

    def without(self, fold: int) -> np.ndarray:
        """The weights to fit with while a fold is held out: its own cases count nothing."""
        weights = self.weights if self.by_fold is None else self.by_fold[fold]
        return np.where((self.folds == fold)[:, None], 0.0, weights)

    def signs(self, domain: DecisionDomain) -> np.ndarray:
        """For each column 1 or −1 where it may only raise or lower the first of two actions, else 0."""
        if len(domain.action_keys) > 2:
            return np.zeros(self.matrix.shape[1], dtype=int)
        effects = {feature.name: feature.effect for feature in domain.inputs}
        # A text is read as the log odds of the first action, so more of it can only raise that.
        texts = {read.reading.name: "increasing" for read in self.texts}
        return np.array([MONOTONE[(effects | texts)[name]] for name in self.encoding.names], dtype=int)


def right_index(cases: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """The index of the action that proved right, −1 while it is unknown."""
    if "right_action" not in cases:
        return np.full(len(cases), -1)
    return pd.Index(domain.action_keys, dtype=object).get_indexer(cases["right_action"].astype(object))


def prepare(
    cases: pd.DataFrame,
    weights: np.ndarray,
    *,
    domain: DecisionDomain,
    by_fold: np.ndarray | None = None,
    marked: Mapping[str, Marked] | None = None,
) -> Material:
    """Encode the cases; resolved ones with any weight are what size and calibration are judged on.

    marked: words that people marked in the cases' texts, by text.
    """
    weights = np.asarray(weights, dtype=np.float64)
    if (weights.sum(axis=0) > 1e-6).sum() < 2:
        raise TrainingRefused(
            "Every case to learn from points to the same action, so a model could only ever repeat it. "
            "Bring cases in which another action proved right."
        )
    right = right_index(cases, domain)
    resolved = (right >= 0) & (weights.sum(axis=1) > 0)
    truth = weights * resolved[:, None] if resolved.sum() >= FEW_OUTCOMES else weights
    learned = cases[weights.sum(axis=1) > 0]
    encoding = Encoding.fit(learned, readable(learned, domain.inputs))
    if domain.selective and "explore" in cases:
        # Elsewhere an outcome is only seen after some decisions, so "how often right" would be theirs.
        resolved = resolved & cases["explore"].fillna(False).to_numpy(dtype=bool)
    folds, known = folds_of(cases, weights.sum(axis=1) > 0), np.where(resolved, right, -1)
    material = Material(encoding, encoding.matrix(cases), weights, truth, folds, known, by_fold)
    return read_texts(material, cases, marked)


def folds_of(cases: pd.DataFrame, counts: np.ndarray | None = None) -> np.ndarray:
    """The fold 0 … 4 of each case; dealt out in order where none were drawn, or one holds all that counts."""
    drawn = cases["fold"].to_numpy(dtype=np.int64) % FOLDS if "fold" in cases else np.zeros(len(cases), int)
    used = drawn if counts is None else drawn[counts]
    if len(np.unique(used)) > 1:
        return drawn
    return (np.arange(len(cases)) if counts is None else np.cumsum(counts)) % FOLDS
