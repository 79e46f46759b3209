import numpy as np
import pandas as pd
import pytest

from rhml.errors import TrainingRefused
from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.fitting import train
from rhml.machine.team.own_calls import own_calls
from rhml.machine.team.team_model import TeamModel, held_for
from rhml.machine.team.training import train_team
from tests.machine.team.plant import ACTIONS, DOMAIN, TEAM, TRUTH, calls_of, cases_of

ODD = {**TEAM, "income": 0.1, "debt": -1.5}
"""One person in five who sees debt and hardly income."""


@pytest.fixture(scope="module")
def planted():
    cases = cases_of(1_500, 5)
    people = {f"m{i}": (400, TEAM) for i in range(4)} | {"odd": (400, ODD), "new": (12, TEAM)}
    return cases, calls_of(cases, people, 6)


@pytest.fixture(scope="module")
def team(planted):
    cases, calls = planted
    return train_team(cases, own_calls(calls, DOMAIN), domain=DOMAIN, seed=7)


def actions_of(cases):
    return np.array(["lend" if i % 3 else "decline" for i in range(len(cases))], dtype=object)


def test_the_points_add_up_exactly(planted, team):
    cases, _ = planted
    found = team.score(cases, actions_of(cases), team.features)
    assert np.abs(found.base + found.points.sum(axis=1) - found.probability).max() < 1e-12
    assert ((found.probability > 0) & (found.probability < 1)).all()


def test_many_cases_and_few_are_scored_alike(planted, team):
    cases, _ = planted
    many, few = (team.score(some, actions_of(some), team.features) for some in (cases, cases[:20]))
    assert np.abs(many.points[:20] - few.points).max() < 1e-6


def test_the_factors_that_set_model_and_team_apart_are_found_with_their_signs(planted, team):
    cases, _ = planted
    outcomes = np.column_stack([cases["right_action"] == action for action in ACTIONS]).astype(float)
    model = train(cases, outcomes, domain=DOMAIN, seed=1)
    scored = explain(model, cases)
    action = np.array(model.actions, dtype=object)[scored.action_index]
    apart = scored.points - team.score(cases, action, model.features).points
    for name in ("debt", "late"):
        place = model.features.index(name)
        true = (TRUTH[name] - TEAM[name]) * cases[name] * np.where(action == "lend", 1, -1)
        large = np.abs(apart[:, place]) > 0.05
        assert large.sum() > 300
        assert (np.sign(apart[large, place]) == np.sign(true[large])).mean() > 0.95


def test_a_person_who_weighs_differently_is_told_from_the_team(team):
    income, debt = (team.features.index(name) for name in ("income", "debt"))
    slopes = {name: one.slopes for name, one in team.people.items()}
    others = [slopes[f"m{i}"] for i in range(4)]
    assert slopes["odd"][income] < 0.5 < min(s[income] for s in others)
    assert slopes["odd"][debt] > 1.5 > max(s[debt] for s in others)


def test_who_has_few_calls_has_the_teams_weights(team):
    held = held_for(team.to_bytes(), "new")
    assert (held.weights, held.calls) == (None, 12)
    assert set(team.people) == {"m0", "m1", "m2", "m3", "odd"}


def test_where_people_do_not_differ_nobody_is_told_that_they_do():
    cases = cases_of(1_500, 8)
    calls = calls_of(cases, {f"m{i}": (60, TRUTH) for i in range(5)}, 9)
    team = train_team(cases, own_calls(calls, DOMAIN), domain=DOMAIN, seed=7)
    spread = np.std([one.slopes for one in team.people.values()], axis=0)
    assert len(team.people) == 5
    assert spread.max() < 0.25


def test_the_same_calls_give_the_same_bytes(planted, team):
    cases, calls = planted
    again = train_team(cases, own_calls(calls, DOMAIN), domain=DOMAIN, seed=7)
    assert again.to_bytes() == team.to_bytes()
    back = TeamModel.from_bytes(team.to_bytes())
    assert (back.version, back.people, back.card) == (team.version, team.people, team.card)


def test_outcomes_are_not_read(planted, team):
    cases, calls = planted
    blind = cases.assign(right_action=None, bank=True)
    assert train_team(blind, own_calls(calls, DOMAIN), domain=DOMAIN, seed=7).version == team.version


def test_features_are_told_in_the_order_asked_for(planted, team):
    cases, _ = planted
    some, action = cases[:50], actions_of(cases[:50])
    whole = team.score(some, action, team.features)
    part = team.score(some, action, ("late", "nowhere", "income"))
    assert np.array_equal(part.points[:, 0], whole.points[:, team.features.index("late")])
    assert not part.points[:, 1].any()
    assert np.abs(part.base + part.points.sum(axis=1) - part.probability).max() < 1e-12


def test_an_action_nobody_ever_called_is_not_known(planted, team):
    cases, _ = planted
    found = team.score(cases[:2], np.array(["ask", "lend"], dtype=object), team.features)
    assert np.isnan(found.probability[0]) and not np.isnan(found.probability[1])


def test_too_few_calls_are_refused_with_a_remedy(planted):
    cases, calls = planted
    with pytest.raises(TrainingRefused, match="50 are needed"):
        train_team(cases, own_calls(calls[:49], DOMAIN), domain=DOMAIN, seed=7)
    same = calls.assign(first_action="lend")
    with pytest.raises(TrainingRefused, match="always called the same"):
        train_team(cases, own_calls(same, DOMAIN), domain=DOMAIN, seed=7)


def test_unaided_calls_come_before_others():
    rows = pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(120)],
            "manager": "m1",
            "mode": ["first_call"] * 50 + ["evidence_only"] * 40 + ["assisted"] * 30,
            "first_action": ["lend"] * 90 + [None] * 30,
            "final_action": "decline",
            "imported": False,
        }
    )
    assert [len(own_calls(rows[a:], DOMAIN)) for a in (0, 1, 50)] == [50, 89, 70]
    assert [own_calls(rows[a:], DOMAIN).kind for a in (0, 1, 50)] == ["unaided", "own", "decisions"]
    assert set(own_calls(rows[50:], DOMAIN).rows["action"]) == {"lend", "decline"}
    old = rows.assign(mode=None, imported=True)
    assert own_calls(old, DOMAIN).kind == "unaided"


def test_three_actions_are_weighed_too(three):
    domain, cases, _ = three
    rng = np.random.default_rng(2)
    calls = calls_of_three(rng, cases, domain)
    team = train_team(cases, own_calls(calls, domain), domain=domain, seed=7)
    action = np.array(domain.action_keys, dtype=object)[rng.integers(0, 3, len(cases))]
    found = team.score(cases, action, team.features)
    assert np.abs(found.base + found.points.sum(axis=1) - found.probability).max() < 1e-12
    own = team.people["m0"]
    told = own.reckon(
        found.points[0], found.base[0], found.probability[0], team.model.actions.index(action[0])
    )
    assert told.base + told.points.sum() == pytest.approx(told.probability, abs=1e-12)


def calls_of_three(rng, cases, domain):
    facts = cases[["x0", "x1", "x2"]].to_numpy()
    action = (facts @ rng.normal(size=(3, 3)) + rng.gumbel(size=(len(cases), 3))).argmax(axis=1)
    return pd.DataFrame(
        {
            "case_id": cases["case_id"], "manager": [f"m{i % 3}" for i in range(len(cases))],
            "first_action": np.array(domain.action_keys, dtype=object)[action], "final_action": None,
            "mode": "first_call", "imported": False,
        }
    )  # fmt: skip
