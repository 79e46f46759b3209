"""How an examiner tells how far it is: a share of the whole and a few words."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]


def silent(share: float, words: str) -> None:
    """For whoever does not watch."""
