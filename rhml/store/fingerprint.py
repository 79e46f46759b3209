"""Sums over the rows of the log by which anyone can tell whether two reports rest on the same facts."""

from __future__ import annotations

from collections.abc import Iterable

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted

DECISIONS = (
    "case_id", "manager", "mode", "first_action", "first_confidence", "model_version", "recommended_action",
    "recommended_confidence", "final_action", "final_confidence", "reason", "decided_at", "seconds", "imported",
)  # fmt: skip
OUTCOMES = ("case_id", "right_action", "known_at")
CASES = ("case_id", "received_at", "mode", "bank", "explore", "fold")


def sums(store: Store, domain: DecisionDomain) -> dict[str, tuple[int, int]]:
    """Of live decisions, current outcomes and cases with their facts: how many rows, and the sum of their hashes.

    A row's hash is the first 60 bits of the MD5 of its values; a sum does not care for the order of rows. Ids that
    the log itself makes up, and when it heard of a fact, are left out: the same data give the same sums anywhere.
    """
    d = quoted(domain.name)
    sources = {
        "decisions": (f"{d}.live_decisions", DECISIONS),
        "outcomes": (f"{d}.current_outcomes", OUTCOMES),
        "cases": (f"{d}.cases", (*CASES, *sorted(f.name for f in domain.features))),
    }
    return {name: _summed(store, table, columns) for name, (table, columns) in sources.items()}


def _summed(store: Store, table: str, columns: Iterable[str]) -> tuple[int, int]:
    # The sort key is a row's values as bytes, several times faster to make than their text; and to read the hash's
    # digits is half the work of `md5_number_lower`.
    row = ", ".join(f"{quoted(column)}, 'ASC NULLS LAST'" for column in columns)
    [(rows, total)] = store.read(
        f"SELECT count(*), coalesce(sum(CAST('0x' || left(md5(create_sort_key({row})), 15) AS BIGINT)), 0) FROM {table}"
    )
    return rows, int(total)
