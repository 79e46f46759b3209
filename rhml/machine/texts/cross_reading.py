"""While a model learns, it reads every text by weights that were fitted without that text.

For the final model each fold is read by what the other four taught. While a fold is held out, each of the four
that remain is read by what the other three taught, and the held-out one by the mean of those: it has no part in
anything it is judged on. A text that arrives later is read by the mean of the five.

Words that people marked are read as small texts beside (`rhml.machine.texts.marked`), each in the fold of its case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from rhml.core.policy import FOLDS
from rhml.machine.columns import texts_of
from rhml.machine.texts.bag import Bag
from rhml.machine.texts.marked import STRENGTHS, Marked, strength
from rhml.machine.texts.reading import Reading, fitted, scored

if TYPE_CHECKING:
    from rhml.machine.learning.material import Material

Weights = tuple[np.ndarray, np.ndarray]
Fit = Callable[[int, int], Weights]
"""Weights by two folds that are kept from them."""

MANY = 5_000
"""With more texts than this one held-out fold says how much marked words count: it has outcomes enough."""


@dataclass(frozen=True, eq=False)
class CrossRead:
    """One text feature, read: `own` scores (n, scores) for the final model, `held_out` (F, n, scores) for the
    models that a fold was kept from; `marked` is how much words that people marked count, 0 where they do not help."""

    reading: Reading
    own: np.ndarray
    held_out: np.ndarray
    marked: float = 0.0


@dataclass(frozen=True, eq=False)
class Beside:
    """Small texts that are read beside the cases' own: n-grams (m, width), the case of each, and how much they count."""

    found: sparse.csr_array | None = None
    row: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    strength: float = 0.0


def read_texts(
    material: Material, cases: pd.DataFrame, marked: Mapping[str, Marked] | None = None
) -> Material:
    """The material with its texts read; unchanged where there are none. marked: words that people marked, by text."""
    names = [column.name for column in material.encoding.columns if column.kind == "text"]
    if not names:
        return material
    # Sums of a few thousand numbers: handing them to several threads takes longer than adding them up.
    with threadpool_limits(1, user_api="blas"):
        reads = tuple(_cross_read(name, cases, material, (marked or {}).get(name)) for name in names)
    encoding = replace(material.encoding, texts=tuple(read.reading for read in reads))
    matrix = encoding.with_scores(encoding.matrix(cases), [read.own for read in reads])
    return replace(material, encoding=encoding, matrix=matrix, texts=reads)


def without(material: Material, fold: int) -> Material:
    """The material as the model reads it from which a fold is kept."""
    if not material.texts:
        return material
    scores = [read.held_out[fold] for read in material.texts]
    return replace(material, matrix=material.encoding.with_scores(material.matrix, scores))


def _cross_read(name: str, cases: pd.DataFrame, material: Material, marked: Marked | None) -> CrossRead:
    texts = texts_of(cases, name)
    counts = material.weights.sum(axis=1) > 0
    learned = [text for text, counted in zip(texts, counts, strict=True) if counted]
    bag, found, beside, fitted_without = _with_marked(texts, learned, counts, material, marked)
    folds = material.folds

    every = [fitted_without(fold, fold) for fold in range(FOLDS)]
    own = _each_fold(found, folds, dict(enumerate(every)))
    held_out = []
    for fold in range(FOLDS):
        inner = {other: fitted_without(fold, other) for other in range(FOLDS) if other != fold}
        held_out.append(_each_fold(found, folds, inner | {fold: _mean(inner.values())}))
    return CrossRead(_reading(name, bag, _mean(every), own[counts]), own, np.stack(held_out), beside.strength)


def _with_marked(
    texts: pd.Series, learned: list[str | None], counts: np.ndarray, material: Material, marked: Marked | None
) -> tuple[Bag, sparse.csr_array, Beside, Fit]:
    """The bag and the texts' n-grams, the marked words beside them, counting as much as serves unread texts best, and
    the fits to them, so that none is made twice."""
    if marked is None or not (there := counts[marked.row]).any():
        return _plain(texts, learned, material)
    words, row = [word for word, kept in zip(marked.words, there, strict=True) if kept], marked.row[there]
    # A marked word counts although it stands in one text only.
    bag = Bag.fit([*learned, *words])
    found, small = bag.matrix(texts), bag.matrix(words)
    tried = {much: Beside(small, row, much) for much in (0.0, *STRENGTHS)}
    fits = {much: _fits(found, material, beside) for much, beside in tried.items()}
    alone = {much: _alone(fit) for much, fit in fits.items()}
    judged = np.ones(len(texts), bool) if len(learned) <= MANY else material.folds == 0
    chosen = strength(found, np.where(judged[:, None], material.truth, 0.0), material.folds, alone)
    return (bag, found, tried[chosen], fits[chosen]) if chosen else _plain(texts, learned, material)


def _plain(
    texts: pd.Series, learned: list[str | None], material: Material
) -> tuple[Bag, sparse.csr_array, Beside, Fit]:
    """The same without any marked word."""
    bag = Bag.fit(learned)
    found = bag.matrix(texts)
    return bag, found, Beside(), _fits(found, material, Beside())


def _alone(fit: Fit) -> Callable[[int], Weights]:
    """The fit that only one fold is kept from."""
    return lambda fold: fit(fold, fold)


def _fits(found: sparse.csr_array, material: Material, beside: Beside) -> Fit:
    """Weights fitted without two folds, with the labels that stand while the first is held out; each pair once,
    unless its labels depend on which fold that is."""
    kept: dict[tuple[int, int], Weights] = {}

    def fit(fold: int, other: int) -> Weights:
        pair = (fold, other) if material.by_fold is not None else (min(fold, other), max(fold, other))
        if pair not in kept:
            labels = np.where((material.folds == other)[:, None], 0.0, material.without(fold))
            kept[pair] = fitted(*_with(beside, found, labels))
        return kept[pair]

    return fit


def _with(beside: Beside, found: sparse.csr_array, labels: np.ndarray) -> tuple[sparse.csr_array, np.ndarray]:
    """Texts and labels with the small texts under them, each labelled as the case that it stands in."""
    if not beside.strength:
        return found, labels
    stacked = sparse.csr_array(sparse.vstack([found, beside.found], format="csr"))
    return stacked, np.vstack([labels, beside.strength * labels[beside.row]])


def _each_fold(found: sparse.csr_array, folds: np.ndarray, by: dict[int, Weights]) -> np.ndarray:
    """Scores (n, scores), each fold's by weights of its own."""
    scores = np.full((found.shape[0], len(by[0][0])), np.nan)
    for fold, (start, weights) in by.items():
        rows = np.flatnonzero(folds == fold)
        scores[rows] = scored(found[rows], start, weights)
    return scores


def _mean(several: Iterable[Weights]) -> Weights:
    starts, weights = zip(*several, strict=True)
    return np.mean(starts, axis=0), np.mean(weights, axis=0)


def _reading(name: str, bag: Bag, weights: Weights, scores: np.ndarray) -> Reading:
    """The reading that is kept, its numbers as short as their float32."""
    known = scores[~np.isnan(scores[:, 0])]
    usual = known.mean(axis=0) if len(known) else np.zeros(len(weights[0]))
    spread = float(np.sqrt(known.var(axis=0).mean())) if len(known) else 0.0
    rows = tuple(_short(row) for row in weights[1])
    return Reading(name, bag, _short(weights[0]), rows, _short(usual), _short([spread])[0])


def _short(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(str(v)) for v in np.asarray(values, dtype=np.float32))
