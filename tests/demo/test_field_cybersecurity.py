"""The field of cybersecurity from an empty log, at a small size: the loop in eight cycles, and what a newcomer finds."""

import json
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from rhml.core.domain import read_domain
from rhml.demo import people
from rhml.demo.cybersecurity import triage
from rhml.demo.cybersecurity.messages import CODE_WORDS, KINDS, written
from rhml.demo.world import DOMAINS
from rhml.demo.year import LEAD, silent, work
from rhml.loop.asked import Asked
from rhml.loop.decide import Choice, decide
from rhml.loop.report import part
from rhml.loop.resolve import resolve_one
from rhml.loop.retrain import retrain
from rhml.loop.teams import set_role
from rhml.machine.texts.bag import Bag
from rhml.machine.texts.reading import fitted, scored
from rhml.store import case_file, organization, waiting
from rhml.store.opening import open_store

AT = datetime(2026, 3, 4, 9, 30)


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    path = tmp_path_factory.mktemp("cybersecurity") / "log.duckdb"
    store = open_store(f"duckdb:///{path}", now=AT, secret="fixed")
    set_role(store, LEAD, "lead", by=LEAD, at=AT.replace(year=2025))
    counts = work(store, triage.plan(at=AT, seed=7, size=0.3), progress=silent)
    yield store, organization.domain(store, triage.NAME), counts
    store.close()


def test_three_ordered_actions_are_decided_and_differed_from(worked):
    store, domain, counts = worked
    assert domain.action_keys == ("dismiss", "watch", "escalate") and domain.has_order
    used = {action for (action,) in store.read(f"SELECT DISTINCT final_action FROM {domain.name}.decisions")}
    assert used == set(domain.action_keys)
    assert counts["overrides"] > 10 and counts["versions"] == 8
    assert counts["waiting"] >= 10


def test_every_override_has_a_reason_of_the_field(worked):
    store, domain, _ = worked
    rows = store.read(f"SELECT reason, rationale FROM {domain.name}.overrides WHERE NOT imported")
    assert {reason for reason, _ in rows} <= set(domain.override.reasons)
    assert all(rationale.endswith(".") for _, rationale in rows)


def test_analysts_mark_words_that_stand_in_the_message(worked):
    store, domain, _ = worked
    rows = store.read(
        f"SELECT m.factor, c.message FROM {domain.name}.marks m JOIN {domain.name}.decisions d USING (decision_id) "
        f"JOIN {domain.name}.cases c ON c.case_id = d.case_id"
    )
    assert len(rows) > 50
    assert all(factor.startswith("message:") and factor[8:] in message for factor, message in rows)
    assert any(factor[8:] in CODE_WORDS for factor, _ in rows)


def test_marked_words_are_taught_and_their_worth_is_measured(worked):
    store, domain, _ = worked
    lines = [line for line in part("ledger", Asked(store, domain)).entries if line.kind == "marks"]
    assert lines and lines[0].change.n > 20
    assert "marked words, such as “" in lines[0].what and "Brier" in lines[0].why


def test_eight_cycles_show_both_learners_with_intervals(worked):
    store, domain, _ = worked
    found = part("cycles", Asked(store, domain))
    assert [one.number for one in found.cycles] == list(range(1, 9))
    assert all(one.model.low < one.model.value < one.model.high for one in found.cycles)
    assert sum(one.human.known for one in found.cycles) >= 6
    assert all(one.given.decisions and one.given.words and one.given.outcomes for one in found.cycles)
    assert found.cycles[-1].model.value > found.cycles[0].model.value + 0.15
    assert found.people_sentence.startswith("People: ") and found.model_sentence.startswith("The model: ")


def test_a_newcomer_decides_differs_resolves_and_retrains(worked):
    store, domain, _ = worked
    queue = waiting.page(store, domain, waiting.Queue(manager="Threat analyst 1"), now=AT, limit=50)
    one = next(row for row in queue if row["mode"] == "assisted" and row["scored"])
    row = case_file.waiting_row(store, domain, one["case_id"])
    shown = case_file.recommendation(store, domain.name, row["recommendation_id"])
    other = next(action for action in domain.action_keys if action != shown.action)
    choice = Choice(
        one["case_id"], other, recommendation_id=shown.recommendation_id, reason="Code word or slang",
        rationale="They call it that since last week.",
    )  # fmt: skip
    assert decide(store, domain, choice, manager="Threat analyst 1", at=AT).is_override
    resolve_one(store, domain, one["case_id"], other, known_at=AT, by=LEAD, at=AT)
    done = retrain(store, domain, by=LEAD, at=AT, progress=silent)
    assert done.version == "v9" and done.paragraph


def test_a_card_with_three_actions_adds_up_to_its_probability_word_by_word(worked):
    store, domain, _ = worked
    rows = store.read(
        f"SELECT probability, base, points, words FROM {domain.name}.recommendations WHERE words IS NOT NULL "
        "ORDER BY seq DESC LIMIT 60"
    )
    places = {feature.name: k for k, feature in enumerate(domain.inputs)}
    assert len(rows) > 20
    for probability, base, points, told in rows:
        assert base + sum(points) == pytest.approx(probability, abs=1e-5)
        message = json.loads(told)["message"]
        assert sum(point for *_, point in message) == pytest.approx(points[places["message"]], abs=1e-6)


def test_code_words_mean_trouble_only_while_they_are_in_use():
    world = triage.plan(at=AT, seed=3)
    assert triage.in_use(world.start.replace(year=world.start.year - 1), world.rounds) == ()
    early, late = (set(triage.in_use(moment, world.rounds)) for moment in (world.rounds[1], world.rounds[-1]))
    assert early and late and not early & late
    coded = world.planted[world.planted["kind"] == "code word"]
    assert (coded["right_action"] == "escalate").mean() > 0.75 and (coded["visible"] > 0).mean() > 0.9


def test_quotes_are_mostly_harmless_and_analysts_take_them_at_their_word():
    world = triage.plan(at=AT, seed=3)
    quotes = [plant for plant in world.plants.values() if plant.fashion]
    fooled = [
        world.scale.place(people.own_view(world.managers["Threat analyst 1"], plant, progress=0.0).log_odds)
        == 2
        for plant in quotes
    ]
    assert np.mean([plant.right_action == "dismiss" for plant in quotes]) > 0.7
    assert np.mean(fooled) > 0.4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_points_at_words_teaches_a_reader_what_outcomes_alone_do_not(seed):
    world, read = triage.plan(at=AT, seed=seed, size=2.0), 500
    later = world.cases.merge(world.planted[["case_id", "right_action"]], on="case_id")
    later = later[~later["case_id"].isin(world.history)].sample(frac=1.0, random_state=seed)
    plants = [world.plants[case_id] for case_id in later["case_id"][:read]]
    marked = [world.mark(plant, {}, informed=plant.heard < 0.5) for plant in plants]
    said = [(row, marks[0][0].removeprefix("message:")) for row, marks in enumerate(marked) if marks]
    texts, right = later["message"].tolist(), pd.get_dummies(later["right_action"]).to_numpy(float)
    bag = Bag.fit([*texts[:read], *(word for _, word in said)])
    found, small = bag.matrix(texts), bag.matrix([word for _, word in said])
    beside = sparse.csr_array(sparse.vstack([found[:read], small], format="csr"))
    labels = np.vstack([right[:read], 2.0 * right[[row for row, _ in said]]])

    def hits(start, weights):
        return (scored(found[read:], start, weights).argmax(axis=1) == right[read:].argmax(axis=1)).mean()

    assert hits(*fitted(beside, labels)) > hits(*fitted(found[:read], right[:read])) + 0.025


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_signal_of_every_message_stands_in_it(seed):
    rng = np.random.default_rng(seed)
    for codes in ((), CODE_WORDS[:3]):
        for _ in range(200):
            message = written(rng, codes)
            assert message.signal and message.signal in message.text and "*" not in message.text
            assert message.code in message.text


def test_every_kind_of_message_is_said_in_several_ways():
    assert all(len(kind.ways) >= 5 and all(way.count("*") == 2 for way in kind.ways) for kind in KINDS)


def test_the_domain_prices_a_missed_threat_above_a_false_alarm():
    domain = read_domain(DOMAINS / f"{triage.NAME}.toml")
    assert domain.cost_of("dismiss", "escalate") > 3 * domain.cost_of("escalate", "dismiss") > 0
