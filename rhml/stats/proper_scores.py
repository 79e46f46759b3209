"""What a stated probability was worth once the outcome is known, and what several probabilities come to together.

Every side's forecast is a distribution over the actions, (n, k). Scores are *proper*: nobody does better on average by
stating anything but what they hold (Brier 1950; Good 1952; Gneiting & Raftery 2007). Smaller is better.

>>> brier(np.array([[0.8, 0.2]]), np.array([1])).round(2).tolist()
[0.64]
"""

from __future__ import annotations

import numpy as np

NEVER_SURE = 0.01
"""The logarithmic score of a certainty that proved wrong has no end; nobody is taken to be surer than this."""

POWERS = np.arange(0.5, 4.01, 0.25)
"""Exponents tried for sharpening: below 1 draws towards even odds."""


def spread(named: np.ndarray, probability: np.ndarray, actions: int) -> np.ndarray:
    """The distribution (n, k) behind "this action, with this probability": the rest evenly over the other actions."""
    p = np.asarray(probability, float)
    found = np.repeat(((1 - p) / (actions - 1))[:, None], actions, axis=1)
    found[np.arange(len(p)), named] = p
    return found


def brier(p: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Half the squared distance (n,) from what happened: 0 is perfect; with two actions .25 is a coin's, 1 the worst."""
    happened = np.eye(p.shape[1])[right]
    return ((p - happened) ** 2).sum(axis=1) / 2


def logarithmic(p: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Minus the natural logarithm (n,) of the probability of what happened; with two actions .69 is a coin's."""
    return -np.log(np.clip(p[np.arange(len(p)), right], NEVER_SURE, 1 - NEVER_SURE))


def too_sure(p: np.ndarray, right: np.ndarray) -> np.ndarray:
    """By how much (n,) the likeliest action was given more than it deserved: its probability less 1 if it was right.

    Where two actions are equally likely, each is right as often as half of the time it happens.
    """
    top = p.max(axis=1)
    likeliest = np.isclose(p, top[:, None])
    return top - likeliest[np.arange(len(p)), right] / likeliest.sum(axis=1)


def pooled(p: np.ndarray, case: np.ndarray) -> np.ndarray:
    """The mean distribution of everyone who judged a case, one row a case in the order of their codes 0, 1, 2 …"""
    many = np.bincount(case)
    return np.stack([np.bincount(case, column) for column in p.T], axis=1) / many[:, None]


def by_case(scores: np.ndarray, case: np.ndarray) -> np.ndarray:
    """The mean score of those who judged a case, so that every case counts once."""
    return np.bincount(case, scores) / np.bincount(case)


def together(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Two distributions at equal weights, averaged on the scale of log-odds (the logarithmic pool; Genest & Zidek 1986)."""
    return _normal(np.sqrt(np.clip(p, NEVER_SURE, None) * np.clip(q, NEVER_SURE, None)))


def sharpened(p: np.ndarray, power: np.ndarray | float) -> np.ndarray:
    """A distribution drawn away from even odds: p^a made to add up to one (Karmarkar 1978; Baron et al. 2014)."""
    return _normal(np.clip(p, NEVER_SURE, None) ** np.reshape(power, (-1, 1)))


def sharpening(p: np.ndarray, right: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """The exponent (n,) for each case that would have been best on the cases of all other folds."""
    losses = np.stack([logarithmic(sharpened(p, power), right) for power in POWERS])
    found = np.ones(len(p))
    for one in np.unique(fold):
        out = fold == one
        if out.all():
            continue
        found[out] = POWERS[losses[:, ~out].mean(axis=1).argmin()]
    return found


def _normal(p: np.ndarray) -> np.ndarray:
    return p / p.sum(axis=1, keepdims=True)
