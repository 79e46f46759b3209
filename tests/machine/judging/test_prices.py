import json

import numpy as np
import pytest

from rhml.core.domain_parts import Segments
from rhml.machine.judging.prices import parts, prices


@pytest.fixture(scope="module")
def taught(make):
    """Loans that go by whether income and debt agree, few of them resolved; people mostly know, or guess."""
    cases, calls = make(1200, 8)
    rng = np.random.default_rng(8)
    truth = np.where(cases["income"] * cases["debt"].fillna(1) > 0, "lend", "decline")
    bank = rng.random(len(cases)) < 0.4
    seen = bank | (rng.random(len(cases)) < 0.1)
    cases = cases.assign(bank=bank, right_action=np.where(seen, truth, None))
    knows = rng.random(len(cases)) < 0.85
    guess = np.array(["lend", "decline"], dtype=object)[rng.integers(0, 2, len(cases))]
    said = np.where(knows, truth, guess)
    reason = np.where(knows, "Knows", "Guesses")
    return cases, calls.assign(first_action=said, final_action=said, recommended_action=None, reason=reason)


@pytest.fixture(scope="module")
def priced(taught, domain):
    said = []
    reasons = domain.model_copy(update={"segments": Segments()})
    found = prices(*taught, domain=reasons, seed=1, progress=lambda share, words: said.append((share, words)))
    return found, said


def test_what_the_knowing_taught_has_a_price_above_zero_with_an_interval(priced):
    found, _ = priced
    [price] = [p for p in found.prices if p.name == "Knows"]
    assert price.accuracy.low > 0 and price.brier.high < 0 and price.shown
    assert price.accuracy.n == found.cases
    json.dumps(found.as_dict(), allow_nan=False)


def test_what_guesses_taught_is_not_shown_to_be_worth_anything(priced):
    [price] = [p for p in priced[0].prices if p.name == "Guesses"]
    assert price.accuracy.low <= 0 and not price.shown


def test_progress_goes_up_while_one_part_after_another_is_left_out(priced):
    shares = [share for share, _ in priced[1]]
    assert shares == sorted(shares) and shares[0] == 0 and 0 < shares[-1] < 1 and len(shares) == 3


def test_reasons_and_segments_are_priced_reasons_first(taught, domain):
    chosen, _ = parts(*taught, domain=domain)
    assert {(p.column, p.name) for p in chosen[:2]} == {("reason", "Knows"), ("reason", "Guesses")}
    assert {(p.column, p.name) for p in chosen[2:]} == {("branch", "a"), ("branch", "b")}


def test_numbers_are_priced_in_quarters_and_what_is_not_stated_is_not(taught, domain):
    by_income = domain.model_copy(update={"segments": Segments(columns=("income", "debt"))})
    chosen, _ = parts(*taught, domain=by_income)
    income = [p for p in chosen if p.column == "income"]
    assert len(income) == 4 and all(" to " in p.name for p in income)
    assert taught[0]["debt"].isna().any() and "not stated" not in {p.name for p in chosen}


def test_what_fewer_than_three_people_did_is_never_priced(taught, domain):
    cases, calls = taught
    few = calls.assign(reason=np.where(calls["manager"].isin(["m0", "m1"]), "Theirs", "Knows"))
    chosen, too_few = parts(cases, few, domain=domain)
    assert [p.name for p in too_few] == ["Theirs"]
    assert "Theirs" not in {p.name for p in chosen}


def test_a_third_person_with_a_handful_of_decisions_hides_nobody(taught, domain):
    cases, calls = taught
    theirs = calls["manager"].isin(["m0", "m1"]).to_numpy()
    theirs = theirs | calls.index.isin(calls.index[calls["manager"] == "m2"][:4])
    _, too_few = parts(cases, calls.assign(reason=np.where(theirs, "Theirs", "Knows")), domain=domain)
    assert [p.name for p in too_few] == ["Theirs"]


def test_where_calls_were_left_out_nothing_has_a_price_and_it_says_so(make, domain):
    cases, calls = make(
        700, 6, share=0.9, call=lambda rng, right, advice, who, honest: rng.integers(0, 2, len(right))
    )
    cases = cases.assign(bank=np.arange(len(cases)) % 5 == 0)
    found = prices(cases, calls, domain=domain, seed=1)
    assert not found.prices and "left out" in found.why


def test_without_outcomes_there_are_no_prices(taught, domain):
    found = prices(*taught, domain=domain.model_copy(update={"outcome": None}), seed=1)
    assert not found.prices and "imitates" in found.why


def test_a_refusal_left_out_still_tells_what_an_explored_outcome_stands_for(taught, domain):
    from rhml.machine.judging.prices import _without
    from rhml.machine.learning.recipe import observation_weights

    cases, calls = taught
    outcome = domain.outcome.model_copy(update={"observed_after": ("lend",), "explore": 0.1})
    selective = domain.model_copy(update={"outcome": outcome})
    tried = cases.assign(explore=np.arange(len(cases)) % 3 == 0)
    rows = (calls["reason"] == "Knows").to_numpy()
    kept = _without(calls, rows, selective)
    before, after = (observation_weights(tried, said, domain=selective) for said in (calls, kept))
    assert before.max() == 10 and (before == after).all()
    assert not kept.loc[rows[kept.index], "final_action"].isin(domain.action_keys).any()
