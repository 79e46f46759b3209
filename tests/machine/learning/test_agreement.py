import numpy as np
import pandas as pd
import pytest

from rhml.errors import TrainingRefused
from rhml.machine.learning.recipe import learn


@pytest.fixture(scope="module")
def judged(make):
    """Cases without outcomes, each called by three people before any recommendation."""
    cases = make(500, 71, share=0.0)[0].assign(right_action=None)
    rng = np.random.default_rng(71)
    other = {"lend": "decline", "decline": "lend"}
    rows = cases.loc[np.repeat(np.arange(500), 3), ["case_id", "truth"]].reset_index(drop=True)
    who = np.tile(np.arange(3), 500) + 3 * rng.integers(0, 4, 1500)
    honest = rng.random(1500) < np.where(who % 3 == 0, 0.9, 0.65)
    called = rows["truth"].where(honest, rows["truth"].map(other))
    calls = rows[["case_id"]].assign(
        decision_id=[f"d{i}" for i in range(1500)], manager=[f"m{w}" for w in who], mode="first_call",
        first_action=called, recommended_action=None, final_action=called, decided_at=pd.NaT,
    )  # fmt: skip
    return cases, calls


def accuracy(model, cases):
    at = pd.Index(model.actions).get_indexer(cases["truth"])
    return (model.probabilities(cases).argmax(axis=1) == at).mean()


def test_before_any_outcome_several_peoples_own_calls_teach(judged, make, domain):
    learned = learn(*judged, domain=domain, seed=1)
    assert accuracy(learned.challenger, make(3000, 72)[0]) > 0.75
    card = learned.card
    assert card["imitates"] and card["outcomes"] == 0
    assert card["judged_together"] == card["cases"] == 500
    assert "no outcome is known yet" in card["about"]
    assert "500 from what three or more people" in card["labels"]
    assert len(learned.challenger.right) == 0


def test_calls_made_beside_a_recommendation_do_not_stand_in_for_outcomes(judged, domain):
    cases, calls = judged
    seen = calls.assign(mode="assisted", first_action=None, recommended_action="lend")
    with pytest.raises(TrainingRefused, match="0 resolved"):
        learn(cases, seen, domain=domain, seed=1)


def test_two_people_a_case_are_too_few_to_stand_in_for_outcomes(judged, domain):
    cases, calls = judged
    with pytest.raises(TrainingRefused, match="0 resolved"):
        learn(cases, calls[calls.index % 3 > 0], domain=domain, seed=1)


def test_one_known_outcome_ends_learning_from_agreement(judged, domain):
    cases, calls = judged
    known = cases.assign(right_action=np.where(cases.index == 0, cases["truth"], None))
    with pytest.raises(TrainingRefused, match="1 resolved"):
        learn(known, calls, domain=domain, seed=1)


def test_imitation_learns_what_several_people_agree_on(judged, make, domain):
    imitated = learn(*judged, domain=domain.model_copy(update={"outcome": None}), seed=1)
    assert imitated.card["judged_together"] == 500
    assert "usually decides" in imitated.card["about"]
    assert accuracy(imitated.challenger, make(3000, 72)[0]) > 0.75
