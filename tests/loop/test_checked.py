"""Of cases that are over some can be held back; a case with its outcome does not wait where the domain says so."""

from datetime import datetime

import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.intake.tables import read_bytes
from rhml.loop.checked import advised_hold
from rhml.loop.onboard import check, onboard
from rhml.loop.resolve import withdraw
from rhml.store import frames, waiting
from rhml.store.opening import open_store

NOW = datetime(2026, 1, 1)
TEXT = """
title = "Loans"
received_at = "day"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
column = "ended"
means = { good = "lend", bad = "decline", open = "" }
[decided]
column = "said"
manager = "officer"
[features.amount]
[pending]
over = false
"""
DOMAIN = parse_domain("loans", TEXT)


def table(n=120, **columns):
    frame = pd.DataFrame({
        "case_id": range(n), "amount": range(n), "day": pd.date_range("2025-01-01", periods=n).strftime("%Y-%m-%d"),
        "ended": ["good", "bad"] * (n // 2), "said": ["lend", "", "decline", "lend"] * (n // 4), "officer": "o1", **columns,
    })  # fmt: skip
    return read_bytes("loans.csv", frame.to_csv(index=False).encode())


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"duckdb:///{tmp_path}/log.duckdb", now=NOW)
    yield opened
    opened.close()


def waits(store):
    queue = waiting.Queue("m1")
    return {row["case_id"] for row in waiting.page(store, DOMAIN, queue, now=NOW, limit=500)}


def test_the_newest_are_held_back_and_their_answers_come_with_the_file_again(store):
    done = onboard(store, DOMAIN, cases=table(), hold=20, by="lead", at=NOW)
    assert (done.cases.new, done.outcomes.new) == (120, 100)
    assert waits(store) == {str(i) for i in range(100, 120)}
    assert any("held back" in note for note in done.notes)
    again = onboard(store, DOMAIN, cases=table(), by="lead", at=NOW)
    assert (again.cases.new, again.outcomes.new) == (0, 20)
    assert waits(store) == set()


def test_what_was_decided_comes_in_as_earlier_decisions(store):
    done = onboard(store, DOMAIN, cases=table(), by="lead", at=NOW)
    assert done.decisions.new == 90
    decided = frames.decided(store, DOMAIN)
    assert set(decided["manager"]) == {"o1"} and decided["imported"].all()
    assert onboard(store, DOMAIN, cases=table(), by="lead", at=NOW).decisions.new == 0


def test_a_case_whose_outcome_is_withdrawn_waits_again(store):
    frame = table(said=[""] * 120)
    onboard(store, DOMAIN, cases=frame, by="lead", at=NOW)
    assert waits(store) == set()
    withdraw(store, DOMAIN, "7", by="lead", at=NOW)
    assert waits(store) == {"7"}


def test_where_the_domain_does_not_say_so_cases_with_outcomes_wait(store):
    domain = parse_domain(
        "loans",
        TEXT.replace("over = false", "").replace('[decided]\ncolumn = "said"\nmanager = "officer"', ""),
    )
    onboard(store, domain, cases=table(), by="lead", at=NOW)
    assert len(waits(store)) == 120


def test_holding_back_is_advised_where_nothing_would_be_left(store):
    assert advised_hold(check(store, DOMAIN, cases=table(400), now=NOW)) == 40
    some_open = ["good", "bad", "open", "open"] * 100
    assert (
        advised_hold(check(store, DOMAIN, cases=table(400, ended=some_open, said=[""] * 400), now=NOW)) == 0
    )
    assert advised_hold(check(store, DOMAIN, cases=table(80), now=NOW)) == 0
