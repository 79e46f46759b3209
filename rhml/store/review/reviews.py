"""Second signatures and blind second opinions: what is appended, what waits for whom, and who has seen what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.governance import Opinion
from rhml.store.engine import Store, Transaction, quoted
from rhml.store.log import keyed_hash
from rhml.store.review.review_views import OPEN

Run = Callable[..., list[tuple]]

SIGNATURE = (
    "seq", "decision_id", "case_id", "kind", "by_whom", "why", "value", "above", "happened_at",
)  # fmt: skip
OPINION = (
    "seq", "opinion_id", "case_id", "decision_id", "kind", "manager", "action", "confidence", "rationale_hash",
    "seconds", "share", "happened_at",
)  # fmt: skip


def append_signature(
    tx: Transaction, schema: str, decision_id: str, case_id: str, kind: str, *, by: str, at: datetime, why: str = "",
    value: float | None = None, above: float | None = None,
) -> None:  # fmt: skip
    """Record that a signature was *asked* for, *signed* or *refused*."""
    [seq] = tx.numbers(schema)
    row = (seq, decision_id, case_id, kind, by, why, value, above, at)
    tx.append(f"{quoted(schema)}.signatures", SIGNATURE, [row])


def ask_opinion(
    tx: Transaction, schema: str, decision_id: str, case_id: str, *, author: str, share: float, at: datetime
) -> None:
    """Record that the lot asks for a second opinion on a decision."""
    [seq] = tx.numbers(schema)
    row = (seq, None, case_id, decision_id, "asked", author, None, None, None, None, share, at)
    tx.append(f"{quoted(schema)}.opinions", OPINION, [row])


def append_opinion(tx: Transaction, schema: str, given: Opinion, *, secret: bytes, at: datetime) -> None:
    """Record a blind opinion; its words lie in an erasable row, the fact keeps their keyed hash."""
    [seq] = tx.numbers(schema)
    row = (seq, given.opinion_id, given.case_id, given.decision_id, "given", given.manager, given.action,
           given.confidence, keyed_hash(secret, given.rationale), given.seconds, None, at)  # fmt: skip
    tx.append(f"{quoted(schema)}.opinions", OPINION, [row])
    if given.rationale:
        texts = f"{quoted(schema)}.opinion_texts"
        tx.append(texts, ("opinion_id", "text"), [(given.opinion_id, given.rationale)])


def append_seen(tx: Transaction, schema: str, case_id: str, person: str, *, at: datetime) -> None:
    """Record, once, that somebody has had before them what a second opinion must not know."""
    d = quoted(schema)
    known = tx.run(
        f"SELECT 1 FROM {d}.opinions WHERE case_id = $1 AND manager = $2 AND kind = 'seen'", [case_id, person]
    )
    if not known:
        [seq] = tx.numbers(schema)
        row = (seq, None, case_id, None, "seen", person, None, None, None, None, None, at)
        tx.append(f"{d}.opinions", OPINION, [row])


def open_opinion(run: Run, schema: str, case_id: str) -> tuple[str, str, str] | None:
    """The decision on which a second opinion is asked, its author and its action; None where none is asked.

    As `review_views.OPEN` says it, but by point reads: a card asks for it, and most cases have no row here.
    """
    d = quoted(schema)
    rows = run(f"SELECT seq, kind, decision_id FROM {d}.opinions WHERE case_id = $1", [case_id])
    asked = max(((seq, made) for seq, kind, made in rows if kind == "asked"), default=None)
    if asked is None or any(kind == "given" and made == asked[1] for _, kind, made in rows):
        return None
    if run(f"SELECT 1 FROM {d}.outcomes WHERE case_id = $1 LIMIT 1", [case_id]):
        return None
    decided = run(
        f"SELECT x.decision_id, x.manager, x.final_action FROM {d}.decisions x WHERE x.decision_id = $1 "
        f"AND NOT EXISTS (SELECT 1 FROM {d}.reversals v WHERE v.decision_id = $1)",
        [asked[1]],
    )
    return decided[0] if decided else None


def involvement(run: Run, schema: str, case_id: str, person: str) -> list[str]:
    """What somebody has had to do with a case: decided, called, handled, signed, seen, given."""
    d = quoted(schema)
    rows = run(
        f"""SELECT 'decided' AS what FROM {d}.decisions WHERE case_id = $1 AND manager = $2
        UNION SELECT 'called' FROM {d}.first_calls WHERE case_id = $1 AND manager = $2
        UNION SELECT 'handled' FROM {d}.case_events WHERE case_id = $1 AND manager = $2
        UNION SELECT kind FROM {d}.signatures WHERE case_id = $1 AND by_whom = $2 AND kind <> 'asked'
        UNION SELECT 'disputed' FROM {d}.conflicts WHERE case_id = $1 AND by_whom = $2
        UNION SELECT kind FROM {d}.opinions WHERE case_id = $1 AND manager = $2 AND kind <> 'asked'""",
        [case_id, person],
    )
    return sorted(what for (what,) in rows)


def nothing_blind(store: Store, schema: str) -> str:
    """SQL over `case_id` for readers who may be asked to judge a case blind: nothing of such a case."""
    d = quoted(schema)
    asked = store.read(f"SELECT 1 FROM {d}.opinions WHERE kind = 'asked' LIMIT 1")
    return f"case_id NOT IN (SELECT case_id FROM {d}.blind)" if asked else "TRUE"


def blind_cases(store: Store, schema: str, reader: str) -> list[str]:
    """Cases on which a second opinion is asked and nobody like this reader may see anything: not their own, nor
    those they have seen already."""
    d = quoted(schema)
    asked = [case_id for (case_id,) in store.read(f"SELECT case_id FROM {d}.blind")]
    known = store.read(
        f"""SELECT case_id FROM {d}.decisions WHERE manager = $1 AND case_id IN (SELECT unnest($2::text[]))
        UNION SELECT case_id FROM {d}.opinions WHERE manager = $1 AND kind = 'seen'
          AND case_id IN (SELECT unnest($2::text[]))""",
        [reader, asked],
    )
    return sorted(set(asked) - {case_id for (case_id,) in known})


_UNSIGNED = """s.kind = 'asked'
    AND NOT EXISTS (SELECT 1 FROM {d}.signatures a WHERE a.decision_id = s.decision_id AND a.kind <> 'asked')
    AND NOT EXISTS (SELECT 1 FROM {d}.reversals v WHERE v.decision_id = s.decision_id)
    AND NOT EXISTS (SELECT 1 FROM {d}.conflicts k WHERE k.decision_id = s.decision_id)"""
"""SQL over `signatures s`: it still waits; once a decision is in the conflict room, what is settled there counts."""


def unsigned(store: Store, domain: DecisionDomain) -> list[dict[str, Any]]:
    """Decisions that await a signature, due soonest first: nothing of what was decided."""
    d = quoted(domain.name)
    rows = store.records(
        "SELECT s.decision_id, s.case_id, s.by_whom AS author, s.value, s.above, s.happened_at AS asked_at "
        f"FROM {d}.signatures s WHERE {_UNSIGNED.format(d=d)} ORDER BY s.seq"
    )
    about = about_cases(store, domain, [row["case_id"] for row in rows])
    found = [row | {"due_at": about.get(row["case_id"], (None, None))[0]} for row in rows]
    return sorted(found, key=lambda row: (row["due_at"] is None, row["due_at"] or row["asked_at"]))


def about_cases(store: Store, domain: DecisionDomain, case_ids: list[str]) -> dict[str, tuple[Any, ...]]:
    """When some cases are due and what is at stake in them: looked up by their ids, for the log may be long."""
    stake = quoted(domain.value.column) if domain.value.column else "CAST(NULL AS FLOAT8)"
    rows = store.read(
        f"SELECT case_id, due_at, {stake} FROM {quoted(domain.name)}.cases WHERE case_id IN (SELECT unnest($1::text[]))",
        [case_ids],
    )
    return {case_id: rest for case_id, *rest in rows}


def signature_state(run: Run, schema: str, decision_id: str) -> str:
    """Where a signature stands: *none*, *asked*, *signed*, *refused*, *reversed* or *in conflict*."""
    d = quoted(schema)
    rows = run(
        f"""SELECT arg_max(s.kind, s.seq),
        bool_or(EXISTS (SELECT 1 FROM {d}.reversals v WHERE v.decision_id = s.decision_id)),
        bool_or(EXISTS (SELECT 1 FROM {d}.conflicts k WHERE k.decision_id = s.decision_id))
        FROM {d}.signatures s WHERE s.decision_id = $1""",
        [decision_id],
    )
    [(kind, is_reversed, disputed)] = rows
    if kind is None:
        return "none"
    if is_reversed:
        return "reversed"
    return "in conflict" if kind == "asked" and disputed else kind


def wanted_opinions(store: Store, domain: DecisionDomain) -> list[dict[str, Any]]:
    """Cases on which a second opinion is asked, the oldest request first: nothing of what was decided."""
    d = quoted(domain.name)
    rows = store.records(
        f"SELECT o.case_id, max(o.happened_at) AS asked_at FROM {d}.opinions o WHERE {OPEN.format(d=d)} "
        "GROUP BY o.case_id ORDER BY min(o.seq)"
    )
    about = about_cases(store, domain, [row["case_id"] for row in rows])
    return [row | {"value": about.get(row["case_id"], (None, None))[1]} for row in rows]


def barred(store: Store, schema: str, person: str, case_ids: list[str]) -> set[str]:
    """Of some cases, those this person has had to do with already."""
    d, among = quoted(schema), "case_id IN (SELECT unnest($2::text[]))"
    rows = store.read(
        f"""SELECT case_id FROM {d}.decisions WHERE manager = $1 AND {among}
        UNION SELECT case_id FROM {d}.first_calls WHERE manager = $1 AND {among}
        UNION SELECT case_id FROM {d}.case_events WHERE manager = $1 AND {among}
        UNION SELECT case_id FROM {d}.signatures WHERE by_whom = $1 AND {among}
        UNION SELECT case_id FROM {d}.conflicts WHERE by_whom = $1 AND {among}
        UNION SELECT case_id FROM {d}.opinions WHERE manager = $1 AND {among}""",
        [person, case_ids],
    )
    return {case_id for (case_id,) in rows}


def of_decision(run: Run, schema: str, decision_id: str) -> dict[str, Any] | None:
    """A decision as it was made, with its rationale, whether it was reversed, and its recommendation's id."""
    d = quoted(schema)
    names = (
        "decision_id", "case_id", "manager", "final_action", "final_confidence", "recommendation_id",
        "recommended_action", "recommended_confidence", "reason", "decided_at", "imported", "rationale", "reversed",
    )  # fmt: skip
    rows = run(
        f"""SELECT {", ".join("x." + name for name in names[:11])}, t.text,
        EXISTS (SELECT 1 FROM {d}.reversals v WHERE v.decision_id = x.decision_id)
        FROM {d}.decisions x LEFT JOIN {d}.rationales t ON t.decision_id = x.decision_id WHERE x.decision_id = $1""",
        [decision_id],
    )
    return dict(zip(names, rows[0], strict=True)) if rows else None
