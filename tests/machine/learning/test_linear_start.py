import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from rhml.core.domain import parse_domain
from rhml.machine.learning import fitting as training
from rhml.machine.learning.boosting import Rows, boost, data
from rhml.machine.learning.fitting import cross_fit, train
from rhml.machine.learning.linear_start import fit_line
from rhml.machine.learning.material import prepare

LINES = 'title = "Lines"\n[actions]\nyes = "Yes"\nno = "No"\n[outcome]\n' + "".join(
    f'[features.x{j}]\nkind = "number"\n' for j in range(6)
)


def straight(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 6))
    score = x @ np.array([1.2, -1.0, 0.8, -0.6, 0.5, 0.0])
    right = (rng.random(n) > 1 / (1 + np.exp(-1.5 * score))).astype(int)
    cases = pd.DataFrame(x, columns=[f"x{j}" for j in range(6)]).assign(
        case_id=[f"c{i}" for i in range(n)], bank=False, fold=rng.integers(0, 5, n),
        right_action=np.array(["yes", "no"], dtype=object)[right],
    )  # fmt: skip
    return parse_domain("lines", LINES), cases, np.eye(2)[right], score


def stepped(n, seed):
    """A truth that no line can follow."""
    domain, cases, _, _ = straight(n, seed)
    score = 4 * (np.abs(cases["x0"]) > 0.8) - 2 + 3 * (cases["x1"] > 1)
    right = (np.random.default_rng(seed).random(n) > 1 / (1 + np.exp(-score))).astype(int)
    actions = np.array(["yes", "no"], dtype=object)[right]
    return domain, cases.assign(right_action=actions), np.eye(2)[right]


def test_a_line_is_chosen_where_the_truth_is_one_and_not_where_it_misleads():
    for (domain, cases, weights, *_), line in ((straight(400, 1), True), (stepped(800, 1), False)):
        material = prepare(cases, weights, domain=domain)
        assert cross_fit(material, domain=domain, seed=1).line is line


def test_few_cases_of_a_straight_truth_are_better_foretold(monkeypatch):
    domain, cases, weights, _ = straight(200, 2)
    _, unseen, _, score = straight(3000, 3)
    started = train(cases, weights, domain=domain, seed=1)
    monkeypatch.setattr(training, "LINE_ROWS", 0)
    trees = train(cases, weights, domain=domain, seed=1)
    hits = [((m.probabilities(unseen)[:, 0] > 0.5) == (score > 0)).mean() for m in (started, trees)]
    assert hits[0] > hits[1] + 0.02


def test_the_trees_of_a_line_read_one_feature_each_and_say_what_the_line_says():
    domain, cases, weights, _ = straight(800, 4)
    material = prepare(cases, weights, domain=domain)
    rows = Rows.of(weights)
    line = fit_line(material.matrix, material.encoding.types, weights, np.zeros(6))
    training_data = data(material.matrix, material.encoding.types, rows, 1, bins=256)
    parameters = {"objective": "binary:logistic", "base_score": 0.5, "seed": 1, "nthread": 1}
    booster, _ = boost(training_data, parameters, rounds=6, line=line)
    splits = booster.trees_to_dataframe().query("Feature != 'Leaf'")
    assert splits.groupby("Tree")["Feature"].nunique().eq(1).all()
    said = booster.predict(xgb.DMatrix(material.matrix), output_margin=True)
    meant = line.terms.sum(axis=0)[:, 0] + line.constant[0]
    assert np.corrcoef(said, meant)[0, 1] > 0.995
    further, _ = boost(training_data, parameters, rounds=40, line=line)
    later = further.trees_to_dataframe().query("Feature != 'Leaf' and Tree >= 6")
    assert later.groupby("Tree")["Feature"].nunique().max() > 1


@pytest.mark.parametrize("sign", [1, -1])
def test_a_line_keeps_to_a_declared_effect(sign):
    _, cases, weights, _ = straight(300, 5)
    matrix = cases[[f"x{j}" for j in range(6)]].to_numpy(dtype=np.float32)
    line = fit_line(matrix, ["q"] * 6, weights, np.array([sign, 0, 0, 0, 0, 0]))
    slope = np.polyfit(matrix[:, 0], line.terms[0, :, 0], 1)[0]
    assert slope > 0.5 if sign > 0 else abs(slope) < 1e-9


def test_a_missing_value_adds_nothing_to_a_line():
    _, cases, weights, _ = straight(300, 6)
    matrix = cases[[f"x{j}" for j in range(6)]].to_numpy(dtype=np.float32)
    matrix = matrix.copy()
    matrix[::3, 0] = np.nan
    line = fit_line(matrix, ["q"] * 6, weights, np.zeros(6))
    assert (line.terms[0, ::3] == 0).all()
    assert (line.terms[0, 1::3] != 0).all()
