"""Corrections: what is found, how exactly it is drawn, that chance finds nothing, and that later cases decide."""

import json
from dataclasses import replace
from itertools import count

import numpy as np
import pandas as pd
import pytest

from rhml.machine.corrections.correction import (
    Corrected,
    Correction,
    applied,
    applied_to,
    corrected,
    encoded_facts,
)
from rhml.machine.corrections.fit import apply, fit, scores
from rhml.machine.corrections.gate import gate, stake
from rhml.machine.corrections.look import Seen, look
from rhml.machine.corrections.rounding import roundest
from rhml.machine.corrections.segments import Condition, Segment
from rhml.machine.corrections.stream import Line, Standing, follow, judged
from rhml.machine.corrections.threshold import ALPHA, due, share
from rhml.machine.explaining.changes import what_would_change
from rhml.machine.explaining.explanation import explain

SOUTH = Segment((Condition("income", "number", low=0.5), Condition("region", "category", levels=("south",))))
FLIP = Correction(SOUTH, ("lend", "decline"), (0.3, -0.3), -0.8, "k1")


def seen(make, hot, model, n, seed, *, turned=None):
    """New cases that the model does not know; in the segment `turned` the truth is the reverse."""
    cases = make(n, seed)[0]
    labels = hot(cases)
    if turned is not None:
        inside = turned.holds(cases)
        labels[inside] = labels[inside][:, ::-1]
    return Seen(cases, model.probabilities(cases), labels)


WIDE = Segment((Condition("income", "number", low=0.2), Condition("region", "category", levels=("south",))))


@pytest.fixture(scope="module")
def turned(make, hot, model):
    return seen(make, hot, model, 1_000, 21, turned=WIDE)


@pytest.fixture(scope="module")
def found(turned, domain):
    return look(turned, domain=domain)


def test_a_truth_that_turned_in_a_segment_is_found_by_both_its_conditions(found, turned):
    [correction] = found.found
    assert {c.feature for c in correction.segment.conditions} == {"income", "region"}
    inside, true = correction.segment.holds(turned.cases), WIDE.holds(turned.cases)
    assert (inside ^ true).sum() < 0.12 * true.sum()
    assert correction.slope < 0


def test_a_correction_makes_the_segment_right_and_leaves_the_rest_alone(found, make, hot, model):
    later = seen(make, hot, model, 2_000, 22, turned=WIDE)
    now = corrected(later.probabilities, found.found, later.cases)
    inside = found.found[0].segment.holds(later.cases)
    hits = [(p.argmax(axis=1) == later.labels.argmax(axis=1)) for p in (later.probabilities, now)]
    assert hits[0][inside].mean() < 0.35 < 0.65 < hits[1][inside].mean()
    assert (now[~inside] == later.probabilities[~inside]).all()


def test_where_nothing_changed_nothing_is_found_over_many_looks(make, hot, model, domain):
    for seed in range(2):
        quiet, standing = seen(make, hot, model, 900, 40 + seed), Standing()
        for size in range(60, 901, 60):
            _, standing = follow(quiet.first(size), standing, domain=domain, name=lambda: "k")
        assert standing.lines == () and standing.looks >= 10


def test_an_overall_drift_is_no_segment(make, hot, model, domain):
    drifted = seen(make, hot, model, 900, 51)
    labels = drifted.labels.copy()
    wrong = np.random.default_rng(0).random(900) < 0.25
    labels[wrong] = labels[wrong][:, ::-1]
    assert look(replace(drifted, labels=labels), domain=domain).found == ()


def test_what_was_off_at_training_already_is_no_news(turned, make, hot, model, domain):
    before = seen(make, hot, model, 3_000, 23, turned=WIDE)
    assert look(turned, domain=domain, before=before).found == ()


def test_all_looks_together_spend_one_alpha():
    spent = sum(share(n) for n in range(200_000))
    assert spent <= ALPHA and spent == pytest.approx(ALPHA, rel=0.001)
    assert share(30) > share(0) / 5


def test_looks_are_due_as_cases_grow_by_a_seventh():
    assert not due(39, 0) and due(40, 0) and not due(45, 40) and due(46, 40)


def test_a_look_is_the_same_for_the_same_seed(turned, found, domain):
    assert look(turned, domain=domain) == found


def test_a_standing_correction_is_sharpened_rather_than_proposed_again(turned, domain):
    blunt = Segment(
        (Condition("income", "number", low=0.6), Condition("region", "category", levels=("south",)))
    )
    standing = Correction(blunt, ("lend", "decline"), (0.0, 0.0), -0.5, "k1")
    again = look(turned, domain=domain, standing=(standing,))
    assert again.found == () and [c.correction_id for c in again.revised] == ["k1"]
    [sharper] = again.revised
    low = next(c.low for c in sharper.segment.conditions if c.feature == "income")
    assert abs(low - 0.2) < 0.15


def test_later_cases_prove_a_true_correction(turned, found, make, hot, model):
    line = Line(((len(turned), found.found[0]),))
    later = seen(make, hot, model, 1_000, 24, turned=WIDE)
    assert judged(line, turned).state == "proposed"
    both = joined(turned, later)
    assert judged(line, both).state == "proved"
    assert judged(line, both).right_after > judged(line, both).right_before


def test_a_block_of_wrong_outcomes_is_proposed_and_never_proved(turned, found, make, hot, model):
    line = Line(((len(turned), found.found[0]),))
    both = joined(turned, seen(make, hot, model, 1_500, 25))
    states = [judged(line, both.first(n)).state for n in range(1_000, 2_501, 100)]
    assert states[0] == "proposed" and "proved" not in states and states[-1] == "not borne out"


def joined(first, second):
    return Seen(
        pd.concat([first.cases, second.cases], ignore_index=True),
        np.vstack([first.probabilities, second.probabilities]),
        np.vstack([first.labels, second.labels]),
    )


def test_a_correction_without_merit_is_rarely_ever_proved():
    rng = np.random.default_rng(1)
    before, after = np.array([[0.6, 0.4]] * 200), np.array([[0.4, 0.6]] * 200)
    proved = 0
    for _ in range(100):
        labels = np.eye(2)[rng.integers(0, 2, 200)]
        proved += any(gate(before[:n], after[:n], labels[:n]).state == "proved" for n in (20, 40, 80, 160))
    assert proved <= 10


def test_without_later_cases_nothing_is_said():
    none = np.zeros((0, 2))
    assert gate(none, none, none).state == "proposed" and stake(np.zeros(0)) == 1.0


def test_few_cases_move_a_correction_little(make, hot, model):
    few = seen(make, hot, model, 4, 26)
    many = seen(make, hot, model, 400, 26)
    moved = [np.abs(fit(scores(s.probabilities), s.labels[:, ::-1]) - [0, 0, 1]).max() for s in (few, many)]
    assert moved[0] < moved[1]


def test_points_and_correction_add_up_to_the_probability(model, cases):
    plain, told = explain(model, cases), explain(model, cases, (FLIP,))
    inside = SOUTH.holds(cases)
    total = told.base + told.points.sum(axis=1) + told.correction
    assert np.allclose(total, told.probabilities.max(axis=1), atol=1e-12)
    assert np.allclose(told.uncorrected, plain.probabilities)
    assert (told.correction[~inside] == 0).all() and (told.correction[inside] != 0).all()
    assert [bool(held) for held in told.correction_ids] == list(inside)
    assert np.allclose(told.points[~inside], plain.points[~inside])


def test_a_factor_turned_round_by_a_correction_is_told_turned_round(model, cases):
    inside = SOUTH.holds(cases)
    plain, told = explain(model, cases), explain(model, cases, (FLIP,))
    same = inside & (plain.action_index == told.action_index)
    assert same.any()
    assert (np.sign(told.points[same]) == -np.sign(plain.points[same])).mean() > 0.9


def test_a_corrected_model_scores_like_its_explanation(model, cases):
    told = explain(model, cases, (FLIP,))
    assert np.allclose(Corrected(model, (FLIP,)).probabilities(cases), told.probabilities, atol=1e-6)


def test_corrections_on_top_of_each_other_apply_in_their_order(model, cases):
    other = Correction(
        Segment((Condition("region", "category", levels=("south",)),)),
        ("lend", "decline"),
        (0.5, -0.5),
        0.5,
        "k2",
    )
    both = applied((FLIP, other), cases)
    z = scores(model.probabilities(cases))
    inside = SOUTH.holds(cases)
    assert np.allclose(
        both.scores(z)[inside], apply(other.parameters, apply(FLIP.parameters, z[inside])), atol=1e-9
    )
    assert both.ids[int(np.flatnonzero(inside)[0])] == ("k1", "k2")


def test_encoded_cases_are_corrected_like_those_of_a_frame(model, cases):
    encoded = applied_to((FLIP,), encoded_facts(model.encoding, model.encoding.values(cases)), len(cases))
    assert encoded.ids == applied((FLIP,), cases).ids


def test_what_would_change_it_holds_with_the_correction(model, cases, domain):
    inside = cases[SOUTH.holds(cases)].head(20).reset_index(drop=True)
    changes = what_would_change(model, inside, domain=domain, corrections=(FLIP,))
    assert any(changes)
    for row, change in enumerate(changes):
        if change:
            moved = inside.iloc[[row]].copy()
            for step in change.steps:
                moved[step.feature] = pd.to_datetime(step.then) if step.feature == "since" else step.then
            p = Corrected(model, (FLIP,)).probabilities(moved)[0]
            assert ("lend", "decline")[int(p.argmax())] == change.action
            assert p.max() == pytest.approx(change.probability, abs=1e-4)


def test_more_than_two_actions_get_a_shift_each_and_one_slope(three):
    domain, _, model = three
    rng = np.random.default_rng(5)
    facts = pd.DataFrame(rng.normal(size=(1_500, 3)), columns=["x0", "x1", "x2"])
    p = model.probabilities(facts)
    inside = (facts["x1"] > 0.6).to_numpy()
    drawn = (p.cumsum(axis=1) < rng.random((1_500, 1))).sum(axis=1).clip(0, 2)
    right = np.where(inside & (rng.random(1_500) < 0.7), 2, drawn)
    [correction] = look(Seen(facts, p, np.eye(3)[right]), domain=domain).found
    assert len(correction.shift) == 3 and correction.shift[2] == max(correction.shift)
    assert (correction.segment.holds(facts) ^ inside).mean() < 0.05


def test_a_segment_names_its_conditions_in_the_domains_words(domain):
    said = Segment(
        (Condition("income", "number", low=1.0, high=2.5), Condition("owner", "yes_no", levels=("yes",)))
    ).words(domain)
    assert said == ("Income from 1 to under 2.5", "Owner is yes")
    assert Segment((Condition("debt", "number", missing=True),)).words(domain) == ("Debt is missing",)


def test_missing_values_belong_to_no_range():
    cases = pd.DataFrame({"debt": [1.0, None, -1.0]})
    assert Condition("debt", "number", high=0.0).holds(cases).tolist() == [False, False, True]
    assert Condition("debt", "number", missing=True).holds(cases).tolist() == [False, True, False]
    assert Condition("gone", "category", levels=("a",)).holds(cases).tolist() == [False] * 3


def test_a_correction_survives_json():
    assert Correction.from_dict(json.loads(json.dumps(FLIP.to_dict())), "k1") == FLIP


def test_boundaries_are_round_numbers_within_their_doubt():
    assert roundest(38_712.0, 41_204.0, 39_000.0) == 40_000.0
    assert roundest(0.412, 0.418, 0.415) == 0.415
    assert roundest(2.0, 2.0, 2.0) == 2.0
    assert roundest(-0.31, 0.22, -0.05) == 0.0


def test_an_empty_or_tiny_set_of_cases_is_no_reason_to_fail(make, hot, model, domain):
    tiny = seen(make, hot, model, 12, 60)
    assert look(tiny, domain=domain).found == ()
    names = (f"k{i}" for i in count())
    looked, standing = follow(tiny.first(0), Standing(), domain=domain, name=lambda: next(names))
    assert looked is None and standing == Standing()
