import numpy as np
import pandas as pd
import pytest

from rhml.reports.calls import Calls
from rhml.reports.combiner import EVEN, Combiner
from rhml.reports.growth import growth, shapley, values
from rhml.reports.replayed import Replayed

KEYS = np.array(["lend", "decline"], object)
START = pd.Timestamp("2025-01-01")


@pytest.fixture
def desk(decisions, domain):
    """Decisions of two halves: people and model as planted, every third case of the bank; and both versions' answers."""

    def build(seed=1, n=3_000, people=0.15, model=0.15, of=None, more="", **columns):
        rng = np.random.default_rng(seed)
        later = np.arange(n) >= n // 2
        right = rng.integers(0, 2, n)
        luck = rng.random(n)
        hits = [luck < 0.7, luck < 0.7 + model]
        said = [np.where(hit, right, 1 - right) for hit in hits]
        own = np.where(rng.random(n) < 0.65 + people * later, right, 1 - right)
        shown, sure = np.where(later, said[1], said[0]), 0.55 + 0.4 * rng.random(n)
        final = np.where(rng.random(n) < 0.4, shown, own)
        times = START + pd.to_timedelta(np.arange(n), unit="h")
        frame = decisions(
            n, manager=[f"m{i % 7}" for i in range(n)], first_action=KEYS[own], recommended_action=KEYS[shown],
            recommended_confidence=sure, final_action=KEYS[final], right_action=KEYS[right],
            model_version=np.where(later, "v2", "v1"), decided_at=times, known_at=times,
            bank=np.arange(n) % 3 == 0, **columns,
        )  # fmt: skip
        bank = frame[frame["bank"]].reset_index(drop=True)
        answers = {}
        for name, action in zip(("v1", "v2"), said, strict=True):
            first = np.where(action == 0, sure, 1 - sure)[np.arange(n) % 3 == 0]
            answers[name] = np.column_stack([first, 1 - first])
        of = domain(more)
        return frame, Replayed.on(bank, answers, of, of=len(bank)), of

    return build


def test_people_and_model_each_brought_what_was_planted(desk):
    frame, replayed, of = desk()
    found = growth(Calls.of(frame, of), replayed)
    follows = found.combiner.rates[2]
    assert found.people.verdict.words == "improved" and found.model.verdict.words == "improved"
    assert found.people.change.low < 0.15 * (1 - follows) < found.people.change.high
    assert found.model.change.low < 0.15 * follows < found.model.change.high
    assert found.headline.startswith("Of +") and "people brought +" in found.headline


def test_the_parts_add_up_and_the_interaction_is_no_third_part(desk):
    frame, replayed, of = desk()
    found = growth(Calls.of(frame, of), replayed)
    assert found.people.change.value + found.model.change.value == pytest.approx(found.total.change.value)
    people, model, both = shapley(found.values)
    assert (people, model, both) == pytest.approx(
        (found.people.change.value, found.model.change.value, found.interaction.value)
    )


def test_where_nobody_changed_nothing_is_claimed(desk):
    frame, replayed, of = desk(people=0.0, model=0.0)
    found = growth(Calls.of(frame, of), replayed)
    assert found.headline == ""
    assert found.model.change.value == 0
    assert "brought" not in found.sentence or "cannot be told" in found.sentence


def test_the_same_version_throughout_brought_nothing_by_definition(desk):
    frame, replayed, of = desk()
    found = growth(Calls.of(frame, of), replayed.pair("v1", "v1"))
    assert found.same_version and found.model.change.value == found.model.change.low == 0
    assert found.headline.endswith("The model stayed the same.")


def test_verdict_words_rest_on_intervals_wider_than_those_shown(desk):
    frame, replayed, of = desk()
    for part in (growth(Calls.of(frame, of), replayed).people, growth(Calls.of(frame, of), replayed).model):
        shown, rests_on = part.change, part.verdict.change
        assert rests_on.low < shown.low and rests_on.high > shown.high
        assert part.level >= 1 - 0.05 / 3


def test_too_few_unaided_calls_say_so(desk):
    frame, replayed, of = desk(mode="assisted")
    found = growth(Calls.of(frame, of), replayed)
    assert found.why.startswith("Unaided calls") and found.sentence == found.why
    assert found.as_dict()["people"]["verdict"] == "too few to say"


def test_other_people_in_the_later_half_cannot_be_told_from_better_people(desk):
    frame, replayed, of = desk()
    half = len(frame) // 2
    frame["manager"] = [f"{'early' if i < half else 'late'}{i % 7}" for i in range(len(frame))]
    found = growth(Calls.of(frame, of), replayed)
    assert found.why.startswith("Cannot be known") and found.people.verdict.words == "cannot be known"


def test_value_is_counted_beside_accuracy_where_the_domain_states_one(desk):
    more = '[features.amount]\nkind = "number"\n[value]\ncolumn = "amount"\nunit = "€"\n'
    frame, _, _ = desk()
    amounts = np.random.default_rng(3).gamma(4, 25, len(frame))
    frame, replayed, of = desk(more=more, amount=amounts, value=amounts)
    found = growth(Calls.of(frame, of), replayed)
    assert found.unit == "€"
    assert found.in_value["people"].value == pytest.approx(100 * found.people.change.value, rel=0.4)
    assert found.in_value["people"].value + found.in_value["model"].value == pytest.approx(
        found.in_value["total"].value
    )


def test_the_way_of_combining_is_that_of_the_earliest_decisions(desk):
    frame, _, of = desk(n=4_000)
    later = np.arange(len(frame)) >= len(frame) // 2
    frame.loc[later, "final_action"] = frame["recommended_action"][later]
    calls = Calls.of(frame, of)
    found = Combiner.of(calls, np.ones(len(frame), bool))
    assert found.decisions == 500 and max(found.rates) < 0.6
    assert "500 earliest" in found.said


def test_without_enough_differing_decisions_either_is_taken_as_often(desk):
    frame, _, of = desk(n=100)
    found = Combiner.of(Calls.of(frame, of), np.ones(len(frame), bool))
    assert set(found.rates) == {EVEN} and "fixed rule" in found.said


def test_planted_values_follow_from_chances_and_answers():
    combiner = Combiner((0.25,) * 5, (100,) * 5)
    right, actions = np.array([0, 1]), np.array([[0, 0], [0, 1]])
    found = values(right, actions, np.full((2, 2), 0.8), np.array([[0.5, 0.5], [0.9, 0.7]]), combiner)
    assert found == pytest.approx(
        {
            "00": 0.25 * 0.5 + 0.75 * 0.5,
            "10": 0.125 + 0.75 * 0.8,
            "01": 0.25 + 0.75 * 0.5,
            "11": 0.25 + 0.75 * 0.8,
        }
    )


def test_an_answer_of_a_model_without_a_newer_action_is_never_that_action(desk):
    frame, _, of = desk(n=60)
    found = Replayed.on(frame, {"v1": np.ones((60, 1))}, of, of=60)
    assert found.chances.shape == (1, 60, 2) and (found.actions == 0).all()
