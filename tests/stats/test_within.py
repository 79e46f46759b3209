"""Taking people and cases out is what a regression with an intercept for each would do."""

import numpy as np
import pytest

from rhml.stats.within import Rows, fit


def _dummies(codes):
    return (codes[:, None] == np.unique(codes)).astype(float)


@pytest.fixture
def panel():
    rng = np.random.default_rng(1)
    who, case = rng.integers(0, 8, 400), rng.integers(0, 60, 400)
    later, mix = (rng.random(400) < 0.5).astype(float), rng.normal(size=(400, 2))
    right = 0.1 * later + mix @ [0.2, -0.1] + 0.1 * who + 0.05 * case + rng.normal(size=400)
    return right, later[:, None], mix, who, case


def test_managers_are_taken_out_like_intercepts(panel):
    right, later, mix, who, case = panel
    found = fit(right, later, mix, Rows.of(who, case))
    whole = np.linalg.lstsq(np.column_stack([later, mix, _dummies(who)]), right, rcond=None)[0]
    assert found.coefficients[0] == pytest.approx(whole[0])


def test_cases_taken_out_whole_are_intercepts_too(panel):
    right, later, mix, who, case = panel
    found = fit(right, later, mix, Rows.of(who, case).fixed())
    columns = np.column_stack([later, mix, _dummies(who), _dummies(case)])
    whole = np.linalg.lstsq(columns, right, rcond=None)[0]
    assert found.coefficients[0] == pytest.approx(whole[0], abs=1e-6)


def test_a_case_mix_that_cases_explain_already_changes_nothing(panel):
    right, later, _, who, case = panel
    rows = Rows.of(who, case).fixed()
    without = fit(right, later, np.zeros((400, 0)), rows)
    with_it = fit(right, later, np.column_stack([case, case**2]).astype(float), rows)
    assert with_it.coefficients[0] == pytest.approx(without.coefficients[0], abs=1e-6)


def test_pooling_takes_out_less_where_cases_do_not_differ(panel):
    *_, who, case = panel
    plain = Rows.of(who, case)
    noise = np.random.default_rng(2).normal(size=400)
    alike, unlike = plain.pooled(noise), plain.pooled(noise + 3 * (case % 2))
    assert alike.taken.mean() < 0.3 < 0.8 < unlike.taken.mean()


def test_difficulty_known_from_others_makes_the_change_clearer():
    rng = np.random.default_rng(3)
    who, case = np.repeat(np.arange(40), 30), np.tile(np.arange(30), 40)
    later = np.concatenate([rng.permutation(np.repeat([0.0, 1.0], 15)) for _ in range(40)])[:, None]
    right = (rng.random(1200) < np.linspace(0.1, 0.9, 30)[case]).astype(float)
    rows, none = Rows.of(who, case), np.zeros((1200, 0))
    plain, whole = fit(right, later, none, rows), fit(right, later, none, rows.fixed())
    assert whole.covariance[0, 0] < 0.95 * plain.covariance[0, 0]
