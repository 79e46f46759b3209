"""Where the model's trees draw their lines."""

from __future__ import annotations

import json

import numpy as np
import xgboost as xgb


def thresholds(booster: xgb.Booster) -> dict[int, np.ndarray]:
    """For each feature the trees split on, by its place, its thresholds in ascending order.

    Categories are split by sets, not thresholds: theirs is an empty array. A case is sent to the left
    where its value is below the threshold. Each is the shortest decimal of its float32.
    """
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    cuts: dict[int, set[float]] = {}
    for tree in learner["gradient_booster"]["model"]["trees"]:
        for left, at, cut, kind in zip(
            tree["left_children"],
            tree["split_indices"],
            tree["split_conditions"],
            tree["split_type"],
            strict=True,
        ):
            if left >= 0:
                cuts.setdefault(at, set()).update(() if kind else (float(str(np.float32(cut))),))
    return {at: np.array(sorted(values)) for at, values in cuts.items()}
