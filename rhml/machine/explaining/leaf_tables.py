"""Exact contributions of many cases at once, read from tables that are worked out once a model.

A leaf's Shapley values (path-dependent, Lundberg et al. 2020) depend on a case only through which features'
conditions on the way to the leaf hold: 2^m subsets of its m features. All leaves below one split, or below
one and its two children, are added up into one table, indexed by the ways the case takes at the splits above
and inside. Explaining is then a few look-ups a tree instead of a walk through every subset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.machine.explaining.trees import Tree

DEEPEST = 7
"""Splits on the longest path: an index of eight ways, a table of 256 rows. Deeper trees are XGBoost's to explain."""

TOP = 2
"""A table stands for a subtree of at most two splits on its longest path."""

BLOCK = 8_192
"""Cases explained together: their indices and sums stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Table:
    """What the leaves below a node add: for each feature a column over all ways through `splits`."""

    splits: tuple[int, ...]
    columns: tuple[tuple[int, np.ndarray], ...]


@dataclass(frozen=True, eq=False)
class LeafTables:
    """Every table of a model; `tables[t]` maps a node of tree t to its table."""

    trees: tuple[Tree, ...]
    tables: tuple[dict[int, Table], ...]

    @classmethod
    def of(cls, trees: tuple[Tree, ...]) -> LeafTables | None:
        """Work the tables out; None where a tree is too deep for them."""
        if any(tree.depth > DEEPEST for tree in trees):
            return None
        leaves = [_leaves(tree) for tree in trees]
        values = _shapley([leaf for some in leaves for leaf in some.values()])
        found, at = [], 0
        for tree, some in zip(trees, leaves, strict=True):
            own = dict(zip(some, values[at : at + len(some)], strict=True))
            at += len(some)
            found.append(_tables(tree, some, own))
        return cls(trees, tuple(found))

    def contributions(self, matrix: np.ndarray, scores: int) -> np.ndarray:
        """What each feature adds to each of `scores` raw scores: (n, d, scores), without the bias."""
        found = np.zeros((scores, matrix.shape[1], len(matrix)))
        for start in range(0, len(matrix), BLOCK):
            block = np.ascontiguousarray(matrix[start : start + BLOCK].T)
            absent = np.isnan(block)
            sums = np.zeros((scores, *block.shape))
            for tree, tables in zip(self.trees, self.tables, strict=True):
                _add(tree, tables, block, absent, sums[tree.action])
            found[:, :, start : start + BLOCK] = sums
        return found.transpose(2, 1, 0)


@dataclass(frozen=True)
class Leaf:
    """The way to a leaf: its splits and whether they go left; for each distinct feature its share of cover."""

    way: tuple[tuple[int, bool], ...]
    features: tuple[int, ...]
    shares: tuple[float, ...]
    score: float


def _leaves(tree: Tree) -> dict[int, Leaf]:
    found: dict[int, Leaf] = {}
    todo: list[tuple[int, tuple[tuple[int, bool], ...], dict[int, float]]] = [(0, (), {})]
    while todo:
        node, way, shares = todo.pop()
        if tree.left[node] < 0:
            found[node] = Leaf(way, tuple(shares), tuple(shares.values()), float(tree.cut[node]))
            continue
        at = int(tree.feature[node])
        for child, goes_left in ((int(tree.left[node]), True), (int(tree.right[node]), False)):
            share = shares.get(at, 1.0) * float(tree.cover[child] / tree.cover[node])
            todo.append((child, (*way, (node, goes_left)), {**shares, at: share}))
    return found


def _shapley(leaves: list[Leaf]) -> list[np.ndarray]:
    """For each leaf (2^m, m): what its m features contribute in each subset of conditions that hold.

    φᵢ = score · (oᵢ − zᵢ) ∫₀¹ Πⱼ≠ᵢ (zⱼ + (oⱼ − zⱼ)u) du, with o = 1 where the condition holds and z the share
    of cases for which it does: the integral of a polynomial, so four Gauss nodes make it exact.
    """
    nodes, widths = np.polynomial.legendre.leggauss((DEEPEST + 1) // 2)
    found: list[np.ndarray] = [np.zeros((1, 0))] * len(leaves)
    for size in sorted({len(leaf.features) for leaf in leaves} - {0}):
        places = [at for at, leaf in enumerate(leaves) if len(leaf.features) == size]
        shares = np.array([leaves[at].shares for at in places])[:, None, :]
        scores = np.array([leaves[at].score for at in places])[:, None, None]
        holds = (np.arange(2**size)[:, None] >> np.arange(size)) & 1
        moves = holds - shares
        total = np.zeros_like(moves)
        for node, width in zip((nodes + 1) / 2, widths / 2, strict=True):
            factors = shares + moves * node
            for i in range(size):
                total[:, :, i] += width * np.delete(factors, i, axis=2).prod(axis=2)
        for at, values in zip(places, scores * moves * total, strict=True):
            found[at] = values
    return found


def _tables(tree: Tree, leaves: dict[int, Leaf], values: dict[int, np.ndarray]) -> dict[int, Table]:
    """A table for each topmost node below which a case passes at most two more splits."""
    heights, found = tree.heights, {}
    todo: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while todo:
        node, above = todo.pop()
        if heights[node] > TOP:
            todo += [(int(child), (*above, node)) for child in (tree.left[node], tree.right[node])]
            continue
        inside = _inside(tree, node)
        splits = (*above, *(n for n in inside if tree.left[n] >= 0))
        if splits:
            found[node] = _table(tree, splits, [(leaves[n], values[n]) for n in inside if tree.left[n] < 0])
    return found


def _inside(tree: Tree, node: int) -> list[int]:
    order = [node]
    for at in order:
        if tree.left[at] >= 0:
            order += [int(tree.left[at]), int(tree.right[at])]
    return order


def _table(tree: Tree, splits: tuple[int, ...], leaves: list[tuple[Leaf, np.ndarray]]) -> Table:
    rows = np.arange(2 ** len(splits))
    goes = {node: (rows >> (len(splits) - 1 - at)) & 1 == 1 for at, node in enumerate(splits)}
    columns: dict[int, np.ndarray] = {}
    for leaf, values in leaves:
        subset = np.zeros(len(rows), dtype=np.int64)
        for at, feature in enumerate(leaf.features):
            ways = [goes[node] == left for node, left in leaf.way if tree.feature[node] == feature]
            subset |= np.logical_and.reduce(ways).astype(np.int64) << at
        for at, feature in enumerate(leaf.features):
            columns[feature] = columns.get(feature, 0.0) + values[subset, at]
    return Table(splits, tuple(columns.items()))


def _add(
    tree: Tree, tables: dict[int, Table], block: np.ndarray, absent: np.ndarray, sums: np.ndarray
) -> None:
    """Add what one tree says of a block (d, n) of cases to `sums`; ways are shared by all tables below."""
    todo = [(0, np.zeros(block.shape[1], dtype=np.int64), 0)]
    while todo:
        node, index, known = todo.pop()
        table = tables.get(node)
        if table is not None:
            for split in table.splits[known:]:
                index = (index << 1) | _left(tree, split, block, absent)
            for feature, column in table.columns:
                sums[feature] += column.take(index)
        elif tree.left[node] >= 0:
            index = (index << 1) | _left(tree, node, block, absent)
            todo += [(int(child), index, known + 1) for child in (tree.left[node], tree.right[node])]


def _left(tree: Tree, node: int, block: np.ndarray, absent: np.ndarray) -> np.ndarray:
    """Which cases go left at a split."""
    at = tree.feature[node]
    values, missing = block[at], absent[at]
    if node in tree.categories:
        codes = np.where(missing, -1, values).astype(np.int64)
        left = ~np.isin(codes, tree.categories[node], kind="table")
        return np.where(missing, tree.missing_left[node], left)
    left = values < tree.cut[node]
    return left | missing if tree.missing_left[node] else left
