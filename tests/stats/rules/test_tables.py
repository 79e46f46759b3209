"""Tables of all rules: what they count is what going through the rows counts."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain_parts import Feature
from rhml.stats.rules.choosing import overlap, stand_out
from rhml.stats.rules.later import contrast, signs
from rhml.stats.rules.refining import refined
from rhml.stats.rules.rule import Condition, Rule
from rhml.stats.rules.search import Ground, Limits, candidates
from rhml.stats.rules.space import axes_of
from rhml.stats.rules.tables import Tables

FEATURES = tuple(
    Feature(name=name, label=name, kind=kind)
    for name, kind in (("x", "number"), ("y", "number"), ("c", "category"), ("b", "yes_no"), ("d", "date"))
)


@pytest.fixture(scope="module")
def facts():
    rng = np.random.default_rng(5)
    n = 1_500
    return pd.DataFrame({
        "x": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
        "y": rng.integers(0, 9, n).astype(float),
        "c": rng.choice(["a", "b", "c", None], n, p=[0.5, 0.3, 0.1, 0.1]),
        "b": rng.choice([0.0, 1.0, np.nan], n),
        "d": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D"),
    })  # fmt: skip


@pytest.fixture(scope="module")
def space(facts):
    return axes_of(facts, FEATURES, cuts=5)


@pytest.fixture(scope="module")
def lead():
    return np.random.default_rng(6).choice([-1.0, 0.0, 0.0, 1.0], 1_500)


def counted(rule: Rule, facts, lead) -> tuple[int, float]:
    inside = rule.covers(facts)
    return int(inside.sum()), float(lead[inside].sum())


def test_every_single_condition_is_counted_as_by_hand(facts, space, lead):
    counts, sums = Tables.of(space, lead).ones()
    for i, axis in enumerate(space):
        for k, condition in enumerate(axis.conditions):
            assert (counts[i, k], sums[i, k]) == counted(Rule((condition,)), facts, lead)


def test_every_pair_of_conditions_is_counted_as_by_hand(facts, space, lead):
    tables = Tables.of(space, lead)
    counts, sums = tables.twos()
    for at, (i, j) in enumerate(zip(tables.first, tables.second, strict=True)):
        if i == j:
            continue
        for a, first in enumerate(space[i].conditions):
            for b, second in enumerate(space[j].conditions):
                assert (counts[at, a, b], sums[at, a, b]) == counted(Rule((first, second)), facts, lead)


def test_ranges_of_one_number_are_pairs_too(facts, space, lead):
    tables = Tables.of(space, lead)
    counts, _ = tables.twos()
    [own] = np.flatnonzero((tables.first == 1) & (tables.second == 1))
    half = len(space[1].conditions) // 2
    below, above = space[1].conditions[half - 1], space[1].conditions[half]
    assert counts[own, half - 1, half] == counted(Rule((below, above)), facts, lead)[0] > 0
    assert not counts[own, :half, :half].any()


def test_thirds_are_counted_as_by_hand(facts, space, lead):
    tables = Tables.of(space, lead)
    counts, sums = tables.threes(np.array([[0, 1, 2, 0]]), np.arange(len(lead)), lead)
    pair = (space[0].conditions[1], space[2].conditions[0])
    for k, condition in enumerate(space[3].conditions):
        assert (counts[0, 3, k], sums[0, 3, k]) == counted(Rule((*pair, condition)), facts, lead)


def test_setting_rows_aside_is_counting_the_rest(space, lead):
    ground = Ground.of(space, lead, lead)
    taken = space[2].holds(0)
    left, fresh = ground.without(taken), Tables.of(space, np.where(taken, 0.0, lead))
    assert left.tables.sums == pytest.approx(fresh.sums)
    assert left.tables.counts.sum() == pytest.approx((~taken).sum() * len(left.tables.first))
    assert len(left.live) == (~taken).sum()


def test_a_planted_rule_of_three_conditions_stands_out_first(facts, space):
    rng = np.random.default_rng(8)
    rule = Rule((Condition("x", ">=", 0.0), Condition("c", "=", "a"), Condition("b", "=", True)))
    inside = rule.covers(facts)
    lead = np.where(
        rng.random(len(facts)) < 0.3, np.where(inside, 1.0, rng.choice([-1.0, 1.0], len(facts))), 0.0
    )
    lead[inside] = rng.choice([0.0, 1.0], inside.sum())
    [first, *_], _ = stand_out(Ground.of(space, lead, lead), rounds=1)
    found = refined(first.candidate.rule(space), facts, lead, np.ones(len(lead), bool))
    assert first.candidate.sign == 1
    assert overlap(found.covers(facts), inside) > 0.8


def test_axes_beyond_the_first_wait_for_their_turn(facts, space, lead):
    narrow = Ground.of(space, lead, lead, Limits(ahead=0.0), axes=2)
    spoken = {axis for c in candidates(narrow) for axis, _ in c.atoms}
    assert spoken == {0, 1}


def test_only_upwards_finds_no_rule_below_the_usual(space, lead):
    ground = Ground.of(space, lead, lead, Limits(ahead=0.0, upwards=True))
    assert {c.sign for c in candidates(ground)} == {1}


def test_rare_levels_of_a_category_are_no_condition():
    column = pd.DataFrame({"c": ["a"] * 5 + ["b"] * 4 + ["rare"]})
    [axis] = axes_of(column, [Feature(name="c", label="c", kind="category")], levels=2)
    assert [c.value for c in axis.conditions] == ["a", "b"]
    assert not any(axis.holds(k)[-1] for k in range(2))


def test_a_date_is_compared_by_its_day(facts, space):
    condition = space[4].conditions[0]
    assert condition.feature == "d" and condition.holds(facts).sum() == space[4].holds(0).sum() > 0


def test_signs_and_contrast_need_what_they_test():
    assert signs(np.array([1.0] * 5)) == pytest.approx(1 / 32)
    assert signs(np.zeros(5)) == 1.0
    rng = np.random.default_rng(1)
    apart = contrast(rng.normal(1, 1, 50), rng.normal(0, 1, 500))
    assert apart < 1e-6 < contrast(rng.normal(0, 1, 50), rng.normal(0, 1, 500))
