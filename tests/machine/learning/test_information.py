import numpy as np

from rhml.machine.learning.information import share_known, teaching_weights


def spread(n, seed=1):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(3), n), rng.dirichlet(np.ones(3), n)


def test_the_pull_away_from_the_models_guess_is_the_posteriors():
    f, posterior = spread(200)
    weights = teaching_weights(f, posterior, 0.2)
    np.testing.assert_allclose(weights - weights.sum(axis=1, keepdims=True) * f, posterior - f, atol=1e-12)
    assert (weights >= 0).all()
    assert (weights.sum(axis=1) <= 1 + 1e-12).all()


def test_calls_that_say_nothing_count_for_nothing():
    f, _ = spread(50)
    assert share_known(f, f) == 0
    assert teaching_weights(f, f, 0.0).sum() < 1e-3


def test_certain_labels_count_as_outcomes_do():
    f, _ = spread(50)
    certain = np.eye(3)[np.arange(50) % 3]
    assert share_known(f, certain) == 1
    np.testing.assert_allclose(teaching_weights(f, certain, 1.0), certain, atol=1e-12)
