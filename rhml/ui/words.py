"""Numbers, dates and shares in the reader's own format and time zone, and the product's fixed phrases."""

from __future__ import annotations

from datetime import UTC, datetime
from math import floor, log10
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from babel import Locale, UnknownLocaleError, dates, numbers
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rhml.core.domain import DecisionDomain, Feature
from rhml.core.domain_parts import Terms
from rhml.printed import own_words
from rhml.printed.markdown import apart
from rhml.printed.numbers import locale, number, percent, speak_as
from rhml.stats.measure import Measure


def _browser() -> str:
    """The reader's locale, as the browser says; English where it is unknown."""
    try:
        return str(Locale.parse((st.context.locale or "en").replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


speak_as(_browser)


def _on_screen() -> Terms | None:
    """The words of the domain on screen, as its page keeps them."""
    kept = st.session_state.get("own_words") if get_script_run_ctx(suppress_warning=True) else None
    return Terms(case=kept[0], cases=kept[1], manager=kept[2]) if kept else None


own_words.speak_of(_on_screen)


def zone() -> ZoneInfo:
    """The reader's time zone, as the browser says; UTC where it is unknown."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def points(value: float, *, signed: bool = True) -> str:
    """A difference of probabilities as points: '+11', '−3'."""
    sign = ("+" if value > 0 else "−" if value < 0 else "±") if signed else ""
    return f"{sign}{number(abs(value) * 100)}"


def money(value: float | None, unit: str) -> str:
    """An amount in the domain's unit."""
    return "—" if value is None or value != value else f"{number(value)} {unit}".strip()


def when(at: datetime | None) -> str:
    """A moment in the reader's zone, to the minute."""
    if at is None or at != at:
        return "—"
    return f"{day(at)}, {clock(at)}"


def day(at: datetime | None) -> str:
    """A day in the reader's zone."""
    return "—" if at is None or at != at else dates.format_date(_local(at), format="medium", locale=locale())


def clock(at: datetime) -> str:
    """A time of day in the reader's zone."""
    return dates.format_time(_local(at), format="short", locale=locale())


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(zone())


def due(at: datetime | None, now: datetime) -> str:
    """A due time as people say it: '3 days late', 'today', 'in 5 days'."""
    if at is None or at != at:
        return "no due date"
    days = (_local(at).date() - _local(now).date()).days
    if at < now:
        return "late today" if days == 0 else f"{-days} day{'s' if days < -1 else ''} late"
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"


def measure(found: Measure, *, as_percent: bool = True) -> str:
    """A measure with its interval and count, or the reason there is none."""
    if found.value is None:
        return own_words.own(found.why) or "not known"
    shown = percent if as_percent else number
    return f"{shown(found.value)} ({shown(found.low)} to {shown(found.high)}; n {number(found.n)})"


def value_of(feature: Feature, value: Any) -> str:
    """A case's value of a feature as its card shows it."""
    if value is None or value != value:
        return "not given"
    match feature.kind:
        case "number":
            return f"{exact(value)} {feature.unit}".strip()
        case "yes_no":
            return "yes" if value else "no"
        case "date":
            return day(value)
        case _:
            return str(value)


def exact(value: float) -> str:
    """A case's number with two decimals, a small one with as many as four significant digits take.

    >>> exact(1234.5), exact(0.001234), exact(-0.5), exact(2.0)
    ('1,234.5', '0.001234', '-0.5', '2')
    """
    if value == 0 or abs(value) >= 1:
        return number(value, 2)
    decimals = min(12, 3 - floor(log10(abs(value))))
    return numbers.format_decimal(round(value, decimals), format=f"#,##0.{'#' * decimals}", locale=locale())


def plain(text: str) -> str:
    """Text that somebody typed or imported, with everything Markdown or HTML would act on defused.

    Addresses would become links and names between colons pictures, whatever is escaped in them, so an invisible
    sign stands inside each.

    >>> plain("**x** <b> $1$ [a](b)")
    '\\\\*\\\\*x\\\\*\\\\* \\\\<b\\\\> \\\\$1\\\\$ \\\\[a\\\\]\\\\(b\\\\)'
    >>> plain("see http://a") == "see http\\u2060\\\\://a"
    True
    """
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|$~:&" else c for c in apart(text)).replace("\n", " ")


def own(text: str) -> str:
    """A sentence of the product in the words of the domain on screen; never for what somebody typed.

    The domain's words are defused, as the text may be Markdown.
    """
    spoken = own_words.terms()
    if spoken is None:
        return text
    safe = Terms(case=plain(spoken.case), cases=plain(spoken.many), manager=plain(spoken.manager))
    return own_words.in_words_of(safe, text)


def told(text: str) -> str:
    """A sentence that another room made, with names in it: in the domain's words, and defused."""
    return plain(own_words.own(text))


def confidence_sentence(domain: DecisionDomain, action: str) -> str:
    """What is suggested, in the domain's words."""
    return f"The model suggests **{plain(domain.label(action))}**."
