"""Measures in words: never a number without its interval and its count, nor a gap without its reason."""

from __future__ import annotations

from typing import Any

import pandas as pd
from babel import dates

from rhml.printed.numbers import fixed, locale, number, percent
from rhml.printed.own_words import own
from rhml.stats.measure import Measure


def of(values: dict[str, Any]) -> Measure:
    """A measure from its plain values, as JSON has them; what else stands beside them is left."""
    return Measure(*(values[key] for key in ("value", "low", "high", "n", "why")))


def share(found: Measure) -> str:
    """A share: value, interval, count, or the reason there is none."""
    if not found.known:
        return own(found.why)
    between = f"{percent(found.low)} to {percent(found.high)}; " if found.low is not None else ""
    return f"{percent(found.value)} ({between}n {number(found.n)})"


def difference(found: Measure, sign: int = 1) -> str:
    """A difference of shares in points: value, interval, count, or the reason there is none.

    >>> difference(Measure(0.04, 0.01, 0.07, 100), -1)
    '−4.0 points (−7.0 to −1.0; n 100)'
    """
    if not found.known:
        return own(found.why)
    low, high = (found.low, found.high) if sign > 0 else (found.high, found.low)
    between = "" if low is None else f"{signed(sign * low)} to {signed(sign * high)}; "
    return f"{signed(sign * found.value)} points ({between}n {number(found.n)})"


def gain(found: Measure) -> str:
    """What people added to a version, in points; plain words where it decided every bank case as without them.

    >>> gain(Measure(0.0, 0.0, 0.0, 228))
    'No difference on 228 bank cases'
    """
    if found.known and found.value == found.low == found.high == 0:
        return own(f"No difference on {number(found.n)} bank cases")
    return difference(found)


def signed(share: float) -> str:
    """A difference of shares as points with its sign.

    >>> signed(0.041), signed(-0.2), signed(0.0001)
    ('+4.1', '−20.0', '±0.0')
    """
    sign = "±" if abs(share) < 0.0005 else "+" if share > 0 else "−"
    return sign + fixed(abs(share) * 100, 1)


def decimal(value: float | None, digits: int) -> str:
    """A number with all its digits, or a dash where there is none."""
    return "—" if value is None else fixed(value, digits)


def amount(found: Measure, unit: str) -> str:
    """A total in the domain's unit: value, interval, count, or the reason there is none."""
    if not found.known:
        return own(found.why)
    between = "" if found.low is None else f"{_counted(found.low)} to {_counted(found.high)} {unit}; "
    return f"{_counted(found.value)} {unit} ({between}n {number(found.n)})"


def coefficient(found: Measure) -> str:
    """A number between −1 and 1: value, interval, count, or the reason there is none."""
    if not found.known:
        return own(found.why)
    between = f"{decimal(found.low, 2)} to {decimal(found.high, 2)}; " if found.low is not None else ""
    return f"{decimal(found.value, 2)} ({between}n {number(found.n)})"


def took(seconds: float) -> str:
    """A time as people say it.

    >>> took(4.26), took(59.8), took(64), took(5400)
    ('4.3 s', '60 s', '1 min 4 s', '1 h 30 min')
    """
    if seconds < 10:
        return f"{fixed(seconds, 1)} s"
    whole = round(seconds)
    if whole <= 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{number(hours)} h {minutes} min" if minutes else f"{number(hours)} h"


def time(found: Measure, *, signed: bool = False) -> str:
    """A usual time, or by how much two differ: value, interval, count, or the reason there is none.

    >>> time(Measure(12.0, 10.0, 75.0, 40)), time(Measure(-2.0, -3.0, 1.0, 40), signed=True)
    ('12 s (10 s to 1 min 15 s; n 40)', '−2.0 s (−3.0 s to +1.0 s; n 40)')
    """
    if not found.known:
        return own(found.why)

    def said(seconds: float) -> str:
        return (("+" if seconds > 0 else "−" if seconds < 0 else "±") if signed else "") + took(abs(seconds))

    between = "" if found.low is None else f"{said(found.low)} to {said(found.high)}; "
    return f"{said(found.value)} ({between}n {number(found.n)})"


def _counted(value: float) -> str:
    sign = "+" if value >= 0.5 else "−" if value <= -0.5 else ""
    return f"{sign}{number(abs(value))}"


def period(name: str) -> str:
    """A period as people write it: 'Jan 2026', '5 Jan', '2026 Q1'."""
    if "/" in name:
        return dates.format_skeleton("MMMd", pd.Period(name).start_time, locale=locale())
    if "Q" in name:
        return name.replace("Q", " Q")
    return dates.format_skeleton("yMMM", pd.Period(name).start_time, locale=locale())
