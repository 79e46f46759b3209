"""What the words that people marked are worth: models that learned from them against the same ones without, on the bank."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rhml.machine.learning.learned import Learned, mean_scores
from rhml.stats.paired import difference


def worth(learned: Learned, bank: pd.DataFrame) -> dict[str, Any] | None:
    """By how much more is right on resolved bank cases, and how much the Brier score falls; None where no mark counts.

    Five seeds on either side, the same ones, so that the difference is that of the marks alone.
    """
    if not learned.unmarked:
        return None
    known = bank[bank["right_action"].notna()].reset_index(drop=True)
    if not len(known):
        return None
    some = mean_scores(learned.siblings, "x", known), mean_scores(learned.unmarked, "x", known)
    accuracy, brier = (difference(*(scores[f"x_{what}"] for scores in some)) for what in ("right", "brier"))
    return {"accuracy": accuracy.as_dict(), "brier": brier.as_dict()}
