import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.explaining.explanation import explain
from rhml.machine.explaining.global_view import global_view
from rhml.machine.learning.card import importance
from rhml.machine.learning.fitting import train


@pytest.fixture(scope="module")
def seen(model, cases):
    return global_view(model, cases, cases[["branch", "region"]])


def test_weights_are_the_mean_points_of_the_cards_with_interval_and_count(model, cases, seen):
    mean = dict(zip(model.features, np.abs(explain(model, cases).points).mean(axis=0), strict=True))
    for weight in seen.weights:
        (name,) = weight.features
        assert weight.points.value == pytest.approx(mean[name])
        assert weight.points.low <= weight.points.value <= weight.points.high
        assert weight.points.n == len(cases)
    assert [w.features[0] for w in seen.weights] == [row["feature"] for row in importance(model, cases)]


def test_dependence_has_marks_and_medians_of_every_factor(model, cases, seen):
    scored = explain(model, cases)
    by_name = {d.feature: d for d in seen.dependence}
    assert set(by_name) == set(model.features)
    region = by_name["region"]
    for part in region.parts:
        here = scored.by_action[(cases["region"] == part.name).to_numpy(), :, model.features.index("region")]
        assert part.n == len(here)
        np.testing.assert_allclose(part.middle, np.median(here, axis=0), atol=1e-4)
    income = by_name["income"]
    assert sum(part.n for part in income.parts) == len(cases)
    assert [part.middle[0] for part in income.parts] == sorted(part.middle[0] for part in income.parts)
    assert by_name["debt"].parts[-1].name == "not given"
    assert len(income.values) == len(income.points) <= 300


def test_the_pair_that_acts_together_comes_first():
    rng = np.random.default_rng(5)
    facts = rng.normal(size=(1_500, 4))
    cases = pd.DataFrame(facts, columns=list("abcd"))
    kinds = rng.choice(["x", "y"], 1_500)
    cases["kind"] = kinds
    score = 2 * facts[:, 0] * np.where(kinds == "x", 1, -1) + facts[:, 1] + 0.7 * facts[:, 2]
    right = (score + rng.logistic(size=1_500) > 0).astype(int)
    domain = parse_domain(
        "p",
        'title = "P"\n[actions]\nyes = "Y"\nno = "N"\n[outcome]\n'
        + "".join(f'[features.{name}]\nkind = "number"\n' for name in "abcd")
        + '[features.kind]\nkind = "category"\n',
    )
    model = train(cases, np.eye(2)[right], domain=domain, seed=1)
    seen = global_view(model, cases, cases[[]])
    assert set(seen.pairs[0].features) == {"a", "kind"}
    assert seen.pairs[0].points.low > seen.pairs[1].points.high
    assert seen.pairs[0].points.n == seen.pairs_n
    assert seen.segments == ()


def test_segments_tell_their_own_weightiest_factors(cases, model, seen):
    found = {(s.column, s.name): s for s in seen.segments}
    assert set(found) == {
        ("branch", "a"),
        ("branch", "b"),
        *(("region", r) for r in ("north", "south", "east")),
    }
    north = found["region", "north"]
    assert north.first_action.value == pytest.approx(
        model.probabilities(cases[cases["region"] == "north"])[:, 0].mean(), abs=1e-5
    )
    assert len(north.weights) == 5


def test_three_actions_are_seen_too(three):
    _, cases, model = three
    seen = global_view(model, cases, cases[[]])
    assert all(len(part.middle) == 3 for part in seen.dependence[0].parts)
    assert len(seen.pairs) == 3
    assert json.loads(json.dumps(seen.as_dict(), allow_nan=False))["actions"] == list(model.actions)


def test_without_cases_the_view_is_empty_and_says_so(model, cases):
    seen = global_view(model, cases.iloc[:0], cases[["branch"]].iloc[:0])
    assert seen.n == 0 and seen.pairs == ()
    assert all(not weight.points.known for weight in seen.weights)
    json.dumps(seen.as_dict(), allow_nan=False)
