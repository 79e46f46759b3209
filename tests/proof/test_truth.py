"""The truth that reports are held against is what the simulated calls show, given enough of them."""

from dataclasses import replace

import numpy as np
import pytest

from rhml.proof import plant, truth, world
from rhml.proof.organization import SITES, following, organization
from rhml.proof.spotted import covers, overlap, spotted

LARGE = 20_000


def known(made):
    return made.decisions.merge(made.outcomes, on="case_id").merge(made.cases, on="case_id")


def right_share(made, call, later, region=None):
    rows = known(made)
    keep = (made.moment >= 0.5) == later
    if call == "first_action":
        keep &= (rows["mode"] == "first_call").to_numpy()
    if region:
        keep &= (rows["region"] == region).to_numpy()
    return (rows[call] == rows["right_action"])[keep].mean()


def half_way(made):
    return str(made.decisions["decided_at"][made.moment >= 0.5].iloc[0])


@pytest.mark.parametrize(
    "planted",
    [plant.LEARNING, plant.GRADUAL, plant.DESKILLING, plant.BOTH, plant.DRIFTING],
    ids=lambda p: p.name,
)
def test_true_changes_are_what_calls_show_on_unchanged_cases(planted):
    made = organization(replace(planted, assisted=LARGE).sized(LARGE), 1)
    true = truth.changes_at(made, half_way(made))
    for who, call in (("human", "first_action"), ("model", "recommended_action"), ("team", "final_action")):
        shown = right_share(made, call, True) - right_share(made, call, False)
        assert shown == pytest.approx(true[who], abs=0.015), who


def test_harder_cases_lower_accuracy_and_not_the_truth():
    made = organization(plant.HARDER.sized(LARGE), 1)
    true = truth.changes_at(made, half_way(made))
    assert true["human"] == true["model"] == true["team"] == 0
    assert right_share(made, "first_action", True) < right_share(made, "first_action", False) - 0.03


def test_one_segment_learns_alone():
    made = organization(plant.SEGMENT.sized(LARGE), 1)
    true = truth.changes_at(made, half_way(made))
    shown = right_share(made, "first_action", True, "north") - right_share(
        made, "first_action", False, "north"
    )
    assert shown == pytest.approx(true["north"], abs=0.02) and true["north"] > 0.08
    assert true["south"] == true["east"] == true["west"] == 0
    assert true["human"] == pytest.approx(true["north"] / 4, abs=0.003)


def test_where_no_version_changes_hands_no_change_of_the_model_is_true():
    made = organization(plant.VERSION, 1)
    first_version = made.moment < 0.4
    assert truth.changes_at(made, half_way(made), first_version)["model"] == 0
    assert truth.changes_at(made, half_way(made))["model"] > 0.05


@pytest.mark.parametrize(
    "planted", [plant.STABLE, plant.BOTH, plant.HARD_AND_DEFERRING], ids=lambda p: p.name
)
def test_true_shares_are_what_decisions_show(planted):
    made = organization(replace(planted, assisted=1_000).sized(LARGE), 2)
    rows = known(made)
    unaided = (rows["mode"] == "first_call").to_numpy()
    true, rows = truth.shares(made, unaided), rows[unaided]
    h, m, t = (
        (rows[f"{who}_action"] == rows["right_action"]).to_numpy()
        for who in ("first", "recommended", "final")
    )
    shown = {
        "human": h.mean(), "model": m.mean(), "team": t.mean(), "oracle": (h | m).mean(), "rair": t[~h & m].mean(),
        "rsr": t[h & ~m].mean(), "error_correlation": np.corrcoef(h, m)[0, 1], "override_precision": t[t != m].mean(),
        "switch_fraction": (t == m)[h != m].mean(), "agreement_first": (h == m).mean(),
        "gained by following": (~h & m & t).mean(), "lost by following": (h & ~m & ~t).mean(),
    }  # fmt: skip
    for name, share in shown.items():
        assert share == pytest.approx(true[name], abs=0.015), name


def test_true_costs_are_those_of_the_domain():
    made = organization(plant.STABLE.sized(LARGE), 3)
    rows = known(made)
    domain = made.domain()
    each = [
        v * domain.cost_of(f, r)
        for v, f, r in zip(rows["amount"], rows["final_action"], rows["right_action"], strict=True)
    ]
    true = truth.shares(made, np.ones(len(rows), bool))
    assert np.mean(each) == pytest.approx(true["team_cost"], rel=0.05)


def test_noise_that_gives_an_accuracy_is_found():
    mix = world.population()
    for accuracy in (0.6, 0.7, 0.75):
        noise = world.noise_of(np.array([accuracy]))[0]
        assert mix.right(world.own_calls(mix.odds, noise)).mean() == pytest.approx(accuracy, abs=1e-3)


def test_an_organization_is_the_same_for_its_seed_and_another_for_another():
    one, again, other = (organization(plant.LEARNING.sized(200), seed).decisions for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)


def test_a_recommendation_is_heeded_less_at_the_planted_site_alone():
    made = organization(plant.UNEQUAL.sized(LARGE), 1)
    rows = known(made)
    accept = rows[
        (rows["recommended_action"] == "accept")
        & (rows["mode"] == "first_call")
        & (rows["first_action"] == "refuse")
    ]
    heeded = (accept["final_action"] == "accept").groupby(accept["site"]).mean()
    usual = following(made.plant, np.zeros(1), np.zeros(1, bool))[0]
    assert heeded[SITES[0]] == pytest.approx(usual * (1 - made.plant.unequal), abs=0.03)
    assert heeded[SITES[1]] == pytest.approx(usual, abs=0.03)


def test_spots_hold_the_planted_gap_and_lie_apart():
    made = spotted(plant.SPOTTED, 4, kinds=("people", "model", "both weak"))
    assert len(made.spots) == 3
    for spot in made.spots:
        assert covers(list(spot.conditions), made.cases).tolist() == spot.covers.tolist()
        assert 0.05 <= spot.covers.mean() <= 0.12
        gap = (made.people - made.model)[spot.covers].mean()
        wrong = (1 - made.people) * (1 - made.model)
        if spot.kind == "both weak":
            assert wrong[spot.covers].mean() - wrong[~spot.covers].mean() == pytest.approx(
                plant.SPOTTED.gap, abs=0.05
            )
        else:
            assert gap == pytest.approx(plant.SPOTTED.gap * (1 if spot.kind == "people" else -1), abs=0.04)
    assert all(overlap(a.covers, b.covers) < 0.1 for a in made.spots for b in made.spots if a is not b)


def test_calls_in_a_spotted_organization_are_right_as_often_as_planted():
    made = spotted(plant.SPOTTED, 4, kinds=("people", "model"))
    right = made.outcomes["right_action"]
    unaided = (made.decisions["mode"] == "first_call").to_numpy()
    own = (made.decisions["first_action"] == right)[unaided].mean()
    assert own == pytest.approx(made.people[unaided].mean(), abs=0.015)
    assert (made.decisions["recommended_action"] == right).mean() == pytest.approx(
        made.model.mean(), abs=0.015
    )
    assert (made.decisions["final_action"] == right)[~unaided].mean() == pytest.approx(
        made.final[~unaided].mean(), abs=0.03
    )
