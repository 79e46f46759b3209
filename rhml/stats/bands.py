"""Segments as people name them: levels as they are, numbers in four bands, dates by year."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain

MOST = 30
MISSING = "not stated"
OTHER = "all others"


def segment_names(decisions: pd.DataFrame, column: str, domain: DecisionDomain) -> pd.Series:
    """The name of each row's segment, text; at most thirty, the rarest of more as *all others*."""
    kind = next((f.kind for f in domain.features if f.name == column), "category")
    values = decisions[column]
    if kind == "yes_no":
        names = values.map({1.0: "yes", 0.0: "no"})
    elif kind == "date":
        names = pd.to_datetime(values).dt.strftime("%Y")
    elif kind == "number" and values.nunique() > MOST // 2:
        names = _quarters(values.astype(float))
    elif kind == "number":
        names = values.map("{:g}".format, na_action="ignore")
    else:
        names = values
    names = names.astype(object).where(values.notna(), MISSING)
    counts = names.value_counts()
    if len(counts) <= MOST:
        return names
    return names.where(names.isin(counts.index[: MOST - 1]), OTHER)


def month_names(times: pd.Series, freq: str = "M") -> pd.Series:
    """The period of each time as text, such as 2025-03 or 2025Q1; *not stated* where there is none."""
    ordinals = pd.to_datetime(times).dt.to_period(freq)
    # A million rows lie in a few periods: only those are put into words.
    codes, periods = pd.factorize(ordinals)
    named = np.array([*map(str, periods), MISSING], dtype=object)
    return pd.Series(named[codes], index=times.index, dtype=object)


def _quarters(values: pd.Series) -> pd.Series:
    edges = np.unique(np.nanquantile(values, (0, 0.25, 0.5, 0.75, 1)))
    labels = [f"{low:,.6g} to {high:,.6g}" for low, high in pairwise(edges)]
    return pd.cut(values, edges, labels=labels, include_lowest=True)
