"""What is true of a found segment is what calls show, given enough of them, also where its rule speaks of calls."""

from dataclasses import replace

import numpy as np
import pytest

from rhml.proof import plant
from rhml.proof.examination import examined
from rhml.proof.segments import IN_VIEW, SIGN, UNAIDED, WEAK, gaps
from rhml.proof.spotted import covers, spotted
from rhml.reports.found.result import QUESTIONS

LARGE = replace(plant.SPOTTED, calls=30_000, assisted=30_000, leaning=0.1)
REFUSED = {"feature": "first_action", "op": "=", "value": "refuse"}
ADVISED = {"feature": "recommended_action", "op": "in", "value": ["accept"]}
SURE = {"feature": "recommended_confidence", "op": ">=", "value": 78.0}
HARD = {"feature": "x6", "op": "<=", "value": -0.3}


@pytest.fixture(scope="module")
def made():
    return spotted(LARGE, 4, kinds=("people", "model", "both weak"))


def shown(made, question, conditions):
    """The same quantities as the calls that were made have them."""
    calls = made.decisions
    right = made.outcomes["right_action"]
    person = calls["first_action" if question in UNAIDED else "final_action"] == right
    model = calls["recommended_action"] == right
    claimed = (~person & ~model if question in WEAK else person.astype(int) - model).to_numpy(float)
    facts = calls.drop(columns="case_id").join(made.cases.drop(columns="case_id"))
    inside = covers(conditions, facts.assign(recommended_confidence=facts["recommended_confidence"] * 100))
    asked = ((calls["mode"] == "first_call") == (question in UNAIDED)).to_numpy()
    return claimed[inside & asked].mean(), claimed[~inside & asked].mean()


def test_every_question_of_the_report_is_held_against_the_plant():
    assert set(SIGN) == set(QUESTIONS.values())


@pytest.mark.parametrize(
    "conditions", [[HARD], [HARD, SURE], [REFUSED, ADVISED]], ids=["facts", "sure", "calls"]
)
@pytest.mark.parametrize("question", UNAIDED)
def test_what_is_true_of_unaided_calls_is_what_they_show(made, question, conditions):
    assert gaps(made, question, conditions) == pytest.approx(shown(made, question, conditions), abs=0.02)


@pytest.mark.parametrize("conditions", [[HARD], [HARD, ADVISED]], ids=["facts", "calls"])
@pytest.mark.parametrize("question", ["decisions beat recommendations", IN_VIEW])
def test_what_is_true_with_the_recommendation_in_view_is_what_decisions_show(made, question, conditions):
    assert gaps(made, question, conditions) == pytest.approx(shown(made, question, conditions), abs=0.02)


def test_where_the_two_disagree_only_one_of_them_is_right(made):
    apart, _ = gaps(made, "both weak", [REFUSED, ADVISED])
    leaning = LARGE.leaning
    people, model = (
        made.people * (1 - made.model + leaning),
        (made.model + leaning) * (1 - made.people),
    )
    lead, _ = gaps(made, "people beat the model", [REFUSED, ADVISED])
    assert apart == 0
    assert lead == pytest.approx(np.sum(people - model) / np.sum(people + model))


def test_a_rule_that_speaks_of_calls_is_judged():
    line = examined(replace(plant.LEANING, calls=3_000, assisted=200, leaning=0.2), 3)
    assert line["of_calls"] > 0 and sum(one[4] for one in line["searches"]) >= line["of_calls"]
    assert sum(one[5] for one in line["searches"]) == 0
    assert min(truth for _, truth, *_ in line["intervals"]) < -0.3
