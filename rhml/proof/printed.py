"""A proof as text: one table a question, and first of all whether the promises are kept."""

from __future__ import annotations

from itertools import groupby

from rhml.proof.promises import Count
from rhml.proof.tally import COVERS, unkept

MARKED = {"not kept": "✗ "}
"""What stands before a row that nobody should overlook."""

OTHERWISE = {
    "within chance": "missed by no more than chance allows",
    "too few to say": "seen too seldom to say",
}


def headline(counts: list[Count], organizations: int) -> str:
    """How many promises were kept over so many organizations, and which were not, in a sentence."""
    asked = [one.kept for one in counts if one.kept]
    over = "1 organization" if organizations == 1 else f"{organizations:,} organizations"
    kept = asked.count("kept")
    said = [f"{kept:,} {'promise' if kept == 1 else 'promises'} kept"]
    said += [f"{asked.count(word):,} {told}" for word, told in OTHERWISE.items() if word in asked]
    missed = unkept(counts)
    if not missed:
        return f"{over}: {', '.join(said)}, none broken."
    broken = "; ".join(f"{one.what} ({one.section[0].lower()}{one.section[1:]})" for one in missed)
    return f"{over}: {', '.join(said)}, {len(missed):,} not kept: {broken}."


def in_words(counts: list[Count], organizations: int) -> str:
    """The tables as text, a line a count."""
    if not counts:
        return "Nothing was examined."
    width = max(len(one.what) for one in counts)
    parts = [headline(counts, organizations)]
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
    error = f"  {_error(*one.error)}" if one.error and one.section == COVERS else ""
    return f"{MARKED.get(one.kept, ''):<2}{one.what:<{width}}  {counted:<42}  {asked}{error}"


def _error(mean: float, typical: float) -> str:
    """Both in points where they are of shares, as they are where they are of amounts."""
    if typical < 1:
        return f"{mean * 100:+.1f} ± {typical * 100:.1f}"
    return f"{mean:+,.0f} ± {typical:,.0f}"
