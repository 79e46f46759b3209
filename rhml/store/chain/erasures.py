"""The erasures that a chain has on record, and those whose parts do not fit each other."""

from __future__ import annotations

from rhml.store.chain import rows
from rhml.store.chain.beside import TEXTS
from rhml.store.chain.finding import Erased, Finding
from rhml.store.names import quoted
from rhml.store.transaction import Transaction


def erasures(tx: Transaction, schema: str, tables: list[str]) -> tuple[Erased, ...]:
    """Every erasure on record, the earliest first."""
    if "erasures" not in tables:
        return ()
    found = tx.run(
        "SELECT min(kind), min_by(alias, seq), count(*), min_by(why, seq), min(erased_at), min_by(erased_by, seq), "
        f"CAST(sum(facts) AS BIGINT) FROM {quoted(schema)}.erasures GROUP BY erasure_id ORDER BY min(seq)"
    )
    return tuple(Erased(*row) for row in found)


def false_erasures(tx: Transaction, schema: str, tables: list[str]) -> list[Finding]:
    """Redacted facts of an erasure that nobody ordered, erasures that redacted other facts than they say, and facts
    that say they were erased but stand under no alias."""
    if not {"erasures", "erased"} <= set(tables):
        return []
    shapes = rows.shapes(tx.run, schema)
    return _uneven(tx, schema) + [
        found
        for table, shape in shapes.items()
        if "case_id" in shape
        for found in _unnamed(tx, schema, table)
    ]


def _uneven(tx: Transaction, schema: str) -> list[Finding]:
    d = quoted(schema)
    found = tx.run(
        "SELECT coalesce(fact_table, 'erasures'), coalesce(fact_seq, seq), said, redacted FROM (SELECT erasure_id, "
        f"min(seq) AS seq, CAST(sum(facts) AS BIGINT) AS said FROM {d}.erasures GROUP BY ALL) e FULL JOIN (SELECT "
        "erasure_id, count(*) AS redacted, min_by(fact_table, fact_seq) AS fact_table, min(fact_seq) AS fact_seq "
        f"FROM {d}.erased GROUP BY ALL) f USING (erasure_id) WHERE coalesce(said, -1) <> coalesce(redacted, 0) ORDER BY 2"
    )
    return [
        Finding(
            schema, table, seq or 0, "erasure", "",
            "Nobody ordered that erasure." if said is None else f"It speaks of {said:,}, and redacted {redacted or 0:,}.",
        )
        for table, seq, said, redacted in found
    ]  # fmt: skip


def _unnamed(tx: Transaction, schema: str, table: str) -> list[Finding]:
    """Facts about a case in which the newest erasure that redacted them left no alias, nor in the text beside them."""
    d, text = quoted(schema), "FALSE"
    for facts, key, texts in TEXTS:
        if facts == table:
            text = (
                f"EXISTS (SELECT 1 FROM {d}.{texts} o WHERE o.{key} = t.{key} AND contains(o.text, x.alias))"
            )
    found = tx.run(
        "SELECT t.seq FROM (SELECT fact_seq, max_by(erasure_id, seq) AS erasure_id FROM "
        f"{d}.erased WHERE fact_table = $1 GROUP BY fact_seq) e JOIN {d}.{quoted(table)} t ON t.seq = e.fact_seq "
        f"LEFT JOIN {d}.erasures a ON a.erasure_id = e.erasure_id AND a.alias = t.case_id WHERE a.alias IS NULL "
        f"AND NOT EXISTS (SELECT 1 FROM {d}.erasures x WHERE x.erasure_id = e.erasure_id "
        f"AND (contains(CAST(t AS TEXT), x.alias) OR {text})) ORDER BY 1",
        [table],
    )
    return [Finding(schema, table, seq, "erasure", "", "No alias stands in it.") for (seq,) in found]
