"""Real sites, decoded as their documentation says, and simulated analysts who work them."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.demo import people
from rhml.demo.cybersecurity import phishing
from rhml.demo.world import demo_domain
from rhml.demo.year import LEAD
from rhml.intake.cases import check_cases
from rhml.intake.tables import Table
from rhml.loop.decide import Choice, decide
from rhml.loop.report import report
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.loop.teams import set_role
from rhml.store import case_file, organization, waiting
from rhml.store.opening import open_store
from tests.demo.stands_for import what_a_model_learns

AT = datetime(2026, 3, 4, 9, 30)
SEEDS = (7, 1, 2, 3)


def quiet(share: float, words: str) -> None:
    """Nothing to say."""


@pytest.fixture(scope="module")
def source() -> pd.DataFrame:
    return phishing.sites()


def test_all_1250_sites_are_there_548_of_them_phishing(source):
    assert len(source) == 1250
    assert (source["right_action"] == "block").sum() == 548


def test_every_coded_value_has_become_a_word_of_its_documentation(source):
    for fact in phishing.CODED.values():
        assert set(source[fact]) <= set(phishing.WORDS.values())
    assert check_cases(Table(source.drop(columns="right_action").assign(site_id=source["case_id"]), "river", False),
                       demo_domain(phishing.NAME)).frame.notna().all()["form_handler"]  # fmt: skip


def test_seven_of_nine_facts_point_as_documented_and_the_domain_file_names_the_two_that_do_not(source):
    phish = source["right_action"] == "block"
    bad = {fact: source[fact] == "looks like phishing" for fact in phishing.CODED.values()}
    bad["ip_in_address"] = source["ip_in_address"] == "yes"
    good = {fact: source[fact] == "looks legitimate" for fact in phishing.CODED.values()}
    good["ip_in_address"] = source["ip_in_address"] == "no"
    backwards = {fact for fact in bad if phish[bad[fact]].mean() < phish[good[fact]].mean()}
    assert backwards == {"popularity", "ip_in_address"}
    assert phish[bad["form_handler"]].mean() > 0.8 > 0.2 > phish[good["form_handler"]].mean()


def test_each_line_of_the_package_is_decoded_as_it_stands(source):
    from river.datasets import Phishing

    facts, is_phishing = zip(*Phishing(), strict=True)
    for place in (0, 1, 600, 1249):
        for theirs, ours in phishing.CODED.items():
            assert source[ours][place] == phishing.WORDS[float(facts[place][theirs])]
        assert source["right_action"][place] == ("block" if is_phishing[place] else "allow")


@pytest.mark.parametrize("seed", SEEDS)
def test_right_and_wrong_is_real_whatever_the_seed(source, seed):
    world = phishing.plan(at=AT, seed=seed)
    right = source.set_index("case_id")["right_action"]
    assert (world.planted["case_id"].map(right) == world.planted["right_action"]).all()
    assert len(world.cases) == 1250
    assert 20 <= world.planted["decide_at"].isna().sum() <= 60


@pytest.mark.parametrize("seed", SEEDS)
def test_analysts_fall_for_visitors_and_a_model_learns_better(seed):
    world = phishing.plan(at=AT, seed=seed)
    cases = world.cases.merge(world.planted[["case_id", "right_action", "fashion"]], on="case_id")
    learned = np.where(what_a_model_learns(cases, world.domain)[:, 1] > 0.5, "block", "allow")
    called = np.array(
        [
            world.domain.action_keys[
                int(
                    people.own_view(
                        world.managers["Threat analyst 2"], world.plants[one], progress=0.0
                    ).log_odds
                    <= 0
                )
            ]
            for one in cases["case_id"]
        ]
    )
    later, right = np.arange(len(cases)) >= len(cases) // 2, cases["right_action"].to_numpy()
    popular = later & cases["fashion"].to_numpy(bool)
    assert (learned == right)[later].mean() > 0.87
    assert (learned == right)[popular].mean() - (called == right)[popular].mean() > 0.12


@pytest.mark.parametrize("seed", SEEDS)
def test_what_analysts_hear_is_true_and_mostly_about_sites_that_look_like_what_they_are_not(seed):
    planted = phishing.plan(at=AT, seed=seed).planted
    told = planted[planted["kind"] != ""]
    assert ((told["private"] > 0) == (told["right_action"] == "allow")).all()
    assert ((told["visible"] > 0) != (told["private"] > 0)).mean() > 0.6


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('sites') / 'log.duckdb'}", now=AT, secret="fixed")
    for person, role in phishing.PEOPLE.items():
        set_role(store, person, role, by=LEAD, at=AT - timedelta(days=300))
    counts = phishing.build(store, at=AT, progress=quiet, seed=7, size=0.3)
    yield store, organization.domain(store, phishing.NAME), counts
    store.close()


def test_it_runs_its_loop_from_an_empty_log(built):
    store, domain, counts = built
    assert counts["versions"] >= 2 and counts["overrides"] > 0 and counts["waiting"] >= 20
    row = next(
        one
        for one in waiting.page(store, domain, waiting.Queue(manager=""), now=AT, limit=100)
        if one["mode"] == "assisted" and one["recommendation_id"]
    )
    shown = case_file.recommendation(store, domain.name, row["recommendation_id"])
    other = next(action for action in domain.action_keys if action != shown.action)
    choice = Choice(row["case_id"], other, recommendation_id=shown.recommendation_id, reason="We know the owner",
                    rationale="It belongs to a supplier of ours.")  # fmt: skip
    assert decide(store, domain, choice, manager="Threat analyst 1", at=AT).is_override
    outcome = pd.DataFrame({"case_id": [row["case_id"]], "right_action": [other], "known_at": [AT]})
    assert resolve(store, domain, outcome, by=LEAD, at=AT + timedelta(hours=1)).new == 1
    assert retrain(store, domain, by=LEAD, at=AT + timedelta(hours=2), progress=quiet).version
    found = report(store, domain, parts=()).as_dict()
    assert found["model_all"]["value"] > found["human_all"]["value"]
