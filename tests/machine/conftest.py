"""A simulated organization: loans whose true need depends on facts, and managers of known skill."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.learning.fitting import train

DOMAIN = """
title = "Loans"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[features.income]
kind = "number"
effect = "increasing"
changeable = true
step = 0.1
[features.debt]
kind = "number"
changeable = true
[features.region]
kind = "category"
[features.owner]
kind = "yes_no"
changeable = true
[features.since]
kind = "date"
[features.note]
kind = "text"
use = false
[features.branch]
kind = "category"
use = false
[segments]
columns = ["branch"]
"""

ACTIONS = np.array(["lend", "decline"], dtype=object)


def organization(n, seed, *, share=1.0, managers=6, call=None):
    """Cases and decisions; `call(rng, right, advice, manager, honest)` says what a manager calls unaided."""
    rng = np.random.default_rng(seed)
    income, debt = rng.normal(size=(2, n))
    region = rng.choice(["north", "south", "east"], n)
    owner = (rng.random(n) < 0.4).astype(float)
    log_odds = 1.8 * income - 1.5 * debt + 1.2 * (region == "north") + 0.8 * owner - 0.6
    truth = np.where(rng.random(n) < 1 / (1 + np.exp(-log_odds)), 0, 1)
    cases = pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(n)],
            "received_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
            "bank": False,
            "explore": False,
            "fold": rng.integers(0, 5, n),
            "mode": "assisted",
            "income": income,
            "debt": np.where(rng.random(n) < 0.05, np.nan, debt),
            "region": region,
            "owner": owner,
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D"),
            "note": "text",
            "branch": rng.choice(["a", "b"], n),
            "truth": ACTIONS[truth],
        }
    )
    cases["right_action"] = np.where(rng.random(n) < share, cases["truth"], None)
    advice = np.where(income - debt > 0, 0, 1)
    who = rng.integers(0, managers, n)
    skill = rng.uniform(0.75, 0.9, managers)
    honest = np.where(rng.random(n) < skill[who], truth, 1 - truth)
    called = honest if call is None else call(rng, truth, advice, who, honest)
    calls = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)],
            "case_id": cases["case_id"],
            "manager": [f"m{m}" for m in who],
            "mode": "first_call",
            "first_action": ACTIONS[called],
            "recommended_action": ACTIONS[advice],
            "final_action": ACTIONS[called],
            "decided_at": cases["received_at"],
        }
    )
    return cases, calls


def one_hot(cases, column="right_action"):
    return np.column_stack([cases[column] == action for action in ACTIONS]).astype(float)


@pytest.fixture(scope="session")
def domain():
    return parse_domain("loans", DOMAIN)


@pytest.fixture(scope="session")
def make():
    return organization


@pytest.fixture(scope="session")
def hot():
    return one_hot


@pytest.fixture(scope="session")
def cases():
    return organization(600, 1)[0]


@pytest.fixture(scope="session")
def model(cases, domain):
    return train(cases, one_hot(cases), domain=domain, seed=1)


@pytest.fixture(scope="session")
def three():
    """A domain of three actions, its cases, and a model of them."""
    rng = np.random.default_rng(3)
    facts = rng.normal(size=(500, 3))
    right = (facts @ rng.normal(size=(3, 3)) + rng.gumbel(size=(500, 3))).argmax(axis=1)
    domain = parse_domain(
        "triage",
        'title = "Triage"\n[actions]\nnow = "Now"\nsoon = "Soon"\nlater = "Later"\n[outcome]\n'
        + "".join(f'[features.x{k}]\nkind = "number"\nchangeable = true\n' for k in range(3)),
    )
    cases = pd.DataFrame(facts, columns=["x0", "x1", "x2"]).assign(
        case_id=[f"c{i}" for i in range(500)],
        bank=False,
        explore=False,
        fold=rng.integers(0, 5, 500),
        right_action=np.array(domain.action_keys, dtype=object)[right],
    )
    return domain, cases, train(cases, np.eye(3)[right], domain=domain, seed=1)
