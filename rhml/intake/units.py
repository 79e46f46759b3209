"""Signs of money, per cent and other units that stand at every number of a column alike."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_MONEY = r"[$€£¥₹₽₺₩]|USD|EUR|GBP|CHF|JPY|INR|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|BRL|R\$|kr|zł|Kč"
_NUMBER = r"[+-]?\d(?:[\d.,  '’]*\d)?"
_UNIT = r"%|‰|°C|°F|°|" + _MONEY + r"|[^\W\d_]{1,12}\.?"
_BEFORE = rf"^(?P<minus>[+-]?)(?P<unit>{_MONEY})\s*(?P<number>{_NUMBER})$"
_AFTER = rf"^(?P<number>{_NUMBER})(?P<gap>\s*)(?P<unit>{_UNIT})$"
_TIGHT = r"^(%|‰|°C|°F|°|" + _MONEY + r"|kg|g|km|m|cm|mm|h|min|s|l|ml|k)$"
"""Units that need no space before them; any other letter behind a number may be part of a code, like 12A."""


def is_money(unit: str) -> bool:
    """Whether the unit is money, which nobody writes to three places.

    >>> is_money("€"), is_money("months")
    (True, False)
    """
    return re.fullmatch(_MONEY, unit) is not None


def without_unit(text: pd.Series) -> tuple[pd.Series, str]:
    """The cells without the unit that stands at each of them, and the unit; "" where they do not share one.

    >>> without_unit(pd.Series(["1,200 €", "7 €", None], dtype="str"))[0].tolist(), without_unit(pd.Series(["12A"]))[1]
    (['1,200', '7', nan], '')
    """
    told = text.dropna()
    if told.empty or not pc.match_substring_regex(pa.array([told.iloc[0]]), r"[^\d.,\s+eE-]")[0].as_py():
        return text, ""
    for pattern, before in ((_BEFORE, True), (_AFTER, False)):
        if told.head(50).str.extract(pattern)["number"].isna().any():
            continue
        parts = _parts(told, pattern)
        if parts["number"].isna().any() or parts["unit"].nunique() != 1:
            continue
        unit = str(parts["unit"].iloc[0])
        loose = not before and not pd.Series([unit]).str.match(_TIGHT).iloc[0]
        if loose and not (parts["gap"].str.len() > 0).all():
            continue
        numbers = parts["minus"] + parts["number"] if before else parts["number"]
        return numbers.str.strip().reindex(text.index).astype("str"), unit
    return text, ""


def _parts(told: pd.Series, pattern: str) -> pd.DataFrame:
    """The named groups of a pattern, all of them missing where it does not fit."""
    found = pc.extract_regex(pa.array(told, pa.large_string(), from_pandas=True), pattern)
    frame = pa.chunked_array([found]).to_pandas()
    return pd.DataFrame(
        [one or {} for one in frame], index=told.index, columns=[g for g in re.compile(pattern).groupindex]
    )
