"""What a fit is told before it begins: shallow trees for few cases, deeper and faster ones for many."""

from __future__ import annotations

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.machine.learning.apart import combinations
from rhml.machine.learning.material import Material


def bins_for(rows: int) -> int:
    """In how many bins a number is split: finer ones cost time and tell few cases apart only by chance."""
    return 64 if rows < 5_000 else 128 if rows < 50_000 else 256


def parameters_of(
    material: Material, weights: np.ndarray, *, domain: DecisionDomain, seed: int, nthread: int
) -> dict[str, object]:
    """XGBoost's parameters for a fit on such cases, with the domain's constraints."""
    rows = material.rows
    parameters: dict[str, object] = {
        "tree_method": "hist",
        "max_depth": 2 if rows < 500 else 3 if rows < 5_000 else 5,
        "learning_rate": 0.05 if rows < 5_000 else 0.1 if rows < 20_000 else 0.2,
        "min_child_weight": 3,
        "reg_lambda": 3,
        "subsample": 0.8,
        "colsample_bytree": 0.8,
        "max_cat_to_onehot": 5,
        "seed": seed,
        "nthread": nthread,
    }
    if domain.training.apart:
        parameters["interaction_constraints"] = combinations(
            material.encoding.owner_names, domain.training.apart
        )
    if len(domain.action_keys) > 2:
        return parameters | {
            "objective": "multi:softprob", "num_class": len(domain.action_keys), "eval_metric": "mlogloss",
        }  # fmt: skip
    share = float(np.clip(weights[:, 0].sum() / weights.sum(), 0.02, 0.98))
    constraints = ",".join(str(sign) for sign in material.signs(domain))
    return parameters | {
        "objective": "binary:logistic", "eval_metric": "logloss", "base_score": share,
        "monotone_constraints": f"({constraints})",
    }  # fmt: skip
