"""How many cases make five minutes, for this person."""

from __future__ import annotations

import numpy as np
import pandas as pd

SESSION = 300.0
"""Seconds of a session."""

FEWEST, USUAL, MOST = 5, 10, 15
LONGEST = 180.0
"""Seconds after which somebody has left the desk: such a gap says nothing of the pace."""

ENOUGH = 10
"""Gaps from which a pace is spoken of."""


def pace(answers: pd.DataFrame) -> float | None:
    """Seconds a case takes this person, reading what came of it included; None while too few are known.

    answers: drill_id, answered_at. The time between two answers of one session holds both.
    """
    if answers.empty:
        return None
    ordered = answers.sort_values(["drill_id", "answered_at"])
    gaps = ordered.groupby("drill_id")["answered_at"].diff().dt.total_seconds().dropna()
    gaps = gaps[(gaps > 0) & (gaps <= LONGEST)]
    return float(np.median(gaps.tail(100))) if len(gaps) >= ENOUGH else None


def cases_of_a_session(answers: pd.DataFrame) -> int:
    """Cases that fit five minutes at the person's own pace; ten while it is not known.

    >>> cases_of_a_session(pd.DataFrame({"drill_id": [], "answered_at": []}))
    10
    """
    seconds = pace(answers)
    return USUAL if seconds is None else int(np.clip(round(SESSION / seconds), FEWEST, MOST))
