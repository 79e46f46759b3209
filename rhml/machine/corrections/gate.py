"""Is a correction borne out? Only cases that came after it was proposed may say so.

Each such case compares the model with and without the correction by the log of the probability that it gave to
what proved right, a difference of more than 1 counting as 1. One bets on the correction with every case in turn;
under "it makes nothing better" the stake is a supermartingale, so it may be looked at after every outcome: it
ever reaches 20 with a chance of at most 5 % (Waudby-Smith & Ramdas 2024; Ville 1939).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.stats.measure import Measure

STAKE = 20.0
BETS = np.linspace(0.05, 0.95, 10)
ENOUGH = 150
"""Later cases after which a correction that has not proved itself is not borne out."""


@dataclass(frozen=True)
class Gate:
    """What later cases say: *proved*, *not borne out* or *proposed* (too early), with the counts behind it.

    `gain` is by how much more often the model is right with the correction, at any time of looking.
    """

    state: str
    gain: Measure
    right_before: int
    right_after: int

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "state": self.state,
            "gain": self.gain.as_dict(),
            "right_before": self.right_before,
            "right_after": self.right_after,
        }


def gate(before: np.ndarray, after: np.ndarray, labels: np.ndarray) -> Gate:
    """Judge a correction by probabilities (n, K) without and with it, in order of arrival."""
    n, right = len(labels), labels.argmax(axis=1)
    rows = np.arange(n)
    given = [np.log(np.clip(p[rows, right], 1e-9, 1.0)) for p in (before, after)]
    gains = np.clip(given[1] - given[0], -1.0, 1.0)
    hits = [p.argmax(axis=1) == right for p in (before, after)]
    if not n:
        return Gate("proposed", Measure.unknown("No outcome has come in its segment since."), 0, 0)
    state = "proposed"
    if stake(gains) >= STAKE:
        state = "proved"
    elif stake(-gains) >= STAKE or n >= ENOUGH:
        state = "not borne out"
    more = hits[1].astype(float) - hits[0]
    gain = Measure.of(float(more.mean()), *interval(more), n)
    return Gate(state, gain, int(hits[0].sum()), int(hits[1].sum()))


def stake(gains: np.ndarray) -> float:
    """The most that one ever held who staked 1 on a mean gain above zero, over ten sizes of bet."""
    return float(np.exp(_log_stakes(gains, 0.0).max())) if len(gains) else 1.0


def _log_stakes(gains: np.ndarray, mean: float) -> np.ndarray:
    """Log capital after each case of bets that the gains exceed `mean`."""
    worth = np.cumsum(np.log1p(BETS[:, None] * (gains - mean) / (1 + mean)), axis=1)
    return np.logaddexp.reduce(worth, axis=0) - np.log(len(BETS))


def interval(gains: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Ends between which the mean gain lies at any time of looking: the means that no bet refutes."""
    limit = float(np.log(2 / (1 - level)))
    return _lowest(gains, limit), -_lowest(-gains, limit)


def _lowest(gains: np.ndarray, limit: float) -> float:
    """The lowest mean that bets on more do not refute, by halving: what refutes one mean refutes all below it."""
    low, high = -0.99, 0.99
    if _log_stakes(gains, low).max() < limit:
        return -1.0
    while high - low > 0.005:
        middle = (low + high) / 2
        low, high = (middle, high) if _log_stakes(gains, middle).max() >= limit else (low, middle)
    return low
