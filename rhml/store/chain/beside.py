"""What lies beside the sealed facts and must agree with them: texts, values filled in, the waiting list."""

from __future__ import annotations

import hashlib

from rhml.store.chain.finding import NAMED, Finding
from rhml.store.chain.rows import columns
from rhml.store.names import literal, quoted
from rhml.store.transaction import Transaction

TEXTS = (("decisions", "decision_id", "rationales"), ("opinions", "opinion_id", "opinion_texts"))
"""Facts whose text lies in a table of its own, under the same id; the fact keeps its keyed hash."""


def findings(tx: Transaction, schema: str, tables: list[str]) -> tuple[list[Finding], int]:
    """What does not agree with the facts, the first of each kind by name, and how many there are."""
    found: list[Finding] = []
    count = 0
    if {"cases", "decisions", "reversals", "case_values"} <= set(tables):
        checks = [_texts(tx, schema, *kind) for kind in TEXTS if kind[0] in tables]
        checks += [_values(tx, schema, field) for field in _filled(tx, schema)]
        checks.append(_waiting(tx, schema))
        for rows in checks:
            found += rows[:NAMED]
            count += len(rows)
    return found, count


def keyed_hash_sql(secret: bytes, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of a text as SQL, the same as `rhml.store.log.keyed_hash`."""
    key = (hashlib.sha256(secret).digest() if len(secret) > 64 else secret).ljust(64, b"\0")
    inner, outer = (bytes(b ^ pad for b in key).hex() for pad in (0x36, 0x5C))
    return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text}))))"


def _texts(tx: Transaction, schema: str, facts: str, name: str, texts: str) -> list[Finding]:
    d = quoted(schema)
    [(secret,)] = tx.run("SELECT value FROM rhml.secret")
    rows = tx.run(
        f"SELECT coalesce(f.seq, 0), coalesce(f.{name}, t.{name}), CASE WHEN t.text IS NULL THEN 'text gone' "
        f"WHEN f.rationale_hash IS NULL THEN 'text added' ELSE 'text' END FROM {d}.{facts} f "
        f"FULL JOIN {d}.{texts} t ON t.{name} = f.{name} WHERE f.rationale_hash IS DISTINCT FROM "
        f"CASE WHEN t.text IS NOT NULL THEN {keyed_hash_sql(secret.encode(), 't.text')} END ORDER BY 1"
    )
    twice = tx.run(f"SELECT {name} FROM {d}.{texts} GROUP BY {name} HAVING count(*) > 1")
    return [Finding(schema, facts if seq else texts, seq, kind, about) for seq, about, kind in rows] + [
        Finding(schema, texts, 0, "text added", about) for (about,) in twice
    ]


def _filled(tx: Transaction, schema: str) -> list[str]:
    return [f for (f,) in tx.run(f"SELECT DISTINCT feature FROM {quoted(schema)}.case_values ORDER BY 1")]


def _values(tx: Transaction, schema: str, field: str) -> list[Finding]:
    d, kind = quoted(schema), columns(tx.run, schema, "cases").get(field)
    if kind is None:
        return []
    rows = tx.run(
        f"SELECT c.seq, c.case_id FROM {d}.cases c JOIN (SELECT case_id, arg_max(value, seq) AS value "
        f"FROM {d}.case_values WHERE feature = {literal(field)} GROUP BY case_id) v ON v.case_id = c.case_id "
        f"WHERE TRY_CAST(nullif(v.value, '') AS {kind}) IS DISTINCT FROM c.{quoted(field)} ORDER BY c.seq"
    )
    return [Finding(schema, "cases", seq, "value", f"case {case_id}, {field}") for seq, case_id in rows]


def _waiting(tx: Transaction, schema: str) -> list[Finding]:
    """Cases that wait and should not, or the other way round; and those that show other words than the facts hold.

    Whose outcome is known may be off the list: a domain may say that such cases are over.
    """
    d = quoted(schema)
    rows = tx.run(
        f"SELECT case_id, 'is decided, or no case' FROM (SELECT case_id FROM {d}.waiting EXCEPT SELECT case_id FROM "
        f"{d}.pending) UNION ALL SELECT case_id, 'is not there' FROM (SELECT case_id FROM {d}.pending EXCEPT "
        f"SELECT case_id FROM {d}.waiting) WHERE {_not_over(tx, schema)} UNION ALL "
        f"SELECT case_id, 'is there twice' FROM {d}.waiting GROUP BY case_id HAVING count(*) > 1 UNION ALL "
        f"SELECT w.case_id, 'shows other times, stakes or suggestions than the facts' FROM {d}.waiting w "
        f"JOIN {d}.cases c ON c.case_id = w.case_id JOIN {d}.pending p ON p.case_id = w.case_id "
        f"LEFT JOIN (SELECT case_id, arg_max(r, seq) AS r FROM {d}.recommendations r WHERE NOT imported AND case_id IN "
        f"(SELECT case_id FROM {d}.waiting) GROUP BY case_id) n ON n.case_id = w.case_id LEFT JOIN (SELECT case_id, "
        "arg_max(until, seq) FILTER (WHERE kind = 'snoozed') AS snoozed_until, arg_max(note, seq) FILTER (WHERE kind = "
        "'assigned') AS assigned_to, arg_max(manager, seq) FILTER (WHERE kind = 'escalated') AS escalated_by FROM "
        f"{d}.case_events GROUP BY case_id) e ON e.case_id = w.case_id WHERE {_OTHERWISE} ORDER BY 1"
    )
    return [
        Finding(schema, "waiting", 0, "waiting", f"case {case_id}", f"It {why}.") for case_id, why in rows
    ]


_OTHERWISE = " OR ".join(
    f"{shown} IS DISTINCT FROM {fact}"
    for shown, fact in (
        ("w.received_at", "c.received_at"), ("w.due_at", "c.due_at"), ("w.mode", "c.mode"), ("w.stake", "p.value"),
        ("w.recommendation_id", "n.r.recommendation_id"), ("w.action", "n.r.action"),
        ("w.probability", "n.r.probability"), ("w.uncorrected_action", "n.r.uncorrected_action"),
        ("w.likeliest_action", "n.r.likeliest_action"),
        ("w.snoozed_until", "e.snoozed_until"), ("w.assigned_to", "e.assigned_to"),
        ("w.escalated_by", "e.escalated_by"), ("coalesce(w.model_version, n.r.model_version)", "n.r.model_version"),
    )
)  # fmt: skip
"""Where a waiting case shows something else than the facts; without a version it is to be recommended for anew."""


def _not_over(tx: Transaction, schema: str) -> str:
    d = quoted(schema)
    texts = tx.run("SELECT text FROM rhml.domain_files WHERE domain = $1", [schema])
    if any("over" in text for (text,) in texts):
        return f"case_id NOT IN (SELECT case_id FROM {d}.current_outcomes)"
    return "TRUE"
