"""Rewrites texts of facts one by one where a name stands in them: sentences, documents, other people's rationales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from rhml.store import log
from rhml.store.erasing.columns import TEXTS, TOLD
from rhml.store.erasing.naming import Said, mentions
from rhml.store.erasing.redaction import Change
from rhml.store.names import quoted
from rhml.store.transaction import Transaction


def told(
    tx: Transaction,
    schema: str,
    table: str,
    shape: Mapping[str, str],
    holds: Callable[[str], str],
    said: Said,
) -> Change | None:
    """The change of a table's texts; `holds` is SQL for whether a column may hold a name. None where none does."""
    columns = [c for c, kind in shape.items() if c in TOLD and kind == "VARCHAR"]
    if not columns:
        return None
    where = " OR ".join(holds(quoted(c)) for c in columns)
    listed = ", ".join(quoted(c) for c in columns)
    rows = tx.run(f"SELECT seq, {listed} FROM {quoted(schema)}.{quoted(table)} WHERE {where}")
    new = [(seq, *(said(text) if text else text for text in texts)) for seq, *texts in rows]
    changed = [after for before, after in zip(rows, new, strict=True) if tuple(before) != after]
    if not changed:
        return None
    frame = pd.DataFrame(changed, columns=["seq", *columns]).astype({c: object for c in columns})
    return Change(table, frame["seq"].to_numpy(np.int64), lambda: _put(tx, schema, table, columns, frame))


def _put(tx: Transaction, schema: str, table: str, columns: list[str], frame: pd.DataFrame) -> None:
    sets = ", ".join(f"{quoted(c)} = CAST(n.{quoted(c)} AS TEXT)" for c in columns)
    name = quoted(table)
    with tx.lent(frame, "new_texts"):
        tx.run(f"UPDATE {quoted(schema)}.{name} SET {sets} FROM new_texts n WHERE n.seq = {name}.seq")


def rationales(
    tx: Transaction, schema: str, name: str, said: Said, secret: bytes, tables: set[str]
) -> list[Change]:
    """The changes of other people's rationales that hold a name, each with the keyed hash in its fact."""
    found, d = [], quoted(schema)
    for facts, key, texts in TEXTS:
        if facts in tables:
            rows = tx.run(
                f"SELECT f.seq, f.{key}, t.text FROM {d}.{facts} f JOIN {d}.{texts} t ON t.{key} = f.{key} "
                f"WHERE f.manager <> $1 AND f.rationale_hash IS NOT NULL AND {mentions('t.text', name)}",
                [name],
            )
            new = [(seq, one, said(text)) for seq, one, text in rows if said(text) != text]
            if new:
                frame = pd.DataFrame(new, columns=["seq", "of", "text"])
                frame["hash"] = [log.keyed_hash(secret, text) for text in frame["text"]]
                put = partial(_said, tx, d, (facts, key, texts), frame)
                found.append(Change(facts, frame["seq"].to_numpy(np.int64), put))
    return found


def _said(tx: Transaction, d: str, names: tuple[str, str, str], frame: pd.DataFrame) -> None:
    facts, key, texts = names
    with tx.lent(frame, "new_rationales"):
        tx.run(f"UPDATE {d}.{texts} SET text = n.text FROM new_rationales n WHERE n.of = {texts}.{key}")
        tx.run(
            f"UPDATE {d}.{facts} SET rationale_hash = n.hash FROM new_rationales n WHERE n.seq = {facts}.seq"
        )
