import numpy as np
import pytest

from rhml.machine.learning.fitting import train
from rhml.machine.trust.conformal import ActionSets, broken

ACTIONS = ("now", "soon", "later")


def cases(n, seed, sharpness=1.5):
    """Probabilities of three actions, the last one rare, and which one proved right."""
    rng = np.random.default_rng(seed)
    scores = sharpness * rng.normal(size=(n, 3)) - np.array([0, 0, 1.5])
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    right = (rng.random(n)[:, None] > p.cumsum(axis=1)).sum(axis=1)
    return p, right


@pytest.mark.parametrize("level", [0.8, 0.9])
def test_the_sets_hold_each_action_as_often_as_stated(level):
    held = np.zeros((0, 2))
    for seed in range(8):
        sets = ActionSets.fit(*cases(600, seed), ACTIONS, level)
        p, right = cases(2000, 100 + seed)
        inside = sets.kept(p)[np.arange(len(right)), right]
        held = np.vstack([held, np.column_stack([right, inside])])
    for action in range(3):
        mine = held[held[:, 0] == action, 1]
        assert level - 0.02 < mine.mean() < level + 0.035
    assert level - 0.01 < held[:, 1].mean() < level + 0.03


def test_an_overconfident_model_gets_larger_sets_not_broken_promises():
    p, right = cases(2000, 1)
    boast = p**3 / (p**3).sum(axis=1, keepdims=True)
    honest, boasting = (ActionSets.fit(q[:1000], right[:1000], ACTIONS, 0.9) for q in (p, boast))
    for sets, q in ((honest, p), (boasting, boast)):
        assert sets.kept(q[1000:])[np.arange(1000), right[1000:]].mean() > 0.87


def test_the_first_choice_is_never_ruled_out():
    sets = ActionSets.fit(*cases(400, 2, sharpness=6), ACTIONS, 0.6)
    unsure = np.full((1, 3), 1 / 3) + np.array([[0.01, 0, -0.01]])
    assert "now" in sets.of(unsure)[0]
    assert all(sets.of(cases(300, 3)[0]))


def test_a_higher_level_rules_out_less():
    p, right = cases(800, 4)
    low, high = (ActionSets.fit(p, right, ACTIONS, level) for level in (0.7, 0.95))
    assert np.all(low.kept(p) <= high.kept(p))
    assert low.kept(p).sum() < high.kept(p).sum()


def test_an_action_that_was_never_right_shares_the_floor_of_the_rare_ones():
    p, right = cases(500, 5)
    rare = np.where(right == 2, 0, right)
    rare[:10] = 2
    sets = ActionSets.fit(p, rare, ACTIONS, 0.9)
    assert sets.floors[2] == np.sort(p[:10, 2])[0]
    assert ActionSets.fit(p, np.where(right == 2, 0, right), ACTIONS, 0.9).floors[2] == 0.0


def test_of_too_few_resolved_cases_nothing_is_said():
    p, right = cases(49, 6)
    assert ActionSets.fit(p, right, ACTIONS, 0.9) is None


def test_the_reference_of_a_trained_model_keeps_the_promise_on_new_cases(make, hot, domain):
    known, _ = make(1000, 21)
    new, _ = make(2000, 22)
    model = train(known, hot(known), domain=domain, seed=1)
    sets = ActionSets.fit(model.reference, model.right, model.actions, 0.9)
    kept = sets.of(model.probabilities(new))
    held = [right in some for right, some in zip(new["truth"], kept, strict=True)]
    assert 0.87 < np.mean(held) < 0.94
    assert 0.3 < np.mean([len(some) == 1 for some in kept]) < 1


def test_sets_are_called_broken_only_beyond_chance():
    rng = np.random.default_rng(1)
    alarms = 0
    for seed in range(30):
        sets = ActionSets.fit(*cases(300, seed), ACTIONS, 0.9)
        p, right = cases(3000, 500 + seed)
        held = sets.kept(p)[np.arange(3000), right]
        alarms += any(broken(held[:n], level=0.9, learned=300) for n in range(100, 3001, 100))
    assert alarms <= 1
    assert broken(rng.random(300) < 0.75, level=0.9, learned=300)
    assert not broken(np.zeros(0, bool), level=0.9, learned=300)
