"""The action of least expected cost, held against a plain loop; and the explanation of it."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.core.intent import Intent, Protect
from rhml.machine.deciding import Rule, chosen, expected, holds

TRIAGE = """
title = "Messages"
ordered = true
[actions]
dismiss = "Dismiss"
watch = "Watch"
escalate = "Escalate"
[value]
cost = { dismiss = { watch = 1.0, escalate = 9.0 }, watch = { dismiss = 0.2, escalate = 4.0 }, escalate = { dismiss = 1.5, watch = 0.7 } }
[features.shift]
kind = "category"
[features.urgent]
kind = "yes_no"
[segments]
columns = ["shift", "urgent"]
"""


@pytest.fixture(scope="module")
def triage():
    return parse_domain("triage", TRIAGE)


@pytest.fixture(scope="module")
def given():
    return np.random.default_rng(3).dirichlet((1, 1, 1), 400)


def test_it_takes_the_action_of_least_expected_cost(triage, given):
    intent = Intent(balance=1.5)
    rule = Rule.of(triage, intent, triage.action_keys)
    weights = {-1: 2.0**0.75, 1: 2.0**-0.75}
    for p, found in zip(given, rule.choose(given, rule.outside(len(given))), strict=True):
        costs = [
            sum(
                p[r] * triage.cost_of(a, b) * (weights[np.sign(c - r)] if c != r else 0)
                for r, b in enumerate(triage.action_keys)
            )
            for c, a in enumerate(triage.action_keys)
        ]
        assert costs[found] == pytest.approx(min(costs))


def test_where_costs_are_alike_the_likelier_action_is_taken():
    free = parse_domain(
        "free",
        'title = "Free"\n[actions]\na = "A"\nb = "B"\n[value]\ncost = { a = { b = 0.0 }, b = { a = 0.0 } }',
    )
    rule = Rule.of(free, Intent(), free.action_keys)
    assert rule.choose(np.array([[0.3, 0.7], [0.8, 0.2]]), rule.outside(2)).tolist() == [1, 0]


def test_without_an_intent_the_likeliest_action_is_recommended(triage, given):
    assert Rule.of(triage, None, triage.action_keys) is None
    cases = pd.DataFrame(index=range(len(given)))
    assert (chosen(None, given, cases) == given.argmax(axis=1)).all()


def test_only_cases_of_the_protected_segment_follow_its_costs(triage, given):
    cases = pd.DataFrame({"shift": np.where(np.arange(len(given)) % 2, "night", "day")})
    plain, held = (
        Rule.of(triage, Intent(protect=protect), triage.action_keys)
        for protect in (None, Protect("shift", "night", 8.0, "low"))
    )
    before, after = chosen(plain, given, cases), chosen(held, given, cases)
    night = (cases["shift"] == "night").to_numpy()
    assert (before[~night] == after[~night]).all()
    assert (after[night] >= before[night]).all() and (after[night] > before[night]).any()


def test_a_value_is_found_in_words_and_in_yes_and_no():
    assert holds(pd.Series(["day", None, "night"], dtype=object), "day").tolist() == [True, False, False]
    assert holds(pd.Series([1.0, 0.0, np.nan]), "true").tolist() == [True, False, False]
    assert holds(pd.Series([1.0, 0.0, np.nan]), "false").tolist() == [False, True, False]
    assert holds(pd.Series(["true", "x"], dtype=object), "true").tolist() == [True, False]


def test_equal_rows_cost_the_same_to_the_last_bit_in_any_company(triage, given):
    costs = Rule.of(triage, Intent(balance=0.3), triage.action_keys).costs
    whole = expected(given, costs)
    assert all((expected(given[i : i + 1], costs) == whole[i]).all() for i in range(50))
