"""A proof as text: one table a question, and first of all whether the promises are kept."""

from __future__ import annotations

from itertools import groupby

from rhml.proof.promises import Count
from rhml.proof.tally import COVERS, unkept


def headline(counts: list[Count]) -> str:
    """How many promises were kept, in a sentence."""
    asked = [one.kept for one in counts if one.kept]
    words = {
        "kept": "kept",
        "within chance": "missed by no more than chance allows",
        "too few to say": "seen too seldom to say",
    }
    said = ", ".join(f"{asked.count(word):,} {told}" for word, told in words.items() if word in asked)
    missed = unkept(counts)
    broken = (
        f"{len(missed):,} not kept: {'; '.join(one.what for one in missed)}." if missed else "none broken."
    )
    return f"{len(asked):,} promises examined: {said}{', ' if said else ''}{broken}"


def in_words(counts: list[Count]) -> str:
    """The tables as text, a line a count."""
    if not counts:
        return "Nothing was examined."
    width = max(len(one.what) for one in counts)
    parts = [headline(counts)]
    for section, rows in groupby(counts, key=lambda one: one.section):
        title = f"{section} (mean error ± typical error)" if section == COVERS else section
        parts.append("\n".join([title, *(_row(one, width) for one in rows)]))
    return "\n\n".join(parts)


def _row(one: Count, width: int) -> str:
    if one.share is None:
        return f"  {one.what:<{width}}  none"
    low, high = one.span() or (0.0, 1.0)
    counted = f"{one.share:6.1%} ({low:.1%} to {high:.1%}; {one.hits:,} of {one.of:,})"
    asked = one.promise.words if one.promise.words == "printed" else f"{one.promise.words}: {one.kept}"
    error = (
        f"  {_points(one.error[0], '+')} ± {_points(one.error[1])}"
        if one.error and one.section == COVERS
        else ""
    )
    return f"  {one.what:<{width}}  {counted:<42}  {asked}{error}"


def _points(error: float, sign: str = "") -> str:
    """In points where it is a share, as it is where it is an amount."""
    return f"{error * 100:{sign}.1f}" if abs(error) < 1 else f"{error:{sign},.0f}"
