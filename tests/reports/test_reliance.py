"""The measures of deciding together come out to the digit, and what cannot be known is said."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhml.reports.reliance import reliance

# How often first call, recommendation and final decision were right, in this order: a generated table.
COUNTS = {
    (0, 0, 0): 1227, (0, 0, 1): 73, (0, 1, 0): 1331, (0, 1, 1): 302,
    (1, 0, 0): 170, (1, 0, 1): 795, (1, 1, 0): 146, (1, 1, 1): 2731,
}  # fmt: skip

cells = st.fixed_dictionaries({cell: st.integers(0, 40) for cell in COUNTS}).filter(
    lambda c: sum(c.values()) >= 20
)


@pytest.fixture
def measured(from_cells, domain):
    return reliance(from_cells(COUNTS), domain=domain(), seed=1)


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        ("human", 0.5671, 6775),
        ("model", 0.6657, 6775),
        ("team", 0.5758, 6775),
        ("oracle", 0.8081, 6775),
        ("rair", 0.1849, 1633),
        ("rsr", 0.8238, 965),
        ("switch_fraction", 0.1817, 2598),
        ("error_correlation", 0.2017, 6775),
        ("override_precision", 0.3701, 2345),
        ("team_minus_human", 0.0087, 6775),
        ("complementarity", -0.0899, 6775),
        ("agreement_final", 0.6539, 6775),
    ],
)
def test_known_counts_give_known_measures(measured, name, value, n):
    found = getattr(measured, name)
    assert round(found.value, 4) == value
    assert found.n == n
    assert found.low < found.value < found.high


def test_team_minus_human_has_the_interval_of_its_pairs(measured):
    assert measured.team_minus_human.low == pytest.approx(0.001, abs=0.0005)
    assert measured.team_minus_human.high == pytest.approx(0.016, abs=0.0005)


def test_complementarity_is_no_surer_than_either_of_its_parts(measured):
    assert measured.complementarity.low <= measured.team_minus_model.low
    assert measured.complementarity.low <= measured.team_minus_human.low


@given(counts=cells)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_breakdown_adds_up_exactly(counts, from_cells, domain):
    found = reliance(from_cells(counts), domain=domain(), seed=1)
    parts = {name: part.value for name, part in found.breakdown.items()}
    gained = parts["gained by following"] + parts["gained against both"]
    lost = parts["lost by following"] + parts["lost against both"]
    assert found.team.value - found.human.value == pytest.approx(gained - lost)
    assert found.complementarity.value == pytest.approx(
        found.team.value - max(found.human.value, found.model.value)
    )
    json.dumps(found.as_dict(), allow_nan=False)


def test_seven_cases_are_too_few_to_say(from_cells, domain):
    found = reliance(from_cells({(1, 1, 1): 7}), domain=domain(), seed=1)
    assert (found.decisions, found.resolved, found.with_both_calls) == (7, 7, 7)
    assert found.human.value is None
    assert found.human.why == "Only 7 cases so far; too few to say."
    assert found.human.n == 7


def test_an_empty_log_gives_a_whole_report(decisions, domain):
    found = reliance(decisions(0), domain=domain(), seed=1)
    assert found.decisions == 0
    assert found.team.why == "No cases so far."


def test_each_call_counts_where_it_is_there(decisions, domain):
    calls = ["lend"] * 25 + [None] * 25
    frame = decisions(
        50, first_action=calls, recommended_action="lend", final_action="decline", right_action="lend"
    )
    found = reliance(frame, domain=domain(), seed=1)
    assert (found.human_all.n, found.model_all.n, found.team_all.n) == (25, 50, 50)
    assert (found.with_both_calls, found.human.n, found.model.n) == (25, 25, 25)
    assert (found.model_all.value, found.team_all.value) == (1.0, 0.0)


def test_a_case_judged_by_many_narrows_no_interval_of_the_model(from_cells, domain):
    one = reliance(from_cells({(1, 1, 1): 30, (1, 0, 1): 20}), domain=domain(), seed=1).model_all
    frame = from_cells({(1, 1, 1): 120, (1, 0, 1): 80})
    frame["case_id"] = [f"c{i // 4}" for i in range(200)]
    many = reliance(frame, domain=domain(), seed=1).model_all
    assert many.value == one.value
    assert many.high - many.low == pytest.approx(one.high - one.low, rel=0.05)


def test_without_outcomes_only_agreement_is_measured(from_cells, domain):
    frame = from_cells(COUNTS).assign(right_action=None, verdict=None)
    found = reliance(frame, domain=domain(outcome=""), seed=1)
    assert found.human.value is None
    assert "no outcomes" in found.human.why
    assert round(found.switch_fraction.value, 4) == 0.1817
    assert found.agreement_final.n == 6775


SELECTIVE = '[outcome]\nobserved_after = ["lend"]\nexplore = 0.3\n'


def _selective(decisions, *, shown):
    """Half of all cases lent; the outcome shows after lending, and in the explored third whatever was decided."""
    i = np.arange(240)
    final = np.where(i % 2 == 0, "lend", "decline")
    explored = i % 3 == 0
    known = (final == "lend") | (explored & shown)
    right = np.where(known, np.where(i % 4 < 2, "lend", "decline"), None)
    return decisions(240, first_action=final, recommended_action="lend", final_action=final,
                     right_action=right, explore=explored)  # fmt: skip


def test_where_outcomes_are_selective_only_the_exploration_share_speaks(decisions, domain):
    found = reliance(_selective(decisions, shown=True), domain=domain(outcome=SELECTIVE), seed=1)
    assert found.resolved == 160
    assert found.team.n == 80
    assert found.team.value == 0.5


def test_without_an_exploration_share_it_cannot_be_known(decisions, domain):
    frame = _selective(decisions, shown=False)
    for rows in (frame, frame.assign(explore=False), _selective(decisions, shown=True).assign(imported=True)):
        found = reliance(rows, domain=domain(outcome=SELECTIVE), seed=1)
        for name in ("human", "team", "rair", "rsr", "override_precision", "model_all", "override_value"):
            assert getattr(found, name).value is None
            assert getattr(found, name).why.startswith("Cannot be known")
        assert found.switch_fraction.n == 120


def test_weight_of_advice_moves_on_the_first_listed_action(decisions, domain):
    frame = decisions(
        40,
        first_action="decline", first_confidence=0.8,          # lend at .2
        recommended_action="lend", recommended_confidence=0.7,  # lend at .7
        final_action=["lend", "decline"] * 20, final_confidence=[0.6, 0.7] * 20,  # lend at .6 and .3
        right_action="lend",
    )  # fmt: skip
    found = reliance(frame, domain=domain(), seed=1).weight_of_advice
    assert found.value == pytest.approx((0.8 + 0.2) / 2)
    assert found.n == 40


def test_advice_that_hardly_differs_has_no_weight(decisions, domain):
    frame = decisions(30, first_action="lend", first_confidence=0.6, recommended_action="lend",
                      recommended_confidence=0.65, final_action="lend", final_confidence=0.9,
                      right_action="lend")  # fmt: skip
    assert reliance(frame, domain=domain(), seed=1).weight_of_advice.value is None


def test_costs_are_in_the_domains_unit(decisions, domain):
    more = (
        '[value]\ncolumn = "amount"\nunit = "€"\ncost = { lend = { decline = 0.5 }, decline = { lend = 0.1 } }\n'
        "[features.amount]\n"
    )
    frame = decisions(60, first_action="lend", recommended_action="lend",
                      final_action=["decline", "lend", "decline"] * 20,
                      right_action=["decline", "decline", "lend"] * 20,
                      value=np.arange(60) % 7 * 100.0)  # fmt: skip
    found = reliance(frame, domain=domain(more), seed=1)
    value = frame["value"].to_numpy()
    assert found.model_cost.value == pytest.approx((0.5 * value * (np.arange(60) % 3 < 2)).mean())
    saved = 0.5 * value[0::3].sum() - 0.1 * value[2::3].sum()
    assert found.override_value.value == pytest.approx(saved)
    assert found.override_value.low < saved < found.override_value.high
    assert (found.unit, found.override_value.n) == ("€", 40)


def test_a_missing_value_is_left_out_and_said(decisions, domain):
    more = '[value]\ncolumn = "amount"\nunit = "€"\n[features.amount]\n'
    frame = decisions(60, first_action="lend", recommended_action="lend", final_action="lend",
                      right_action=["lend", "decline"] * 30, value=[np.nan] + [5.0] * 59)  # fmt: skip
    found = reliance(frame, domain=domain(more), seed=1).team_cost
    assert found.n == 59
    assert found.why == "1 without a value left out."


def test_without_values_overrides_are_counted_in_cases(measured):
    assert measured.unit == "cases"
    assert measured.override_value.value == 73 + 795 - (1331 + 146)
    assert "no value" in measured.team_cost.why


def test_more_than_two_actions_have_no_weight_of_advice(decisions, domain):
    three = 'title = "Loans"\n[actions]\nlend = "Lend"\nask = "Ask"\ndecline = "Decline"\n'
    frame = decisions(40, first_action="lend", recommended_action="ask", final_action="decline",
                      right_action="lend")  # fmt: skip
    found = reliance(frame, domain=domain(base=three), seed=1)
    assert "two actions" in found.weight_of_advice.why
    assert found.override_value.value == 0
    assert found.error_correlation.value is None
