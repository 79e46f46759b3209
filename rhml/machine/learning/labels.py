"""What a case without an outcome most likely needed, read from the model and from what people called.

P(right | facts, calls) ∝ f(right) · ∏ P(call | right, context)^τ. f is out-of-fold and learned from
outcomes only. τ is how far calls are to be trusted: the power in 0 … 1 that foretells held-out outcomes
best. It is 0, and calls teach nothing, unless it foretells them better than f alone by more than chance
would (`SURE`): people who guess, who always agree, or who lie do not hurt. Below 1 it makes up for calls
that repeat each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.core.domain import DecisionDomain
from rhml.core.policy import FOLDS
from rhml.machine.learning.calls import Calls, read_calls
from rhml.machine.learning.information import share_known, teaching_weights
from rhml.machine.learning.material import folds_of, right_index
from rhml.machine.learning.tables import Table

TRUSTS = (0.0, 0.25, 0.5, 0.75, 1.0)
SURE = 1.0
"""Standard errors by which calls must beat the model alone. Chance passes one in six, and costs next to nothing
(`tests/benchmarks/learning_from_calls.py`); twice as strict, a few hundred outcomes could not show what calls know."""

LEAST_GAIN = 0.002
"""In nats a case: a smaller gain is calibration, not information."""

FEWEST = 20
"""Fewer resolved cases with calls than this cannot show what a call is worth."""

CALLS_A_BIN = 80
MOST_BINS = 5


@dataclass(frozen=True)
class Posterior:
    """`probabilities` (n, K): the posterior of called cases, (1, 0) where the outcome is known, else f.

    `weights` (n, K) are what a model learns from: outcomes count 1, posterior labels what they know
    (`information`), the rest 0.
    `by_fold` (F, n, K) are the weights as they would be without the outcomes of fold F. `calibration`
    compares stated and observed shares on held-out outcomes; `gain` is by how many nats a case calls
    improved their log loss, with its standard error; `tables` hold what a call of each context means. `taught` is
    the trust that calls earned inside each lesson; `trust` then speaks of all other cases.
    """

    probabilities: np.ndarray
    weights: np.ndarray
    by_fold: np.ndarray
    known: np.ndarray
    labelled: np.ndarray
    trust: float
    gain: float
    gain_error: float
    checked: int
    calibration: pd.DataFrame
    tables: dict[str, Table]
    taught: dict[str, float] = field(default_factory=dict)


def posterior(
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    *,
    domain: DecisionDomain,
    out_of_fold: np.ndarray,
    by_fold: np.ndarray | None = None,
    taught: Mapping[str, np.ndarray] | None = None,
) -> Posterior:
    """Label unresolved cases that people called; `calls` is the frame of decisions.

    `out_of_fold` (n, K) comes from outcomes only; `by_fold` (F, n, K), where given, holds each fold
    model's probabilities of every case, and keeps each fold's outcomes out of the others' labels.
    """
    contexts = read_calls(cases, calls, domain=domain, taught=taught)
    right, folds = right_index(cases, domain), folds_of(cases)
    checkable = _independent(cases, right, domain)
    evidence, tables = _likelihoods(contexts, np.where(checkable, right, -1), folds, out_of_fold)
    called = np.zeros(len(cases), dtype=bool)
    for some in contexts:
        called[some.case] = True
    check = np.flatnonzero(checkable & called)
    prior, told = np.log(np.clip(out_of_fold[check], 1e-6, 1)), evidence[folds[check], check]
    trusts, (trust, gain, error), lessons = _trusts(
        prior, told, right[check], check, len(cases), taught or {}
    )
    labelled = called & (right < 0) & (trusts > 0)
    evidence = trusts[:, None] * evidence
    base = np.broadcast_to(out_of_fold, evidence[:FOLDS].shape) if by_fold is None else by_fold
    stated = softmax(np.log(np.clip(out_of_fold, 1e-6, 1)) + evidence[FOLDS], axis=1)
    stated[right >= 0] = np.eye(out_of_fold.shape[1])[right[right >= 0]]
    return Posterior(
        probabilities=stated,
        weights=_weights(out_of_fold, evidence[FOLDS], labelled, right),
        by_fold=np.stack([_weights(base[k], evidence[k], labelled, right) for k in range(FOLDS)]),
        known=labelled | (right >= 0),
        labelled=labelled,
        trust=trust,
        gain=gain,
        gain_error=error,
        checked=len(check),
        calibration=calibration(softmax(prior + trusts[check, None] * told, axis=1), right[check]),
        tables=tables,
        taught=lessons,
    )


def _trusts(
    prior: np.ndarray,
    told: np.ndarray,
    right: np.ndarray,
    check: np.ndarray,
    n: int,
    taught: Mapping[str, np.ndarray],
) -> tuple[np.ndarray, tuple[float, float, float], dict[str, float]]:
    """How far calls are trusted in each case (n,): inside a lesson as they proved there, elsewhere as elsewhere."""
    elsewhere = ~np.logical_or.reduce([np.zeros(n, bool), *taught.values()])
    rest = elsewhere[check]
    found = _trust(prior[rest], told[rest], right[rest])
    trusts, lessons = np.where(elsewhere, found[0], 0.0), {}
    for name, inside in taught.items():
        some = inside[check]
        lessons[name] = _trust(prior[some], told[some], right[some])[0]
        # Where two lessons overlap, calls count as far as either has shown.
        trusts[inside] = np.maximum(trusts[inside], lessons[name])
    return trusts, found, lessons


def calibration(stated: np.ndarray, right: np.ndarray, bins: int = 5) -> pd.DataFrame:
    """Stated probability of the first action against how often it proved right, in equal-sized bins.

    Columns: stated, observed, n. With more than two actions: of the likeliest action.
    """
    at = np.zeros(len(right), dtype=int) if stated.shape[1] == 2 else stated.argmax(axis=1)
    frame = pd.DataFrame(
        {"stated": stated[np.arange(len(right)), at], "observed": (right == at).astype(float)}
    )
    part = np.arange(len(frame)) * min(bins, max(1, len(frame) // FEWEST)) // max(1, len(frame))
    split = frame.sort_values("stated", kind="stable").groupby(part)
    return split.mean().assign(n=split.size()).reset_index(drop=True)


def _independent(cases: pd.DataFrame, right: np.ndarray, domain: DecisionDomain) -> np.ndarray:
    """Resolved cases whose outcome is seen whatever was decided; elsewhere only the explored ones."""
    known = right >= 0
    if domain.selective:
        return known & (cases["explore"].fillna(False).to_numpy(dtype=bool) if "explore" in cases else False)
    return known


def _likelihoods(
    contexts: list[Calls], right: np.ndarray, folds: np.ndarray, out_of_fold: np.ndarray
) -> tuple[np.ndarray, dict[str, Table]]:
    """Log likelihood of all calls of a case (F + 1, n, K): without each fold's outcomes, then with all."""
    actions = out_of_fold.shape[1]
    evidence = np.zeros((FOLDS + 1, *out_of_fold.shape))
    tables = {}
    for calls in contexts:
        known = right[calls.case]
        if not (known >= 0).any():
            continue
        bins, n_bins = _bins(out_of_fold, calls, known >= 0)
        for fold in range(FOLDS + 1):
            kept = np.where(folds[calls.case] == fold, -1, known)
            table = Table.fit(calls, kept, bins, actions=actions, n_bins=n_bins)
            np.add.at(evidence[fold], calls.case, table.likelihood(calls, bins))
            tables[calls.context] = table
    return evidence, tables


def _bins(out_of_fold: np.ndarray, calls: Calls, known: np.ndarray) -> tuple[np.ndarray, int]:
    """The bin of the model's probability in which each call lies: equal shares of the resolved calls."""
    f = out_of_fold[calls.case]
    if f.shape[1] > 2:
        return f.argmax(axis=1), f.shape[1]
    n_bins = int(np.clip(known.sum() // CALLS_A_BIN, 1, MOST_BINS))
    edges = np.quantile(f[known, 0], np.arange(1, n_bins) / n_bins)
    return np.searchsorted(edges, f[:, 0]), n_bins


def _trust(prior: np.ndarray, told: np.ndarray, right: np.ndarray) -> tuple[float, float, float]:
    """The power that foretells held-out outcomes best, its gain in log loss, and that gain's error."""
    if len(right) < FEWEST:
        return 0.0, 0.0, 0.0
    rows = np.arange(len(right))
    scores = np.stack([np.log(softmax(prior + trust * told, axis=1)[rows, right]) for trust in TRUSTS])
    gains = scores - scores[0]
    best = int(gains.mean(axis=1).argmax())
    gain, error = float(gains[best].mean()), float(gains[best].std() / np.sqrt(len(right)))
    return (TRUSTS[best], gain, error) if gain > max(SURE * error, LEAST_GAIN) else (0.0, gain, error)


def _weights(f: np.ndarray, told: np.ndarray, labelled: np.ndarray, right: np.ndarray) -> np.ndarray:
    weights = np.zeros_like(f)
    if labelled.any():
        prior = np.clip(f[labelled], 1e-6, 1)
        suggested = softmax(np.log(prior) + told[labelled], axis=1)
        weights[labelled] = teaching_weights(prior, suggested, share_known(prior, suggested))
    known = np.flatnonzero(right >= 0)
    weights[known, right[known]] = 1.0
    return weights
