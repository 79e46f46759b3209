"""What is right where three people judged and no outcome exists: majority, Dawid–Skene, pooled, pooled with a model.

Run it as `python -m tests.benchmarks.agreement [RUNS]`: people of various skill, each with a bias of their own, few
calls a person, the truth withheld. The model learns from the pooled consensus, out-of-fold. It prints accuracies and
the gain over the better of majority and Dawid–Skene with a 95 % bootstrap interval over runs.
"""

import sys

import numpy as np
import pandas as pd

from rhml.machine.learning.consensus import Votes, consensus
from rhml.machine.learning.fitting import cross_fit
from rhml.machine.learning.material import prepare
from tests.benchmarks.learning_from_calls import interval
from tests.benchmarks.sources import source
from tests.machine.learning.test_consensus import accuracy, dawid_skene, vote

SETTINGS = [(kind, cases, people) for kind in ("linear", "interactions", "four") for cases, people in
            ((300, 30), (800, 20), (800, 200))]  # fmt: skip


def judged(kind: str, cases: int, people: int, seed: int) -> list[float]:
    """Accuracies of the four, and of the model alone, on one organization."""
    rng = np.random.default_rng([seed, cases, people])
    drawn = source(kind, rng)
    facts, chances = drawn.draw(cases, rng)
    k = drawn.actions
    right = (chances.cumsum(axis=1) > rng.random((cases, 1))).argmax(axis=1)
    skill, bias = rng.beta(3, 2, people), rng.dirichlet(np.full(k, 1.5), people)
    case = np.repeat(np.arange(cases), 3)
    who = np.concatenate([rng.choice(people, 3, replace=False) for _ in range(cases)])
    guess = (bias[who].cumsum(axis=1) > rng.random((len(case), 1))).argmax(axis=1)
    call = np.where(rng.random(len(case)) < skill[who], right[case], guess)
    said = Votes(case, who, np.zeros(len(case), dtype=int), call, 1)

    pooled = consensus(said, cases=cases, actions=k).probabilities
    usual = np.array(drawn.domain.action_keys, dtype=object)[pooled.argmax(axis=1)]
    material = prepare(facts.assign(bank=False, right_action=usual), pooled, domain=drawn.domain)
    voter = cross_fit(material, domain=drawn.domain, seed=1).own
    both = consensus(said, cases=cases, actions=k, voter=voter).probabilities
    beliefs = (vote(said, cases, k), dawid_skene(said, cases, k), pooled, both, voter)
    return [float(accuracy(belief, right)) for belief in beliefs]


def report(name: str, runs: pd.DataFrame) -> None:
    """One line of means."""
    gain = (runs["with the model"] - runs[["majority", "Dawid–Skene"]].max(axis=1)).to_numpy()
    low, high = interval(gain, np.mean)
    means = "  ".join(f"{column} {value:.4f}" for column, value in runs.mean().items())
    print(
        f"{name:26} {means}  gain {100 * gain.mean():+.2f} points [{100 * low:+.2f}, {100 * high:+.2f}]",
        flush=True,
    )


def main(count: int) -> None:
    """Every setting, then all together."""
    everything = []
    for kind, cases, people in SETTINGS:
        found = [judged(kind, cases, people, seed) for seed in range(count)]
        columns = ["majority", "Dawid–Skene", "pooled", "with the model", "model alone"]
        everything.append(pd.DataFrame(found, columns=columns))
        report(f"{kind}, {cases} cases, {people} people", everything[-1])
    report("all", pd.concat(everything))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
