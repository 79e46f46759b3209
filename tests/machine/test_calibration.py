import numpy as np
from scipy.special import softmax

from rhml.machine.calibration import Calibration


def scored(n, seed):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n) * 1.5
    right = np.where(rng.random(n) < 1 / (1 + np.exp(-truth)), 0, 1)
    return np.column_stack([truth, np.zeros(n)]), np.eye(2)[right]


def test_overconfident_scores_are_toned_down():
    margins, right = scored(4000, 1)
    assert abs(Calibration.fit(margins * 3, right).slope - 1 / 3) < 0.03


def test_few_cases_change_little():
    margins, right = scored(5, 2)
    fitted = Calibration.fit(margins, right)
    assert 0.7 < fitted.slope < 1.4
    assert max(map(abs, fitted.bias)) < 0.3


def test_slope_stays_positive_where_scores_mislead():
    margins, right = scored(1000, 3)
    assert 0 < Calibration.fit(-margins, right).slope < 0.1


def test_bias_per_action_repairs_a_shifted_base_rate():
    rng = np.random.default_rng(4)
    margins = rng.normal(size=(3000, 3))
    shifted = softmax(margins + np.array([0.0, 1.0, -1.0]), axis=1)
    right = np.eye(3)[[rng.choice(3, p=p) for p in shifted]]
    found = Calibration.fit(margins, right).probabilities(margins).mean(axis=0)
    np.testing.assert_allclose(found, right.mean(axis=0), atol=0.01)
