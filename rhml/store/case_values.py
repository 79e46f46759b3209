"""Values that came after their case: each is a fact of its own, and the case shows the newest.

Only fields that are being collected take values later; everything else about a case stays as it was decided on.
"""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Transaction, quoted
from rhml.store.schema import TYPES


def append(
    tx: Transaction, domain: DecisionDomain, cases: pd.DataFrame, *, at: datetime, by: str
) -> set[str]:
    """Record values of collected fields that differ from what cases in the log have; an empty one says nothing.

    cases: case_id, and those fields as `rhml.intake` types them. Returns the ids of the cases that changed.
    """
    fields = [feature for feature in domain.features if feature.collect and feature.name in cases]
    changed: set[str] = set()
    if cases.empty:
        return changed
    with tx.lent(cases[["case_id", *(f.name for f in fields)]], "incoming_values"):
        for field in fields:
            changed |= _of(tx, domain, field.name, TYPES[field.kind], at, by)
    return changed


def _of(tx: Transaction, domain: DecisionDomain, name: str, kind: str, at: datetime, by: str) -> set[str]:
    d, column = quoted(domain.name), quoted(name)
    new = f"CAST(i.{column} AS {kind})"
    differs = f"i.case_id = c.case_id AND {new} IS NOT NULL AND {new} IS DISTINCT FROM c.{column}"
    facts = tx.frame(
        f"SELECT c.case_id, CAST({new} AS TEXT) AS value, CAST(c.{column} AS TEXT) AS was "
        f"FROM incoming_values i JOIN {d}.cases c ON {differs}"
    )
    if facts.empty:
        return set()
    facts["was"] = facts["was"].astype(object).where(facts["was"].notna(), None)
    facts = facts.assign(feature=name, by_whom=by, added_at=at, seq=list(tx.numbers(domain.name, len(facts))))
    tx.append_frame(f"{d}.case_values", facts)
    tx.run(f"UPDATE {d}.cases AS c SET {column} = {new} FROM incoming_values i WHERE {differs}")
    if name == domain.value.column:
        tx.run(
            f"UPDATE {d}.waiting AS w SET stake = c.{column} FROM {d}.cases c, incoming_values i "
            "WHERE c.case_id = w.case_id AND i.case_id = w.case_id"
        )
    return set(facts["case_id"])
