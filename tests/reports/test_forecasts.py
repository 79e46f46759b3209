"""Stated probabilities against what was planted, and every number again by brute force."""

import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.reports.forecasting import ADJUSTED, BOTH, MODEL, ONE, POOLED
from rhml.reports.forecasts import NO_MODEL, NOBODY, forecasts

DOMAIN = parse_domain(
    "claims",
    """
title = "Findings"
[actions]
yes = "Yes"
no = "No"
[outcome]
column = "right_action"
[features.kind]
kind = "category"
levels = ["a", "b"]
[segments]
columns = ["kind"]
""",
)
THREE = parse_domain(
    "three", 'title = "T"\n[actions]\nx = "X"\ny = "Y"\nz = "Z"\n[outcome]\ncolumn = "right_action"\n'
)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def stated(case_id, manager, p) -> pd.DataFrame:
    """Rows that name the likelier of two actions, some of them the less likely one."""
    p = np.asarray(p)
    yes = np.where(np.arange(len(p)) % 7 == 0, p < 0.5, p >= 0.5)
    return pd.DataFrame(
        {
            "case_id": case_id,
            "manager": manager,
            "action": np.where(yes, "yes", "no"),
            "confidence": np.where(yes, p, 1 - p),
        }
    )


def planted(seed: int, n: int = 400, people: int = 4, noise: float = 1.5, of_model: float = 1.0):
    """Truth is half what people see and half what the model sees; people add noise of their own. `people` judge each
    case, and where that is one they take turns."""
    rng = np.random.default_rng(seed)
    seen, read = rng.normal(0, 1.2, n), rng.normal(0, 1.2, n)
    right = np.where(rng.random(n) < sigmoid(seen + read), "yes", "no")
    ids = np.array([f"c{i}" for i in range(n)])
    cases = pd.DataFrame(
        {"case_id": ids, "right_action": right, "kind": np.where(rng.random(n) < 0.5, "a", "b")}
    )
    turns = np.array([f"m{i % 3}" for i in range(n)])
    names = [turns] if people == 1 else [f"m{m}" for m in range(people)]
    rows = [stated(ids, name, sigmoid(seen + rng.normal(0, noise, n))) for name in names]
    model = stated(ids, "model", sigmoid(of_model * read))
    model = model.rename(columns={"confidence": "probability"})
    return pd.concat(rows, ignore_index=True), model, cases


def found(seed: int, **how):
    return forecasts(*planted(seed, **how), domain=DOMAIN, seed=7)


def test_every_score_is_what_a_loop_over_cases_gives():
    people, model, cases = planted(1, n=60)
    result = forecasts(people, model, cases, domain=DOMAIN, seed=7)
    of_yes = people["confidence"].where(people["action"] == "yes", 1 - people["confidence"])
    said = model.set_index("case_id")
    one, pooled, machine, both = [], [], [], []
    for case in cases.itertuples():
        y = float(case.right_action == "yes")
        p = of_yes[people["case_id"] == case.case_id].to_numpy()
        row = said.loc[case.case_id]
        q = row["probability"] if row["action"] == "yes" else 1 - row["probability"]
        one.append(np.mean((p - y) ** 2))
        pooled.append((p.mean() - y) ** 2)
        machine.append((q - y) ** 2)
        odds = (np.log(p.mean() / (1 - p.mean())) + np.log(q / (1 - q))) / 2
        both.append((sigmoid(odds) - y) ** 2)
    for key, values in ((ONE, one), (POOLED, pooled), (MODEL, machine), (BOTH, both)):
        assert result.side(key).brier.value == pytest.approx(np.mean(values))
    gap = result.gap(POOLED, MODEL).brier
    apart = np.array(pooled) - np.array(machine)
    assert gap.value == pytest.approx(apart.mean())
    assert gap.high - gap.low == pytest.approx(2 * 2.001 * apart.std(ddof=1) / np.sqrt(60), rel=0.02)


def test_people_and_model_who_know_different_things_foretell_better_together():
    result = found(2)
    assert result.together_best
    assert result.sentences("expert", "experts")[0].startswith("Experts and model averaged score .")
    assert "better than either alone" in result.sentences()[0]


def test_people_with_noise_are_too_sure_and_their_mean_less_so():
    result = found(3, noise=2.5)
    one, pooled = result.side(ONE).too_sure, result.side(POOLED).too_sure
    assert one.low > 0
    assert one.value > pooled.value


def test_a_model_that_reads_nothing_does_not_help():
    result = found(4, n=800, noise=0.5, of_model=0.0)
    assert not result.together_best
    assert result.gap(POOLED, MODEL).better == POOLED
    assert "foretold better" in result.sentences()[0]


def test_one_person_a_case_is_compared_without_pooling():
    result = found(5, people=1)
    assert {side.key for side in result.sides} == {ONE, MODEL, BOTH}
    assert result.gap(ONE, MODEL)
    assert ADJUSTED not in {gap.first for gap in result.gaps}


def test_a_segment_in_which_people_know_more_is_found_and_no_other():
    people, model, cases = planted(6, n=600)
    inside = set(cases.loc[cases["kind"] == "a", "case_id"])
    right = cases.set_index("case_id")["right_action"]
    knows = people["case_id"].isin(inside)
    people.loc[knows, "action"], people.loc[knows, "confidence"] = (
        people.loc[knows, "case_id"].map(right),
        0.9,
    )
    result = forecasts(people, model, cases, domain=DOMAIN, seed=7)
    assert {where.segment: where.better for where in result.where}["a"] == POOLED
    assert result.where[0].segment == "a"


def test_few_cases_are_too_few_to_say():
    result = found(7, n=12)
    assert result.why == "Only 12 cases so far; too few to say."
    assert result.sides == ()


def test_no_score_of_a_single_person_is_told():
    people, model, cases = planted(12, n=120)
    for names, said in (
        (["m0"], "Probabilities of one manager so far; shown from 3 on"),
        (["m0", "m1"], "Probabilities of 2 managers so far; shown from 3 on"),
    ):
        some = people[people["manager"].isin(names)]
        result = forecasts(some, model, cases, domain=DOMAIN, seed=7)
        assert result.why.startswith(said)
        assert (result.sides, result.gaps, result.where, result.people) == ((), (), (), len(names))
        assert forecasts(some.assign(manager="m9"), model, cases, domain=DOMAIN, seed=7).sides == ()
    nearly = pd.concat(
        [people[people["manager"] == "m0"]] + [people[people["manager"] == m][:5] for m in ("m1", "m2")]
    )
    assert (
        "Nearly all probabilities so far are one manager’s"
        in forecasts(nearly, model, cases, domain=DOMAIN, seed=7).why
    )


def test_a_segment_that_one_person_alone_judged_has_no_line():
    people, model, cases = planted(13, n=300)
    inside = people["case_id"].isin(cases.loc[cases["kind"] == "a", "case_id"])
    kept = people[~inside | (people["manager"] == "m0")]
    result = forecasts(kept, model, cases, domain=DOMAIN, seed=7)
    assert [where.segment for where in result.where] == ["b"]


def test_cases_of_which_the_model_said_nothing_are_counted_and_left_out():
    people, model, cases = planted(8, n=100)
    result = forecasts(people, model[:70], cases, domain=DOMAIN, seed=7)
    assert (result.cases, result.without_model) == (70, 30)
    assert forecasts(people, model[:0], cases, domain=DOMAIN, seed=7).why == NO_MODEL
    assert forecasts(people[:0], model, cases, domain=DOMAIN, seed=7).why == NOBODY


def test_an_action_that_left_the_domain_counts_for_nobody():
    people, model, cases = planted(11, n=100)
    gone = people[:5].assign(action="maybe", manager="m7")
    result = forecasts(pd.concat([people, gone]), model, cases, domain=DOMAIN, seed=7)
    assert result.as_dict() == forecasts(people, model, cases, domain=DOMAIN, seed=7).as_dict()


def test_three_actions_are_scored_with_the_rest_spread_evenly():
    rng = np.random.default_rng(9)
    ids = [f"c{i}" for i in range(50)]
    right = rng.choice(["x", "y", "z"], 50)
    cases = pd.DataFrame({"case_id": ids, "right_action": right})
    people = pd.DataFrame(
        {"case_id": ids, "manager": [f"m{i % 3}" for i in range(50)], "action": "y", "confidence": 0.6}
    )
    model = pd.DataFrame({"case_id": ids, "action": right, "probability": 0.8})
    result = forecasts(people, model, cases, domain=THREE, seed=7)
    hit = right == "y"
    assert result.side(ONE).brier.value == pytest.approx(
        np.where(hit, (0.16 + 2 * 0.04) / 2, (0.36 + 0.64 + 0.04) / 2).mean()
    )
    assert result.side(MODEL).brier.value == pytest.approx((0.04 + 2 * 0.01) / 2)
    assert result.gap(ONE, MODEL).better == MODEL


def test_it_is_json_and_the_seed_alone_decides():
    first, second = (found(10).as_dict() for _ in range(2))
    assert json.loads(json.dumps(first)) == json.loads(json.dumps(second))
    assert first["sides"][0]["bands"][0].keys() == {"said", "value", "low", "high", "n", "why"}


def arriving(cases: pd.DataFrame, at_once: int) -> pd.DataFrame:
    days = pd.to_timedelta(np.arange(len(cases)) // at_once, unit="D")
    return cases.assign(arrived_at=pd.Timestamp("2025-01-01") + days)


def test_words_rest_on_an_interval_that_holds_over_all_looks():
    people, model, cases = planted(21, n=600, people=1)
    once, daily = (
        forecasts(people, model, arriving(cases, at_once), domain=DOMAIN, seed=7).gap(ONE, MODEL)
        for at_once in (600, 20)
    )
    assert once.brier == daily.brier
    assert daily.rests_on.low < once.rests_on.low < once.brier.low
    unsaid = forecasts(people, model, cases, domain=DOMAIN, seed=7).gap(ONE, MODEL)
    assert unsaid.rests_on == once.rests_on


def test_a_difference_that_leaves_zero_out_at_one_of_many_looks_says_nothing():
    """Equals, looked at again and again until one seems better: that look alone would have said so."""
    for seed in range(40):
        people, model, cases = planted(seed, n=400, people=1, noise=0.0)
        cases = arriving(cases, 20)
        gap = forecasts(people, model, cases, domain=DOMAIN, seed=7).gap(ONE, MODEL)
        if gap.brier.low > 0 or gap.brier.high < 0:
            break
    assert gap.brier.low > 0 or gap.brier.high < 0
    assert gap.better == ""


def test_a_segment_is_named_only_if_it_stands_out_over_all_looks():
    people, model, cases = planted(6, n=600)
    chances = [
        [
            where.adjusted_p
            for where in forecasts(people, model, arriving(cases, k), domain=DOMAIN, seed=7).where
        ]
        for k in (600, 20)
    ]
    assert all(once < daily for once, daily in zip(*chances, strict=True))
