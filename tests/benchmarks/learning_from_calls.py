"""How much of what the missing outcomes would teach do people's calls teach, on many kinds of truth?

Run it as `python -m tests.benchmarks.learning_from_calls [RUNS] [KIND …]`: RUNS streams of every kind, 20 % of
their outcomes known. It prints the accuracy on unseen cases learned from outcomes only, with calls and with all
outcomes, and the share of the gap that calls close; then what adversarial managers cost. Means of five seeds
each; 95 % bootstrap intervals over streams.
"""

import sys

import numpy as np
import pandas as pd

from rhml.machine.learning.fitting import train
from rhml.machine.learning.recipe import Learned, learn
from tests.benchmarks.sources import KINDS, judged, source

KNOWN, UNSEEN, EARLIER = 0.2, 8_000, 200
ADVERSARIAL = ("opposite", "agree", "random", "half", "liars")


def stream(kind: str, seed: int, behaviour: str = "informed", size: int | None = None) -> dict[str, float]:
    """One organization: accuracies on unseen cases, counted as the true chance of the chosen action."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    drawn = source(kind, rng)
    domain, keys = drawn.domain, np.array(drawn.domain.action_keys, dtype=object)
    n = size or int(rng.integers(1_500, 6_001))
    cases, chances = drawn.draw(n, rng)
    truth = (chances.cumsum(axis=1) > rng.random((n, 1))).argmax(axis=1)
    seed_model = _earlier(drawn, rng)
    advice = seed_model.probabilities(cases).argmax(axis=1)
    calls = judged(
        cases, chances, truth, advice,
        rng=rng, managers=int(rng.integers(3, 21)), each=int(rng.choice([1, 1, 3])), behaviour=behaviour,
    )  # fmt: skip
    if behaviour == "opposite":  # a set of overrides only would be refused: one of them agreed
        calls.loc[0, "final_action"] = calls.loc[0, "recommended_action"]
    known = rng.random(n) < KNOWN
    some = cases.assign(right_action=np.where(known, keys[truth], None))
    unseen, fair = drawn.draw(UNSEEN, rng)
    few = learn(some, calls, domain=domain, seed=seed)
    found = {
        "kind": kind, "n": n, "managers": calls["manager"].nunique(), "each": len(calls) / n,
        "people": (calls["final_action"] == keys[truth][np.repeat(np.arange(n), len(calls) // n)]).mean(),
        "used": float(bool(few.siblings)),
        "few": _accuracy(few.twins, unseen, fair),
        "calls": _accuracy(few.siblings or few.twins, unseen, fair),
        "challenger": _accuracy((few.challenger,), unseen, fair),
    }  # fmt: skip
    if behaviour == "informed":
        every = learn(cases.assign(right_action=keys[truth]), calls.iloc[:0], domain=domain, seed=seed)
        found["all"] = _accuracy(every.twins, unseen, fair)
        found["best"] = float(fair.max(axis=1).mean())
    return found


def _earlier(drawn, rng):
    cases, chances = drawn.draw(EARLIER, rng)
    truth = (chances.cumsum(axis=1) > rng.random((EARLIER, 1))).argmax(axis=1)
    return train(cases, np.eye(drawn.actions)[truth], domain=drawn.domain, seed=1)


def _accuracy(models: tuple[Learned, ...], unseen: pd.DataFrame, fair: np.ndarray) -> float:
    chosen = [fair[np.arange(len(unseen)), m.probabilities(unseen).argmax(axis=1)].mean() for m in models]
    return float(np.mean(chosen))


def interval(values: np.ndarray, statistic, draws: int = 2_000) -> tuple[float, float]:
    """A 95 % percentile bootstrap over rows."""
    rng = np.random.default_rng(1)
    found = [statistic(values[rng.integers(0, len(values), len(values))]) for _ in range(draws)]
    return tuple(np.nanquantile(found, [0.025, 0.975]))


def closed(runs: np.ndarray) -> float:
    """The mean gain by calls as a share of the mean gap, of columns few, calls, all."""
    few, calls, every = runs.mean(axis=0)
    return (calls - few) / (every - few)


def report(runs: pd.DataFrame, name: str) -> None:
    """One line: accuracies and the share of the gap that calls close."""
    values = runs[["few", "calls", "all"]].to_numpy()
    low, high = interval(values, closed)
    each = (values[:, 1] - values[:, 0]) / np.maximum(values[:, 2] - values[:, 0], 0.01)
    print(
        f"{name:13} {len(runs):3} runs  outcomes only {values[:, 0].mean():.4f}  with calls {values[:, 1].mean():.4f}"
        f"  all outcomes {values[:, 2].mean():.4f}  best {runs['best'].mean():.4f}  people {runs['people'].mean():.3f}"
        f"  closed {closed(values):4.0%} [{low:4.0%}, {high:4.0%}]  run by run {each.mean():4.0%}"
        f"  least gain {1e2 * (values[:, 1] - values[:, 0]).min():+.2f}  used {runs['used'].mean():.2f}",
        flush=True,
    )


def main(count: int, kinds: tuple[str, ...]) -> None:
    """Print informed streams of every kind, then adversarial ones."""
    everything = []
    for kind in kinds:
        runs = pd.DataFrame([stream(kind, seed) for seed in range(count)])
        report(runs, kind)
        everything.append(runs)
    report(pd.concat(everything), "all")
    for behaviour in ADVERSARIAL:
        runs = pd.DataFrame([stream(kind, 900 + s, behaviour) for kind in kinds for s in range(count)])
        loss = 100 * (runs["few"] - runs["calls"]).to_numpy()
        low, high = interval(loss, np.mean)
        print(f"{behaviour:9} loss {loss.mean():+.3f} points [{low:+.3f}, {high:+.3f}]"
              f"  worst {loss.max():+.2f}  used {runs['used'].mean():.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10, tuple(sys.argv[2:]) or KINDS)
