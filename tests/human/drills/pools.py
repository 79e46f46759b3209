"""Past cases as a drill is drawn from them, with a truth that is known."""

import numpy as np
import pandas as pd


def pool(
    n: int = 2_000, *, seed: int = 0, first: float = 0.8, model: float = 0.85, chance=None
) -> pd.DataFrame:
    """Cases of which `first` in ten go one way, with a model that is right in `model` of them."""
    draw = np.random.default_rng(seed)
    right = np.where(draw.random(n) < first, "lend", "decline")
    return pd.DataFrame(
        {
            "case_id": [f"c{i:05}" for i in range(n)],
            "right_action": right,
            "model_wrong": draw.random(n) > model,
            "chance": draw.uniform(0.3, 0.98, n) if chance is None else chance,
            "seen": False,
            "dispute": draw.random(n) < 0.15,
            "lessons": [("l1",) if i % 12 == 0 else () for i in range(n)],
        }
    )
