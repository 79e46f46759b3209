"""Who agrees with whom and who moves: measures that need no outcome."""

from __future__ import annotations

import numpy as np

from rhml.reports.calls import Calls
from rhml.stats.intervals import fraction, share
from rhml.stats.measure import Measure

LEAST_DISAGREEMENT = 0.1


def measures(calls: Calls) -> dict[str, Measure]:
    """Agreement before and after the recommendation, and how far people move towards it.

    Switching and the weight of advice are taken over resolved rows with three calls; over all such rows
    where outcomes do not exist or depend on the decision, which would leave only those who decided one way.
    """
    selected = calls.domain.outcome is None or calls.domain.selective
    rows = calls.three if selected else calls.three & calls.resolved
    first = (calls.first >= 0) & (calls.recommended >= 0)
    final = (calls.final >= 0) & (calls.recommended >= 0)
    return {
        "switch_fraction": share(
            (calls.final == calls.recommended)[rows],
            calls.sample(rows),
            among=(calls.first != calls.recommended)[rows],
        ),
        "weight_of_advice": _weight_of_advice(calls, rows),
        "agreement_first": share((calls.first == calls.recommended)[first], calls.sample(first)),
        "agreement_final": share((calls.final == calls.recommended)[final], calls.sample(final)),
    }


def _weight_of_advice(calls: Calls, rows: np.ndarray) -> Measure:
    """(T − H) / (M − H) on the probability of the first-listed action, between 0 and 1."""
    if len(calls.domain.actions) != 2:
        return Measure.unknown("The weight of advice is for domains with two actions.")
    h, m, t = (_of_first_action(calls, call) for call in ("first", "recommended", "final"))
    stated = rows & ~np.isnan(h + m + t)
    if not stated.any():
        return Measure.unknown("No row states all three confidences.")
    keep = stated & (np.abs(m - h) >= LEAST_DISAGREEMENT - 1e-12)
    weights = np.clip((t - h)[keep] / (m - h)[keep], 0, 1)
    return fraction(weights, calls.sample(keep))


def _of_first_action(calls: Calls, call: str) -> np.ndarray:
    confidence = calls.column(f"{call}_confidence").to_numpy(float)
    return np.where(getattr(calls, call) == 0, confidence, 1 - confidence)
