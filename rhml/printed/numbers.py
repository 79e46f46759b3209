"""Numbers, shares and days as people write them, in the reader's locale: the same on a page and in print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from babel import dates, numbers

_PRINTED: ContextVar[str | None] = ContextVar("printed", default=None)
_reader: Callable[[], str] = lambda: "en"  # noqa: E731  (a default to be replaced, not a function to be called by name)


def speak_as(reader: Callable[[], str]) -> None:
    """Where no locale is fixed for print, ask this: pages know their reader's browser."""
    global _reader
    _reader = reader


@contextmanager
def printed_in(name: str) -> Iterator[None]:
    """Speak in this locale, whoever reads: for a file that is made after the page was drawn."""
    token = _PRINTED.set(name)
    try:
        yield
    finally:
        _PRINTED.reset(token)


def locale() -> str:
    """The locale numbers and dates are written in."""
    return _PRINTED.get() or _reader()


def number(value: float | int | None, digits: int = 0) -> str:
    """A number with the reader's separators."""
    if value is None or value != value:
        return "—"
    return numbers.format_decimal(round(value, digits), locale=locale())


def percent(value: float | None, digits: int = 0) -> str:
    """A fraction as per cent."""
    return "—" if value is None or value != value else f"{number(value * 100, digits)} %"


def fixed(value: float, digits: int) -> str:
    """A number with all its digits, so that a column of them lines up; its minus is a minus.

    >>> fixed(-0.13, 3)
    '−0.130'
    """
    pattern = f"#,##0.{'0' * digits}"
    return numbers.format_decimal(value, format=pattern, locale=locale()).replace("-", "−")


def day_in_print(at: datetime | None) -> str:
    """A day as print has it, in UTC: paper does not know its reader's zone."""
    return "—" if at is None or at != at else dates.format_date(at, format="medium", locale=locale())
