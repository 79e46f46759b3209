"""Which picture an answer has, by a few rules that hold for any table: what names the rows, what dates them, what counts.

No rule fits: no picture. Heights of different kinds (counts and shares) never share an axis, and parts are stacked
only where they add up to a column of the table itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api import types

BARS, LINES, FEW = 40, 8, 4
"""Bars that can be told apart, colours that can, and heights drawn at once."""
LEAST_POINTS, LEAST_STEPS = 10, 3
KINDS = {"bars": "Bars", "stacked": "Stacked bars", "line": "Line", "points": "Points"}


@dataclass(frozen=True)
class Picture:
    """One picture of a table: what stands along it, the heights, and the column whose values get a colour each."""

    kind: str
    over: str
    heights: tuple[str, ...]
    by: str | None = None


@dataclass(frozen=True)
class Roles:
    """The columns of a table by what they can do in a picture."""

    times: list[str]
    names: list[str]
    numbers: list[str]


def roles(table: pd.DataFrame) -> Roles:
    """What dates the rows, what names them, and what counts; columns without any value do nothing."""
    filled = [c for c in table.columns if table[c].notna().any()]
    times = [c for c in filled if types.is_datetime64_any_dtype(table[c])]
    numbers = [c for c in filled if types.is_numeric_dtype(table[c]) and not types.is_bool_dtype(table[c])]
    return Roles(times, [c for c in filled if c not in times and c not in numbers], numbers)


def choose(table: pd.DataFrame) -> Picture | None:
    """The picture that fits by itself, or None."""
    if len(table) < 2 or table.columns.has_duplicates:
        return None
    found = roles(table)
    match len(found.times), len(found.names):
        case 1, 0 if found.numbers and table[found.times[0]].is_unique:
            return Picture("line", found.times[0], heights(table, found.numbers))
        case 1, 1 if found.numbers:
            return _grouped(table, "line", found.times[0], found.names[0], found.numbers)
        case 0, 1 if found.numbers and len(table) <= BARS and table[found.names[0]].is_unique:
            chosen = heights(table, found.numbers)
            kind = "stacked" if adds_up(table, chosen) else "bars"
            return Picture(kind, found.names[0], chosen)
        case 0, 2 if found.numbers:
            over, by = sorted(found.names, key=lambda c: -table[c].nunique())
            return _grouped(table, "bars", over, by, found.numbers)
        case 0, 0 if len(found.numbers) > 1:
            return _of_numbers(table, found.numbers)
    return None


def _of_numbers(table: pd.DataFrame, numbers: list[str]) -> Picture | None:
    """A line where the first number counts upwards like an axis, points where it does not."""
    first, *rest = numbers
    steps = table[first].notna().all() and bool((np.diff(table[first].astype(float)) > 0).all())
    if steps and len(table) >= LEAST_STEPS and table.columns[0] == first:
        return Picture("line", first, heights(table, rest))
    return Picture("points", first, (rest[0],)) if len(table) >= LEAST_POINTS else None


def _grouped(table: pd.DataFrame, kind: str, over: str, by: str, numbers: list[str]) -> Picture | None:
    fits = table[by].nunique(dropna=False) <= LINES and not table.duplicated([over, by]).any()
    few = kind == "line" or table[over].nunique(dropna=False) <= BARS
    return Picture(kind, over, heights(table, numbers)[:1], by) if fits and few else None


def heights(table: pd.DataFrame, numbers: list[str]) -> tuple[str, ...]:
    """The numbers that may share an axis: shares if there are any, else parts of a whole, else counts, else the last."""
    if shares := [c for c in numbers if is_share(table[c])]:
        return tuple(shares[:FEW])
    for total in numbers:
        parts = tuple(c for c in numbers if c != total)
        if len(parts) > 1 and bool(np.allclose(table[list(parts)].sum(axis=1), table[total])):
            return parts
    if all(types.is_integer_dtype(table[c]) for c in numbers):
        return tuple(numbers[:FEW])
    return (numbers[-1],)


def adds_up(table: pd.DataFrame, parts: Sequence[str]) -> bool:
    """Whether some numbers of a table are the parts of another one."""
    others = [c for c in roles(table).numbers if c not in parts]
    whole = table[list(parts)].sum(axis=1)
    return len(parts) > 1 and any(bool(np.allclose(whole, table[c])) for c in others)


def is_share(column: pd.Series) -> bool:
    """Whether a number reads as a share: between 0 and 1, and not only 0 and 1."""
    held = column.dropna()
    return bool(types.is_float_dtype(column) and held.between(0, 1).all() and ((held > 0) & (held < 1)).any())


def why_not(table: pd.DataFrame, wanted: Picture) -> str:
    """Why a picture that a reader chose cannot be drawn; empty where it can."""
    if not wanted.heights:
        return "Choose at least one number for the heights."
    if wanted.kind == "points" and wanted.over not in roles(table).numbers:
        return "Points need a number along the axis."
    if wanted.by and table[wanted.by].nunique(dropna=False) > LINES:
        return f"More than {LINES} colours cannot be told apart. Choose another column, or group in SQL."
    if wanted.by and len(wanted.heights) > 1:
        return "With a colour for each value there is room for one height."
    bars = wanted.kind in ("bars", "stacked")
    if bars and table[wanted.over].nunique(dropna=False) > BARS:
        return f"More than {BARS} bars cannot be read. Narrow the question, or choose a line."
    if bars and table.duplicated([c for c in (wanted.over, wanted.by) if c]).any():
        return "Several rows share one bar. Group in SQL, or choose points."
    return ""


def said(table: pd.DataFrame, picture: Picture) -> str:
    """The picture in words, for who cannot see it; the table below holds every number."""
    first = picture.heights[0]
    column = table[first].astype(float)
    text = f"{KINDS[picture.kind]}: {', '.join(picture.heights)} over {picture.over}"
    text += f", a colour for each {picture.by}" if picture.by else ""
    if column.notna().any():
        high, low = (table[picture.over].iloc[i] for i in (column.argmax(), column.argmin()))
        text += (
            f"; {first} is highest at {high} ({column.max():,.4g}) and lowest at {low} ({column.min():,.4g})"
        )
    return f"{text}. The table below holds every number."[:600]
