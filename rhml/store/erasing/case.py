"""What erasing a case redacts: its facts but those the domain keeps, every text about it, and its number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import pandas as pd

from rhml.store.chain import rows
from rhml.store.erasing.columns import MARKS, OF_CASE, TEXTS
from rhml.store.erasing.naming import distinct, renamer
from rhml.store.erasing.redaction import Change
from rhml.store.erasing.rewriting import told
from rhml.store.names import literal, quoted
from rhml.store.transaction import Transaction

IS = "(SELECT e.case_id FROM erased_cases e)"
ALIAS = "(SELECT e.alias FROM erased_cases e WHERE e.case_id = {table}.case_id)"
PEERS = "(SELECT map(list(e.case_id), list(e.alias)) AS names, list(e.case_id) AS ids FROM erased_cases e) k"


@contextmanager
def lent(tx: Transaction, aliases: Mapping[str, str]) -> Iterator[None]:
    """Let SQL read which cases are erased, and under which alias."""
    frame = pd.DataFrame({"case_id": list(aliases), "alias": list(aliases.values())})
    with tx.lent(frame, "erased_cases"):
        yield


def changes(
    tx: Transaction, schema: str, aliases: Mapping[str, str], *, features: Collection[str]
) -> list[Change]:
    """Every change in one domain's schema; `features` are the columns of the cases that go. Within `lent`."""
    shapes = rows.shapes(tx.run, schema)
    said = renamer(aliases, words=distinct)
    found = [change for table, shape in shapes.items()
             if table != "erased" and (change := told(tx, schema, table, shape, _holds, said))]  # fmt: skip
    found += _decided(tx, schema, shapes)
    for table, shape in shapes.items():
        if "case_id" in shape:
            sets = {**_sets(table, shape, features), "case_id": ALIAS.replace("{table}", quoted(table))}
            found += _change(tx, schema, table, f"case_id IN {IS}", sets)
    return found + _peers(tx, schema)


def _holds(column: str) -> str:
    return f"EXISTS (SELECT 1 FROM erased_cases e WHERE contains({column}, e.case_id))"


def _peers(tx: Transaction, schema: str) -> list[Change]:
    """The cases among other cases' peers."""
    source = f"{quoted(schema)}.recommendations"
    seqs = tx.arrow(f"SELECT seq FROM {source}, {PEERS} WHERE list_has_any(peers, k.ids)")["seq"].to_numpy()
    sql = (
        f"UPDATE {source} SET peers = list_transform(peers, lambda x: coalesce(k.names[x], x)) FROM {PEERS} "
        "WHERE list_has_any(peers, k.ids)"
    )
    return [Change("recommendations", seqs.astype(np.int64), lambda: tx.run(sql))] if len(seqs) else []


def _sets(table: str, shape: Mapping[str, str], features: Collection[str]) -> dict[str, str]:
    """What a row about the case no longer says."""
    if table == "cases":
        return dict.fromkeys(features, "NULL")
    if table == "recommendations":
        return dict.fromkeys((c for c in OF_CASE if c in shape), "NULL")
    if table == "case_values":
        gone = f"feature IN ({', '.join(map(literal, sorted(features))) or 'NULL'})"
        return {
            "value": f"CASE WHEN {gone} THEN '' ELSE value END",
            "was": f"CASE WHEN {gone} THEN NULL ELSE was END",
        }
    if table == "case_events":
        return {"note": "CASE WHEN kind <> 'assigned' AND note IS NOT NULL THEN '' ELSE note END"}
    sets = {"rationale_hash": "NULL"} if "rationale_hash" in shape else {}
    return sets | ({"why": "CASE WHEN why IS NOT NULL THEN '' END"} if "why" in shape else {})


def _decided(tx: Transaction, schema: str, shapes: Mapping[str, object]) -> list[Change]:
    """What hangs on the cases' decisions: why they were reversed, marks on words of its texts, rationales."""
    d = quoted(schema)
    decisions = f"decision_id IN (SELECT decision_id FROM {d}.decisions WHERE case_id IN {IS})"
    found = _change(tx, schema, "reversals", decisions, {"why": "''"})
    for table, key, of in MARKS:
        on_words = f"{key} IN (SELECT {key} FROM {d}.{of} WHERE case_id IN {IS}) AND contains(factor, ':')"
        found += _change(tx, schema, table, on_words, {"factor": "split_part(factor, ':', 1)"})
    nothing = np.empty(0, np.int64)
    for facts, key, texts in TEXTS:
        if facts in shapes:
            gone = f"DELETE FROM {d}.{texts} WHERE {key} IN (SELECT {key} FROM {d}.{facts} WHERE case_id IN {IS})"
            found.append(Change(facts, nothing, lambda sql=gone: tx.run(sql)))
    return found


def _change(tx: Transaction, schema: str, table: str, where: str, sets: Mapping[str, str]) -> list[Change]:
    source = f"{quoted(schema)}.{quoted(table)}"
    seqs = tx.arrow(f"SELECT seq FROM {source} WHERE {where}")["seq"].to_numpy().astype(np.int64)
    listed = ", ".join(f"{quoted(column)} = {sql}" for column, sql in sets.items())
    return (
        [Change(table, seqs, lambda: tx.run(f"UPDATE {source} SET {listed} WHERE {where}"))]
        if len(seqs)
        else []
    )


def waits(tx: Transaction, schema: str, case_id: str) -> bool:
    """Whether nobody has decided the case yet."""
    return bool(tx.run(f"SELECT 1 FROM {quoted(schema)}.pending WHERE case_id = $1", [case_id]))
