"""Where the four bands of a number lie: computed once a copy, or once a state of the log where it is small."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted
from rhml.store.reading import shelf

Edges = tuple[int, list[float] | None]
"""How many values a column has, and its least, quarters and greatest; None where it has none."""


def edges_of(store: Store, domain: DecisionDomain, column: str) -> Edges:
    """The edges of a number among the decisions that questions read."""
    copy = shelf.newest(store, domain)
    if copy is not None:
        return copy.stamp.edges[column]
    return measured(store.read, f"{quoted(domain.name)}.decided", column)


def measured(run, rows: str, column: str) -> Edges:
    """The edges of a number among some rows."""
    name = quoted(column)
    [(distinct, edges)] = run(
        f"SELECT count(DISTINCT {name}), quantile_cont({name}, [0, 0.25, 0.5, 0.75, 1]) FROM {rows}"
    )
    return distinct, edges
