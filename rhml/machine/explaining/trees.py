"""A model's trees as plain arrays: where each splits, which way a case goes, how many cases went there."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import xgboost as xgb


@dataclass(frozen=True, eq=False)
class Tree:
    """One tree; `left` and `right` are −1 at a leaf, whose `cut` is its score.

    A case goes left where its value is below the cut (float32), or, at a split by categories, where its code
    is not in `categories[node]`; a missing value goes left where `missing_left` says so. `cover` is the
    weight of the training cases that came by; `action` the place of the score that the tree adds to.
    """

    left: np.ndarray
    right: np.ndarray
    feature: np.ndarray
    cut: np.ndarray
    missing_left: np.ndarray
    cover: np.ndarray
    categories: dict[int, np.ndarray]
    action: int

    @property
    def depth(self) -> int:
        """The number of splits on the longest path."""
        return int(self.heights[0])

    @property
    def heights(self) -> np.ndarray:
        """For each node the number of splits on the longest path below it; 0 at a leaf."""
        order = [0]
        for node in order:  # grows while it is walked: every parent stands before its children
            if self.left[node] >= 0:
                order += [int(self.left[node]), int(self.right[node])]
        heights = np.zeros(len(self.left), dtype=np.int64)
        for node in reversed(order):
            if self.left[node] >= 0:
                heights[node] = 1 + max(heights[self.left[node]], heights[self.right[node]])
        return heights


def trees(booster: xgb.Booster) -> tuple[Tree, ...]:
    """Every tree of a booster, in order."""
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    model = learner["gradient_booster"]["model"]
    return tuple(
        _tree(plain, int(action)) for plain, action in zip(model["trees"], model["tree_info"], strict=True)
    )


def _tree(plain: dict, action: int) -> Tree:
    members = np.asarray(plain["categories"], dtype=np.int64)
    categories = {
        node: members[start : start + size]
        for node, start, size in zip(
            plain["categories_nodes"], plain["categories_segments"], plain["categories_sizes"], strict=True
        )
    }
    return Tree(
        left=np.asarray(plain["left_children"], dtype=np.int64),
        right=np.asarray(plain["right_children"], dtype=np.int64),
        feature=np.asarray(plain["split_indices"], dtype=np.int64),
        cut=np.asarray(plain["split_conditions"], dtype=np.float32),
        missing_left=np.asarray(plain["default_left"], dtype=bool),
        cover=np.asarray(plain["sum_hessian"], dtype=np.float64),
        categories=categories,
        action=action,
    )


def thresholds(forest: tuple[Tree, ...]) -> dict[int, np.ndarray]:
    """For each feature the trees split on, by its place, its cuts in ascending order.

    Categories are split by sets, not cuts: theirs is an empty array. Each is the shortest decimal of its
    float32.
    """
    cuts: dict[int, set[float]] = {}
    for tree in forest:
        for node in np.flatnonzero(tree.left >= 0):
            found = () if int(node) in tree.categories else (float(str(tree.cut[node])),)
            cuts.setdefault(int(tree.feature[node]), set()).update(found)
    return {at: np.array(sorted(values)) for at, values in cuts.items()}
