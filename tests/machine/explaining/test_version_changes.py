import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.explaining.version_changes import version_changes
from rhml.machine.learning.fitting import train


@pytest.fixture(scope="module")
def turned(make, domain, hot):
    """A second version that learned when lending to owners had stopped being right."""
    cases, _ = make(900, 41)
    owners = cases["owner"] == 1
    later = cases.assign(right_action=np.where(owners, "decline", cases["truth"]))
    before = train(cases.assign(right_action=cases["truth"]), hot(cases, "truth"), domain=domain, seed=1)
    after = train(later, hot(later), domain=domain, seed=1)
    waiting = make(300, 42)[0]
    return before, after, cases, waiting, cases[["region"]]


@pytest.fixture(scope="module")
def found(turned):
    return version_changes(*turned)


def test_the_factor_that_changed_weighs_more_and_says_by_how_much(found):
    first = found.weights[0]
    assert first.feature == "owner"
    assert first.after - first.before == pytest.approx(first.difference.value)
    assert first.difference.low > 0
    assert first.difference.n == found.n == 900


def test_the_parts_that_moved_are_those_that_were_turned(turned, found):
    before, after, cases, *_ = turned
    moved = after.probabilities(cases)[:, 0] - before.probabilities(cases)[:, 0]
    assert found.overall.value == pytest.approx(moved.mean(), abs=1e-5)
    shift = {s.name: s for s in found.shifts if s.factor == "owner"}
    owners = (cases["owner"] == 1).to_numpy()
    assert found.shifts[0] == shift["yes"]
    assert shift["yes"].moved.value == pytest.approx(moved[owners].mean(), abs=1e-5)
    assert shift["yes"].moved.n == owners.sum() and shift["yes"].moved.high < 0
    assert found.looked_at >= len(found.shifts)
    assert {s.factor for s in found.shifts} - {"owner"} <= {"region", *before.features}


def test_waiting_cases_that_changed_are_all_of_those_and_no_other(turned, found):
    before, after, _, waiting, _ = turned
    old, new = (model.probabilities(waiting).argmax(axis=1) for model in (before, after))
    assert {case.case_id for case in found.cases} == set(waiting["case_id"][old != new])
    assert found.changed == len(found.cases) > 30
    assert found.waiting == 300
    rows = waiting.set_index("case_id")
    for case in found.cases:
        assert case.before != case.after
        assert case.after_probability == pytest.approx(
            after.probabilities(rows.loc[[case.case_id]]).max(), abs=1e-5
        )
    assert pd.Series([case.factor for case in found.cases]).value_counts().index[0] == "owner"


def test_a_waiting_case_that_asks_for_an_own_call_first_counts_and_is_not_listed(turned, found):
    before, after, cases, waiting, segments = turned
    asked = {case.case_id for case in found.cases[::2]}
    modes = waiting["mode"].where(~waiting["case_id"].isin(asked), "first_call")
    withheld = version_changes(before, after, cases, waiting.assign(mode=modes), segments)
    assert withheld.changed == found.changed
    assert {case.case_id for case in withheld.cases} == {case.case_id for case in found.cases} - asked


def test_equal_versions_change_nothing(model, cases):
    same = version_changes(model, model, cases, cases, cases[["branch"]])
    assert same.changed == 0 and same.overall.value == 0
    assert all(h.before == h.after for h in same.weights)


def test_a_version_without_a_factor_gives_it_no_weight(turned, hot):
    _, after, cases, waiting, segments = turned
    text = (
        'title = "L"\n[actions]\nlend = "L"\ndecline = "D"\n[outcome]\n[features.income]\nkind = "number"\n'
    )
    without = train(cases, hot(cases, "truth"), domain=parse_domain("loans", text), seed=1)
    found = version_changes(without, after, cases, waiting, segments)
    assert {h.feature: h.before for h in found.weights}["owner"] == 0


def test_without_waiting_cases_there_is_nothing_to_list_and_all_is_json(turned):
    before, after, cases, waiting, segments = turned
    found = version_changes(before, after, cases, waiting.iloc[:0], segments)
    assert found.cases == () and found.waiting == 0
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False))["waiting"] == 0
