"""Cells as text: what counts as missing, and what no cell may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rhml.intake.findings import Parsed, Wrong

MISSING = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NaT", "null", "NULL", "None")
"""Cells that say nothing. Not among them: "none", "-", "?" and "unknown", which may mean something;
a domain file names its own in `missing = [...]`, and a word listed in `levels` is a level."""

LONGEST_TEXT = 20_000
LONGEST_NAME = 200

_CONTROL = r"[\x00-\x1f\x7f-\x{9f}\x{200b}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
_CONTROL_IN_TEXT = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{84}\x{86}-\x{9f}]"
_INVISIBLE = r"[\x00-\x1f\x7f-\x{9f}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}]"

_SIGNS_ONLY = re.compile(r"[=@+\-\s]+")
_LIKE_A_NUMBER = re.compile(r"[+-][\d\s.,()/+\-]*(?:[eE][+-]?\d+)?\s*%?")
_BULLET = re.compile(r"[+-]+\s[^|!=@]*", re.DOTALL)
_CALL = re.compile(r"\w\(")


def as_text(column: pd.Series, keep: tuple[str, ...] = ()) -> pd.Series:
    """The cells as text without the blank space round them, missing where they say nothing.

    Tabs and line breaks in front go the same way, so that what follows them is judged.

    >>> as_text(pd.Series(["\\t7 ", "NA", None, "none"])).tolist()
    ['7', nan, nan, 'none']
    >>> as_text(pd.Series([1.0, float("nan"), 3.0])).tolist()
    ['1', nan, '3']
    """
    arrow = _one_spelling(pc.utf8_trim_whitespace(_strings(column)))
    tokens = pa.array([token for token in MISSING if token not in keep], arrow.type)
    gone = pc.is_in(arrow, value_set=tokens)
    return pd.Series(pc.if_else(gone, pa.scalar(None, arrow.type), arrow), dtype="str").reset_index(drop=True)


def _one_spelling(arrow: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The same text in NFC: an accented letter that two systems write in two ways is one letter."""
    plain = pc.all(pc.string_is_ascii(arrow)).as_py()
    return arrow if plain in (True, None) else pc.utf8_normalize(arrow, "NFC")


def _strings(column: pd.Series) -> pa.Array | pa.ChunkedArray:
    if pd.api.types.is_datetime64_any_dtype(column):
        whole = (column.isna() | (column == column.dt.normalize())).all()  # days, as a CSV writes them
        write = (lambda at: f"{at:%Y-%m-%d}") if whole else pd.Timestamp.isoformat
        return pa.array([None if pd.isna(at) else write(at) for at in column], pa.large_string())
    if pd.api.types.is_float_dtype(column):
        values = pa.array(column, from_pandas=True)
        whole = column[column.notna()].to_numpy(dtype=float)
        if np.isfinite(whole).all() and (np.abs(whole) < 2**53).all() and (whole == np.round(whole)).all():
            values = values.cast(pa.int64())  # a spreadsheet writes the id 7 as 7.0 where one cell is empty
        return values.cast(pa.large_string())
    if pd.api.types.is_object_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        cells = [None if pd.isna(cell) else _string(cell) for cell in column]
        return pa.array(cells, pa.large_string())
    return pa.array(column, from_pandas=True).cast(pa.large_string())


def _string(cell: object) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def matches(text: pd.Series, pattern: str) -> np.ndarray:
    """Which cells hold the pattern (RE2 syntax); a missing cell never does."""
    found = pc.match_substring_regex(pa.array(text, from_pandas=True), pattern)
    return np.array(pc.fill_null(found, False).to_numpy(zero_copy_only=False))


def without(text: pd.Series, tokens: tuple[str | float | bool, ...]) -> pd.Series:
    """The cells with the domain's own words for *missing* taken out."""
    words = {word for token in tokens for word in _spellings(token)}
    return text.mask(text.isin(words)) if words else text


def _spellings(token: str | float | bool) -> set[str]:
    if isinstance(token, bool):
        return {str(token), str(token).lower()}
    if isinstance(token, str):
        return {token.strip()}
    return {str(token), f"{token:.15g}"}


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this cell instead of showing it.

    A number, a telephone number, a lone sign and a dash before a remark are none.

    >>> [is_formula(c) for c in ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0")]
    [True, True, True, True]
    >>> [is_formula(c) for c in ("-5", "-", "+49 (0)30 123-45", "- customer called", "−7 %", "a=b")]
    [False, False, False, False, False, False]
    """
    if not cell.startswith(("=", "@", "+", "-")) or _SIGNS_ONLY.fullmatch(cell):
        return False
    if _LIKE_A_NUMBER.fullmatch(cell):
        return False
    return not (_BULLET.fullmatch(cell) and not _CALL.search(cell))


def words(text: pd.Series, *, longest: int = LONGEST_TEXT, kind: str = "text") -> Parsed:
    """Text that may be kept and shown: `kind` is 'text' (lines allowed), 'category' or 'id'."""
    return Parsed(text.astype(object).where(text.notna(), None), tuple(_faults(text, longest, kind)))


def _faults(text: pd.Series, longest: int, kind: str) -> Iterator[Wrong]:
    long = (text.str.len() > longest).to_numpy(dtype=bool, na_value=False)
    if long.any():
        yield Wrong(
            long, f"The text is longer than {longest:,} characters.", "Shorten it, or leave the column out."
        )
    pattern = {"text": _CONTROL_IN_TEXT, "category": _CONTROL, "id": _INVISIBLE}[kind]
    control = matches(text, pattern)
    if control.any():
        yield Wrong(
            control, "The cell holds a control character or an invisible one.", "Remove it and type it again."
        )
    formula = matches(text, r"^[=@+\-]")
    at = np.flatnonzero(formula)
    formula[at] = [is_formula(cell) for cell in text.iloc[at]]
    if formula.any():
        yield Wrong(
            formula,
            "The text starts like a formula, which a spreadsheet would run.",
            "Remove the sign in front, or put a word before it.",
        )
