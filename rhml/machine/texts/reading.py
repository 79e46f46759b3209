"""What the words of a text say about each action: one weight an n-gram, so every score can be taken apart.

Trees see a text as this score and not as thousands of columns; that is quicker, at least as accurate, and exact
word by word, because the score is a plain sum. While a model learns, each text is scored by weights that were
fitted without it (`rhml.machine.texts.cross_reading`): else the trees would trust the words too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax

from rhml.machine.texts.bag import Bag, lengths, parse

RIDGE = 1.0
MOST_STEPS = 60
CLOSE = 1e-4
"""Share of the loss below which a further step is not worth its time: stopping early shrinks a little, too."""


@dataclass(frozen=True, eq=False)
class Words:
    """The words of many texts, one after another: whose (m,), from and to which letter (m,), and what each adds
    to the scores of its text (m, scores)."""

    owner: np.ndarray
    start: np.ndarray
    end: np.ndarray
    adds: np.ndarray


@dataclass(frozen=True)
class Reading:
    """The weights of a bag's n-grams: for two actions one row, the log odds of the first; else one an action.

    `usual` are the average scores of the texts it learned from, `spread` is how far they lie apart.
    """

    name: str
    bag: Bag
    start: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    usual: tuple[float, ...]
    spread: float

    @property
    def width(self) -> int:
        """How many scores a text gets."""
        return len(self.start)

    @cached_property
    def _weights(self) -> np.ndarray:
        return np.array(self.weights, dtype=np.float64).reshape(self.width, self.bag.width)

    def scores(self, texts: Iterable[str | None]) -> np.ndarray:
        """The scores (n, width) of texts; NaN where a text is missing or none of its n-grams is known."""
        found = self.bag.matrix(texts)
        return scored(found, np.asarray(self.start), self._weights)

    def words(self, texts: Iterable[str | None]) -> Words:
        """What each word adds: its own weight, half of each pair it is in, and all of its pieces.

        `start` plus the sum over a text's words is the text's score.
        """
        parsed = parse(texts)
        single, pair = self.bag.known(parsed)
        weight = self._weights.T * self.bag.rarity[:, None]
        adds = np.where((single >= 0)[:, None], weight[single], 0.0)
        half = np.where((pair >= 0)[:, None], weight[pair], 0.0) / 2
        adds[parsed.pairs] += half
        adds[parsed.pairs + 1] += half
        of_pieces = self.bag.made_of(parsed.distinct) @ weight[len(self.bag.words) :]
        adds += of_pieces[parsed.code]
        adds /= lengths(self.bag.counts(parsed), self.bag.rarity)[parsed.owner][:, None]
        return Words(parsed.owner, parsed.start, parsed.end, adds)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "bag": self.bag.to_dict(),
            "start": list(self.start),
            "weights": [list(row) for row in self.weights],
            "usual": list(self.usual),
            "spread": self.spread,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Reading:
        """The inverse of `to_dict`; KeyError, TypeError or ValueError on anything else."""
        weights = tuple(tuple(row) for row in plain["weights"])
        bag = Bag.from_dict(plain["bag"])
        if any(len(row) != bag.width for row in weights):
            raise ValueError("the weights and the n-grams do not belong together")
        start, usual = tuple(plain["start"]), tuple(plain["usual"])
        return cls(plain["name"], bag, start, weights, usual, float(plain["spread"]))


def scored(found: sparse.csr_array, start: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Scores (n, rows of weights) of n-gram weights; NaN for a text of which nothing is known."""
    known = np.diff(found.indptr) > 0
    return np.where(known[:, None], found @ weights.T.astype(np.float64) + start, np.nan)


def fitted(found: sparse.csr_array, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Start (C,) and weights (C, width) of least log loss with a ridge, for soft labels (n, K).

    Two actions share one row of weights. Texts of which nothing is known, and labels of no weight, count nothing.
    """
    rows = np.flatnonzero((labels.sum(axis=1) > 0) & (np.diff(found.indptr) > 0))
    actions, width = labels.shape[1], found.shape[1]
    lines = 1 if actions == 2 else actions
    if not len(rows) or not width:
        return np.zeros(lines), np.zeros((lines, width))
    some, wanted = found[rows].astype(np.float32), labels[rows]
    turned = some.T.tocsr()
    total = wanted.sum(axis=1, keepdims=True)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        line = flat.reshape(lines, 1 + width)
        said = some @ line[:, 1:].T.astype(np.float32) + line[:, 0]
        logs = log_softmax(np.hstack([said, np.zeros_like(said)]) if lines == 1 else said, axis=1)
        errors = (np.exp(logs) * total - wanted)[:, :lines]
        # A whisper of a ridge on the start as well: with one action only it would run away.
        slope = np.hstack([errors.sum(axis=0)[:, None] + 1e-3 * line[:, :1],
                           (turned @ errors.astype(np.float32)).T + RIDGE * line[:, 1:]])  # fmt: skip
        value = -(wanted * logs).sum() + RIDGE / 2 * (line[:, 1:] ** 2).sum() + 5e-4 * (line[:, 0] ** 2).sum()
        return float(value), slope.ravel()

    options = {"maxiter": MOST_STEPS, "ftol": CLOSE}
    best = minimize(loss, np.zeros(lines * (1 + width)), jac=True, method="L-BFGS-B", options=options)
    line = best.x.reshape(lines, 1 + width)
    return line[:, 0], line[:, 1:]
