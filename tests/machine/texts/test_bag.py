import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.core.policy import FOLDS
from rhml.machine.encoding import Encoding
from rhml.machine.explaining.changes import what_would_change
from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.apart import together
from rhml.machine.learning.fitting import train
from rhml.machine.learning.material import prepare
from rhml.machine.model import Model
from rhml.machine.texts.bag import Bag, parse, pieces_of
from rhml.machine.texts.cross_reading import without
from rhml.machine.texts.reading import Reading, fitted
from tests.messages import ACTIONS, TRIAGE, messages

TEXTS = [
    "Claim your FREE gift now!",
    "free gift for you",
    "minutes of the meeting",
    "the meeting is moved",
    None,
    "",
]


def hot(cases):
    return np.column_stack([cases["right_action"] == action for action in ACTIONS]).astype(float)


@pytest.fixture(scope="module")
def triage():
    return parse_domain("triage", TRIAGE)


@pytest.fixture(scope="module")
def cases():
    return messages(300, 3, noise=0.3)


@pytest.fixture(scope="module")
def material(cases, triage):
    return prepare(cases, hot(cases), domain=triage)


@pytest.fixture(scope="module")
def model(cases, triage):
    return train(cases, hot(cases), domain=triage, seed=1)


@pytest.fixture(scope="module")
def two():
    """Two actions: whatever is not dismissed counts as the other one."""
    text = TRIAGE.replace('watch = "Watch"\n', "")
    cases = messages(300, 4, noise=0.3)
    kept = cases["right_action"].where(cases["right_action"] == "dismiss", "escalate")
    return parse_domain("triage", text), cases.assign(right_action=kept)


@pytest.fixture(scope="module")
def model_of_two(two):
    domain, cases = two
    weights = np.column_stack([cases["right_action"] == a for a in domain.action_keys]).astype(float)
    return train(cases, weights, domain=domain, seed=1)


def test_words_are_found_where_they_stand_in_the_text():
    text = "Größe: FREE\u00a0gift!!! 贈り物"
    parsed = parse([text])
    said = [text[a:b].lower() for a, b in zip(parsed.start, parsed.end, strict=True)]
    assert said == ["größe", ":", "free", "gift", "!!!", "贈", "り", "物"]
    assert [parsed.distinct[code] for code in parsed.code] == said


def test_a_misspelt_word_shares_most_of_its_pieces():
    assert len(set(pieces_of("accuont")) & set(pieces_of("account"))) >= 4
    assert len(pieces_of("x" * 10_000)) < 100


def test_only_what_occurs_in_two_texts_counts_and_labels_have_no_say():
    bag = Bag.fit(TEXTS)
    assert {"free", "gift", "free gift", "meeting"} <= set(bag.words)
    assert not {"claim", "minutes", "moved"} & set(bag.words)


def test_every_row_has_length_one_unless_nothing_is_known():
    lengths = np.sqrt(Bag.fit(TEXTS).matrix([*TEXTS, "zzz"]).power(2).sum(axis=1))
    assert np.allclose(lengths, [1, 1, 1, 1, 0, 0, 0])


def test_a_bag_survives_json_and_is_the_same_again():
    bag = Bag.fit(TEXTS)
    again = Bag.from_dict(json.loads(json.dumps(bag.to_dict())))
    assert again == bag == Bag.fit(TEXTS)
    assert (again.matrix(TEXTS) != bag.matrix(TEXTS)).nnz == 0


def test_bytes_are_stable_and_hold_the_words(model, cases, triage):
    stored = model.to_bytes()
    assert Model.from_bytes(stored).to_bytes() == stored
    assert train(cases, hot(cases), domain=triage, seed=1).to_bytes() == stored
    assert b'"invoice"' in stored
    again = Model.from_bytes(stored)
    assert np.array_equal(again.probabilities(cases), model.probabilities(cases))


def test_without_texts_the_bytes_do_not_speak_of_them():
    cases = pd.DataFrame({"amount": [1.0, 2.0]})
    domain = parse_domain("d", 'title = "D"\n[actions]\na = "A"\nb = "B"\n[features.amount]\nkind = "number"')
    assert set(Encoding.fit(cases, domain.inputs).to_dict()) == {"columns"}


def test_a_reading_whose_parts_do_not_fit_is_refused(model):
    plain = model.encoding.texts[0].to_dict()
    with pytest.raises(ValueError, match="belong together"):
        Reading.from_dict({**plain, "weights": [row[1:] for row in plain["weights"]]})


def test_the_text_stays_one_feature_of_one_more_column_for_each_further_action(model, model_of_two):
    assert model.features == model_of_two.features == ("message", "links", "channel")
    assert (model.encoding.width, model_of_two.encoding.width) == (5, 3)
    assert model.encoding.owner_names == ("message", "links", "channel", "message", "message")
    assert model.encoding.typical["message"] is None


def test_weights_learn_which_words_speak_for_an_action():
    texts = ["free gift"] * 20 + ["the meeting"] * 20
    bag = Bag.fit(texts)
    start, weights = fitted(bag.matrix(texts), np.repeat([[1.0, 0.0], [0.0, 1.0]], 20, axis=0))
    free, meeting = (weights[0, bag.words.index(word)] for word in ("free", "meeting"))
    assert free > 0 > meeting and abs(start[0]) < 0.1


def test_nothing_to_learn_from_gives_weights_of_nothing():
    bag = Bag.fit(TEXTS)
    start, weights = fitted(bag.matrix(TEXTS), np.zeros((len(TEXTS), 3)))
    assert not start.any() and not weights.any()


def test_a_texts_own_outcome_has_no_part_in_how_it_is_read(cases, triage, material):
    """Turn every outcome of one fold around: the readings of that fold's texts stay what they were."""
    rows = (cases["fold"] == 2).to_numpy()
    weights = hot(cases)
    weights[rows] = np.roll(weights[rows], 1, axis=1)
    turned = prepare(cases, weights, domain=triage)
    assert np.array_equal(turned.texts[0].own[rows], material.texts[0].own[rows])
    assert not np.allclose(turned.texts[0].own[~rows], material.texts[0].own[~rows])


def test_a_fold_that_is_held_out_has_no_part_in_any_reading(cases, triage, material):
    rows = (cases["fold"] == 2).to_numpy()
    weights = hot(cases)
    weights[rows] = np.roll(weights[rows], 1, axis=1)
    turned = prepare(cases, weights, domain=triage)
    assert np.array_equal(turned.texts[0].held_out[2], material.texts[0].held_out[2])
    assert np.array_equal(without(turned, 2).matrix, without(material, 2).matrix, equal_nan=True)


def test_noise_for_text_teaches_nothing(triage):
    """Words that have nothing to do with the outcome: the model is not surer than the shares of the actions."""
    rng = np.random.default_rng(5)
    words = np.array([f"word{i}" for i in range(300)])
    cases = messages(300, 5)
    cases["message"] = [" ".join(rng.choice(words, 12)) for _ in range(len(cases))]
    cases["links"], cases["channel"] = 1.0, "mail"
    model = train(cases, hot(cases), domain=triage, seed=1)
    shares = hot(cases).mean(axis=0)
    assert np.abs(model.probabilities(cases) - shares).mean() < 0.06


def test_labels_that_differ_by_fold_are_each_folds_own(cases, triage):
    weights = hot(cases)
    by_fold = np.stack([weights] * FOLDS)
    by_fold[3] = np.roll(weights, 1, axis=1)
    found = prepare(cases, weights, domain=triage, by_fold=by_fold).texts[0].held_out
    assert not np.allclose(found[3], found[2])


def test_unseen_messages_are_foretold_better_than_by_links_and_channel_alone(model, cases, triage):
    unseen = messages(1_500, 9, noise=0.3)
    features = tuple(f for f in triage.features if f.kind != "text")
    mute = train(cases, hot(cases), domain=triage.model_copy(update={"features": features}), seed=1)
    right = [
        (ACTIONS[m.probabilities(unseen).argmax(axis=1)] == unseen["right_action"]).mean()
        for m in (model, mute)
    ]
    assert right[0] > 0.75 > 0.6 > right[1]


@pytest.mark.parametrize("which", ["model", "model_of_two"])
def test_points_of_a_model_with_text_add_up(which, request, cases):
    model = request.getfixturevalue(which)
    scored = explain(model, cases)
    chosen = scored.probabilities[np.arange(len(cases)), scored.action_index]
    assert scored.points.shape == (len(cases), 3)
    assert np.allclose(scored.base + scored.points.sum(axis=1), chosen, atol=1e-12)
    assert np.allclose(scored.probabilities, model.probabilities(cases), atol=1e-5)


def test_more_of_what_speaks_for_the_first_of_two_actions_never_lowers_it(model_of_two, two):
    _, cases = two
    matrix = np.repeat(model_of_two.encoding.matrix(cases)[:50], 30, axis=0)
    matrix[:, 0] = np.tile(np.linspace(-4, 4, 30), 50)
    margin = model_of_two.margins(matrix)[:, 0].reshape(50, 30)
    assert (np.diff(margin, axis=1) >= -1e-6).all() and np.ptp(margin, axis=1).min() > 0.5


def test_a_missing_or_foreign_text_counts_as_missing_and_is_said(model, cases):
    odd = cases.head(3).reset_index(drop=True)
    odd["message"] = pd.Series([None, "Ωμέγα ψυχή", "   "], dtype=object)
    assert np.isnan(model.encoding.matrix(odd)[:, [0, 3, 4]]).all()
    notes = model.encoding.notes(odd)
    assert (
        "missing here" in notes[0][0] and "none of its words" in notes[1][0] and "missing here" in notes[2][0]
    )
    assert np.isfinite(model.probabilities(odd)).all()
    assert np.isfinite(model.probabilities(odd.drop(columns="message"))).all()


def test_no_change_of_words_is_ever_suggested(model, cases, triage):
    features = tuple(f.model_copy(update={"changeable": True}) for f in triage.features)
    found = what_would_change(model, cases.head(60), domain=triage.model_copy(update={"features": features}))
    assert any(found)
    assert {step.feature for change in found if change for step in change.steps} <= {"links", "channel"}


def test_a_domain_of_nothing_but_a_text_can_be_learned(cases, triage):
    only = triage.model_copy(update={"features": tuple(f for f in triage.features if f.kind == "text")})
    model = train(cases, hot(cases), domain=only, seed=1)
    assert model.encoding.width == 3
    assert model.features == ("message",)
    assert (ACTIONS[model.probabilities(cases).argmax(axis=1)] == cases["right_action"]).mean() > 0.7


def test_a_text_that_is_always_the_same_or_empty_is_harmless(cases, triage):
    for text in ("text", "", None):
        same = cases.assign(message=pd.Series([text] * len(cases), dtype=object))
        scores = prepare(same, hot(same), domain=triage).matrix[:, 0]
        assert np.isnan(scores).all() or np.ptp(scores[cases["fold"] == 0]) == 0


def test_factors_kept_apart_keep_apart_in_every_column_of_a_text(model):
    allowed = together(model.encoding.owner_names, (("message", "links"),))
    assert sorted(map(sorted, allowed)) == [[0, 2, 3, 4], [1, 2]]


def test_pandas_text_with_nan_is_read_like_objects_with_none(model, cases):
    as_text = cases.assign(message=cases["message"].where(cases.index % 7 > 0).astype("str"))
    as_objects = cases.assign(message=cases["message"].where(cases.index % 7 > 0, None).astype(object))
    assert np.array_equal(model.probabilities(as_text), model.probabilities(as_objects))
