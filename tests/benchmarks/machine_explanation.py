"""Contributions, stored cards, similar cases and what-would-change against the libraries people know.

Run: python -m tests.benchmarks.machine_explanation
Prints milliseconds and the ratios of one run, on one thread: a model of 300 trees and 30 features.
"""

import json
import os
import tempfile
import time
import warnings
from importlib.util import find_spec

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TQDM_DISABLE", "1")

import numpy as np
import pandas as pd
import shap
import xgboost as xgb
from sklearn.neighbors import NearestNeighbors

from rhml.core.domain import parse_domain
from rhml.machine.calibration import Calibration
from rhml.machine.encoding import Encoding
from rhml.machine.explaining import explanation
from rhml.machine.explaining.changes import what_would_change
from rhml.machine.explaining.explanation import explain
from rhml.machine.explaining.peers import Pool, nearest
from rhml.machine.model import Model

FEATURES, TREES = 30, 300
DOMAIN = parse_domain(
    "bench",
    'title = "Bench"\n[actions]\nyes = "Yes"\nno = "No"\n[outcome]\n'
    + "".join(f'[features.x{k}]\nkind = "number"\nchangeable = true\n' for k in range(FEATURES)),
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


def told(what, ours, theirs=None, whom=""):
    """One line: our time, and how many times the other's it is."""
    ratio = f"   {ours / theirs:6.3f} × {whom} ({theirs * 1e3:,.1f} ms)" if theirs else ""
    print(f"{what:<44}{ours * 1e3:10,.1f} ms{ratio}", flush=True)


def model_of(cases, right):
    """A model of exactly 300 trees of five splits, without the search for the best number."""
    encoding = Encoding.fit(cases, DOMAIN.inputs)
    data = xgb.DMatrix(encoding.matrix(cases), label=1 - right, nthread=1)
    fixed = {"objective": "binary:logistic", "max_depth": 5, "learning_rate": 0.1, "nthread": 1, "seed": 1,
             "subsample": 0.8, "colsample_bytree": 0.8, "min_child_weight": 3}  # fmt: skip
    raw = bytes(xgb.train(fixed, data, TREES).save_raw("ubj"))
    reference, known = np.zeros((0, 2), np.float32), np.zeros(0, np.int16)
    return Model(DOMAIN.action_keys, encoding, Calibration(1.0, (0.0, 0.0)), raw, reference, known)


def cases_of(n, seed):
    """n cases of 30 numbers, and what was right."""
    rng = np.random.default_rng(seed)
    facts = rng.normal(size=(n, FEATURES))
    score = facts[:, :8].sum(axis=1) + facts[:, 0] * facts[:, 9]
    right = (score + rng.logistic(size=n) > 0).astype(int)
    return pd.DataFrame(facts, columns=[f"x{k}" for k in range(FEATURES)]), right


def contributions(model, cases):
    """Contributions alone, then whole explanations, against TreeExplainer on the same matrix."""
    explainer = shap.TreeExplainer(model.booster)
    matrix = model.encoding.matrix(cases)
    told("leaf tables, worked out once a model", seconds(lambda: type(model.leaf_tables).of(model.trees), 1))
    for n in (1, 50, 10_000):
        times = 1 if n > 100 else 5
        theirs = seconds(lambda n=n: explainer.shap_values(matrix[:n]), times)
        told(f"contributions, {n:,} cases",
             seconds(lambda n=n: explanation.contributions(model, matrix[:n]), times), theirs, "TreeExplainer")  # fmt: skip
        told(f"whole explanation, {n:,} cases", seconds(lambda n=n: explain(model, cases.iloc[:n]), times), theirs,
             "TreeExplainer")  # fmt: skip
    ours = explanation.contributions(model, matrix[:2_000])[1][:, :, 0]
    print(
        f"largest difference to TreeExplainer: {np.abs(ours - explainer.shap_values(matrix[:2_000])).max():.1e}"
    )


def stored(model, cases):
    """A card's points read from the log, against explaining the case anew."""
    from rhml.loop.onboard import onboard
    from rhml.store import case_file, registry, waiting
    from rhml.store.opening import open_store, utc_now
    from rhml.store.waiting import Queue
    from tests.loans import csv
    from tests.recommended import recommend

    with tempfile.TemporaryDirectory() as folder:
        log = open_store(f"duckdb:///{folder}/log.duckdb", now=utc_now())
        table = cases.iloc[:1_000].assign(case_id=[f"c{i}" for i in range(1_000)])
        onboard(log, DOMAIN, cases=csv(table), by="lead", at=utc_now())
        recommend(log, DOMAIN, at=utc_now())
        rows = waiting.page(log, DOMAIN, Queue("m1"), now=utc_now(), limit=500)
        ids = iter([row["recommendation_id"] for row in rows] * 20)
        # Past the memory of facts: `_recommendation` is the read itself.
        ours = (
            seconds(lambda: [case_file._recommendation(log, DOMAIN.name, next(ids)) for _ in range(100)], 3)
            / 100
        )
        theirs = seconds(lambda: [explain(model, cases.iloc[[i]]) for i in range(20)], 3) / 20
        told("a stored card's reasons, read", ours, theirs, "explaining it anew")
        assert registry.versions(log, DOMAIN.name)
        log.close()


def peers():
    """Ten nearest, in a pool laid out once as a job does, against scikit-learn's exhaustive search."""
    rng = np.random.default_rng(2)
    scale = rng.exponential(size=FEATURES)
    for size in (100_000, 1_000_000):
        places = (rng.normal(size=(size, FEATURES)) * scale * 0.05).astype(np.float32)
        pool, search = Pool.of(places), NearestNeighbors(n_neighbors=10, algorithm="brute").fit(places)
        for n in (1, 50):
            queries = places[rng.integers(0, size, n)] + np.float32(0.001)
            ours = seconds(lambda q=queries, p=pool: nearest(q, p, 10))
            theirs = seconds(lambda q=queries, s=search: s.kneighbors(q))
            same = (nearest(queries, pool, 10)[0] == search.kneighbors(queries)[1]).mean()
            told(f"ten nearest of {size:,} for {n}", ours, theirs, f"scikit-learn, {same:.0%} the same")


def changes(model, cases):
    """What would change a case, every factor changeable, against two counterfactuals of dice-ml."""
    some = [cases.iloc[[i]] for i in range(40)]
    taken, found = [], []
    what_would_change(model, some[0], domain=DOMAIN)
    for case in some:
        start = time.perf_counter()
        found += what_would_change(model, case, domain=DOMAIN)
        taken.append(time.perf_counter() - start)
    median = float(np.median(taken))
    valid = 0
    for case, change in zip(some, found, strict=True):
        moved = case.assign(**{step.feature: step.then for step in change.steps}) if change else case
        before, after = (model.probabilities(c).argmax() for c in (case, moved))
        valid += change is None or (after != before and model.actions[after] == change.action)
    theirs = _dice(model, cases)
    told("what would change, one case (median of 40)", median, theirs, "dice-ml, two random counterfactuals")
    print(
        f"slowest {max(taken) * 1e3:,.1f} ms; {sum(c is not None for c in found)} of 40 found, {valid} of 40 valid"
    )
    if theirs is None:
        print(
            "dice-ml is not installed here; `pip install dice-ml` in an environment of its own adds the ratio"
        )
    told(
        "what would change, a case of 500",
        seconds(lambda: what_would_change(model, cases.iloc[:500], domain=DOMAIN), 1) / 500,
    )


def _dice(model, cases):
    if find_spec("dice_ml") is None:
        return None
    import dice_ml

    class Scores:
        def predict_proba(self, frame):
            return model.probabilities(frame.astype(float))[:, ::-1]

    table = cases.iloc[:2_000].assign(right=(model.probabilities(cases.iloc[:2_000])[:, 0] > 0.5).astype(int))
    data = dice_ml.Data(dataframe=table, continuous_features=list(cases.columns), outcome_name="right")
    search = dice_ml.Dice(data, dice_ml.Model(model=Scores(), backend="sklearn"), method="random")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return seconds(
            lambda: search.generate_counterfactuals(
                cases.iloc[[0]], total_CFs=2, desired_class="opposite", random_seed=1, verbose=False
            ),
            times=3,
        )


def main():
    """Every comparison, one after another."""
    cases, right = cases_of(20_000, 1)
    model = model_of(cases, right)
    print(json.dumps({"trees": model.booster.num_boosted_rounds(), "features": FEATURES}))
    contributions(model, cases)
    if find_spec("duckdb"):
        stored(model, cases)
    peers()
    changes(model, cases)


if __name__ == "__main__":
    main()
