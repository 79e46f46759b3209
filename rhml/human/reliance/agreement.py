"""Whether people follow the model more than before: final decisions held against what was recommended.

Standardized for what was recommended, how surely, in which version, and for whether the own call was the same: a
better version agrees with people more often without anybody deferring more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.human.reliance.calls import Rows
from rhml.human.reliance.like_cases import confidence_bands, dummies
from rhml.human.reliance.looking import Span, changed
from rhml.stats.change import wider
from rhml.stats.measure import Measure


def columns(rows: Rows) -> list[np.ndarray]:
    """The readings of what was recommended to whom: across versions, and within them where there are several."""
    bands = confidence_bands(rows)
    own = np.where(rows.first < 0, 0, np.where(rows.first == rows.shown, 1, 2))
    across = np.hstack([bands, dummies(own)])
    version = pd.factorize(rows.frame["model_version"], use_na_sentinel=False)[0]
    return [across, np.hstack([across, dummies(version)])] if version.max(initial=0) else [across]


def agreement(rows: Rows, mixes: list[np.ndarray], at: Span, level: float) -> Measure:
    """The change of the share of final decisions that follow the recommendation, between a look's two periods.

    Taken across versions, as few versions live in both periods; where some do and show no rise, it is no rise.
    """
    among, later = at.periods(rows, rows.advised)
    followed = (rows.final == rows.shown) & rows.advised
    across, *within = (changed(rows, among, later, followed, [mix], level) for mix in mixes)
    contrary = [one for one in within if one.value is not None and one.value <= 0]
    return wider([across, *contrary]) if across.known else across
