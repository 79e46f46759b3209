"""Marks, words and exceptions become proposals where several people were right about one thing, and only there."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.core.domain_checks import NAME
from rhml.machine.proposing.edits import Apart, Collect, Drop, Monotone, Rule
from rhml.machine.proposing.policies import in_words
from rhml.machine.proposing.proposals import EXCERPT, candidates, field_name

LOANS = """
title = "Loans"
[terms]
case = "application"
manager = "officer"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[features.amount]
kind = "number"
unit = "€"
[features.income]
kind = "number"
[features.sector]
label = "Sector of trade"
kind = "category"
[features.insured]
kind = "yes_no"
[features.founded]
kind = "date"
[features.region]
kind = "category"
use = false
[segments]
protected = ["region"]
"""
OTHER = {"lend": "decline", "decline": "lend"}
IDLE = ("I have a feeling about this one", "the papers look odd to me", "we talked it through", "let us see")


@pytest.fixture(scope="module")
def loans():
    return parse_domain("loans", LOANS)


def log_of(seed, n=600, right=0.6, people=4):
    """Cases and overrides by several people, right in a share of them, for reasons of no pattern."""
    rng = np.random.default_rng(seed)
    cases = pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(n)],
            "amount": rng.integers(1, 60, n) * 500.0,
            "income": rng.normal(40, 10, n).round(1),
            "sector": rng.choice(["retail", "farming", "crafts"], n),
            "insured": rng.integers(0, 2, n).astype(float),
            "founded": pd.Timestamp("2001-01-01") + pd.to_timedelta(rng.integers(0, 9_000, n), unit="D"),
            "region": rng.choice(["north", "south"], n),
        }
    )
    advice = rng.choice(["lend", "decline"], n)
    final = np.where(rng.random(n) < 0.5, advice, [OTHER[a] for a in advice])
    proved = np.where(rng.random(n) < right, final, [OTHER[a] for a in final])
    decisions = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)],
            "case_id": cases["case_id"],
            "manager": [f"m{k}" for k in rng.integers(0, people, n)],
            "recommended_action": advice,
            "final_action": final,
            "right_action": np.where(rng.random(n) < 0.9, proved, None),
            "reason": np.where(final != advice, rng.choice(["New information", "Data is wrong"], n), None),
            "rationale": np.where(final != advice, rng.choice(IDLE, n), ""),
            "bank": rng.random(n) < 0.1,
        }
    )
    return cases, decisions, rng


def overrides(decisions):
    return decisions.index[decisions["final_action"] != decisions["recommended_action"]]


def right_ones(decisions):
    moved = decisions["final_action"] != decisions["recommended_action"]
    return decisions.index[
        moved & ~decisions["bank"] & (decisions["final_action"] == decisions["right_action"])
    ]


def marks_on(decisions, rows, *pairs):
    return pd.DataFrame(
        [(decisions.at[row, "decision_id"], factor, mark) for row in rows for factor, mark in pairs],
        columns=["decision_id", "factor", "mark"],
    )


NO_MARKS = pd.DataFrame(columns=["decision_id", "factor", "mark"])


def test_a_factor_that_people_rightly_call_irrelevant_may_be_dropped(loans):
    cases, decisions, _ = log_of(1)
    marks = marks_on(decisions, right_ones(decisions)[:24], ("sector", "irrelevant here"))
    [found] = candidates(cases, decisions, marks, domain=loans)
    assert found.edit == Drop("sector")
    assert found.support["overrides"] == found.support["right"] == 24
    assert "4 officers marked “Sector of trade” as irrelevant in 24 of" in found.sentence
    assert "24 of the 24 with an outcome proved right" in found.sentence


def test_marks_of_one_person_among_several_propose_nothing(loans):
    cases, decisions, _ = log_of(1)
    rows = right_ones(decisions)
    marks = marks_on(decisions, rows[:24], ("insured", "irrelevant here"))
    mine = [row for row in rows[24:] if decisions.at[row, "manager"] == "m1"][:15]
    marks = pd.concat([marks, marks_on(decisions, mine, ("sector", "irrelevant here"))])
    assert [one.edit for one in candidates(cases, decisions, marks, domain=loans)] == [Drop("insured")]


def test_marks_in_overrides_that_proved_wrong_propose_nothing(loans):
    cases, decisions, _ = log_of(2)
    known = decisions.loc[overrides(decisions)].query("right_action.notna()")
    wrong = known.index[known["final_action"] != known["right_action"]][:30]
    assert not candidates(
        cases, decisions, marks_on(decisions, wrong, ("sector", "irrelevant here")), domain=loans
    )


def test_marks_without_a_pattern_propose_nothing(loans):
    false = 0
    for seed in range(20):
        cases, decisions, rng = log_of(seed, right=0.8)
        rows = overrides(decisions)[:100]
        marks = pd.DataFrame(
            {
                "decision_id": decisions.loc[rows, "decision_id"],
                "factor": rng.choice([f.name for f in loans.inputs], len(rows)),
                "mark": rng.choice(["irrelevant here", "wrong direction"], len(rows)),
            }
        )
        false += bool(candidates(cases, decisions, marks, domain=loans))
    assert false <= 3


def test_a_factor_that_counts_the_wrong_way_gets_its_direction(loans):
    for name, high_for in (("income", "lend"), ("amount", "decline"), ("founded", "lend")):
        cases, decisions, _ = log_of(3)
        rows = right_ones(decisions)
        value = cases.loc[rows, name]
        with_it = (value > value.mean()) == (decisions.loc[rows, "final_action"] == high_for)
        marks = marks_on(decisions, rows[with_it][:25], (name, "wrong direction"))
        [found] = candidates(cases, decisions, marks, domain=loans)
        assert found.edit == Monotone(name, "increasing" if high_for == "lend" else "decreasing")


def test_a_direction_that_is_declared_already_is_not_proposed():
    domain = parse_domain(
        "loans", LOANS.replace("[features.income]", '[features.income]\neffect = "increasing"')
    )
    cases, decisions, _ = log_of(3)
    rows = right_ones(decisions)
    high = cases.loc[rows, "income"] > cases["income"].mean()
    with_it = high == (decisions.loc[rows, "final_action"] == "lend")
    marks = marks_on(decisions, rows[with_it][:25], ("income", "wrong direction"))
    assert not candidates(cases, decisions, marks, domain=domain)


def test_factors_marked_together_may_be_kept_apart(loans):
    cases, decisions, _ = log_of(4)
    both = (("amount", "irrelevant here"), ("income", "wrong direction"))
    found = candidates(cases, decisions, marks_on(decisions, right_ones(decisions)[:20], *both), domain=loans)
    assert Apart("amount", "income") in [one.edit for one in found]


def test_words_of_those_who_were_right_become_a_field(loans):
    cases, decisions, _ = log_of(5)
    rows = right_ones(decisions)[:16]
    decisions.loc[rows, "rationale"] = [
        f"On the site visit nr {i} the stock was much higher" for i in range(16)
    ]
    [found] = candidates(cases, decisions, NO_MARKS, domain=loans)
    assert isinstance(found.edit, Collect)
    assert found.edit.name in ("site", "visit", "stock", "higher")
    assert {"visit", "stock"} <= {found.support["term"], *found.support["words"]}
    assert found.support["right"] == 16
    assert all("site visit" in example for example in found.examples) and len(found.examples) == 3


def test_words_for_what_the_card_shows_are_no_missing_field(loans):
    cases, decisions, _ = log_of(5)
    decisions.loc[right_ones(decisions)[:30], "rationale"] = "in this sector of trade it pays back quickly"
    assert not candidates(cases, decisions, NO_MARKS, domain=loans)


def test_words_without_a_pattern_propose_nothing(loans):
    found = [candidates(*log_of(seed)[:2], NO_MARKS, domain=loans) for seed in range(20)]
    assert sum(map(bool, found)) <= 3


def test_nothing_that_people_type_does_harm(loans):
    cases, decisions, _ = log_of(6)
    rows = right_ones(decisions)
    hostile = [
        "<script>alert(1)</script> <img src=x onerror=alert(1)>", "**[bold](http://x)** `code` $x^2$ | a | b |",
        "=HYPERLINK(\"http://x\")", "x" * 100_000, "word " * 20_000, "\x00\x1b[31m\u202e\ufeff", "供应商已经搬家了 供应商",
        "Der Lieferant zieht um und hört auf", "'; DROP TABLE cases; --", "", "(((((((((", "😀 " * 50, None,
    ]  # fmt: skip
    decisions["rationale"] = decisions["rationale"].astype(object)
    for at, row in enumerate(rows):
        decisions.at[row, "rationale"] = hostile[at % len(hostile)]
    for one in candidates(cases, decisions, NO_MARKS, domain=loans):
        assert NAME.fullmatch(one.edit.name)
        assert len(one.edit.label) <= 81
        assert all(len(example) <= EXCERPT and "\n" not in example for example in one.examples)
        assert len(one.sentence) < 500


def test_exceptions_made_again_and_again_become_a_rule(loans):
    cases, decisions, rng = log_of(7, n=1_000)
    under = ((cases["sector"] == "farming") & (cases["amount"] <= 9_000)).to_numpy()
    excused = under & (decisions["recommended_action"] == "decline") & (rng.random(len(cases)) < 0.85)
    decisions.loc[excused, ["final_action", "reason"]] = ["lend", "Policy exception"]
    [found] = candidates(cases, decisions, NO_MARKS, domain=loans)
    assert isinstance(found.edit, Rule) and found.edit.action == "lend"
    assert {(c.feature, c.op) for c in found.edit.when} == {("sector", "="), ("amount", "<=")}
    words = in_words(found.edit.when, loans)
    assert "Sector of trade is farming" in words and "Amount is at most" in words and "€" in words
    assert words in found.sentence


def test_exceptions_that_a_stated_policy_asks_for_are_no_new_rule():
    stated = (
        '[[policy]]\nwhen = [{ feature = "insured", op = "=", value = true }]\naction = "lend"\nwhy = "w"\n'
    )
    domain = parse_domain("loans", LOANS + stated)
    cases, decisions, _ = log_of(8, n=1_000)
    excused = (cases["insured"] == 1) & (decisions["recommended_action"] == "decline")
    decisions.loc[excused, ["final_action", "reason"]] = ["lend", "Policy exception"]
    assert not candidates(cases, decisions, NO_MARKS, domain=domain)


def test_a_rule_has_no_more_conditions_than_it_needs(loans):
    cases, decisions, _ = log_of(8, n=1_000)
    excused = (cases["insured"] == 1) & (decisions["recommended_action"] == "decline")
    decisions.loc[excused, ["final_action", "reason"]] = ["lend", "Policy exception"]
    [found] = candidates(cases, decisions, NO_MARKS, domain=loans)
    assert in_words(found.edit.when, loans) == "Insured is yes"


def test_exceptions_both_ways_or_anywhere_are_no_rule(loans):
    cases, decisions, rng = log_of(9, n=1_000)
    farming = (cases["sector"] == "farming").to_numpy()
    decisions.loc[farming, "reason"] = "Policy exception"
    decisions.loc[farming, "final_action"] = [OTHER[a] for a in decisions.loc[farming, "recommended_action"]]
    one_way = [
        one for one in candidates(cases, decisions, NO_MARKS, domain=loans) if isinstance(one.edit, Rule)
    ]
    assert not one_way
    cases, decisions, rng = log_of(10, n=1_000)
    decisions.loc[rng.choice(overrides(decisions), 60, replace=False), "reason"] = "Policy exception"
    assert not candidates(cases, decisions, NO_MARKS, domain=loans)


def test_protected_columns_make_no_rule(loans):
    cases, decisions, _ = log_of(11, n=1_000)
    excused = (cases["region"] == "north") & (decisions["recommended_action"] == "decline")
    decisions.loc[excused, ["final_action", "reason"]] = ["lend", "Policy exception"]
    found = candidates(cases, decisions, NO_MARKS, domain=loans)
    assert not [one for one in found if isinstance(one.edit, Rule)]


def test_the_bank_proposes_nothing(loans):
    cases, decisions, _ = log_of(1)
    decisions["bank"] = True
    decisions.loc[overrides(decisions)[:60], "rationale"] = "the stock was much higher"
    marks = marks_on(decisions, overrides(decisions), ("sector", "irrelevant here"))
    assert candidates(cases, decisions, marks, domain=loans) == []


def test_an_empty_log_proposes_nothing(loans):
    cases, decisions, _ = log_of(1)
    assert candidates(cases.iloc[:0], decisions.iloc[:0], NO_MARKS, domain=loans) == []


@pytest.mark.parametrize(
    ("label", "name"),
    [("Line", "line"), ("Order", "its_order"), ("Amount", "amount_2"), ("供应商", "field"), ("9 lives", "field_9_lives"),
     ("Überprüft?", "uberpruft"), ("Manager", "its_manager"), ("x" * 200, "x" * 50)],
)  # fmt: skip
def test_a_field_gets_a_name_that_a_domain_file_takes(label, name, loans):
    assert field_name(label, loans) == name
