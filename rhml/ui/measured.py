"""Measures in words: never a number without its interval and its count, nor a gap without its reason."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from babel import dates, numbers

from rhml.stats.measure import Measure
from rhml.ui import words


def share(found: Measure) -> str:
    """A share: value, interval, count, or the reason there is none."""
    if not found.known:
        return found.why
    between = f"{words.percent(found.low)} to {words.percent(found.high)}; " if found.low is not None else ""
    return f"{words.percent(found.value)} ({between}n {words.number(found.n)})"


def difference(found: Measure, sign: int = 1) -> str:
    """A difference of shares in points: value, interval, count, or the reason there is none.

    >>> difference(Measure(0.04, 0.01, 0.07, 100), -1)
    '−4.0 points (−7.0 to −1.0; n 100)'
    """
    if not found.known:
        return found.why
    low, high = (found.low, found.high) if sign > 0 else (found.high, found.low)
    between = "" if low is None else f"{_signed(sign * low)} to {_signed(sign * high)}; "
    return f"{_signed(sign * found.value)} points ({between}n {words.number(found.n)})"


def gain(found: Measure) -> str:
    """What people added to a version, in points; plain words where it decided every bank case as without them.

    >>> gain(Measure(0.0, 0.0, 0.0, 228))
    'No difference on 228 bank cases'
    """
    if found.known and found.value == found.low == found.high == 0:
        return f"No difference on {words.number(found.n)} bank cases"
    return difference(found)


def _signed(share: float) -> str:
    sign = "±" if abs(share) < 0.0005 else "+" if share > 0 else "−"
    return sign + numbers.format_decimal(abs(share) * 100, format="#,##0.0", locale=words.locale())


def decimal(value: float | None, digits: int) -> str:
    """A number with all its digits, so that a column of them lines up.

    >>> decimal(-0.13, 3)
    '−0.130'
    """
    if value is None:
        return "—"
    return numbers.format_decimal(value, format=f"0.{'0' * digits}", locale=words.locale()).replace("-", "−")


def amount(found: Measure, unit: str) -> str:
    """A total in the domain's unit: value, interval, count, or the reason there is none."""
    if not found.known:
        return found.why
    between = "" if found.low is None else f"{_counted(found.low)} to {_counted(found.high)} {unit}; "
    return f"{_counted(found.value)} {unit} ({between}n {words.number(found.n)})"


def coefficient(found: Measure) -> str:
    """A number between −1 and 1: value, interval, count, or the reason there is none."""
    if not found.known:
        return found.why
    between = f"{decimal(found.low, 2)} to {decimal(found.high, 2)}; " if found.low is not None else ""
    return f"{decimal(found.value, 2)} ({between}n {words.number(found.n)})"


def _counted(value: float) -> str:
    sign = "+" if value >= 0.5 else "−" if value <= -0.5 else ""
    return f"{sign}{words.number(abs(value))}"


def period(name: str) -> str:
    """A period as people write it: 'Jan 2026', '5 Jan', '2026 Q1'."""
    if "/" in name:
        return dates.format_skeleton("MMMd", pd.Period(name).start_time, locale=words.locale())
    if "Q" in name:
        return name.replace("Q", " Q")
    return dates.format_skeleton("yMMM", pd.Period(name).start_time, locale=words.locale())


def how(text: str, *, key: str, table: pd.DataFrame | None = None) -> None:
    """*How to read this*: what a number or chart says, for whom, and its table where it is a chart."""
    with st.popover("How to read this", icon=":material/help:", type="tertiary", key=f"how_{key}"):
        st.markdown(text)
        if table is not None:
            table_of(table, alt="The numbers of the chart as a table")


def table_of(rows: pd.DataFrame, *, alt: str) -> None:
    """A small table as a page has it, so that text wraps and is read aloud; every text in it is defused."""
    shown = rows.map(lambda cell: words.plain(cell) if isinstance(cell, str) else words.number(cell))
    st.table(shown.rename(columns=words.plain), hide_index=True, border="horizontal", alt=alt)
