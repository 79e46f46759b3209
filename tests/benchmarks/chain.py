"""What sealing costs, in processor time: a decision, an import of many facts, verifying and sealing an older log.

Run it as `python -m tests.benchmarks.chain [FACTS]`; it prints milliseconds, seconds and ratios.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd

from rhml.core.domain import parse_domain
from rhml.core.records import Decision
from rhml.loop.verify import verify
from rhml.store import log, organization
from rhml.store.chain import adoption, sealing
from rhml.store.engine import Store
from rhml.store.opening import new_id, open_store
from rhml.store.transaction import Transaction
from tests.loans import LOANS, NOW


def spent(act: Callable[[], object], times: int = 1) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) / times


def unsealed(act: Callable[[], float]) -> float:
    """The same without sealing, as an earlier version wrote it."""
    kept = Transaction.append, Transaction.note_facts, sealing.Sealing.seal
    Transaction.append, Transaction.note_facts = _plain, lambda *_: None
    sealing.Sealing.seal = lambda self: None
    try:
        return act()
    finally:
        Transaction.append, Transaction.note_facts, sealing.Sealing.seal = kept


def _plain(tx: Transaction, table: str, columns, rows) -> None:
    marks = ", ".join(f"${i}" for i in range(1, len(columns) + 1))
    for row in rows:
        tx.run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", row)


def decisions(store: Store, rationale: str) -> float:
    """Milliseconds of one recorded decision, in the quietest of eight rounds."""

    def one() -> None:
        made = Decision(
            new_id(), "a1", "m1", "assisted", "lend", NOW, recommended_action="lend", rationale=rationale
        )
        store.write(lambda tx: log.append_decision(tx, "loans", made, shown=("v1", 0.8), live="v1",
                                                   secret=store.secret, at=NOW))  # fmt: skip

    one()
    return 1e3 * min(spent(one, 60) for _ in range(8))


def outcomes(store: Store, count: int) -> float:
    """Seconds to append so many outcomes in one unit of work."""
    facts = pd.DataFrame({
        "outcome_id": [f"o{i:08}" for i in range(count)], "case_id": [f"a{i:08}" for i in range(count)],
        "right_action": "lend", "known_at": NOW + timedelta(days=1), "withdrawn": False, "recorded_at": NOW,
        "recorded_by": "lead",
    })  # fmt: skip

    def unit(tx: Transaction) -> None:
        tx.append_frame("loans.outcomes", facts.assign(seq=list(tx.numbers("loans", count))))

    return spent(lambda: store.write(unit))


def measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        domain, found = parse_domain("loans", LOANS), {}
        for name in ("sealed", "unsealed"):
            store = open_store(f"duckdb:///{Path(folder) / name}.duckdb", now=NOW)
            store.write(lambda tx: organization.save_domain(tx, domain, at=NOW, by="lead"))
            how = unsealed if name == "unsealed" else (lambda act: act())
            found[name] = [how(lambda s=store, r=r: decisions(s, r)) for r in ("", "because")]
            found[name].append(how(lambda s=store: outcomes(s, count)))
            if name == "unsealed":
                seconds = spent(lambda s=store: s.write(lambda tx: adoption.seal_what_is_there(tx, "loans")))
            print(f"{name}: verifying {verify(store).facts:,} facts {spent(lambda s=store: verify(s)):.1f} s: "
                  f"{verify(store).sentence}")  # fmt: skip
            store.close()
        for what, sealed, plain in zip(
            ("agree", "override"), found["sealed"], found["unsealed"], strict=False
        ):
            print(
                f"a decision ({what}): {plain:.2f} ms unsealed, {sealed:.2f} sealed, +{sealed - plain:.2f} ms"
            )
        sealed, plain = found["sealed"][2], found["unsealed"][2]
        print(f"{count:,} outcomes: {plain:.1f} s unsealed, {sealed:.1f} sealed, ratio {sealed / plain:.2f}")
        print(f"sealing {count:,} facts of an older log: {seconds:.1f} s")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
