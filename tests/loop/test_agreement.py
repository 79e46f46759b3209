"""Agreement gathered from a log in which several people called the same cases."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.loop.agreement import agreement
from rhml.loop.onboard import onboard
from rhml.stats.alpha import Coincidences, alpha
from rhml.store import agreement_counts
from rhml.store.explorer import Filters
from rhml.store.veil import Veil
from tests.loans import LOANS, NOW, csv, loan_cases

PEOPLE, CASES = ("m1", "m2", "m3"), 90
OPEN = Veil(tuple((name, f"person {name}") for name in PEOPLE), "others")


def called() -> pd.DataFrame:
    """Three people on ninety cases, one in five calls missing: own calls by lot, final ones mostly as recommended."""
    draw = np.random.default_rng(6)
    rows = pd.MultiIndex.from_product(
        [[f"a{i:05}" for i in range(CASES)], PEOPLE], names=["case_id", "manager"]
    )
    table = rows.to_frame(index=False)[draw.random(len(rows)) < 0.8]
    names = np.array(["lend", "decline"])
    shown = dict(zip(rows.levels[0], names[draw.integers(0, 2, CASES)], strict=True))
    own = dict(zip(rows.levels[0], names[draw.integers(0, 2, CASES)], strict=True))
    table["recommended_action"] = table["case_id"].map(shown)
    lot = names[draw.integers(0, 2, len(table))]
    table["first_action"] = np.where(draw.random(len(table)) < 0.5, table["case_id"].map(own), lot)
    followed = draw.random(len(table)) < 0.85
    table["final_action"] = np.where(followed, table["recommended_action"], table["first_action"])
    return table.assign(recommended_confidence=0.8, decided_at="2026-02-01T10:00:00")


@pytest.fixture
def held(log):
    domain = parse_domain("loans", LOANS)
    onboard(log, domain, cases=csv(loan_cases(CASES)), decisions=csv(called()), by="lead", at=NOW)
    return log, domain


def alpha_of(table: pd.DataFrame, column: str):
    counts = pd.crosstab(table["case_id"], table[column]).reindex(columns=["lend", "decline"])
    return alpha(Coincidences.of_counts(counts.to_numpy()))


def test_alpha_is_that_of_the_rows_of_the_log(held):
    store, domain = held
    found, table = agreement(store, domain, Filters()), called()
    for line, column in ((found.own, "first_action"), (found.final, "final_action")):
        wanted = alpha_of(table, column)
        assert (line.alpha.value, line.alpha.low) == pytest.approx((wanted.value, wanted.low))
        assert line.cases == wanted.n
    assert found.closer.low > 0  # they saw the same recommendation


def test_decisions_that_override_are_not_looked_at_alone(held):
    store, domain = held
    only = Filters((("reason", ("not stated",)),), words="contract")
    assert agreement(store, domain, only).own == agreement(store, domain, Filters()).own


def test_other_filters_narrow_the_cases(held):
    store, domain = held
    retail = agreement(store, domain, Filters((("sector", ("retail",)),)))
    table = called().merge(loan_cases(CASES)[["case_id", "sector"]])
    assert retail.own.cases == alpha_of(table[table["sector"] == "retail"], "first_action").n
    by = {name: own for name, own, _ in agreement(store, domain, Filters(), by="sector").segments}
    assert by["retail"].alpha == retail.own.alpha


def test_people_are_told_two_by_two_only_under_names_the_reader_may_see(held):
    store, domain = held
    found = agreement(store, domain, Filters(seen_by=OPEN))
    assert [pair[:2] for pair in found.pairs] == [
        ("person m1", "person m2"), ("person m1", "person m3"), ("person m2", "person m3"),
    ]  # fmt: skip
    wide = called().pivot(index="case_id", columns="manager", values="first_action")
    both = wide[["m1", "m2"]].dropna()
    assert found.pairs[0][2].cases == len(both)
    assert found.pairs[0][2].same == pytest.approx((both["m1"] == both["m2"]).mean())
    own_only = Veil((("m1", "m1"),), "another manager")
    assert agreement(store, domain, Filters(seen_by=own_only)).pairs == ()
    assert agreement(store, domain, Filters(seen_by=OPEN), people=False).pairs == ()


def test_each_call_is_held_against_the_recommendation_with_its_cases_together(held):
    store, domain = held
    table = called()
    lines = {row[0]: row[2] for row in agreement(store, domain, Filters()).model}
    assert lines["final"].cases == table["case_id"].nunique()
    assert lines["final"].same == pytest.approx((table["final_action"] == table["recommended_action"]).mean())
    assert lines["first"].alpha.value < lines["final"].alpha.value


def test_a_blind_second_opinion_is_an_own_call(held):
    store, domain = held
    before = agreement(store, domain, Filters())
    [(case, decision)] = store.read(
        "SELECT case_id, decision_id FROM loans.decisions ORDER BY decision_id LIMIT 1"
    )

    def give(tx):
        [seq] = tx.numbers("loans")
        tx.append(
            "loans.opinions",
            ("seq", "opinion_id", "case_id", "decision_id", "kind", "manager", "action", "happened_at"),
            [(seq, "o1", case, decision, "given", "m4", "lend", NOW)],
        )

    store.write(give)
    after = agreement(store, domain, Filters())
    assert after.opinions.cases == 1 and before.opinions is None
    assert after.own.same != before.own.same or after.own.cases > before.own.cases


def test_own_calls_that_ended_in_no_decision_are_own_calls(log):
    domain, table = parse_domain("loans", LOANS), called()
    forecasts = table[["case_id", "manager", "first_action", "decided_at"]]
    onboard(log, domain, cases=csv(loan_cases(CASES)), decisions=csv(forecasts), by="lead", at=NOW)
    found, wanted = agreement(log, domain, Filters()), alpha_of(table, "first_action")
    assert found.own.cases == wanted.n > 60 and found.own.alpha.value == pytest.approx(wanted.value)
    assert not found.final.alpha.known


def test_a_log_without_decisions_says_that_nobody_called(log):
    domain = parse_domain("loans", LOANS)
    onboard(log, domain, cases=csv(loan_cases(5)), by="lead", at=NOW)
    found = agreement(log, domain, Filters(seen_by=OPEN))
    assert "No case" in found.own.alpha.why and found.model == () and found.pairs == ()


def test_more_kinds_of_cases_than_are_counted_are_said_and_no_name_is_half_counted(held, monkeypatch):
    store, domain = held
    in_full = agreement(store, domain, Filters(), by="sector")
    assert not in_full.cut and len(in_full.segments) > 1
    monkeypatch.setattr(agreement_counts, "MOST_KINDS", 8)
    found = agreement(store, domain, Filters(), by="sector")
    assert found.cut and 0 < len(found.segments) < len(in_full.segments)
    own, wanted = (
        {name: line.cases for name, line, _ in one.segments if line.cases} for one in (found, in_full)
    )
    assert own.items() <= wanted.items()
