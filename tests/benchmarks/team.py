"""What the team's model finds again of people whose way of weighing the factors was planted.

Run it as `python -m tests.benchmarks.team [ORGANIZATIONS]`; it prints, over so many organizations of five people with
150 and 500 calls each: how often the sign of a factor's difference between model and team is right where it is 5
points or more, how often the one person who weighs differently is told from the others, and the largest error of the
sum of the points.
"""

import sys

import numpy as np

from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.fitting import train
from rhml.machine.team.own_calls import own_calls
from rhml.machine.team.training import train_team
from tests.machine.team.plant import ACTIONS, DOMAIN, TEAM, TRUTH, calls_of, cases_of

ODD = {**TEAM, "income": 0.1, "debt": -1.5}


def organization(seed: int, calls: int) -> tuple[float, bool, bool, float]:
    """Share of right signs, whether the odd one is told by either factor, whether a usual one is, and the error."""
    cases = cases_of(3 * calls, seed)
    people = {f"m{i}": (calls, TEAM) for i in range(4)} | {"odd": (calls, ODD)}
    team = train_team(cases, own_calls(calls_of(cases, people, seed), DOMAIN), domain=DOMAIN, seed=7)
    outcomes = np.column_stack([cases["right_action"] == action for action in ACTIONS]).astype(float)
    model = train(cases, outcomes, domain=DOMAIN, seed=1)
    scored = explain(model, cases)
    action = np.array(model.actions, dtype=object)[scored.action_index]
    told = team.score(cases, action, model.features)
    hits = tries = 0
    for name in ("debt", "late"):
        place = model.features.index(name)
        apart = scored.points[:, place] - told.points[:, place]
        true = (TRUTH[name] - TEAM[name]) * cases[name] * np.where(action == "lend", 1, -1)
        large = np.abs(apart) >= 0.05
        hits += int((np.sign(apart) == np.sign(true))[large].sum())
        tries += int(large.sum())
    income, debt = (team.features.index(name) for name in ("income", "debt"))
    slopes = {name: one.slopes for name, one in team.people.items()}
    usual = [slopes[f"m{i}"] for i in range(4)]
    odd = slopes["odd"][income] < min(s[income] for s in usual)
    also = slopes["odd"][debt] > max(s[debt] for s in usual)
    error = np.abs(told.base + told.points.sum(axis=1) - told.probability).max()
    return hits / max(tries, 1), odd, also, float(error)


def measure(count: int) -> None:
    """Print the shares over `count` organizations of each size."""
    for calls in (150, 500):
        rows = [organization(seed, calls) for seed in range(count)]
        signs, odd, also, errors = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
        print(
            f"{calls:>4} calls a person: signs right {signs.mean():.1%} (worst {signs.min():.1%}); "
            f"odd one told by income {odd.mean():.0%}, by debt {also.mean():.0%}; largest error {errors.max():.1e}"
        )


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
