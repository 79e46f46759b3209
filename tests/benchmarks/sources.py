"""Cases whose truth is of several kinds, and people of various skill who judge them: for benchmarks.

A source gives facts and the true chance of each action. People know part of the truth, each through
distorted facts, and something of their own that no fact holds.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.core.domain import DecisionDomain, parse_domain

KINDS = ("linear", "tree", "interactions", "curves", "network", "three", "four")
NUMBERS, LEVELS = 8, ("north", "south", "east", "west")


@dataclass(frozen=True)
class Source:
    """One drawn truth: `scores(facts)` are the log chances (n, K) of the actions."""

    kind: str
    actions: int
    scores: object

    @property
    def domain(self) -> DecisionDomain:
        """The domain file of such cases."""
        actions = "".join(f'a{k} = "Action {k}"\n' for k in range(self.actions))
        features = "".join(f'[features.x{j}]\nkind = "number"\n' for j in range(NUMBERS))
        return parse_domain(
            "source",
            f'title = "Source"\n[actions]\n{actions}[outcome]\n{features}'
            '[features.region]\nkind = "category"\n[features.owner]\nkind = "yes_no"\n'
            '[segments]\ncolumns = ["region"]\n',
        )

    def draw(self, n: int, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
        """Cases with everything but outcomes, and the true chances (n, K)."""
        cases = _facts(n, rng)
        return cases, softmax(self.scores(cases), axis=1)


def source(kind: str, rng: np.random.Generator) -> Source:
    """Draw one truth of a kind, scaled so that the best possible accuracy is about .85."""
    actions = {"three": 3, "four": 4}.get(kind, 2)
    trial = _facts(4000, rng)
    raws = [_raw("mixed" if actions > 2 else kind, rng) for _ in range(actions - (actions == 2))]

    def unscaled(cases: pd.DataFrame) -> np.ndarray:
        columns = [raw(_matrix(cases)) for raw in raws]
        return np.column_stack([*columns, np.zeros(len(cases))] if actions == 2 else columns)

    first = unscaled(trial)
    middle = first.mean(axis=0)
    scale = next((s for s in np.geomspace(0.2, 60, 60) if _best(s * (first - middle)) > 0.85), 60)
    return Source(kind, actions, lambda cases: scale * (unscaled(cases) - middle))


def _best(scores: np.ndarray) -> float:
    return float(softmax(scores, axis=1).max(axis=1).mean())


def _facts(n: int, rng: np.random.Generator) -> pd.DataFrame:
    shared = rng.normal(size=(n, 1))
    numbers = 0.5 * shared + rng.normal(size=(n, NUMBERS))
    numbers[:, -1] = np.exp(numbers[:, -1])
    cases = pd.DataFrame(numbers, columns=[f"x{j}" for j in range(NUMBERS)])
    cases["x1"] = cases["x1"].where(rng.random(n) > 0.05)
    return cases.assign(
        case_id=[f"c{i}" for i in range(n)],
        received_at=pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
        bank=rng.random(n) < 0.2,
        explore=False,
        fold=rng.integers(0, 5, n),
        region=rng.choice(LEVELS, n),
        owner=(rng.random(n) < 0.4).astype(float),
        right_action=None,
    )


def _matrix(cases: pd.DataFrame) -> np.ndarray:
    """Standardized facts (n, 12), the categories as indicators."""
    numbers = cases[[f"x{j}" for j in range(NUMBERS)]].fillna(0).to_numpy(copy=True)
    numbers[:, -1] = np.log(numbers[:, -1])
    dummies = np.column_stack([cases["region"] == level for level in LEVELS[:3]] + [cases["owner"]])
    return np.hstack([numbers, 2 * dummies.astype(float) - 0.5])


def _raw(kind: str, rng: np.random.Generator):
    """A random function of the facts."""
    d = NUMBERS + 4
    linear = rng.normal(size=d) * (rng.random(d) < 0.7)
    if kind == "linear":
        return lambda x: x @ linear
    if kind == "tree":
        return _tree(rng, d)
    if kind == "interactions":
        pairs, strength = rng.integers(0, d, (6, 2)), rng.normal(size=6)
        return lambda x: np.sign(x[:, pairs[:, 0]] * x[:, pairs[:, 1]] + 0.2) @ strength + 0.5 * (x @ linear)
    if kind == "curves":
        waves, phase, strength = rng.uniform(0.5, 2, d), rng.uniform(0, 6, d), rng.normal(size=d)
        return lambda x: np.sin(x * waves + phase) @ strength
    if kind == "network":
        inner, outer = rng.normal(size=(d, 10)) / 2, rng.normal(size=10)
        return lambda x: np.tanh(x @ inner) @ outer
    tree = _tree(rng, d)
    return lambda x: x @ linear / 2 + tree(x)


def _tree(rng: np.random.Generator, d: int, depth: int = 4):
    at, cut = rng.integers(0, d, 2**depth), rng.normal(size=2**depth) * 0.5
    leaf = rng.normal(size=2**depth)

    def values(x: np.ndarray) -> np.ndarray:
        node = np.ones(len(x), dtype=int)
        for _ in range(depth):
            node = 2 * node + (x[np.arange(len(x)), at[node % 2**depth]] > cut[node % 2**depth])
        return leaf[node - 2**depth]

    return values


def judged(
    cases: pd.DataFrame, chances: np.ndarray, truth: np.ndarray, advice: np.ndarray, *,
    rng: np.random.Generator, managers: int, each: int, behaviour: str = "informed",
) -> pd.DataFrame:  # fmt: skip
    """Decisions: `each` people a case; 30 % call before the recommendation, the rest see it.

    `behaviour`: informed; opposite, agree (of the recommendation, seen by all), random; liars (opposite of the
    truth as they see it); half (informed ones among guessing, agreeing and opposing ones).
    """
    n, k = chances.shape
    case = np.repeat(np.arange(n), each)
    who = np.concatenate([rng.choice(managers, each, replace=False) for _ in range(n)])
    skill, private = rng.uniform(0.2, 1.0, managers), rng.uniform(0.3, 1) * rng.uniform(0.3, 2.5, managers)
    bias, follow = rng.normal(size=(managers, k)) * 0.4, rng.uniform(0.3, 2.0, managers)
    blur = rng.normal(size=(managers, n, k)) if managers * n < 200_000 else rng.normal(size=(1, n, k))
    known = np.log(np.clip(chances, 0.02, 1))
    view = known[case] * skill[who, None] + 0.7 * blur[who % len(blur), case] + bias[who]
    own_view = view + private[who, None] * np.eye(k)[truth[case]] + rng.gumbel(size=(len(case), k))
    advised = np.eye(k)[advice[case]]
    own, final = own_view.argmax(axis=1), (own_view + follow[who, None] * advised).argmax(axis=1)
    ways = {
        "opposite": (advice[case] + rng.integers(1, k, len(case))) % k,
        "agree": advice[case],
        "random": rng.integers(0, k, len(case)),
        "liars": (final + rng.integers(1, k, len(case))) % k,
    }
    own_ways = ways | {"liars": (own + rng.integers(1, k, len(case))) % k}
    for way, some in _who_behaves(behaviour, managers).items():
        rows = np.isin(who, some)
        own, final = np.where(rows, own_ways[way], own), np.where(rows, ways[way], final)
    first = (rng.random(n) < 0.3)[case]
    keys = np.array([f"a{j}" for j in range(k)], dtype=object)
    return pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(len(case))],
            "case_id": cases["case_id"].to_numpy()[case],
            "manager": [f"m{m}" for m in who],
            "mode": np.where(first, "first_call", "assisted"),
            "first_action": np.where(first, keys[own], None),
            "recommended_action": keys[advice[case]],
            "final_action": keys[final],
            "decided_at": cases["received_at"].to_numpy()[case],
        }
    )


def _who_behaves(behaviour: str, managers: int) -> dict[str, np.ndarray]:
    everybody = np.arange(managers)
    if behaviour == "informed":
        return {}
    if behaviour == "half":
        return {way: everybody[at + 3 :: 6] for at, way in enumerate(("opposite", "agree", "random"))}
    return {behaviour: everybody}
