from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.fitting import train
from rhml.machine.texts.word_points import LEAST, MOST, word_points
from tests.messages import ACTIONS, TRIAGE, messages


@pytest.fixture(scope="module")
def told():
    """A model, cases it has not seen, their reasons and their words."""
    cases = messages(360, 6, noise=0.2)
    known, unseen = cases.head(300), cases.tail(60).reset_index(drop=True)
    weights = np.column_stack([known["right_action"] == action for action in ACTIONS]).astype(float)
    model = train(known, weights, domain=parse_domain("triage", TRIAGE), seed=1)
    scored = explain(model, unseen)
    return model, unseen, scored, word_points(model.encoding, scored, unseen)


def test_words_add_up_to_the_texts_points_exactly(told):
    _, _, scored, words = told
    given = scored.points[:, scored.features.index("message")]
    sums = [sum(points for *_, points in case["message"]) for case in words]
    assert np.abs(given).max() > 0.2
    assert np.allclose(sums, given, atol=1e-12, rtol=0)


def test_every_word_stands_where_it_says_and_the_rest_comes_last(told):
    _, cases, _, words = told
    for text, case in zip(cases["message"], words, strict=True):
        *listed, rest = case["message"]
        assert rest[:2] == (0, 0) and len(listed) <= MOST
        assert listed == sorted(listed) and all(abs(points) >= LEAST for *_, points in listed)
        assert all(text[a:b].strip() == text[a:b] != "" for a, b, _ in listed)
        assert all(before[1] <= after[0] for before, after in pairwise(listed))


def test_the_sum_over_words_is_the_score(told):
    model, cases, _, _ = told
    reading = model.encoding.texts[0]
    words = reading.words(cases["message"])
    sums = np.array([words.adds[words.owner == row].sum(axis=0) for row in range(len(cases))])
    assert np.allclose(sums + reading.start, reading.scores(cases["message"]), atol=1e-9)


def test_a_word_has_the_sign_of_what_it_speaks_for(told):
    model, cases, scored, words = told
    reading = model.encoding.texts[0]
    adds = reading.words(cases["message"])
    checked = 0
    for row, case in enumerate(words):
        chances = scored.probabilities[row]
        others = np.where(np.arange(3) == scored.action_index[row], 0.0, chances)
        towards = np.eye(3)[scored.action_index[row]] - others / others.sum()
        own = {a: towards @ adds.adds[at] for at, a in enumerate(adds.start) if adds.owner[at] == row}
        for start, _, points in case["message"][:-1]:
            assert own[start] * points > 0
            checked += 1
    assert checked > 300


def test_planted_words_come_out_strongest():
    """Nothing but "jackpot" and "minutes" tells these texts apart; both are found, each with its side."""
    rng = np.random.default_rng(2)
    first = rng.random(300) < 0.5
    filler = [" ".join(rng.permutation(["we", "saw", "some", "of", "it", "then"])) for _ in first]
    texts = [f"{'Jackpot' if one else 'minutes'} {rest}" for one, rest in zip(first, filler, strict=True)]
    cases = pd.DataFrame({"message": texts, "fold": np.arange(300) % 5,
                          "right_action": np.where(first, "stop", "pass")})  # fmt: skip
    domain = parse_domain(
        "d",
        'title = "D"\n[actions]\nstop = "Stop"\npass = "Pass"\n[outcome]\n[features.message]\nkind = "text"',
    )
    model = train(cases, np.column_stack([first, ~first]).astype(float), domain=domain, seed=1)
    scored = explain(model, cases)
    for row, case in enumerate(word_points(model.encoding, scored, cases)):
        start, end, points = max(case["message"][:-1], key=lambda word: abs(word[2]))
        assert texts[row][start:end] in ("Jackpot", "minutes") and points > 0.1


def test_a_missing_or_unknown_text_has_only_a_rest(told):
    model, cases, _, _ = told
    odd = cases.head(2).assign(message=pd.Series([None, "Ωμέγα"], dtype=object))
    scored = explain(model, odd)
    given = scored.points[:, scored.features.index("message")]
    assert word_points(model.encoding, scored, odd) == [{"message": [(0, 0, float(p))]} for p in given]


def test_a_text_like_any_other_does_not_divide_by_nothing(told):
    """Where a score lies at the usual one, words keep the size that the case's own slope gives them."""
    model, cases, scored, _ = told
    reading = model.encoding.texts[0]
    usual = replace(reading, usual=tuple(reading.scores(cases["message"])[0]))
    encoding = replace(model.encoding, texts=(usual,))
    [first, *_] = word_points(encoding, scored, cases)
    assert max(abs(points) for *_, points in first["message"][:-1]) < 1.0
    assert sum(points for *_, points in first["message"]) == pytest.approx(scored.points[0, 0], abs=1e-12)


def test_without_texts_there_are_no_words(cases, model):
    assert word_points(model.encoding, explain(model, cases.head(3)), cases.head(3)) == [{}, {}, {}]
