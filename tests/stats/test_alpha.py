"""Krippendorff's α: the published example, the definition by pairs, and an interval that says what is known."""

from itertools import combinations

import numpy as np
import pytest

from rhml.stats.alpha import Coincidences, alpha, disagreements

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units.
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def published() -> np.ndarray:
    counts = np.zeros((12, 5))
    for line in OBSERVERS:
        for unit, value in enumerate(line.split()):
            if value != ".":
                counts[unit, int(value) - 1] += 1
    return counts


def by_pairs(counts: np.ndarray, ordinal: bool) -> float:
    """α from its definition: every pair of calls within a case against every pair of calls at all."""
    units = [np.repeat(np.arange(len(row)), row.astype(int)) for row in counts if row.sum() >= 2]
    every = np.concatenate(units)
    n_c = np.bincount(every, minlength=counts.shape[1])

    def apart(a: int, b: int) -> float:
        low, high = sorted((a, b))
        if not ordinal:
            return float(a != b)
        return float((n_c[low : high + 1].sum() - (n_c[a] + n_c[b]) / 2) ** 2)

    observed = sum(
        2 * sum(apart(a, b) for a, b in combinations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(every)
    expected = 2 * sum(apart(a, b) for a, b in combinations(every, 2)) / (len(every) * (len(every) - 1))
    return 1 - observed / expected


def test_the_published_example_comes_out():
    found = alpha(Coincidences.of_counts(published()), minimum=2)
    assert found.value == pytest.approx(0.743, abs=5e-4) and found.n == 11
    assert alpha(Coincidences.of_counts(published()), ordinal=True, minimum=2).value == pytest.approx(
        0.815, abs=5e-4
    )


@pytest.mark.parametrize("ordinal", [False, True])
def test_it_is_one_less_disagreement_within_cases_over_disagreement_at_large(ordinal):
    draw = np.random.default_rng(4)
    for _ in range(5):
        counts = draw.integers(0, 3, (40, 4))
        found = alpha(Coincidences.of_counts(counts), ordinal=ordinal)
        assert found.value == pytest.approx(by_pairs(counts, ordinal))


def test_two_judges_of_one_case_are_the_same_from_pairs_and_from_counts():
    draw = np.random.default_rng(2)
    first, second = draw.integers(0, 3, 60), draw.integers(0, 3, 60)
    pairs, counts = np.zeros((60, 3, 3)), np.zeros((60, 3))
    for row, (a, b) in enumerate(zip(first, second, strict=True)):
        pairs[row, a, b] += 1
        counts[row, a] += 1
        counts[row, b] += 1
    assert alpha(Coincidences.of_pairs(pairs, np.ones(60))) == alpha(Coincidences.of_counts(counts))


def test_like_cases_may_be_counted_instead_of_listed():
    counts = published()[:, :4].astype(int)[np.resize(np.arange(10), 90)]
    kinds, cases = np.unique(counts, axis=0, return_counts=True)
    listed, counted = alpha(Coincidences.of_counts(counts)), alpha(Coincidences.of_counts(kinds, cases))
    assert counted.value == pytest.approx(listed.value) and counted.low == pytest.approx(listed.low)


def test_the_variance_is_that_of_leaving_out_one_case_at_a_time():
    counts = np.random.default_rng(8).integers(0, 3, (30, 3))
    counts = counts[counts.sum(axis=1) >= 2]
    values = []
    for left in range(len(counts)):
        observed, expected = disagreements(
            Coincidences.of_counts(np.delete(counts, left, axis=0)).total[None]
        )
        values.append(1 - observed[0] / expected[0])
    n = len(counts)
    wanted = (n - 1) / n * np.sum((np.array(values) - np.mean(values)) ** 2)
    from rhml.stats.alpha import _jackknifed

    of = Coincidences.of_counts(counts)
    assert _jackknifed(of, of.total, False) == pytest.approx(wanted)


def test_calls_by_lot_agree_as_often_as_chance():
    found = alpha(Coincidences.of_counts(np.random.default_rng(1).multinomial(3, [0.5, 0.3, 0.2], 4_000)))
    assert found.low < 0 < found.high and abs(found.value) < 0.03


def test_nobody_disagreeing_is_not_certainty():
    found = alpha(Coincidences.of_counts([[2, 0]] * 15 + [[0, 2]] * 15))
    assert found.value == 1 and found.high == 1 and 0.5 < found.low < 0.95


def test_one_choice_throughout_tells_nothing_and_few_cases_say_so():
    assert "same throughout" in alpha(Coincidences.of_counts([[2, 0]] * 30)).why
    assert "Only 7 cases" in alpha(Coincidences.of_counts([[1, 1]] * 7)).why
    assert alpha(Coincidences.of_counts([[1, 0]] * 30)).n == 0


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    draw, held = np.random.default_rng(11), 0
    kinds = np.array([[2, 0], [1, 1], [0, 2]])
    chances = np.array([0.45, 0.25, 0.3])
    observed, expected = disagreements(Coincidences.of_counts(kinds, chances * 1e9).total[None])
    truth = 1 - observed[0] / expected[0]
    for _ in range(300):
        found = alpha(Coincidences.of_counts(kinds, draw.multinomial(60, chances)))
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 300 <= 0.985
