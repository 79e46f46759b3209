"""When a scheduled report falls due: every day, every Monday or on the first of every month, at a time in UTC.

UTC has neither summer time nor a doubled hour, and every month has a first day: no time is ever skipped.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from rhml.errors import RhmlError

EVERY = ("day", "week", "month")
SAID = {"day": "every day", "week": "every Monday", "month": "on the first of every month"}


def time_of_day(text: str) -> time:
    """'06:30' as a time; RhmlError where it is none.

    >>> time_of_day("06:30")
    datetime.time(6, 30)
    """
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not found:
        raise RhmlError(f"{text[:20]!r} is no time of day. Write hours and minutes in UTC, such as 06:30.")
    return time(int(found[1]), int(found[2]))


def last(every: str, at: time, now: datetime) -> datetime:
    """The newest due time up to now, this moment included.

    >>> last("month", time(6, 0), datetime(2026, 3, 1, 5, 59))
    datetime.datetime(2026, 2, 1, 6, 0)
    >>> last("week", time(6, 0), datetime(2026, 3, 2, 6, 0))
    datetime.datetime(2026, 3, 2, 6, 0)
    """
    today = _start(every, now, at)
    return today if today <= now else _start(every, today - timedelta(days=1), at)


def following(every: str, at: time, now: datetime) -> datetime:
    """The first due time after now.

    >>> following("month", time(6, 0), datetime(2026, 1, 31, 12, 0))
    datetime.datetime(2026, 2, 1, 6, 0)
    """
    steps = {"day": 1, "week": 7, "month": 31}
    # A month's first day and 31 days on lie in the month after, whatever their lengths.
    return _start(every, last(every, at, now) + timedelta(days=steps[every]), at)


def _start(every: str, moment: datetime, at: time) -> datetime:
    """The due time of the day, week or month that a moment lies in."""
    day = moment.date()
    if every == "week":
        day -= timedelta(days=day.weekday())
    elif every == "month":
        day = day.replace(day=1)
    return datetime.combine(day, at)
