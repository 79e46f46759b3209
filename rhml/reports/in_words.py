"""A share and a verdict as people say them, with a number written as the reader's locale writes it."""

from __future__ import annotations

from collections.abc import Callable

from rhml.reports.sides import Side

Number = Callable[[float, int], str]
"""How a value is written with so many digits."""

MOVED = ("improved", "fell")
NAMES = {"human": "people", "model": "the model", "team": "the team"}


def english(value: float, digits: int = 0) -> str:
    """A number as English writes it.

    >>> english(2500), english(4.25, 1)
    ('2,500', '4.2')
    """
    return f"{value:,.{digits}f}"


def verdict_word(side: Side) -> str:
    """The verdict without its *about N more*.

    >>> from rhml.stats.measure import Measure
    >>> from rhml.stats.verdicts import Verdict
    >>> none = Measure.unknown("")
    >>> verdict_word(Side(Verdict("not enough data yet (about 400 more)", none, 400), none, none, none))
    'not enough data yet'
    """
    return side.verdict.words.partition(" (")[0]


def of_100(share: float, number: Number = english) -> str:
    """A share as a count of a hundred, as people say it.

    >>> of_100(0.0424), of_100(0.012), of_100(-0.11)
    ('4', '1.2', '11')
    """
    count = abs(share) * 100
    return number(count, 0 if round(count, 1) >= 2 else 1)


def more_of_100(share: float, number: Number = english) -> str:
    """A change of a share as people say it.

    >>> more_of_100(0.11), more_of_100(-0.04)
    ('11 more', '4 fewer')
    """
    return f"{of_100(share, number)} {'more' if share > 0 else 'fewer'}"


def listed(names: list[str]) -> str:
    """Names in a row.

    >>> listed(["people", "the model", "the team"])
    'people, the model and the team'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
