"""An outcome that hides among the features: a model would read the answer and learn nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, Feature
from rhml.errors import Problem

ROWS, RAREST = 50, 10
"""Resolved cases, and cases of the rarest outcome among them, below which nothing is said."""

TELLING = 0.995
"""Share of cases (or area under the ROC curve) from which one feature alone is too good to be true."""

BINS = 64
OWN_VALUE = 0.95


def leaks(
    cases_frame: pd.DataFrame, outcomes_frame: pd.DataFrame | None, domain: DecisionDomain
) -> list[Problem]:
    """Every model input that all but gives the outcome away by itself, or that only names the case.

    `cases_frame` and `outcomes_frame` as `check_cases` and `check_outcomes` return them.
    """
    found = []
    for feature in domain.inputs:
        if feature.name in cases_frame and _names_the_case(cases_frame[feature.name], feature):
            problem = "Nearly every case has a value of its own: it names the case and describes nothing."
            found.append(_problem(feature, problem))
    if outcomes_frame is None:
        return found
    both = cases_frame.merge(outcomes_frame[["case_id", "right_action"]], on="case_id")
    classes, names = pd.factorize(both["right_action"])
    if len(both) < ROWS or len(names) < 2 or np.bincount(classes[classes >= 0]).min() < RAREST:
        return found
    named = {problem.where for problem in found}
    for feature in domain.inputs:
        if feature.name in both and f"features.{feature.name}" not in named:
            values = both[feature.name]
            if feature.kind == "text":
                values = _named(values, [(key, domain.label(key)) for key in names])
            found.extend(_telling(values, classes, feature))
    return found


def _named(texts: pd.Series, actions: list[tuple[str, str]]) -> pd.Series:
    """Which actions each text calls by their name: a text that states the outcome was written after it.

    Other words may tell as much: that is what a model reads them for.
    """
    said = texts.astype(object).where(texts.notna(), "").str.casefold()
    told = pd.Series(0, index=texts.index)
    for place, names in enumerate(actions):
        stems = "|".join(_stem(name) for name in names)
        told += said.str.contains(rf"\b(?:{stems})", regex=True).astype(int) * 2**place
    return told.where(texts.notna(), None)


def _stem(name: str) -> str:
    """A pattern: 'declin' for 'Decline', which 'declined' begins with as well; a short name as a whole word."""
    plain = name.replace("_", " ").casefold()
    return re.escape(plain[:-1]) if len(plain) > 4 else rf"{re.escape(plain)}\b"


def _problem(feature: Feature, problem: str) -> Problem:
    where = f"features.{feature.name}"
    remedy = f"Remove [{where}] if it is known only after the decision, or set use = false in it."
    return Problem(where, "", problem, remedy, column=feature.column or feature.name)


def _names_the_case(values: pd.Series, feature: Feature) -> bool:
    told = values.dropna()
    return (
        feature.kind == "category"
        and not feature.levels
        and len(told) >= ROWS
        and told.nunique() >= OWN_VALUE * len(told)
    )


def _telling(values: pd.Series, classes: np.ndarray, feature: Feature) -> Iterator[Problem]:
    base = np.bincount(classes).max() / len(classes)
    empty = values.isna().to_numpy().astype(int)  # a cell that is filled in only afterwards tells as well
    right = max(_share_told(_bins(values), classes), _share_told(empty, classes))
    if right >= TELLING and 1 - right <= 0.1 * (1 - base):
        yield _problem(
            feature,
            f"It alone tells the outcome in {right:.1%} of {len(classes):,} cases "
            f"(guessing the most common one: {base:.1%}).",
        )
        return
    area = _area(values, classes) if classes.max() == 1 and feature.kind != "category" else None
    if area is not None and max(area, 1 - area) >= TELLING:
        yield _problem(
            feature, f"It alone puts the outcomes in order (area under the curve {max(area, 1 - area):.3f})."
        )


def _bins(values: pd.Series) -> np.ndarray:
    """Whole numbers from 0: one a level, or one of 64 quantiles; missing is a bin of its own."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    if len(distinct) <= BINS or (not pd.api.types.is_numeric_dtype(values) and values.dtype.kind != "M"):
        return codes
    ranks = values.rank(pct=True)
    return np.where(ranks.isna(), BINS, np.minimum((ranks * BINS).fillna(0).astype(int), BINS - 1))


def _share_told(bins: np.ndarray, classes: np.ndarray) -> float:
    """How often the most common outcome of the *other* cases in the same bin is the case's own."""
    width = classes.max() + 1
    counts = np.bincount(bins * width + classes, minlength=(bins.max() + 1) * width).reshape(-1, width)
    others = counts[bins].astype(float)
    at = np.arange(len(bins)), classes
    own = others[at] - 1
    others[at] = -1
    return float((own > np.maximum(others.max(axis=1), 0)).mean())


def _area(values: pd.Series, classes: np.ndarray) -> float | None:
    """Area under the ROC curve of a number or date for two outcomes; None with too few filled cells."""
    told = values.notna().to_numpy()
    ranks, positive = values[told].rank().to_numpy(), classes[told] == 1
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if len(ranks) < ROWS or min(ones, zeros) < RAREST:
        return None
    return float((ranks[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))
