"""What the words of a text contributed: its points shared out among its words, adding up to them exactly.

The trees read a text as a score that is a sum over its words (`rhml.machine.texts.reading`), so a word's share of the
score is exact. How far the probability moves per unit of score is the text's points over the distance of its
score from the usual text's; where that distance is small, which would divide by nearly nothing, it is drawn
towards the slope that the case has on its way from the average to here. What the words that stand there do not
account for belongs to the words that do not, and is kept as a rest.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import logit

from rhml.machine.columns import texts_of
from rhml.machine.encoding import Encoding
from rhml.machine.explaining.explanation import Scored
from rhml.machine.texts.reading import Reading, Words

MOST = 24
"""Words kept of one text; what weaker ones contributed is in the rest."""

LEAST = 0.0005
"""A twentieth of a point: less is nobody's reason."""

REST = (0, 0)
"""Where the rest stands in a list of words: at no letter."""

Word = tuple[int, int, float]


def word_points(encoding: Encoding, scored: Scored, cases: pd.DataFrame) -> list[dict[str, list[Word]]]:
    """For each case and text feature its words (from letter, to letter, points of the recommended action).

    In the order of the text, the rest last at (0, 0); together they are the feature's points. A text that is
    missing or not understood has a rest alone, and a feature without points nothing.
    """
    found: list[dict[str, list[Word]]] = [{} for _ in range(len(cases))]
    for reading in encoding.texts:
        given = scored.points[:, scored.features.index(reading.name)]
        words, slope = _words(reading, scored, given, texts_of(cases, reading.name))
        ends = np.searchsorted(words.owner, np.arange(len(cases) + 1))
        for row, listed in enumerate(found):
            own = slice(ends[row], ends[row + 1])
            listed[reading.name] = _listed(words.start[own], words.end[own], slope[own], float(given[row]))
    return found


def _words(reading: Reading, scored: Scored, given: np.ndarray, texts: pd.Series) -> tuple[Words, np.ndarray]:
    """The words of all texts, and the points (m,) that each contributed."""
    words = reading.words(texts)
    towards = _towards(scored, reading.width)
    away = ((reading.scores(texts) - np.asarray(reading.usual)) * towards).sum(axis=1)
    away = np.where(np.isnan(away), 0.0, away)
    doubt = (reading.spread / 2) ** 2 or 1.0
    slope = np.maximum(0.0, (given * away + doubt * _steepness(scored)) / (away**2 + doubt))
    return words, (words.adds * towards[words.owner]).sum(axis=1) * slope[words.owner]


def _towards(scored: Scored, width: int) -> np.ndarray:
    """In which direction (n, width) scores speak for the recommended action, against the others by their chances."""
    rows = np.arange(len(scored.action_index))
    if width == 1:
        return np.where(scored.action_index == 0, 1.0, -1.0)[:, None]
    others = scored.probabilities.copy()
    others[rows, scored.action_index] = 0.0
    towards = -others / np.maximum(others.sum(axis=1, keepdims=True), 1e-12)
    towards[rows, scored.action_index] = 1.0
    return towards


def _steepness(scored: Scored) -> np.ndarray:
    """Probability per unit of log odds (n,) on the way from the average case to this one."""
    ends = np.clip([scored.base, scored.base + scored.points.sum(axis=1)], 1e-6, 1 - 1e-6)
    rise, run = ends[1] - ends[0], logit(ends[1]) - logit(ends[0])
    return np.where(np.abs(run) > 1e-6, rise / np.where(run == 0, 1.0, run), ends[1] * (1 - ends[1]))


def _listed(start: np.ndarray, end: np.ndarray, points: np.ndarray, given: float) -> list[Word]:
    strongest = np.argsort(-np.abs(points), kind="stable")[:MOST]
    kept = np.sort(strongest[np.abs(points[strongest]) >= LEAST])
    listed = [(int(start[at]), int(end[at]), round(float(points[at]), 6)) for at in kept]
    return [*listed, (*REST, given - sum(word[2] for word in listed))]
