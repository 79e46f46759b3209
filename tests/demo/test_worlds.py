from datetime import datetime

import numpy as np
import pytest

from rhml.demo import credit, people, purchases
from rhml.demo.older_log import older_log

AT = datetime(2026, 3, 4, 9, 30)
PLANS = (purchases.plan, credit.plan)


@pytest.mark.parametrize("plan", PLANS)
def test_a_world_is_the_same_for_a_seed_and_a_time(plan):
    first, second = (plan(at=AT, seed=3, size=0.2) for _ in range(2))
    assert first.cases.equals(second.cases)
    assert first.planted.equals(second.planted)
    assert not plan(at=AT, seed=4, size=0.2).cases.equals(first.cases)


@pytest.mark.parametrize("plan", PLANS)
def test_every_case_arrives_before_it_is_imported_and_is_decided_after(plan):
    world = plan(at=AT, seed=3, size=0.2)
    year = world.planted[~world.planted["case_id"].isin(world.history)]
    received = world.cases.set_index("case_id")["received_at"]
    assert (year["case_id"].map(received) <= year["imported"]).all()
    taken = year[year["decide_at"].notna()]
    assert (taken["decide_at"] > taken["imported"]).all()
    assert (year["imported"] < AT).all()


@pytest.mark.parametrize("plan", PLANS)
def test_both_actions_prove_right_often_enough_to_learn_from(plan):
    shares = plan(at=AT, seed=3).planted["right_action"].value_counts(normalize=True)
    assert shares.min() > 0.2


def test_a_line_that_stands_still_makes_approving_right_against_the_facts():
    planted = purchases.plan(at=AT, seed=7).planted
    down = planted[planted["kind"] == "line down"]
    assert len(down) > 50
    assert (down["right_action"] == "approve").mean() > 0.75
    assert (down["visible"] < 0).mean() > 0.4


def test_small_software_is_mostly_sent_back_rightly_and_people_fall_for_it():
    world = purchases.plan(at=AT, seed=7)
    fashion = [plant for plant in world.plants.values() if plant.fashion]
    rightly = np.mean([plant.right_action == "send_back" for plant in fashion])
    fooled = np.mean(
        [people.own_view(world.managers["Buyer 1"], plant, progress=0.0).log_odds > 0 for plant in fashion]
    )
    assert rightly > 0.8
    assert fooled > 0.4


def test_before_the_year_nobody_had_a_framework_contract_to_count_on():
    world = purchases.plan(at=AT, seed=7)
    old = world.planted["case_id"].isin(world.history)
    assert not world.planted.loc[old, "news"].any()
    assert world.planted.loc[~old, "news"].mean() > 0.1


def test_the_older_credit_log_shows_outcomes_of_extended_requests_only():
    _, decisions, outcomes = older_log(credit.plan(at=AT, seed=3, size=0.2))
    extended = set(decisions.loc[decisions["final_action"] == "extend", "case_id"])
    assert set(outcomes["case_id"]) == extended
    assert 0 < len(extended) < len(decisions)
