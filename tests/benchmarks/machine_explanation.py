"""Contributions and similar cases against the libraries people know; prints ratios of one run.

Run: python tests/benchmarks/machine_explanation.py
"""

import time

import numpy as np
import pandas as pd
import shap
from sklearn.neighbors import NearestNeighbors

from rhml.core.domain import parse_domain
from rhml.machine.changes import what_would_change
from rhml.machine.explanation import explain
from rhml.machine.peers import nearest
from rhml.machine.training import train

FEATURES = 30
DOMAIN = parse_domain(
    "bench",
    'title = "Bench"\n[actions]\nyes = "Yes"\nno = "No"\n[outcome]\n'
    + "".join(
        f'[features.x{k}]\nkind = "number"\nchangeable = {str(k < 5).lower()}\n' for k in range(FEATURES)
    ),
)


def seconds(work, times=3):
    """The fastest of a few runs, after one to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def cases_of(n, seed):
    """n cases of 30 numbers, and what was right."""
    rng = np.random.default_rng(seed)
    facts = rng.normal(size=(n, FEATURES))
    right = (facts[:, :8].sum(axis=1) + rng.logistic(size=n) > 0).astype(int)
    return pd.DataFrame(facts, columns=[f"x{k}" for k in range(FEATURES)]), right


def main():
    cases, right = cases_of(4_000, 1)
    model = train(cases, np.eye(2)[right], domain=DOMAIN, seed=1)
    print(f"trees: {model.booster.num_boosted_rounds()}, features: {FEATURES}")
    explainer = shap.TreeExplainer(model.booster)
    for n in (1, 50, 2_000):
        some = cases.iloc[:n]
        matrix = model.encoding.matrix(some)
        ours, theirs = (
            seconds(lambda s=some: explain(model, s)),
            seconds(lambda m=matrix: explainer.shap_values(m)),
        )
        print(f"explanation of {n:>5} cases: {ours * 1e3:8.1f} ms, {ours / theirs:5.2f} × shap.TreeExplainer")
    for n in (1, 1_000):
        taken = seconds(lambda n=n: what_would_change(model, cases.iloc[:n], domain=DOMAIN), times=2)
        print(f"what would change {n:>7}: {taken * 1e3:8.1f} ms")
    pool = np.random.default_rng(2).normal(size=(200_000, FEATURES)).astype(np.float32)
    search = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(pool)
    for n in (1, 50):
        queries = pool[:n] + np.float32(0.01)
        ours = seconds(lambda q=queries: nearest(q, pool, 10))
        theirs = seconds(lambda q=queries: search.kneighbors(q))
        print(f"ten nearest of 200,000 for {n:>3}: {ours * 1e3:8.1f} ms, {ours / theirs:5.2f} × scikit-learn")


if __name__ == "__main__":
    main()
