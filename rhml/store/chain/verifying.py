"""Verifies a chain: every fact against its seal, every seal against the one before, and what lies beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb

from rhml.store.chain import beside, rows
from rhml.store.chain.comparing import compare
from rhml.store.chain.entries import salted
from rhml.store.chain.erasures import erasures, false_erasures
from rhml.store.chain.finding import NAMED, Chain, Finding
from rhml.store.chain.made import dropped
from rhml.store.chain.reading import Facts
from rhml.store.chain.windows import LOWEST, Reader, Window
from rhml.store.names import quoted
from rhml.store.transaction import Transaction

HIGHEST = 2**63 - 1
Told = Callable[[int], None]


def verify(tx: Transaction, schema: str, head: str | None = None, told: Told = lambda facts: None) -> Chain:
    """One chain as it is now; `head` is a hash noted earlier, which must be one of its seals'.

    `told` hears how many facts have been read. Where tables or the log's secret are not what this product makes,
    that is what is wrong.
    """
    try:
        return _verify(tx, schema, head, told)
    except (duckdb.Error, ValueError, TypeError, OverflowError) as error:
        bad = Finding(
            schema, "seals", 0, "unreadable", "", (str(error) or "No more is known.").splitlines()[0]
        )
        return Chain(schema, 0, 0, "", (bad,), 1, knows_head=False if head else None)


def _verify(tx: Transaction, schema: str, head: str | None, told: Told) -> Chain:
    facts = Facts(tx, schema)
    reader, (found, wrong, count), forged = _facts(tx, facts, told, frozenset())
    if forged:  # what a false erasure covers is named itself
        reader, (found, wrong, count), _ = _facts(tx, facts, told, forged)
    ends = _ends(tx, schema, reader) + false_erasures(tx, schema, facts.tables) + _unnumbered(tx, facts)
    texts, others = beside.findings(tx, schema, facts.tables)
    gone = [Finding(schema, table, 0, "dropped") for table in dropped(schema, facts.tables)]
    found = sorted([*found, *ends], key=lambda f: (f.seq, f.kind != "seal")) + gone + texts
    return Chain(
        schema, count, reader.number, reader.hash.hex() if reader.number else "", tuple(found),
        wrong + len(ends) + len(gone) + others, erasures(tx, schema, facts.tables),
        any(h.startswith(head.lower()) for h in reader.hashes) if head else None,
    )  # fmt: skip


def _facts(
    tx: Transaction, facts: Facts, told: Told, without: frozenset[int]
) -> tuple[Reader, tuple[list[Finding], int, int], frozenset[int]]:
    """Every fact against its seal: what was found, how much is wrong, how many facts; and erasures nobody sealed."""
    reader, redacted = Reader(tx, facts.schema, facts.code), facts.redacted(without)
    found: list[Finding] = []
    forged: set[int] = set()
    wrong = count = 0
    for window in reader.windows():
        compared = compare(window, facts.between(window.low, window.high), redacted)
        bad, more = _of_window(facts, window, compared)
        forged |= {s for s, c in (*compared.changed, *compared.added) if facts.table(c) == "erased"}
        found += bad[: max(NAMED - len(found), 0)]
        wrong += more
        count += len(window.seqs)
        told(count)
    after = facts.between(reader.last + 1 if reader.number else LOWEST, HIGHEST)
    late = sorted(zip(after.seqs.tolist(), after.codes.tolist(), strict=True))
    forged |= {s for s, c in late if facts.table(c) == "erased"}
    found += [_named(facts, s, c, "added") for s, c in late[: max(NAMED - len(found), 0)]]
    return reader, (found, wrong + len(late), count), frozenset(forged)


def _unnumbered(tx: Transaction, facts: Facts) -> list[Finding]:
    d = quoted(facts.schema)
    return [Finding(facts.schema, table, 0, "unnumbered") for table in facts.tables
            if tx.run(f"SELECT 1 FROM {d}.{quoted(table)} WHERE seq IS NULL LIMIT 1")]  # fmt: skip


def _of_window(facts: Facts, window: Window, compared: Any) -> tuple[list[Finding], int]:
    """The findings of a window in the order of the facts, the first of them by name; and how many there are."""
    bad = [
        (seq, code, kind) for kind in ("changed", "missing", "added") for seq, code in getattr(compared, kind)
    ]
    bad.sort()
    named = [_named(facts, seq, code, kind) for seq, code, kind in bad[:NAMED]]
    named = _moved(facts, window, named)
    seals = [_seal(facts.schema, seal, seal.unfit) for seal in window.seals if seal.unfit]
    seals += [_seal(facts.schema, window.seals[place], "Its digest is not that of its facts.")
              for place in compared.seals if not window.seals[place].unfit]  # fmt: skip
    return sorted(named + seals, key=lambda f: (f.seq, f.kind != "seal")), len(bad) + len(seals)


def _seal(schema: str, seal: Any, why: str) -> Finding:
    about = f"seal {seal.number:,} over facts {seal.first:,} to {seal.last:,}"
    return Finding(schema, "seals", seal.first, "seal", about, why)


ABOUT = (
    "case_id",
    "decision_id",
    "version",
    "person",
    "by_whom",
    "domain",
    "lesson_id",
    "drill_id",
    "key_id",
)


def _named(facts: Facts, seq: int, code: int, kind: str) -> Finding:
    table = facts.table(code)
    held = rows.of(facts.run, facts.schema, table, seq) if table in facts.tables else []
    about = next(
        (f"{name.removesuffix('_id')} {row[name]}" for row in held for name in ABOUT if row.get(name)), ""
    )
    return Finding(facts.schema, table, seq, kind, about)


def _moved(facts: Facts, window: Window, found: list[Finding]) -> list[Finding]:
    """Facts that were sealed under the number of another bad one were moved, not changed."""
    homes = {(f.table, f.seq): f for f in found if f.kind in ("changed", "missing")}
    told = []
    for one in found:
        moved = one.kind in ("changed", "added") and _home(
            facts, window, one, [s for t, s in homes if t == one.table]
        )
        told.append(
            Finding(one.schema, one.table, one.seq, "moved", one.about, f"It belongs at {moved:,}.")
            if moved
            else one
        )
    return told


def _home(facts: Facts, window: Window, one: Finding, numbers: list[int]) -> int:
    """The number that a fact was sealed under, if it is one of these; 0 if it is none."""
    code = facts.code(one.table)
    for number in numbers:
        _, digests = facts.digests(one.table, f"seq = {one.seq}", f"CAST({number} AS BIGINT)")
        for at in (
            ((window.seqs == number) & (window.codes == code)).nonzero()[0] if number != one.seq else ()
        ):
            checks = [
                int.from_bytes(salted(window.salts[at].tobytes(), d.tobytes())[:8], "big") for d in digests
            ]
            if int(window.checks[at]) in checks:
                return number
    return 0


def _ends(tx: Transaction, schema: str, reader: Reader) -> list[Finding]:
    """What is wrong with the end of the chain: the counter gave numbers that no seal covers, or seals were doubled."""
    d = quoted(schema)
    counters = tx.run(f"SELECT n FROM {d}.counter")
    [(seals,)] = tx.run(f"SELECT count(*) FROM {d}.seals")
    found = []
    if counters != [(reader.last,)]:
        said = (
            f"Numbers up to {counters[0][0]:,} were given."
            if len(counters) == 1
            else "The counter is not one row."
        )
        found.append(Finding(schema, "seals", reader.last + 1, "tail", f"up to fact {reader.last:,}", said))
    if seals != len(reader.hashes):
        found.append(
            Finding(schema, "seals", reader.last, "seal", "a seal", "There are two of the same number.")
        )
    return found
