"""The fingerprint tells whether two reports rest on the same facts, and nothing else."""

from datetime import datetime

import pytest

from rhml.core.domain import parse_domain
from rhml.loop.asked import Asked
from rhml.loop.fingerprint import fingerprint
from rhml.loop.onboard import onboard
from rhml.store import studies
from rhml.store.opening import open_store
from rhml.store.studies import Study
from tests.loans import LOANS, NOW, csv, loan_cases, right_action


@pytest.fixture
def taken(tmp_path):
    """The fingerprint of a log of its own, with tables as they are given."""
    opened = []

    def take(order: int = 1, change=lambda cases, decisions, outcomes: None, later=None, text: str = LOANS):
        cases = loan_cases(60)
        right = right_action(cases)
        decisions = cases[["case_id"]].assign(manager="m1", final_action=right, decided_at=cases["due_at"])[
            :40
        ]
        outcomes = cases[["case_id"]].assign(right_action=right, known_at="2026-03-01")[:30]
        change(cases, decisions, outcomes)
        store = open_store(f"duckdb:///{tmp_path / f'{len(opened)}.duckdb'}", now=NOW, secret="the same")
        opened.append(store)
        domain = parse_domain("loans", text)
        onboard(store, domain, cases=csv(cases[::order]), decisions=csv(decisions[::order]),
                outcomes=csv(outcomes[::order]), by=f"lead {order}", at=NOW.replace(year=NOW.year + (order < 0)))  # fmt: skip
        if later:
            later(store)
        return fingerprint(Asked(store, domain))

    yield take
    for store in opened:
        store.close()


def test_the_same_data_in_another_order_at_another_time_have_the_same_fingerprint(taken):
    one, other = taken(), taken(order=-1)
    assert one.whole == other.whole and one.short == one.whole[:12]
    assert one.rows == {"decisions": 40, "outcomes": 30, "cases": 60}


def test_one_changed_value_anywhere_changes_it(taken):
    def confidence(cases, decisions, outcomes):
        decisions["final_confidence"] = [None] * 39 + [0.7]

    def fact(cases, decisions, outcomes):
        cases.loc[59, "amount"] = cases.loc[59, "amount"] + 1

    def outcome(cases, decisions, outcomes):
        outcomes.loc[3, "known_at"] = "2026-02-28"

    found = [taken(), *(taken(change=change) for change in (confidence, fact, outcome))]
    assert len({one.whole for one in found}) == 4


def test_two_values_that_change_places_change_it(taken):
    def swapped(cases, decisions, outcomes):
        first, second = decisions.loc[0, "decided_at"], decisions.loc[1, "decided_at"]
        decisions.loc[0, "decided_at"], decisions.loc[1, "decided_at"] = second, first

    assert taken().whole != taken(change=swapped).whole


def test_another_domain_file_changes_it(taken):
    assert taken().whole != taken(text=LOANS.replace('"Lend"', '"Grant"')).whole


def test_facts_that_no_report_rests_on_leave_it_as_it_is(taken):
    def look(store):
        fact = Study("a look", None, {}, datetime(2026, 3, 5), "rhml")
        store.write(lambda tx: studies.add(tx, "loans", fact))

    one, other = taken(), taken(later=look)
    assert one.whole == other.whole and other.counter == one.counter + 1
