"""A declared feature's column, read as the kind its domain says it is."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import Feature
from rhml.intake import cells, words
from rhml.intake.dates import dates
from rhml.intake.figures import numbers
from rhml.intake.findings import Parsed


def read_feature(column: pd.Series, feature: Feature) -> Parsed:
    """Values of one feature: float64, naive UTC times, or text with None where missing.

    >>> read_feature(pd.Series(["yes", "no"]), Feature(name="new", kind="yes_no")).values.tolist()
    [1.0, 0.0]
    """
    match feature.kind:
        case "number":
            return numbers(column, feature.missing)
        case "yes_no":
            return words.yes_no(column, feature.missing)
        case "date":
            return dates(column, feature.missing)
        case "category":
            text = cells.without(cells.as_text(column, keep=feature.levels), feature.missing)
            parsed = cells.words(text, longest=cells.LONGEST_NAME, kind="category")
            return Parsed(parsed.values, (*parsed.wrong, *words.levels(text, feature)))
        case "text":
            return cells.words(cells.without(cells.as_text(column), feature.missing))
