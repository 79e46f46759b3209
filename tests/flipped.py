"""A small organization whose truth turns round in one kind of case: young firms in crafts, after the training."""

import numpy as np
import pandas as pd

from tests.loans import csv

FLIPPED = """
title = "Loans"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[features.income]
kind = "number"
changeable = true
[features.debt]
kind = "number"
changeable = true
[features.years]
label = "Years in business"
kind = "number"
unit = "years"
[features.sector]
label = "Sector"
kind = "category"
"""

ACTIONS = np.array(["lend", "decline"], dtype=object)


def firms(count: int, seed: int, start: int = 0) -> pd.DataFrame:
    """Cases with nothing special about them."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "case_id": [f"f{i:05}" for i in range(start, start + count)],
            "income": rng.normal(size=count).round(2),
            "debt": rng.normal(size=count).round(2),
            "years": rng.uniform(0, 20, count).round(1),
            "sector": rng.choice(["crafts", "retail", "farming"], count),
        }
    )


def young_crafts(cases: pd.DataFrame) -> np.ndarray:
    """The segment in which the truth turns."""
    return ((cases["years"] < 6) & (cases["sector"] == "crafts")).to_numpy()


def outcomes(cases: pd.DataFrame, seed: int, *, turned: bool, wrong: float = 0.1) -> pd.DataFrame:
    """What proved right, a tenth of it recorded wrongly; turned round among young crafts firms."""
    rng = np.random.default_rng(seed)
    odds = 2.5 * cases["income"] - 2.0 * cases["debt"]
    lend = (rng.random(len(cases)) < 1 / (1 + np.exp(-odds))).to_numpy()
    lend = lend ^ (young_crafts(cases) & turned)
    lend = lend ^ (rng.random(len(cases)) < wrong)
    right = ACTIONS[np.where(lend, 0, 1)]
    return pd.DataFrame({"case_id": cases["case_id"], "right_action": right, "known_at": "2026-02-01"})


def table(frame: pd.DataFrame):
    """A frame as an uploaded file."""
    return csv(frame)
