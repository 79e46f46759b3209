import numpy as np
import pytest
import shap
import xgboost as xgb

from rhml.machine.explaining import explanation
from rhml.machine.explaining.leaf_tables import DEEPEST, LeafTables
from rhml.machine.explaining.trees import thresholds, trees

LEVELS = 12


def matrix_of(n, seed):
    """Two categories (few levels are split one against the rest, many by sets), five numbers, and gaps."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n, 7)).astype(np.float32)
    matrix[:, 0], matrix[:, 1] = rng.integers(0, 3, n), rng.integers(0, LEVELS, n)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix


TYPES = ["c", "c", *["q"] * 5]


def booster_of(depth=4, rounds=30, actions=2):
    matrix, rng = matrix_of(1_500, 1), np.random.default_rng(2)
    score = np.nan_to_num(matrix[:, 2] * matrix[:, 3] + (matrix[:, 1] % 3 == 1) + 0.5 * matrix[:, 0])
    label = (score + rng.logistic(size=len(score)) > 0.5).astype(int)
    kind = {"objective": "binary:logistic"}
    if actions > 2:
        label = np.digitize(score, np.quantile(score, np.arange(1, actions) / actions))
        kind = {"objective": "multi:softprob", "num_class": actions}
    data = xgb.DMatrix(matrix, label=label, feature_types=TYPES, enable_categorical=True, nthread=1)
    fixed = {"max_depth": depth, "max_cat_to_onehot": 5, "nthread": 1, "seed": 1, "tree_method": "hist"}
    return xgb.train(kind | fixed, data, rounds)


def walked(booster, matrix):
    data = xgb.DMatrix(matrix, feature_types=TYPES, enable_categorical=True, nthread=1)
    return booster.predict(data, pred_contribs=True)


@pytest.mark.parametrize("depth", [1, 2, 3, 5, DEEPEST])
def test_tables_give_what_xgboost_gives(depth):
    booster, matrix = booster_of(depth, rounds=10), matrix_of(300, 5)
    found = LeafTables.of(trees(booster)).contributions(matrix, 1)
    np.testing.assert_allclose(found[:, :, 0], walked(booster, matrix)[:, :-1], atol=2e-5)


def test_tables_give_what_shap_gives():
    booster, matrix = booster_of(), matrix_of(300, 6)
    data = xgb.DMatrix(matrix, feature_types=TYPES, enable_categorical=True, nthread=1)
    values = shap.TreeExplainer(booster).shap_values(data)
    found = LeafTables.of(trees(booster)).contributions(matrix, 1)
    np.testing.assert_allclose(found[:, :, 0], values, atol=2e-5)


def test_three_scores_have_tables_of_their_own():
    booster, matrix = booster_of(actions=3), matrix_of(200, 7)
    found = LeafTables.of(trees(booster)).contributions(matrix, 3)
    theirs = walked(booster, matrix)[:, :, :-1].transpose(0, 2, 1)
    np.testing.assert_allclose(found, theirs, atol=2e-5)


def test_blocks_do_not_change_an_answer(monkeypatch):
    booster, matrix = booster_of(), matrix_of(300, 8)
    tables = LeafTables.of(trees(booster))
    whole = tables.contributions(matrix, 1)
    monkeypatch.setattr("rhml.machine.explaining.leaf_tables.BLOCK", 64)
    np.testing.assert_array_equal(tables.contributions(matrix, 1), whole)


def test_deeper_trees_have_no_tables_and_are_explained_all_the_same(model, cases, monkeypatch):
    assert LeafTables.of(trees(booster_of(DEEPEST + 1, rounds=3))) is None
    before = explanation.explain(model, cases).points
    vars(model).pop("leaf_tables", None)
    monkeypatch.setattr("rhml.machine.explaining.leaf_tables.DEEPEST", 0)
    monkeypatch.setattr(explanation, "MANY", len(cases))
    np.testing.assert_allclose(explanation.explain(model, cases).points, before, atol=1e-6)
    del vars(model)["leaf_tables"]


def test_few_and_many_cases_are_explained_alike(model, cases, monkeypatch):
    vars(model).pop("leaf_tables", None)
    few = explanation.explain(model, cases.iloc[:20])
    assert "leaf_tables" not in vars(model)
    monkeypatch.setattr(explanation, "MANY", len(cases))
    many = explanation.explain(model, cases)
    assert vars(model)["leaf_tables"] is not None
    np.testing.assert_allclose(many.points[:20], few.points, atol=1e-6)
    np.testing.assert_allclose(many.probabilities[:20], few.probabilities, atol=1e-6)


def test_a_model_of_single_leaves_contributes_nothing():
    data = xgb.DMatrix(matrix_of(50, 1), label=np.tile([0, 1], 25), nthread=1)
    booster = xgb.train({"objective": "binary:logistic", "gamma": 1e9, "nthread": 1}, data, 2)
    assert not LeafTables.of(trees(booster)).contributions(matrix_of(5, 2), 1).any()


def test_thresholds_are_those_of_the_trees():
    found = thresholds(trees(booster_of()))
    assert len(found[1]) == 0
    assert len(found[2]) > 5 and (np.diff(found[2]) > 0).all()
