"""What one column of an unknown table probably is: its kind, its unit and what stands for nothing in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain_parts import Kind
from rhml.core.domain_text import is_plain
from rhml.intake import cells
from rhml.intake.dates import dates
from rhml.intake.drafting.roles import NOTHING_SAID, PLACES, words_of
from rhml.intake.figures import numbers
from rhml.intake.findings import Parsed, shown
from rhml.intake.units import without_unit
from rhml.intake.words import yes_no

LEVELS = 30
"""Different words up to which a column is a category whatever they look like."""

NAMES = 1_000
"""Different short words that come again and again up to which a column is a category."""

FEW = 5
"""Different words in a column of numbers or dates that may stand for nothing."""


@dataclass(frozen=True)
class Guess:
    """One column: what its cells are; `why_not` says why it should be no feature, `doubt` why no model should read it."""

    heading: str
    name: str
    kind: Kind | None
    levels: tuple[str, ...] = ()
    seen: str = ""
    unit: str = ""
    missing: tuple[str | float, ...] = ()
    use: bool = True
    protected: bool = False
    doubt: str = ""
    why_not: str = ""


def guess(heading: str, name: str, column: pd.Series) -> Guess:
    """What a column is by its cells alone."""
    text = cells.as_text(column)
    told = text.dropna()
    if not heading:
        return Guess(heading, name, None, why_not="it has no heading")
    if not is_plain(heading):
        return Guess(heading, name, None, why_not="its heading is too long or holds an invisible character")
    if told.empty:
        return Guess(heading, name, None, why_not="every cell is empty")
    gaps = _gaps(1 - len(told) / len(column))
    if len(column) >= 100 and len(told) < 0.01 * len(column):
        return Guess(heading, name, None, why_not="hardly any cell is filled in")
    for kind, seen in (("yes_no", _yes_no), ("number", _number), ("date", _date)):
        found = seen(heading, column, text, told)
        if found is not None:
            missing, said, unit = found
            gaps = _gaps(1 - (~told.isin([str(m) for m in missing])).sum() / len(column))
            return Guess(heading, name, kind, seen=f"{said}{gaps}", unit=unit, missing=missing)
    return _wording(heading, name, text, told, gaps)


def _gaps(empty: float) -> str:
    return f"; {empty:.0%} of the cells are empty" if empty >= 0.005 else ""


Found = tuple[tuple[str | float, ...], str, str] | None


def _forgiving(
    read: Callable[..., Parsed], column: pd.Series, told: pd.Series
) -> tuple[Parsed, tuple[str, ...]] | None:
    """The column read without the few words in it that stand for nothing; None if it cannot be read so."""
    odd = told[told.str.lower().isin(NOTHING_SAID)]
    first = tuple(sorted(odd.unique()))
    if len(first) > FEW or len(odd) == len(told):
        return None
    parsed = read(column, first)
    if parsed.sound:
        return parsed, first
    wrong = np.zeros(len(column), dtype=bool)
    for mark in parsed.wrong:
        wrong |= mark.mask
    words = tuple(sorted(cells.as_text(column)[wrong].dropna().unique()))
    few = len(first) + len(words) <= FEW and wrong.sum() <= 0.1 * len(told) and wrong.sum() >= 2 * len(words)
    if not few or any(any(sign.isdigit() for sign in word) for word in words):
        return None
    parsed = read(column, first + words)
    return (parsed, first + words) if parsed.sound else None


def _yes_no(heading: str, column: pd.Series, text: pd.Series, told: pd.Series) -> Found:
    odd = tuple(sorted(told[told.str.lower().isin(NOTHING_SAID)].unique()))
    said = yes_no(column, odd)
    values = said.values.dropna()
    if not said.sound or values.empty or len(odd) > FEW:
        return None
    sometimes = values.nunique() == 1 and 0.02 <= len(values) / len(column) <= 0.98
    worded = not set(told.str.lower()) <= {"1", "0", "1.0", "0.0"}
    if values.nunique() == 2 or (sometimes and worded):
        return odd, f"{values.mean():.0%} yes", ""
    return None


def _number(heading: str, column: pd.Series, text: pd.Series, told: pd.Series) -> Found:
    if pd.api.types.is_bool_dtype(column) or cells.matches(told, r"^(19|20)\d\d[01]\d[0-3]\d$").all():
        return None
    if cells.matches(told, r"^0\d+$").any() or PLACES & set(words_of(heading)):
        return None  # a nought in front is part of a name
    found = _forgiving(numbers, column, told)
    if found is None:
        return None
    parsed, words = found
    codes = _codes(parsed.values.dropna())
    values = parsed.values.mask(parsed.values.isin(codes)).dropna()
    if values.empty:
        return None
    unit = without_unit(text.mask(text.isin(words)))[1]
    if unit and words_of(heading)[-1:] == (unit.lower(),):
        unit = ""
    return (*words, *codes), f"from {values.min():,.6g} to {values.max():,.6g}", unit


def _codes(values: pd.Series) -> tuple[float, ...]:
    """Numbers that stand for nothing: -999 below amounts that are never negative, 99999 far above all others."""
    found = []
    for code in (-9.0, -99.0, -999.0, -9999.0, -99999.0):
        rest = values[values != code]
        if (values == code).sum() >= 2 and len(rest) and rest.min() >= 0:
            found.append(code)
    for code in (999.0, 9999.0, 99999.0, 999999.0, 9999999.0, 99999999.0):
        rest = values[values != code]
        if (values == code).sum() >= 2 and len(rest) > 20 and 0 < 3 * rest.max() < code:
            found.append(code)
    return tuple(found)


def _date(heading: str, column: pd.Series, text: pd.Series, told: pd.Series) -> Found:
    found = _forgiving(dates, column, told)
    if found is None or not found[0].values.notna().any():
        return None
    values = found[0].values
    return found[1], f"from {values.min():%Y-%m-%d} to {values.max():%Y-%m-%d}", ""


def _wording(heading: str, name: str, text: pd.Series, told: pd.Series, gaps: str) -> Guess:
    odd = tuple(sorted(word for word in told.unique() if not word.strip("?-–—.*_ ")))[:FEW]
    told = told[~told.isin(odd)]
    if told.empty:
        return Guess(heading, name, None, why_not="every cell is empty or says nothing")
    different = told.nunique()
    short = cells.words(text, longest=cells.LONGEST_NAME, kind="category")
    again = different <= LEVELS and (different < len(told) or len(told) <= 10)
    names = different <= min(NAMES, 0.5 * len(told)) and told.str.len().quantile(0.9) <= 40
    if short.sound and (again or names):
        levels = tuple(sorted(told.unique())) if different <= LEVELS else ()
        return Guess(heading, name, "category", levels, f"{different:,} different words{gaps}", missing=odd)
    wording = cells.words(text)
    if wording.sound:
        return Guess(heading, name, "text", seen=f"{different:,} different texts{gaps}", missing=odd)
    fault = next(wrong for wrong in wording.wrong if wrong.mask.any())
    problem = fault.problem if isinstance(fault.problem, str) else ""
    return Guess(heading, name, None, why_not=shown(problem[:1].lower() + problem[1:].rstrip(".")))
