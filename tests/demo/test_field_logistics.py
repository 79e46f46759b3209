"""Late shipments from an empty log through the loop, at a small size; what is planted is there to be found."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import read_domain
from rhml.demo import desk, people
from rhml.demo.logistics import shipments
from rhml.demo.logistics.field import PEOPLE, build
from rhml.demo.logistics.shifts import ON
from rhml.demo.world import DOMAINS
from rhml.loop.decide import Choice, decide
from rhml.loop.report import report
from rhml.loop.resolve import resolve_one
from rhml.loop.retrain import retrain
from rhml.loop.watch import watch
from rhml.store import organization, registry
from rhml.store.opening import open_store

AT = datetime(2026, 3, 4, 9, 30)
NAME = shipments.NAME


def quiet(share: float, words: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = open_store(
        f"duckdb:///{tmp_path_factory.mktemp('field') / 'log.duckdb'}", now=AT, secret="fixed for tests"
    )
    counts = build(store, at=AT, progress=quiet, size=0.35)
    yield store, organization.domain(store, NAME), counts[NAME]
    store.close()


@pytest.fixture(scope="module")
def world():
    return shipments.plan(at=AT, seed=7)


def test_the_year_is_lived_through_and_something_waits(built):
    store, domain, counts = built
    assert organization.people(store) == PEOPLE
    assert counts["versions"] == 2 and counts["overrides"] > 20
    assert counts["waiting"] == len(desk.folders(store, domain, now=AT)) + 1
    assert "Simulated" in domain.card.data_sources


def test_a_newcomer_decides_differs_resolves_and_retrains(built):
    store, domain, _ = built
    folder = next(
        one
        for place, one in enumerate(desk.folders(store, domain, now=AT).values())
        if one.mode == "assisted" and place > 3
    )
    other = next(key for key in domain.action_keys if key != folder.action)
    choice = Choice(
        folder.case_id, other, recommendation_id=folder.recommendation_id,
        reason=domain.override.reasons[0], rationale="The driver called: the truck stands.",
    )  # fmt: skip
    made = decide(store, domain, choice, manager="Lead", at=AT)
    assert made.is_override
    resolve_one(store, domain, folder.case_id, other, known_at=AT, by="Lead", at=AT + timedelta(minutes=1))
    [(verdict,)] = store.read(
        f"SELECT verdict FROM {NAME}.decided WHERE decision_id = $1", [made.decision_id]
    )
    assert verdict == "rescued"
    done = retrain(store, domain, by="Lead", at=AT + timedelta(minutes=2), progress=quiet)
    assert done.verdict in {"promote", "keep", "too early"}
    assert registry.version(store, NAME, done.version).trained_by == "Lead"


def test_the_report_leaves_out_what_is_known_too_early_and_says_so(built):
    store, domain, _ = built
    found = report(store, domain, parts=("late_outcomes",))
    late = found.parts["late_outcomes"]
    assert late.set_aside > 5
    assert "late ones end otherwise" in late.sentence
    told = late.found.told
    assert abs(told.early - told.all) > 0.08
    assert found.reliance.resolved < found.reliance.decisions - late.found.open


def test_the_watch_says_which_outcomes_it_left_out(built):
    store, domain, _ = built
    found = watch(store, domain, by="Lead", at=AT, progress=quiet)
    assert "late ones end otherwise" in found["late_outcomes"]


def test_dispatchers_work_in_their_shift(built):
    store, _, _ = built
    rows = store.read(
        f"SELECT DISTINCT c.shift, d.manager FROM {NAME}.decisions d JOIN {NAME}.cases c USING (case_id) "
        "WHERE d.decided_at < $1",
        [AT],
    )
    assert {(shift, person.name) for shift, staff in ON.items() for person in staff} == set(rows)


def test_a_bad_end_is_known_later_than_a_good_one(world):
    decided = AT - timedelta(days=100)
    took = {"go": [], "change": []}
    for plant in world.plants.values():
        took[plant.right_action].append((world.known_at(plant.case_id, "go", decided, False) - decided).days)
    assert max(took["go"]) < min(took["change"])
    assert 20 < np.mean(took["change"]) < 36


@pytest.mark.parametrize("seed", [7, 1, 2, 3])
def test_what_is_planted_is_true_of_the_cases(seed):
    world = shipments.plan(at=AT, seed=seed)
    planted = world.planted.merge(world.cases, on="case_id")
    drivers = planted[planted["fashion"]]
    assert (drivers["right_action"] == "change").mean() > 0.65
    fooled = [
        people.own_view(world.managers["Dispatcher 1"], world.plants[c], progress=0.3).log_odds > 0
        for c in drivers["case_id"]
    ]
    assert np.mean(fooled) > 0.5
    haulier = planted[planted["carrier"] == "Contract haulier"]
    late = haulier.groupby("news")["right_action"].apply(lambda right: (right == "change").mean())
    assert late[True] > late[False] + 0.2
    hub = planted["lane"] == "East hub"
    assert not hub[planted["case_id"].isin(world.history)].any() and hub.mean() > 0.15
    told = pd.crosstab(planted["kind"], planted["right_action"], normalize="index")
    assert told.loc["can wait", "go"] > 0.75 and told.loc["truck stands", "change"] > 0.75


def test_who_is_on_duty_is_no_input_of_the_model():
    domain = read_domain(DOMAINS / f"{NAME}.toml")
    assert {"shift", "customer"}.isdisjoint(f.name for f in domain.inputs)
    assert "shift" in domain.segments.columns
