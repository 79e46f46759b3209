import numpy as np
import pytest
import shap

from rhml.core.domain import parse_domain
from rhml.machine.explaining import explanation
from rhml.machine.explaining.explanation import explain, frequency
from rhml.machine.learning.fitting import train


def test_points_add_up_to_the_displayed_probability(model, cases):
    scored = explain(model, cases)
    shown = scored.probabilities[np.arange(len(cases)), scored.action_index]
    np.testing.assert_allclose(scored.base + scored.points.sum(axis=1), shown, atol=1e-12)
    np.testing.assert_allclose(scored.probabilities, model.probabilities(cases), atol=1e-5)


def test_base_is_the_average_case_and_the_same_for_all(model, cases):
    scored = explain(model, cases)
    for action in (0, 1):
        assert np.ptp(scored.base[scored.action_index == action]) < 1e-5
    assert abs(scored.base[scored.action_index == 0][0] + scored.base[scored.action_index == 1][0] - 1) < 1e-5


def test_two_actions_are_rescaled_by_the_slope_between_base_and_probability(model, cases):
    scored = explain(model, cases)
    raw = model.booster.predict(model.data(model.encoding.matrix(cases)), pred_contribs=True).astype(float)
    sign = np.where(scored.action_index == 0, 1, -1)
    contributions = sign[:, None] * raw[:, :-1] * model.calibration.slope
    p = scored.base + scored.points.sum(axis=1)
    slope = (p - scored.base) / contributions.sum(axis=1)
    clear = np.abs(contributions.sum(axis=1)) > 0.05
    np.testing.assert_allclose(
        scored.points[clear], (contributions * slope[:, None])[clear], rtol=1e-4, atol=1e-7
    )


def test_points_add_up_for_three_actions(three):
    _, cases, model = three
    scored = explain(model, cases)
    shown = scored.probabilities[np.arange(len(cases)), scored.action_index]
    np.testing.assert_allclose(scored.base + scored.points.sum(axis=1), shown, atol=1e-12)
    for action in range(3):
        assert np.ptp(scored.base[scored.action_index == action]) < 1e-5
    np.testing.assert_allclose(scored.probabilities, model.probabilities(cases), atol=1e-5)


def test_contributions_equal_those_of_shap(make, hot):
    features = "".join(f'[features.{name}]\nkind = "number"\n' for name in ("income", "debt", "owner"))
    domain = parse_domain("n", f'title = "N"\n[actions]\nlend = "L"\ndecline = "D"\n[outcome]\n{features}')
    cases, _ = make(300, 21)
    model = train(cases, hot(cases), domain=domain, seed=1)
    scored = explain(model, cases)
    values = shap.TreeExplainer(model.booster).shap_values(model.encoding.matrix(cases))
    total = values.sum(axis=1)
    clear = np.abs(total) > 0.05
    sign = np.where(scored.action_index == 0, 1, -1)
    share = scored.points / scored.points.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(share[clear], (values / total[:, None])[clear], rtol=2e-3, atol=2e-4)
    assert (np.sign(scored.points.sum(axis=1)) == sign * np.sign(total))[clear].all()


@pytest.mark.parametrize("many", [False, True], ids=["walked", "by leaf tables"])
def test_contributions_with_categories_dates_and_gaps_equal_those_of_shap(model, cases, monkeypatch, many):
    monkeypatch.setattr(explanation, "MANY", 1 if many else 10_000_000)
    matrix = model.encoding.matrix(cases)
    assert "c" in model.encoding.types and np.isnan(matrix).any()
    start, added = explanation.contributions(model, matrix)
    values = shap.TreeExplainer(model.booster).shap_values(model.data(matrix)) * model.calibration.slope
    np.testing.assert_allclose(added[:, :, 0], values, atol=2e-5)
    np.testing.assert_allclose(
        start + added.sum(axis=1), model.calibration.scores(model.margins(matrix)), atol=5e-5
    )


def test_every_action_has_points_that_add_up_and_together_they_cancel_out(three):
    _, cases, model = three
    scored = explain(model, cases)
    base = scored.probabilities - scored.by_action.sum(axis=2)
    assert np.ptp(base, axis=0).max() < 1e-5
    np.testing.assert_allclose(scored.by_action.sum(axis=1), 0, atol=1e-12)
    rows = np.arange(len(cases))
    np.testing.assert_array_equal(scored.by_action[rows, scored.action_index], scored.points)


def test_points_speak_for_the_recommended_action(model, cases):
    rich = explain(model, cases.assign(income=3.0, debt=-3.0))
    poor = explain(model, cases.assign(income=-3.0, debt=3.0))
    at = model.features.index("income")
    assert (rich.action_index == 0).all()
    assert (poor.action_index == 1).all()
    assert (rich.points[:, at] > 0).all()
    assert (poor.points[:, at] > 0).all()


def test_frequency_counts_similar_resolved_cases(model):
    count, low, high = frequency(model, np.array([0.7]), np.array([0]))
    near = np.abs(model.reference[:, 0] - 0.7) <= 0.05
    if near.sum() < 30:
        near = np.abs(model.reference[:, 0] - 0.7) <= 0.10
    assert count[0] == near.sum()
    assert low[0] < (model.right[near] == 0).mean() < high[0]


def test_without_resolved_cases_a_frequency_is_unknown(make, domain, hot):
    cases, _ = make(120, 22)
    model = train(cases.assign(right_action=None), hot(cases), domain=domain, seed=1)
    scored = explain(model, cases.iloc[:3])
    assert (scored.similar_n == 0).all()
    assert np.isnan(scored.low).all()


def test_notes_and_typical_values_come_along(model, cases):
    scored = explain(model, cases.iloc[:2].assign(region=["moon", "north"]))
    assert "moon" in scored.notes[0][0]
    assert scored.typical["owner"] is False
    assert set(scored.typical) == set(model.features)


@pytest.mark.parametrize("rows", [0, 1])
def test_no_case_and_one_case_are_explained(model, cases, rows):
    assert explain(model, cases.iloc[:rows]).points.shape == (rows, len(model.features))
