"""Expected costs in so many digits as they say something."""

from __future__ import annotations

from math import floor, log10

from rhml.ui import words

DIGITS = 3
"""So many digits of an expected cost say something; the log keeps all of them."""


def amount(value: float, unit: str) -> str:
    """A cost in the domain's unit; without one, expected mistakes are counted.

    >>> amount(1121064.2, "€"), amount(2.345, "")
    ('1,120,000\xa0€', '2.35')
    """
    digits = DIGITS - 1 - (floor(log10(abs(value))) if value else 0)
    return f"{words.number(round(value, digits), max(digits, 0))} {unit}".strip().replace(
        " ", "\N{NO-BREAK SPACE}"
    )
