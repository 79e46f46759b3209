"""People whose way of weighing the factors is known: what a model of the team has to find again."""

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain

DOMAIN = parse_domain(
    "loans",
    """
title = "Loans"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[features.income]
kind = "number"
effect = "increasing"
[features.debt]
kind = "number"
[features.late]
kind = "number"
[features.region]
kind = "category"
""",
)
ACTIONS = np.array(["lend", "decline"], dtype=object)
TRUTH = {"income": 1.5, "debt": -1.2, "late": -1.0, "region": 0.6}
TEAM = {"income": 1.4, "debt": -0.2, "late": -2.0, "region": 0.6}
"""The team hardly sees debt, and makes too much of late payments."""


def cases_of(n: int, seed: int) -> pd.DataFrame:
    """Cases with what proves right, the bank among them."""
    rng = np.random.default_rng(seed)
    cases = pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(n)],
            "received_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
            "bank": rng.random(n) < 0.2,
            "explore": False,
            "fold": rng.integers(0, 5, n),
            "mode": "first_call",
            "income": rng.normal(size=n),
            "debt": rng.normal(size=n),
            "late": rng.normal(size=n),
            "region": rng.choice(["north", "south"], n),
        }
    )
    return cases.assign(right_action=called(rng, cases, TRUTH))


def called(rng: np.random.Generator, cases: pd.DataFrame, weights: dict[str, float]) -> np.ndarray:
    """What somebody with these weights calls, with the luck of the draw."""
    score = sum(weights[name] * cases[name] for name in ("income", "debt", "late"))
    score = score + weights["region"] * ((cases["region"] == "north") - 0.5)
    return ACTIONS[(rng.random(len(cases)) > 1 / (1 + np.exp(-score))).astype(int)]


def calls_of(cases: pd.DataFrame, people: dict[str, tuple[int, dict[str, float]]], seed: int) -> pd.DataFrame:
    """First calls: for each person how many, on cases drawn at random, and with which weights."""
    rng = np.random.default_rng(seed)
    found = []
    for name, (count, weights) in people.items():
        some = cases.iloc[rng.choice(len(cases), count, replace=False)]
        found.append(
            pd.DataFrame(
                {"case_id": some["case_id"], "manager": name, "first_action": called(rng, some, weights)}
            )
        )
    calls = pd.concat(found, ignore_index=True)
    return calls.assign(mode="first_call", final_action=calls["first_action"], imported=False)
