"""Numbers as people write them, read only where one reading is possible."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from rhml.intake.cells import as_text, matches, without
from rhml.intake.findings import Parsed, Wrong
from rhml.intake.units import is_money, without_unit

_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_GAPS = "[ \u00a0\u2009\u202f'’]"
_GAPPED = rf"^[+-]?\d{{1,3}}({_GAPS}\d{{3}})+([.,]\d+)?$"
_COMMA_GROUPS = r"^[+-]?[1-9]\d{0,2}((,\d{3})+\.\d+|(,\d{3}){2,})$"
_POINT_GROUPS = r"^[+-]?[1-9]\d{0,2}((\.\d{3})+,\d+|(\.\d{3}){2,})$"
_EITHER_COMMA = r"^[+-]?[1-9]\d{0,2},\d{3}$"
_EITHER_POINT = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_DECIMAL_COMMA = r"^[+-]?\d*,\d+$"
_DECIMAL_POINT = r"^[+-]?\d*\.\d+([eE][+-]?\d+)?$"


def numbers(column: pd.Series, missing: tuple[str | float | bool, ...] = ()) -> Parsed:
    """A column of numbers as float64, NaN where missing.

    >>> numbers(pd.Series(["1.234,5", "7", "NA"])).values.tolist()
    [1234.5, 7.0, nan]
    >>> numbers(pd.Series(["1,234"])).wrong[0].problem
    'The comma may group thousands or begin decimals.'
    """
    if pd.api.types.is_numeric_dtype(column):
        values, wrong, notes = column.to_numpy(dtype=float, na_value=np.nan), [], ()
    else:
        values, wrong, notes = _read(without(as_text(column), missing))
    codes = [float(token) for token in missing if isinstance(token, int | float)]
    values = np.where(np.isin(values, codes), np.nan, values) if codes else values
    infinite = np.isinf(values)
    if infinite.any():
        wrong.append(Wrong(infinite, "The number is not finite.", "Give a number, or leave the cell empty."))
    return Parsed(pd.Series(np.where(infinite, np.nan, values)), tuple(wrong), notes)


def _read(text: pd.Series) -> tuple[np.ndarray, list[Wrong], tuple[str, ...]]:
    try:
        quick = pd.Series(pa.array(text, from_pandas=True).cast(pa.float64()), dtype="float64")
        if not ((quick % 1 != 0) & quick.notna()).any() or not _grouped(text, "."):
            return quick.to_numpy(copy=True), [], ()
        plain = text.str.replace(".", "", regex=False)
        return (
            pd.to_numeric(plain).to_numpy(dtype=float, na_value=np.nan),
            [],
            ("Points were read as grouping thousands.",),
        )
    except pa.ArrowInvalid:
        pass
    text = text.str.replace("−", "-", regex=False)
    text, unit = without_unit(text)
    said = (f"{unit} stands at every number and was left out.",) if unit else ()
    gapped = matches(text, _GAPPED)
    if gapped.any():
        text = text.mask(gapped, text.str.replace(_GAPS, "", regex=True))
    text, wrong, notes = _one_style(text, money=is_money(unit))
    plain = matches(text, _PLAIN)
    values = pd.to_numeric(text.where(plain), errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    left = text.notna().to_numpy() & ~plain
    for mark in wrong:
        left = left & ~mark.mask
    return values, [*wrong, *_no_numbers(text, left)], (*said, *notes)


def _grouped(text: pd.Series, sign: str) -> bool:
    """Whether a sign before three digits groups thousands for sure.

    Decimals as they come never all have three places with a nought at some end; decimals written to three places
    all have the sign. Cells of both kinds, some of them round, are thousands.
    """
    signed = matches(text, rf"^[+-]?[1-9]\d{{0,2}}(\{sign}\d{{3}})+$")
    whole = matches(text, r"^[+-]?\d{1,3}$")
    round_ones = matches(text, rf"^[+-]?[1-9]\d{{0,2}}(\{sign}\d{{3}})*\{sign}\d\d0$")
    others = text.notna().to_numpy() & ~signed & ~whole
    if others.any() or not signed.any():
        return False
    tens = round_ones.sum() / signed.sum()  # of decimals written to three places a tenth end in a nought
    mostly_round = signed.sum() >= 20 and tens >= 0.5
    return bool(round_ones.any() and whole.any()) or mostly_round


def _one_style(text: pd.Series, *, money: bool) -> tuple[pd.Series, list[Wrong], tuple[str, ...]]:
    """Decide by the whole column whether commas group or begin decimals; money never has three of them."""
    either = matches(text, _EITHER_COMMA)
    comma_groups = matches(text, _COMMA_GROUPS)
    decimal_comma = matches(text, _DECIMAL_COMMA) & ~either | matches(text, _POINT_GROUPS)
    decimal_point = matches(text, _DECIMAL_POINT) & ~matches(text, _EITHER_POINT) | comma_groups
    commas = either | comma_groups | decimal_comma
    if decimal_comma.any() and decimal_point.any():
        problem = "The column mixes decimal commas and decimal points."
        return text, [Wrong(commas, problem, "Write every number with a decimal point: 1234.5.")], ()
    if decimal_comma.any():
        points = matches(text, r"^[+-]?[\d.]*,?\d*$")
        plain = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        return text.mask(points, plain), [], ("Commas were read as the decimal sign.",)
    if decimal_point.any():
        plain = text.mask(either | comma_groups, text.str.replace(",", "", regex=False))
        return plain, [], ("Commas were read as grouping thousands.",) if commas.any() else ()
    if either.any() and (money or _grouped(text, ",")):
        plain = text.mask(either, text.str.replace(",", "", regex=False))
        return plain, [], ("Commas were read as grouping thousands.",)
    if either.any():
        problem = "The comma may group thousands or begin decimals."
        return text, [Wrong(either, problem, "Write 1234 for thousands, 1.234 for decimals.")], ()
    return text, [], ()


def _no_numbers(text: pd.Series, left: np.ndarray) -> Iterator[Wrong]:
    if not left.any():
        return
    kinds = (
        (r"%\s*$", "A percent sign is no part of a number.", "Write 12% as 0.12, or as 12 with unit = '%' in the domain file."),
        (r"^[+-]?\s*[$€£¥]|[$€£¥]\s*$", "A currency sign is no part of a number.", "Remove it; the domain file names the unit."),
        (r"(?i)^[+-]?(inf|infinity|∞)$", "The number is not finite.", "Give a number, or leave the cell empty."),
        (r"(?i)^#(REF|DIV/0|VALUE|NAME|NUM|NULL|N/A)", "The spreadsheet's own formula failed here.", "Mend it, then export again."),
    )  # fmt: skip
    for pattern, problem, remedy in kinds:
        found = left & matches(text, pattern)
        left = left & ~found
        if found.any():
            yield Wrong(found, problem, remedy)
    if left.any():
        remedy = (
            "Write it like 1234.5; if it stands for 'missing', list it in missing = [...] of the feature."
        )
        yield Wrong(left, "This is no number.", remedy)
