"""Redacts facts so that the chain still verifies: each is checked first, and keeps the digest it was sealed with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.errors import ErasureRefused
from rhml.store.chain.comparing import key
from rhml.store.chain.entries import salted
from rhml.store.chain.reading import Facts
from rhml.store.erasing import salts
from rhml.store.names import quoted
from rhml.store.transaction import Transaction


@dataclass(frozen=True)
class Change:
    """What an erasure changes in one table: the numbers of the facts it touches, and how."""

    table: str
    seqs: np.ndarray
    apply: Callable[[], object]


@dataclass(frozen=True)
class Erasure:
    """Why facts are redacted: whose or what, under which alias, by whom."""

    erasure_id: str
    kind: str
    alias: str
    why: str
    by: str
    at: datetime


def redact(
    tx: Transaction, schema: str, changes: Sequence[Change], erasure: Erasure, aliases: Sequence[str] = ()
) -> int:
    """Carry out changes and record what was redacted; returns how many facts. ErasureRefused if one was tampered with.

    `aliases`: of each case, where several are erased at once.
    """
    wanted: dict[str, np.ndarray] = {}
    for change in changes:
        if len(change.seqs):
            before = wanted.get(change.table, np.empty(0, np.int64))
            wanted[change.table] = np.union1d(before, change.seqs)
    facts = Facts(tx, schema)
    held = salts.held(tx, schema, wanted) if wanted else []
    sealed = _sealed(facts, held, wanted)
    for change in changes:
        change.apply()
    if held:
        salts.renew(tx, schema, held)
    _record(
        tx, schema, erasure, aliases or [erasure.alias], sealed, _digests(Facts(tx, schema), held, wanted)
    )
    return len(sealed)


def _digests(
    facts: Facts, held: list[salts.Held], wanted: dict[str, np.ndarray]
) -> dict[tuple[str, int], bytes]:
    """The salted digest of each fact as it is now."""
    raw: dict[tuple[str, int], bytes] = {}
    for table, seqs in wanted.items():
        with facts.tx.lent(pd.DataFrame({"seq": seqs}), "these_facts"):
            numbers, digests = facts.digests(table, "seq IN (SELECT t.seq FROM these_facts t)")
        raw |= {(table, int(s)): d.tobytes() for s, d in zip(numbers, digests, strict=True)}
    return {
        (table, int(seq)): salted(one.salt(place), raw[table, int(seq)])
        for one in held
        for place, table, seq in zip(one.places, one.tables, one.seqs, strict=True)
        if (table, int(seq)) in raw
    }


def _sealed(
    facts: Facts, held: list[salts.Held], wanted: dict[str, np.ndarray]
) -> dict[tuple[str, int], bytes]:
    """The digest each fact was sealed with; ErasureRefused where one is no longer what was sealed."""
    now, earlier = _digests(facts, held, wanted), facts.redacted()
    places = {int(k): i for i, k in enumerate(earlier.keys)}
    sealed = {}
    for one in held:
        for table, seq, check in zip(one.tables, one.seqs, one.checks, strict=True):
            name = (table, int(seq))
            place = places.get(int(key(np.array([seq]), np.array([facts.code(table)]))[0]))
            fits = check.tobytes() if place is None else earlier.now[place].tobytes()
            if not now.get(name, b"").startswith(fits):
                raise _tampered(facts.schema, *name)
            sealed[name] = now[name] if place is None else earlier.sealed[place].tobytes()
    for table, seqs in wanted.items():
        for seq in seqs:
            if (table, int(seq)) not in sealed:
                raise _tampered(facts.schema, table, int(seq))
    return sealed


def _tampered(schema: str, table: str, seq: int) -> ErasureRefused:
    return ErasureRefused(
        f"{schema}: {table} {seq:,} is not as it was sealed, and an erasure must not cover that. Nothing was erased. "
        "Run `python -m rhml verify` first, and restore what it names."
    )


def _record(
    tx: Transaction, schema: str, erasure: Erasure, aliases: Sequence[str], sealed: dict[tuple[str, int], bytes],
    now: dict[tuple[str, int], bytes],
) -> None:  # fmt: skip
    """One row for each alias, the first with the count of all; and one for each fact."""
    d = quoted(schema)
    numbers = list(tx.numbers(schema, len(aliases) + len(sealed)))
    tx.append(
        f"{d}.erasures",
        ("seq", "erasure_id", "kind", "alias", "why", "facts", "erased_at", "erased_by"),
        [(seq, erasure.erasure_id, erasure.kind, alias, erasure.why, 0 if place else len(sealed), erasure.at, erasure.by)
         for place, (seq, alias) in enumerate(zip(numbers, aliases, strict=False))],
    )  # fmt: skip
    names = sorted(sealed)
    tx.append_frame(
        f"{d}.erased",
        pd.DataFrame({
            "seq": numbers[len(aliases):], "erasure_id": erasure.erasure_id, "fact_table": [t for t, _ in names],
            "fact_seq": [s for _, s in names], "sealed": [sealed[n].hex() for n in names],
            "digest": [now[n].hex() for n in names],
        }),
    )  # fmt: skip
