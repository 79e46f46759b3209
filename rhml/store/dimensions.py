"""By what the overrides may be split: each dimension as SQL over `decided` that names a row's place in it.

The names are the ones that the reports use. Nothing a reader typed gets in here: columns are the domain's
own, and its actions and costs are quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.store.engine import Store, quoted
from rhml.store.reading.edges import Edges, edges_of
from rhml.store.veil import Veil

DIMENSIONS = (
    "manager", "reason", "recommended_action", "final_action", "direction", "recommended_confidence", "final_confidence",
    "seconds", "mode", "model_version", "period", "verdict",
)  # fmt: skip
NOT_STATED = "not stated"
CONFIDENCE_BANDS = (
    (0.5, "under 50%"), (0.6, "50 to 60%"), (0.7, "60 to 70%"), (0.8, "70 to 80%"), (0.9, "80 to 90%"),
    (None, "90% and more"),
)  # fmt: skip
SECONDS_BANDS = (
    (5, "under 5 s"), (15, "5 to 15 s"), (30, "15 to 30 s"), (60, "30 to 60 s"), (120, "1 to 2 min"),
    (300, "2 to 5 min"), (None, "5 min and more"),
)  # fmt: skip
"""Fixed, so that a link shows the same tomorrow: each band ends before its number, the last has no end."""
FEW_VALUES = 15


def dimensions(domain: DecisionDomain) -> tuple[str, ...]:
    """By what the overrides of a domain may be split and filtered."""
    return domain.segment_columns + DIMENSIONS


def expression(store: Store, domain: DecisionDomain, by: str, veil: Veil | None = None) -> str:
    """SQL over `reading.source.decided` that names each row in a dimension; RhmlError where there is none such.

    Under a veil people have the names that it gives them.
    """
    if by == "manager" and veil is not None:
        return veil.sql("manager")
    return named(domain, by, lambda column: edges_of(store, domain, column))


def named(domain: DecisionDomain, by: str, edges: Callable[[str], Edges]) -> str:
    """The same without a veil, where the bands of a number lie as `edges` says."""
    if by in domain.segment_columns:
        return _segment(domain, by, edges)
    if by not in DIMENSIONS:
        raise RhmlError(f"{by!r} is no dimension. Choose one of: {', '.join(dimensions(domain))}.")
    if by == "verdict":
        return "_status"
    return f"_in_{by}" if by in FIXED else f"coalesce({by}, '{NOT_STATED}')"


FIXED = ("direction", "period", "recommended_confidence", "final_confidence", "seconds")
"""Dimensions whose names are computed once a row, by the reading room."""


def computed(domain: DecisionDomain, by: str) -> str:
    """SQL over the view `decided` for one of the fixed dimensions."""
    match by:
        case "direction":
            return "CASE direction WHEN 1 THEN 'high-side' WHEN -1 THEN 'low-side' ELSE 'no direction' END"
        case "period":
            return f"coalesce(strftime(decided_at, '%Y-%m'), '{NOT_STATED}')"
        case "seconds":
            return _fixed_bands(by, SECONDS_BANDS)
        case _:
            return _fixed_bands(by, CONFIDENCE_BANDS)


def in_order(by: str, names: Iterable[str]) -> list[str]:
    """The names of a dimension as a reader expects them: bands from low to high, all else by the alphabet."""
    bands = {
        "recommended_confidence": CONFIDENCE_BANDS,
        "final_confidence": CONFIDENCE_BANDS,
        "seconds": SECONDS_BANDS,
    }
    places = {name: place for place, (_, name) in enumerate(bands.get(by, ()))}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def _fixed_bands(column: str, bands: tuple[tuple[float | None, str], ...]) -> str:
    *below, (_, last) = bands
    whens = " ".join(f"WHEN {column} < {end!r} THEN '{name}'" for end, name in below)
    return f"CASE WHEN {column} IS NULL THEN '{NOT_STATED}' {whens} ELSE '{last}' END"


def _segment(domain: DecisionDomain, column: str, edges: Callable[[str], Edges]) -> str:
    name = quoted(column)
    match domain.feature(column).kind:
        case "yes_no":
            return f"CASE WHEN {name} THEN 'yes' WHEN NOT {name} THEN 'no' ELSE '{NOT_STATED}' END"
        case "date":
            return f"coalesce(strftime({name}, '%Y'), '{NOT_STATED}')"
        case "number":
            return _bands(column, *edges(column))
        case _:
            return f"coalesce({name}, '{NOT_STATED}')"


def _bands(column: str, distinct: int, edges: list[float] | None) -> str:
    """Four bands of a number, or its values where there are few; the same as in the reports."""
    name = quoted(column)
    if distinct <= FEW_VALUES:
        return f"coalesce(format('{{:g}}', {name}), '{NOT_STATED}')"
    whens = " ".join(
        f"WHEN {name} <= {high!r} THEN '{low:,.6g} to {high:,.6g}'"
        for low, high in pairwise(sorted(set(edges)))
    )
    return f"CASE WHEN {name} IS NULL THEN '{NOT_STATED}' {whens} END"


def status(domain: DecisionDomain) -> str:
    """The verdict, or why there is none: not yet known, or hidden by the decision itself for good."""
    if domain.outcome is None:
        return "'cannot be known'"
    never = f"WHEN {hidden(domain)} AND NOT ({may_speak(domain)}) THEN 'cannot be known'"
    return (
        f"CASE WHEN verdict IS NOT NULL THEN verdict {never if domain.selective else ''} "
        "ELSE 'not yet known' END"
    )


def hidden(domain: DecisionDomain) -> str:
    """SQL: the decision is one after which no outcome is normally seen."""
    shown = ", ".join(_text(action) for action in domain.outcome.observed_after)
    return f"final_action NOT IN ({shown})"


def may_speak(domain: DecisionDomain) -> str:
    """SQL: the row may speak about right and wrong, because its outcome shows whatever was decided.

    Imported decisions were made before any exploration share was drawn.
    """
    return "(explore AND NOT imported)" if domain.selective else "TRUE"


def saved(domain: DecisionDomain) -> str:
    """SQL: what an override saved (above 0) or lost, in the domain's unit; both wrong counts 0."""
    value = "value" if domain.value.column else "1.0"
    costs = f"{_cost(domain, 'recommended_action')} - {_cost(domain, 'final_action')}"
    return f"CASE WHEN verdict = 'both wrong' THEN 0 ELSE {costs} END * {value}"


def _cost(domain: DecisionDomain, chosen: str) -> str:
    whens = " ".join(
        f"WHEN {chosen} = {_text(a)} AND right_action = {_text(b)} THEN {domain.cost_of(a, b)!r}"
        for a in domain.action_keys
        for b in domain.action_keys
        if a != b
    )
    return f"(CASE {whens} ELSE 0.0 END)"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
