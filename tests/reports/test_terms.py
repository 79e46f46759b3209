"""Recurring words: what goes with being right is found, a favourite phrase is not, and few cases say so."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

from rhml.reports.terms import _tests, terms


def written(people: list[str], right: np.ndarray, cases=None, speaks=True) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case_id": [f"a{i}" for i in range(len(people))] if cases is None else cases,
            "manager": people,
            "status": np.where(right, "rescued", "spoiled"),
            "speaks": speaks,
        }
    )


def where(flags: np.ndarray) -> np.ndarray:
    return np.flatnonzero(flags)


def test_a_word_of_those_who_were_right_is_found_with_its_share_and_interval():
    draw = np.random.default_rng(1)
    has = draw.random(600) < 0.2
    right = draw.random(600) < np.where(has, 0.85, 0.5)
    found = terms(written(list(draw.choice(["m1", "m2"], 600)), right), [("contract", where(has))])
    [term] = found.right
    assert (term.term, term.words, term.overrides) == ("contract", "right more often", int(has.sum()))
    assert term.right.low < has[right].sum() / has.sum() < term.right.high
    assert term.rescued + term.spoiled == term.overrides and found.wrong == ()


def test_the_favourite_phrase_of_somebody_good_is_no_good_reason():
    draw = np.random.default_rng(2)
    good = draw.random(800) < 0.5
    right = draw.random(800) < np.where(good, 0.9, 0.4)
    phrase = draw.random(800) < np.where(good, 0.4, 0.02)
    found = terms(written(list(np.where(good, "m1", "m2")), right), [("frankly", where(phrase))])
    assert found.right == () and found.frequent[0].words == "no difference seen"


def test_the_test_is_that_of_cochran_mantel_and_haenszel():
    people = ["m1"] * 60 + ["m2"] * 40
    draw = np.random.default_rng(5)
    has, right = draw.random(100) < 0.5, draw.random(100) < 0.5
    surplus = variance = 0.0
    for of in ("m1", "m2"):
        mine = np.array(people) == of
        n, a, r = mine.sum(), (has & mine).sum(), (right & mine).sum()
        surplus += (has & right & mine).sum() - a * r / n
        variance += a * (n - a) * r * (n - r) / (n**2 * (n - 1))
    p, direction = _tests(written(people, right), [("word", where(has))], np.ones(100, bool), right)
    assert p[0] == pytest.approx(chi2.sf((abs(surplus) - 0.5) ** 2 / variance, 1))
    assert direction[0] == np.sign(surplus)


def test_where_nothing_is_told_by_words_hardly_anything_is_found():
    draw, logs_with_a_find = np.random.default_rng(3), 0
    for _ in range(30):
        skill = draw.random(5)
        person = draw.integers(0, 5, 400)
        right = draw.random(400) < skill[person]
        taste = draw.random((5, 40)) * 0.4
        held = [(f"word{k}", where(draw.random(400) < taste[person, k])) for k in range(40)]
        found = terms(written([f"m{i}" for i in person], right), held)
        logs_with_a_find += bool(found.right or found.wrong)
    assert logs_with_a_find <= 5  # 5 % of 30 are 1.5


def test_several_overrides_of_one_case_are_not_several_proofs():
    draw = np.random.default_rng(4)
    has, right = np.repeat(draw.random(60) < 0.5, 6), np.repeat(draw.random(60) < 0.5, 6)
    people = [f"m{i % 6}" for i in range(360)]
    apart = _tests(written(people, right), [("w", where(has))], np.ones(360, bool), right)[0][0]
    cases = np.repeat(np.arange(60), 6)
    together = _tests(written(people, right, cases), [("w", where(has))], np.ones(360, bool), right)[0][0]
    assert norm.isf(apart / 2) / norm.isf(together / 2) == pytest.approx(6**0.5, rel=0.05)


def test_what_cannot_be_judged_counts_but_does_not_speak():
    found = terms(written(["m1"] * 200, np.ones(200, bool), speaks=False), [("contract", np.arange(30))])
    [term] = found.frequent
    assert term.overrides == 30 and term.words == "too few to say" and not term.right.known


def test_fillers_and_short_words_are_left_out_in_scripts_that_have_cases():
    rows = np.arange(30)
    held = [(w, rows) for w in ("the", "it is", "we", "חוב", "tax", "contract")]
    shown = [t.term for t in terms(written(["m1"] * 200, np.ones(200, bool)), held, fillers={"the"}).frequent]
    assert "the" not in shown and "we" not in shown and len({"חוב", "contract"} & set(shown)) == 1


def test_two_words_of_the_same_overrides_are_one_line():
    rows = np.arange(30)
    found = terms(
        written(["m1"] * 200, np.ones(200, bool)), [("framework", rows), ("framework contract", rows)]
    )
    assert [t.term for t in found.frequent] == ["framework contract"]


def test_no_rationales_make_no_terms():
    found = terms(written([], np.zeros(0, bool)), [])
    assert (found.right, found.wrong, found.frequent, found.overrides) == ((), (), (), 0)
