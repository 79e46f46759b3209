"""Found segments: what is planted comes back as a rule, nothing else does, and each number says for what it speaks."""

import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain_parts import Segments
from rhml.reports.calls import Calls
from rhml.reports.found.groups import groups
from rhml.reports.found.result import Claim
from rhml.reports.found_segments import Held, covered_by, found_segments
from rhml.stats.rules.rule import Rule
from tests.benchmarks.segments import MODEL, PEOPLE, WEAK, claimed, organization, tried


def search(made, decisions=None, domain=None):
    decisions = made.decisions if decisions is None else decisions
    return found_segments(Calls.of(decisions, domain or made.domain), facts=Held(made.cases, decisions))


@pytest.fixture(scope="module")
def planted():
    return organization(5, 3_000, kind="flat", gap=0.35, share=0.1)


@pytest.fixture(scope="module")
def found(planted):
    return search(planted)


def test_planted_segments_are_found_and_nothing_that_is_not_true():
    plants, found = tried(range(300, 305), 3_000, gap=0.35, share=0.1)
    assert (plants.overlap >= 0.5).mean() >= 0.8
    assert found.true.all()


def test_a_planted_segment_comes_back_with_its_gap(planted, found):
    for plant in planted.plants:
        inside = plant.rule.covers(planted.cases)
        [one] = [s for s in found.segments if s.question == plant.question
                 and (Rule.of({"conditions": s.conditions}).covers(planted.cases) & inside).sum() > inside.sum() / 2]  # fmt: skip
        sign = -1 if plant.question == MODEL else 1
        assert one.later.low * sign > 0 or one.later.high * sign > 0
        assert abs(one.later.value - sign * plant.gap) < 0.15
        assert one.adjusted_p <= 0.05 and one.later.n >= 20


def test_nothing_is_found_where_nothing_is_planted():
    assert not search(organization(11, 2_500, kind="nothing")).segments


def test_later_cases_only_confirm(planted):
    shuffled = planted.decisions.copy()
    late = shuffled["decided_at"] > shuffled["decided_at"].quantile(0.55)
    right = shuffled.loc[late, "right_action"]
    shuffled.loc[late, ["first_action", "recommended_action", "final_action"]] = np.column_stack([right] * 3)
    assert not search(planted, shuffled).segments


def test_a_case_is_wholly_earlier_or_later():
    made = organization(5, 1_000, kind="flat")
    [group] = groups(Calls.of(made.decisions, made.domain))[0]
    parts = pd.Series(group.early).groupby(group.case).nunique()
    assert parts.max() == 1 and (np.bincount(group.case) > 1).any()
    assert 0.55 < group.early.mean() < 0.65


def test_several_people_on_one_case_are_one_case(planted, found):
    twice = pd.concat([
        planted.decisions,
        planted.decisions.assign(decision_id=planted.decisions["decision_id"] + "b", manager="m99"),
    ])  # fmt: skip
    again = search(planted, twice.sort_values("decided_at", kind="stable").reset_index(drop=True))
    known = {s.key: s for s in found.segments}
    assert again.cases == found.cases
    for segment in again.segments:
        if segment.key in known:
            assert segment.p == pytest.approx(known[segment.key].p, rel=1e-6)


def test_no_protected_fact_is_a_condition(planted):
    spoken = {c.feature for p in planted.plants for c in p.rule.conditions}
    guarded = planted.domain.model_copy(update={"segments": Segments(protected=tuple(spoken))})
    told = search(planted, domain=guarded)
    assert not spoken & {c["feature"] for s in told.segments for c in s.conditions}


def test_the_domains_own_segments_stand_beside_them(planted):
    name = next(f.name for f in planted.domain.features if f.kind != "number")
    named = planted.domain.model_copy(update={"segments": Segments(columns=(name,))})
    at = pd.Index(planted.cases["case_id"]).get_indexer(planted.decisions["case_id"])
    decisions = planted.decisions.assign(**{name: planted.cases[name].to_numpy()[at]})
    own = search(planted, decisions, named).own
    assert {o.column for o in own} == {name}
    assert sum(o.told.people.n for o in own) == len(decisions)


def test_decisions_made_in_view_of_the_recommendation_are_a_question_of_their_own(planted):
    aided = planted.decisions.assign(mode="assisted", first_action=None)
    told = search(planted, aided)
    assert told.segments and all("beat" not in s.question or "decisions" in s.question for s in told.segments)


def test_few_cases_say_so(planted):
    assert "200 are needed" in search(planted, planted.decisions.head(150)).why


def test_selective_outcomes_without_exploration_cannot_be_known(planted):
    outcome = planted.domain.outcome.model_copy(update={"observed_after": ("accept",)})
    told = search(planted, domain=planted.domain.model_copy(update={"outcome": outcome}))
    assert not told.segments and "Cannot be known" in told.why


def test_a_log_without_times_is_parted_by_its_order(planted):
    told = search(planted, planted.decisions.assign(decided_at=pd.NaT))
    assert told.split is None and told.asked


def test_json_takes_everything(found):
    told = json.loads(json.dumps(found.as_dict()))
    assert told["confirmed"] == len(told["segments"]) > 0
    assert {"question", "rule", "conditions", "earlier", "later", "shrunk", "people", "model"} <= set(
        told["segments"][0]
    )
    assert told["claims"]["cases"] == 3_000


def test_the_decisions_behind_a_segment_are_those_it_covers(planted, found):
    segment = next(s for s in found.segments if not s.of_calls)
    calls = Calls.of(planted.decisions, planted.domain)
    at, right = covered_by(segment, calls, facts=Held(planted.cases, planted.decisions))
    met = planted.cases["case_id"][Rule.of({"conditions": segment.conditions}).covers(planted.cases)]
    assert set(planted.decisions["case_id"].iloc[at]) == set(met)
    assert len(set(met)) == segment.n and len(right) == len(at)


def test_more_cases_promise_smaller_gaps_up_to_what_is_searched():
    gaps = [Claim.of(n).gap for n in (2_000, 20_000, 50_000, 1_000_000)]
    assert gaps[0] > gaps[1] > gaps[2] == gaps[3]
    assert "recall" in claimed(range(3), 1_000)


def test_questions_are_the_ones_that_are_asked(found):
    assert {s.question for s in found.segments} <= {PEOPLE, MODEL, WEAK}
