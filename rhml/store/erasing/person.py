"""What erasing a person redacts in one namespace: their name becomes an alias, and what they typed goes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rhml.store.chain import rows
from rhml.store.erasing.columns import ACTORS, HASHES, NAMED, TEXTS, TYPED
from rhml.store.erasing.naming import mentions, renamer
from rhml.store.erasing.redaction import Change
from rhml.store.erasing.rewriting import rationales, told
from rhml.store.names import literal, quoted
from rhml.store.transaction import Transaction


def changes(
    tx: Transaction,
    schema: str,
    name: str,
    alias: str,
    *,
    secret: bytes,
    models: Mapping[int, bytes] | None = None,
) -> list[Change]:
    """Every change in one schema; `models` are the team's models with the alias for the name, by their number."""
    found: list[Change] = []
    said = renamer({name: alias})
    shapes = rows.shapes(tx.run, schema)
    found += rationales(tx, schema, name, said, secret, set(shapes))
    for table, shape in shapes.items():
        if table in ("domain_files", "erased"):
            found += _own(tx, schema, table, shape, name, alias)
            continue
        if change := told(tx, schema, table, shape, lambda c: mentions(c, name), said):
            found.append(change)
        found += _own(tx, schema, table, shape, name, alias)
    if models:
        found.append(_models(tx, schema, dict(models)))
    return found


def _own(
    tx: Transaction, schema: str, table: str, shape: Mapping[str, str], name: str, alias: str
) -> list[Change]:
    """The person's name in columns of its own, and what stands beside it because they typed it."""
    person, to = literal(name), literal(alias)
    exact = [c for c, kind in shape.items() if c in ACTORS | NAMED and kind == "VARCHAR"]
    lists = [c for c, kind in shape.items() if c in NAMED and kind == "VARCHAR[]"]
    acted = " OR ".join(f"{quoted(c)} = {person}" for c in exact if c in ACTORS)
    sets = {c: f"CASE WHEN {quoted(c)} = {person} THEN {to} ELSE {quoted(c)} END" for c in exact}
    sets |= {
        c: f"list_transform({quoted(c)}, lambda x: CASE WHEN x = {person} THEN {to} ELSE x END)"
        for c in lists
    }
    where = [f"{quoted(c)} = {person}" for c in exact] + [
        f"list_contains({quoted(c)}, {person})" for c in lists
    ]
    if acted and table != "erasures":
        sets |= {c: _gone(table, c, acted) for c in shape if c in TYPED | HASHES}
    if table == "case_events":
        where.append(f"kind = 'assigned' AND note = {person}")
    if not where:
        return []
    source = f"{quoted(schema)}.{quoted(table)}"
    condition = " OR ".join(f"({w})" for w in where)
    listed = ", ".join(f"{quoted(c)} = {sql}" for c, sql in sets.items())

    def apply() -> None:
        for facts, key, texts in TEXTS:
            if facts == table:
                tx.run(
                    f"DELETE FROM {quoted(schema)}.{texts} WHERE {key} IN (SELECT {key} FROM {source} WHERE {acted})"
                )
        tx.run(f"UPDATE {source} SET {listed} WHERE {condition}")

    seqs = tx.arrow(f"SELECT seq FROM {source} WHERE {condition}")["seq"].to_numpy()
    return [Change(table, seqs.astype(np.int64), apply)] if len(seqs) else []


def _gone(table: str, column: str, acted: str) -> str:
    """SQL: a typed text, empty where the person typed it; an assignment's note is a name and no text."""
    own = quoted(column)
    kept = " AND kind <> 'assigned'" if table == "case_events" else ""
    empty = "NULL" if column in HASHES else f"CASE WHEN {own} IS NOT NULL THEN '' END"
    return f"CASE WHEN ({acted}){kept} THEN {empty} ELSE {own} END"


def _models(tx: Transaction, schema: str, models: dict[int, bytes]) -> Change:
    frame = pd.DataFrame({"seq": list(models), "content": list(models.values())})

    def apply() -> None:
        with tx.lent(frame, "new_models"):
            tx.run(f"UPDATE {quoted(schema)}.team_models SET content = n.content FROM new_models n "
                   "WHERE n.seq = team_models.seq")  # fmt: skip

    return Change("team_models", frame["seq"].to_numpy(np.int64), apply)
