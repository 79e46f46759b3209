import numpy as np
import pandas as pd
import pytest

from rhml.errors import TrainingRefused
from rhml.machine.learning.fitting import out_of_fold, train


def test_probabilities_foretell_unseen_cases(model, make):
    unseen, _ = make(2000, 99)
    p = model.probabilities(unseen)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    lent = (unseen["truth"] == "lend").to_numpy()
    assert ((p[:, 0] > 0.5) == lent).mean() > 0.78
    assert abs(p[:, 0].mean() - lent.mean()) < 0.04


def test_one_class_only_is_refused(cases, domain):
    weights = np.column_stack([np.ones(len(cases)), np.zeros(len(cases))])
    with pytest.raises(TrainingRefused, match="another action"):
        train(cases, weights, domain=domain, seed=1)


def test_increasing_feature_never_lowers_the_first_action(model, cases):
    steps = np.linspace(-3, 3, 25)
    p = np.stack([model.probabilities(cases.iloc[:100].assign(income=step))[:, 0] for step in steps])
    assert (np.diff(p, axis=0) >= -1e-9).all()
    assert (p[-1] > p[0]).all()


def test_cases_without_weight_teach_nothing(cases, domain, hot, make):
    more = pd.concat([cases, make(300, 7)[0]], ignore_index=True)
    weights = np.vstack([hot(cases), np.zeros((300, 2))])
    unseen = make(50, 8)[0]
    alone = train(cases, hot(cases), domain=domain, seed=1).probabilities(unseen)
    np.testing.assert_array_equal(train(more, weights, domain=domain, seed=1).probabilities(unseen), alone)


def test_soft_labels_move_the_model_by_their_weight(cases, domain, hot, make):
    unseen = make(500, 8)[0]
    soft = 0.25 + 0.5 * hot(cases)
    certain = train(cases, hot(cases), domain=domain, seed=1).probabilities(unseen)
    vague = train(cases.assign(right_action=None), soft, domain=domain, seed=1).probabilities(unseen)
    assert np.abs(vague - 0.5).mean() < np.abs(certain - 0.5).mean() - 0.1


def test_out_of_fold_probabilities_never_saw_their_own_outcome(cases, domain):
    noise = np.random.default_rng(5).integers(0, 2, len(cases))
    p = out_of_fold(cases.assign(right_action=None), np.eye(2)[noise], domain=domain, seed=1)
    assert ((p[:, 0] < 0.5) == noise).mean() < 0.58


@pytest.mark.parametrize("n", [40, 41])
def test_forty_cases_and_an_empty_column_are_enough(make, domain, hot, n):
    few = make(n, 11)[0].assign(region=None, debt=np.nan)
    p = train(few, hot(few), domain=domain, seed=1).probabilities(few)
    assert np.isfinite(p).all()


def test_cases_that_were_all_dealt_into_one_fold_are_dealt_again(make, domain, hot):
    few = make(100, 12)[0].assign(fold=3)
    assert np.isfinite(out_of_fold(few, hot(few), domain=domain, seed=1)).all()


def test_three_actions_get_probabilities_that_foretell(three):
    domain, cases, model = three
    p = model.probabilities(cases)
    right = pd.Index(domain.action_keys).get_indexer(cases["right_action"])
    assert p.shape == (500, 3)
    assert (p.argmax(axis=1) == right).mean() > 0.55


def test_reference_is_kept_for_resolved_cases_only(make, domain, hot):
    cases, _ = make(300, 13, share=0.5)
    model = train(cases, hot(cases), domain=domain, seed=1)
    assert len(model.right) == cases["right_action"].notna().sum()
