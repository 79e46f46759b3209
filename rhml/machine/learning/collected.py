"""When a field that is being collected may be read by a model: once enough cases have a value."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain_parts import Feature
from rhml.errors import TrainingRefused

ENOUGH = 50
"""Known values among the training cases; fewer and a tree would learn the few cases by heart."""

LEAST_SHARE = 0.05
"""Of the training cases: below it the model would mostly learn whether somebody filled the field in."""


def needed(cases: int) -> int:
    """How many of so many training cases must have a value.

    >>> needed(200), needed(5_000)
    (50, 250)
    """
    return max(ENOUGH, round(cases * LEAST_SHARE))


def readable(cases: pd.DataFrame, features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    """The features a model may read: all but those being collected that too few training cases have."""
    read = tuple(f for f in features if not f.collect or known(cases, f.name) >= needed(len(cases)))
    if features and not read:
        raise TrainingRefused(
            f"Every factor is still being collected, and none has {ENOUGH} values yet. "
            "Fill in more, or set collect = false in the domain file."
        )
    return read


def known(cases: pd.DataFrame, name: str) -> int:
    """How many cases have a value of a field."""
    return int(cases[name].notna().sum()) if name in cases else 0
