import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhml.machine.explaining.contrast import contrast, runner_up
from rhml.machine.explaining.explanation import explain


def test_a_lead_is_accounted_for_factor_by_factor(three):
    _, cases, model = three
    scored = explain(model, cases.iloc[:50])
    for row in range(50):
        probabilities, points = scored.probabilities[row], scored.by_action[row].ravel()
        action = model.actions[scored.action_index[row]]
        other = runner_up(model.actions, probabilities, action)
        found = contrast(model.actions, probabilities, points, action, other)
        one, two = model.actions.index(action), model.actions.index(other)
        assert found.lead == pytest.approx(probabilities[one] - probabilities[two])
        assert found.base + sum(found.points) == pytest.approx(found.lead, abs=1e-12)
        assert found.lead >= 0 and probabilities[two] == np.sort(probabilities)[-2]
        np.testing.assert_allclose(found.points, scored.by_action[row, one] - scored.by_action[row, two])


def test_the_average_case_leads_alike_whatever_the_case(three):
    _, cases, model = three
    scored = explain(model, cases.iloc[:40])
    bases = [
        contrast(model.actions, scored.probabilities[row], scored.by_action[row].ravel(), "now", "later").base
        for row in range(40)
    ]
    assert np.ptp(bases) < 1e-5


def test_the_other_way_round_everything_changes_its_sign(three):
    _, cases, model = three
    scored = explain(model, cases.iloc[:1])
    given_points = scored.by_action[0].ravel()
    there = contrast(model.actions, scored.probabilities[0], given_points, "now", "soon")
    back = contrast(model.actions, scored.probabilities[0], given_points, "soon", "now")
    assert (back.lead, back.points) == (-there.lead, tuple(-p for p in there.points))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), st.data())
def test_the_runner_up_is_the_likeliest_of_the_others(probabilities, data):
    actions = tuple(f"a{k}" for k in range(len(probabilities)))
    action = data.draw(st.sampled_from(actions))
    other = runner_up(actions, probabilities, action)
    rest = [p for a, p in zip(actions, probabilities, strict=True) if a != action]
    assert other != action and probabilities[actions.index(other)] == max(rest)


def test_a_single_action_has_no_runner_up():
    assert runner_up(("a",), (1.0,), "a") is None
