"""A whole retraining against plain XGBoost on the same labels, as ratios in one run.

Run it as `python -m tests.benchmarks.retraining [CASES …]` (10,000, 100,000 and 1,000,000 unless given): 20 numbers
and 10 categories, one decision a case, half the outcomes known. A retraining is everything: reading what people
called, the challenger, five twins and five siblings, the card and the verdict. Plain XGBoost gets the labels, the
parameters and the number of trees for nothing: *one fit* builds its matrix and trains once; *sized* also has to
find the number of trees, by `xgb.cv` with five folds.
"""

import sys
import time

import numpy as np
import pandas as pd
import xgboost as xgb

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.machine.judging.challenge import judge
from rhml.machine.learning import fitting as training
from rhml.machine.learning import recipe as learning
from rhml.machine.learning.material import Material
from rhml.machine.learning.recipe import Learned, learn

NUMBERS, CATEGORIES, LEVELS = 20, 10, 8
THREADS = 1
DOMAIN = 'title = "Many"\n[actions]\nyes = "Yes"\nno = "No"\n[outcome]\n' + "".join(
    [f'[features.x{j}]\nkind = "number"\n' for j in range(NUMBERS)]
    + [f'[features.g{j}]\nkind = "category"\n' for j in range(CATEGORIES)]
)


def organization(n: int) -> tuple[DecisionDomain, pd.DataFrame, pd.DataFrame]:
    """Cases with an additive and interacting truth, half of it known, and a decision on each."""
    rng = np.random.default_rng(n)
    x = rng.normal(size=(n, NUMBERS)).astype(np.float32)
    g = rng.integers(0, LEVELS, (n, CATEGORIES))
    level = rng.normal(size=(CATEGORIES, LEVELS)) / 2
    log_odds = x @ (rng.normal(size=NUMBERS) / 3) + sum(level[j, g[:, j]] for j in range(CATEGORIES))
    log_odds += x[:, 0] * x[:, 1] - x[:, 2] * (g[:, 0] > 3)
    truth = (rng.random(n) > 1 / (1 + np.exp(-log_odds))).astype(int)
    keys = np.array(["yes", "no"], dtype=object)
    names = np.array([f"level {k}" for k in range(LEVELS)], dtype=object)
    cases = pd.DataFrame({f"x{j}": x[:, j].astype(float) for j in range(NUMBERS)}).assign(
        **{f"g{j}": names[g[:, j]] for j in range(CATEGORIES)},
        case_id=[f"c{i}" for i in range(n)],
        received_at=pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(n), unit="min"),
        bank=rng.random(n) < 0.2,
        explore=False,
        fold=rng.integers(0, 5, n),
        right_action=np.where(rng.random(n) < 0.5, keys[truth], None),
    )
    calls = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)],
            "case_id": cases["case_id"],
            "manager": [f"m{k}" for k in rng.integers(0, 50, n)],
            "mode": "assisted",
            "recommended_action": keys[(x[:, 0] > 0).astype(int)],
            "final_action": keys[np.where(rng.random(n) < 0.75, truth, 1 - truth)],
            "decided_at": cases["received_at"],
        }
    )
    return parse_domain("many", DOMAIN), cases, calls


def retrained(domain: DecisionDomain, cases: pd.DataFrame, calls: pd.DataFrame) -> Learned:
    """Challenger, twins, siblings, card and the verdict on the bank."""
    learned = learn(cases, calls, domain=domain, seed=1, nthread=THREADS)
    bank = cases[cases["bank"] & cases["right_action"].notna()].reset_index(drop=True)
    p = learned.challenger.probabilities(bank)
    keys = np.array(domain.action_keys, dtype=object)
    scores = bank[["case_id", "right_action"]].assign(
        source="bank",
        **{f"{who}_action": keys[p.argmax(axis=1)] for who in ("challenger", "champion")},
        **{f"{who}_p_{k}": p[:, at] for who in ("challenger", "champion") for at, k in enumerate(keys)},
    )
    judge(scores.join(learned.twin_scores(bank)), domain=domain)
    return learned


def plain(domain: DecisionDomain, material: Material, rounds: int, sized: bool) -> None:
    """What XGBoost takes to fit the same labels; `sized` has it find the number of trees as well."""
    weights = material.weights
    rows = np.flatnonzero(weights.sum(axis=1) > 0)
    total = weights[rows].sum(axis=1)
    data = xgb.DMatrix(
        material.matrix[rows], label=weights[rows, 0] / total, weight=total, nthread=THREADS,
        feature_types=material.encoding.types, enable_categorical=True,
    )  # fmt: skip
    given = training._parameters(material, weights, domain=domain, seed=1, nthread=THREADS)
    if sized:
        found = xgb.cv(given, data, num_boost_round=400, nfold=5, early_stopping_rounds=30)
        rounds = len(found)
    xgb.train(given, data, num_boost_round=rounds)


def seconds(act) -> float:
    """Processor seconds, so that a busy machine changes little."""
    start = time.process_time()
    act()
    return time.process_time() - start


def compared(n: int) -> str:
    """One size in a line."""
    domain, cases, calls = organization(n)
    fits, trained, real = [], [], training.finish

    def watched(material: Material, *rest, **options):
        fits.append(material)
        return real(material, *rest, **options)

    learning.finish = watched
    whole = seconds(lambda: trained.append(retrained(domain, cases, calls)))
    learning.finish = real
    card, material = trained[0].card, fits[0]
    once = seconds(lambda: plain(domain, material, card["trees"], sized=False))
    sized = seconds(lambda: plain(domain, material, card["trees"], sized=True))
    return (
        f"{n:9,} cases ({card['outcomes']:,} outcomes, {card['posterior_labels']:,} posterior labels), {card['trees']} "
        f"trees: a retraining takes {whole:.1f} s = {whole / sized:.2f} × XGBoost that sizes itself ({sized:.1f} s) = "
        f"{whole / once:.2f} × a single fit ({once:.1f} s); out-of-fold accuracy {card['out_of_fold']['accuracy']:.4f}"
    )


if __name__ == "__main__":
    for size in [int(a) for a in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        print(compared(size), flush=True)
