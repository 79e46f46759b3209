"""A log with facts in many tables, and a stranger who opens its file with DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.core.records import Outcome
from rhml.loop import collect, onboard, teams
from rhml.loop.decide import Choice, commit_first_call, decide, reverse
from rhml.loop.verify import Verified, verify
from rhml.store import log, looks, twins, waiting
from rhml.store.engine import Store
from rhml.store.looks import Look
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases, right_action

COLLECTED = LOANS.replace(
    "[features.region]", '[features.rent]\nkind = "number"\ncollect = true\n[features.region]'
)


def lived_in(path: Path) -> tuple[Store, DecisionDomain]:
    """A log in which people decided, called first, reversed, filled in a field, looked, and a model went live."""
    store, domain = open_store(f"duckdb:///{path}", now=NOW, secret="fixed"), parse_domain("loans", COLLECTED)
    teams.set_role(store, "lead", "lead", by="lead", at=NOW)
    for person in ("m1", "m2"):
        teams.set_role(store, person, "manager", by="lead", at=NOW)
    cases = loan_cases(40)
    right = right_action(cases)
    done = pd.DataFrame({
        "case_id": cases["case_id"][:20], "manager": ["m1", "m2"] * 10, "final_action": right[:20],
        "decided_at": cases["due_at"][:20], "recommended_action": "lend", "model_version": "old",
        "rationale": [f"as {i}" for i in range(20)],
    })  # fmt: skip
    known = pd.DataFrame(
        {"case_id": cases["case_id"][:15], "right_action": right[:15], "known_at": "2026-03-01"}
    )
    onboard.onboard(
        store, domain, cases=csv(cases), outcomes=csv(known), decisions=csv(done), by="lead", at=NOW
    )
    _by_hand(store, domain, NOW)
    return store, domain


def _by_hand(store: Store, domain: DecisionDomain, now: datetime) -> None:
    choices = {"a00030": "m1", "a00031": "m2", "a00032": "m1"}
    commit_first_call(store, domain, "a00030", "lend", manager="m1", at=now, marks=(("amount", "matters"),))
    for minutes, (case_id, manager) in enumerate(choices.items(), start=1):
        at = now + timedelta(minutes=minutes)
        choice = Choice(case_id, "lend", rationale=f"because of {case_id}", marks=(("late", "matters"),))
        made = decide(store, domain, choice, manager=manager, at=at)
    reverse(store, domain, made.decision_id, by="m1", at=now + timedelta(hours=1), why="a slip")
    for rent in ("700", "800"):
        collect.fill(store, domain, "a00025", {"rent": rent}, by="m2", at=now)
    store.write(lambda tx: looks.append(tx, "loans", [Look("lead", "m1", "record", "asked for it", now)]))
    store.write(
        lambda tx: log.append_event(tx, "loans", "a00026", "escalated", manager="m2", at=now, note="odd")
    )
    store.write(
        lambda tx: log.append_outcome(tx, "loans", Outcome("o1", "a00030", "lend", now), at=now, by="lead")
    )
    store.write(lambda tx: waiting.rebuild(tx, domain))
    store.write(lambda tx: twins.keep(tx, "loans", "v1", "twin", [b"a model", b"another"]))


def after(path: Path, *statements: str, head: str | None = None) -> Verified:
    """What verifying comes to after a stranger has run these statements on the file."""
    stranger = duckdb.connect(str(path))
    for statement in statements:
        stranger.execute(statement)
    stranger.close()
    return of(path, head=head)


def of(path: Path, head: str | None = None) -> Verified:
    """What verifying comes to."""
    return looking(path, lambda store: verify(store, head=head))


def looking(path: Path, look: Callable):
    """What a look at the log gives."""
    store = open_store(f"duckdb:///{path}", now=NOW)
    try:
        return look(store)
    finally:
        store.close()


def asked(path: Path, sql: str) -> list[tuple]:
    """A stranger's question."""
    with duckdb.connect(str(path), read_only=True) as stranger:
        return stranger.execute(sql).fetchall()
