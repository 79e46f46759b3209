"""Equal treatment: questions where something is planted, none where nothing is, and never an accusation."""

from dataclasses import replace

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.reports.calls import Calls
from rhml.reports.equal_treatment import equal_treatment
from rhml.stats.intervals import amount, share
from tests.benchmarks.equal_treatment import DOMAIN, Scenario, decisions, planted

ALIKE = Scenario("all alike", decisions=2_000, managers=6)


def domain(extra: str, *, text: str = DOMAIN.text):
    return parse_domain("loans", text.replace("[outcome]\n", extra))


def told(found, column="region", value="south"):
    [part] = [c for c in found.columns if c.column == column]
    [one] = [v for v in part.values if v.value == value]
    return one


def test_where_cases_are_decided_alike_nothing_is_asked():
    asked = [equal_treatment(decisions(ALIKE, seed), domain=DOMAIN).questions for seed in range(6)]
    assert sum(bool(one) for one in asked) <= 1


def test_eight_points_more_refusals_in_one_region_are_asked_about_with_numbers():
    found = equal_treatment(decisions(Scenario("8", unequal=0.08), 4), domain=DOMAIN)
    assert planted(found)
    [question] = found.questions
    assert question.measure == "override_high"
    assert question.sentence.endswith("Is there a reason that the facts do not show?")
    assert "more often where Region is south" in question.sentence
    assert question.alike.low <= 0.08 <= question.alike.high


def test_harder_cases_are_seen_as_counted_and_not_on_like_cases():
    harder = Scenario("harder", harder=0.5, riskier=0.8, decisions=6_000)
    found = equal_treatment(decisions(harder, 2), domain=DOMAIN)
    assert not found.questions
    south = told(found).measures["final_decline"]
    assert south.difference.low > 0.05
    assert abs(south.alike.value) < 0.04


def test_people_who_decide_there_are_told_from_the_cases():
    found = equal_treatment(decisions(Scenario("others", specialised=0.7, managers=9), 2), domain=DOMAIN)
    assert not found.questions


def test_a_region_that_only_its_own_people_decide_cannot_be_told_from_them():
    rows = decisions(ALIKE, 1)
    rows["manager"] = "m" + rows["region"]
    found = equal_treatment(rows, domain=DOMAIN)
    assert told(found).measures["override_rate"].words.startswith("Other people decide there")


def test_below_twenty_decisions_no_number_is_given():
    rows = decisions(ALIKE, 1)
    rows.loc[rows.index[:12], "region"] = "islands"
    one = told(equal_treatment(rows, domain=DOMAIN), value="islands")
    assert one.why == "Only 12 cases so far; too few to say."
    assert not any(m.here.known or m.alike.known for m in one.measures.values())


def test_of_many_kinds_the_rare_ones_are_one():
    rows = decisions(ALIKE, 1)
    rows["region"] = [f"r{min(i % 40, i % 7)}" if i % 3 else f"r{i % 40}" for i in range(len(rows))]
    [column] = [c for c in equal_treatment(rows, domain=DOMAIN).columns if c.column == "region"]
    assert len(column.values) == 12
    assert "all others" in [v.value for v in column.values]
    assert sum(v.decisions for v in column.values) == len(rows)


def test_shares_are_those_of_the_rows():
    rows = decisions(ALIKE, 4)
    found = equal_treatment(rows, domain=DOMAIN)
    calls = Calls.of(rows, DOMAIN)
    south = (rows["region"] == "south").to_numpy()
    for there, name in ((south, "here"), (~south, "rest")):
        advised = there & calls.overridden | there & (calls.final == calls.recommended)
        wanted = share(calls.overridden[advised], calls.sample(advised))
        got = getattr(told(found).measures["override_rate"], name)
        assert (got.value, got.low, got.high, got.n) == pytest.approx(
            (wanted.value, wanted.low, wanted.high, wanted.n), abs=1e-12
        )


def test_cases_judged_by_several_are_counted_case_by_case():
    rows = decisions(replace(ALIKE, judged_by=3), 4)
    one = told(equal_treatment(rows, domain=DOMAIN)).measures["team_wrong_lend"]
    calls = Calls.of(rows, DOMAIN)
    there = (rows["region"] == "south").to_numpy() & (calls.right == 0)
    wanted = share(calls.final[there] != 0, calls.sample(there))
    assert (one.here.low, one.here.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_costs_are_those_of_the_rows():
    priced = domain('[outcome]\n[value]\ncolumn = "x2"\nunit = "€"\n')
    rows = decisions(replace(ALIKE, decisions=4_000), 4)
    rows["value"] = np.exp(rows["x2"])
    one = told(equal_treatment(rows, domain=priced)).measures["cost"]
    calls = Calls.of(rows, priced)
    rest = (rows["region"] != "south").to_numpy()
    wanted = amount(calls.costs(calls.final)[rest], calls.sample(rest), seed=7)
    assert (one.rest.value, one.rest.low, one.rest.high) == pytest.approx(
        (wanted.value, wanted.low, wanted.high)
    )
    assert not one.question
