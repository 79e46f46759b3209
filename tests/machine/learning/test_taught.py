"""A lesson taught to the model: people's calls count where they proved to know better, and only there."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.learning.recipe import learn

DOMAIN = parse_domain(
    "loans",
    'title = "L"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    '[features.x]\nkind = "number"\n[features.z]\nkind = "number"\n[features.crafts]\nkind = "yes_no"\n',
)


def history(seed, n=2400):
    """Inside *crafts* the truth turns on z in a way that few outcomes show and people know; elsewhere they guess."""
    rng = np.random.default_rng(seed)
    x, z, crafts = rng.normal(size=n), rng.normal(size=n), rng.random(n) < 0.25
    score = np.where(crafts, 3 * np.sin(2.5 * z), 2 * x)
    truth = rng.random(n) < 1 / (1 + np.exp(-score))
    right = np.where(truth, "lend", "decline").astype(object)
    known = np.where(crafts, rng.random(n) < 0.12, rng.random(n) < 0.6)
    cases = pd.DataFrame({
        "case_id": [f"c{i}" for i in range(n)], "received_at": pd.Timestamp("2025-01-01"), "bank": False,
        "explore": False, "fold": rng.integers(0, 5, n), "x": x, "z": z, "crafts": crafts.astype(float),
        "right_action": np.where(known, right, None),
    })  # fmt: skip
    knows = np.where(crafts, rng.random(n) < 0.95, rng.random(n) < 0.5)
    called = np.where(knows, right, np.where(truth, "decline", "lend"))
    calls = pd.DataFrame({
        "decision_id": cases["case_id"], "case_id": cases["case_id"], "manager": "m1", "mode": "first_call",
        "first_action": called, "recommended_action": None, "final_action": called, "reason": None,
        "decided_at": pd.Timestamp("2025-02-01"),
    })  # fmt: skip
    return cases, calls, right


@pytest.fixture(scope="module")
def both():
    cases, calls, _ = history(1)
    lesson = {"l1": cases["crafts"].to_numpy() == 1}
    return learn(cases, calls, domain=DOMAIN, seed=1), learn(
        cases, calls, domain=DOMAIN, seed=1, taught=lesson
    )


def right_share(model, inside):
    cases, _, right = history(99, 6000)
    rows = (cases["crafts"] == 1) == inside
    called = np.asarray(model.actions, object)[model.probabilities(cases[rows]).argmax(axis=1)]
    return (called == right[rows.to_numpy()]).mean()


def test_a_challenger_does_better_where_the_lesson_says(both):
    without, taught = both
    assert right_share(taught.challenger, True) > right_share(without.challenger, True) + 0.03


def test_it_does_no_worse_elsewhere(both):
    without, taught = both
    assert right_share(taught.challenger, False) > right_share(without.challenger, False) - 0.015


def test_the_card_says_how_far_calls_were_trusted_inside(both):
    assert both[1].card["calls"]["taught"]["l1"] > 0
    assert both[0].card["calls"]["taught"] == {}
