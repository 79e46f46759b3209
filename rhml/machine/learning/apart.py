"""Which factors a tree may combine, when some pairs must stay apart."""

from __future__ import annotations

import json


def together(names: tuple[str, ...], apart: tuple[tuple[str, str], ...]) -> list[list[int]]:
    """The largest sets of columns that one path of a tree may combine.

    >>> together(("a", "b", "c"), (("a", "b"),))
    [[1, 2], [0, 2]]
    """
    sets = [frozenset(names)]
    for first, second in apart:
        split = [s - {one} if {first, second} <= s else s for s in sets for one in (first, second)]
        sets = [s for s in dict.fromkeys(split) if not any(s < other for other in split)]
    return [[at for at, name in enumerate(names) if name in s] for s in sets]


def combinations(names: tuple[str, ...], apart: tuple[tuple[str, str], ...]) -> str:
    """The same in XGBoost's own notation, which it reads by column and not by name."""
    return json.dumps(together(names, apart))
