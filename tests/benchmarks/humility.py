"""How far a model may be trusted, measured over many organizations: python tests/benchmarks/humility.py [SEEDS].

Each seed is an organization with a truth of its own: a model learns from 800 resolved cases, then 2,000 more
arrive and 1,000 of them are resolved. Printed are the coverage of the sets of actions, the share of ordinary
cases called unlike anything seen, the share of organizations with any alarm over all looks where nothing has
changed (at most 5 %), how soon planted changes are found, and what a look gains where it is sent first.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.machine.learning.fitting import train
from rhml.machine.model import Model
from rhml.machine.trust import drift_findings
from rhml.machine.trust.conformal import ActionSets, broken
from rhml.machine.trust.deferral import learn
from rhml.machine.trust.novelty import Surroundings
from rhml.machine.trust.routing import chosen, replayable, simulate
from rhml.stats.intervals import wilson

NUMBERS, LEARNED, NEW, RESOLVED = 6, 800, 2_000, 1_000
DOMAIN: DecisionDomain = parse_domain(
    "loans",
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    + "".join(f'[features.x{k}]\nkind = "number"\n' for k in range(NUMBERS))
    + '[features.region]\nkind = "category"\n[features.owner]\nkind = "yes_no"\n'
    + '[segments]\ncolumns = ["region"]\n',
)
ACTIONS = np.array(DOMAIN.action_keys, dtype=object)
REGIONS = np.array(["north", "south", "east", "west"], dtype=object)


def cases(
    rng: np.random.Generator, truth: np.ndarray, n: int, *, shift: float = 0.0, flip: float = 0.0
) -> pd.DataFrame:
    """Cases with their right action; `shift` moves x0, `flip` turns that share of outcomes over."""
    x = rng.normal(size=(n, NUMBERS))
    x[:, 1] = 0.7 * x[:, 0] + 0.7 * x[:, 1]
    x[:, 2] = np.exp(x[:, 2])
    x[:, 0] += shift
    region, owner = rng.integers(0, 4, n), (rng.random(n) < 0.3).astype(float)
    score = x @ truth[:NUMBERS] + truth[NUMBERS : NUMBERS + 4][region] + 0.6 * owner
    right = np.where(rng.random(n) < 1 / (1 + np.exp(-score)), 0, 1)
    right = np.where(rng.random(n) < flip, 1 - right, right)
    return pd.DataFrame({f"x{k}": x[:, k] for k in range(NUMBERS)}).assign(
        region=REGIONS[region], owner=owner, case_id=[f"c{i}" for i in range(n)], fold=rng.integers(0, 5, n),
        bank=False, explore=False, right_action=ACTIONS[right],
    )  # fmt: skip


def shown(model: Model, arrived: pd.DataFrame) -> pd.DataFrame:
    """What the resolved ones among the new cases were suggested, and whether it proved right."""
    resolved = arrived[:RESOLVED]
    p = model.probabilities(resolved)
    right = ACTIONS[p.argmax(axis=1)] == resolved["right_action"].to_numpy()
    return pd.DataFrame(
        {"probability": p.max(axis=1), "right": right, "right_action": resolved["right_action"]}
    )


def findings(
    model: Model, learned: pd.DataFrame, unseen: pd.DataFrame, arrived: pd.DataFrame
) -> dict[str, int]:
    """The first look, in cases, at which each kind of change was found."""
    points = dict.fromkeys(arrived.columns, 1.0)
    suggested = model.probabilities(unseen)[:, 0], model.probabilities(arrived)[:, 0]
    watched = (
        drift_findings.population(learned, arrived, domain=DOMAIN, points=points, suggested=suggested),
        drift_findings.calibration((model.reference, model.right), shown(model, arrived), domain=DOMAIN),
    )
    found = [(f.kind, f.since) for part in watched for f in part.findings]
    return {kind: min(at for k, at in found if k == kind) for kind, _ in found}


def looked_at(rng: np.random.Generator, model: Model, known: pd.DataFrame) -> tuple[float, float, bool]:
    """What a look gains in the quarter sent first and in all, and whether the replay's interval holds."""
    p = model.probabilities(known)
    skill = np.where(known["region"] == "north", 0.9, 0.7)
    right = (known["right_action"] == "decline").to_numpy(int)
    call = ACTIONS[np.where(rng.random(len(known)) < skill, right, 1 - right)]
    calls = known[["case_id", "right_action", "explore", "region"]].assign(
        manager=rng.choice(["m1", "m2", "m3"], len(known)), mode="assisted", first_action=None, final_action=call,
        recommended_action=ACTIONS[p.argmax(axis=1)], recommended_confidence=p.max(axis=1), seconds=60.0, value=1.0,
    )  # fmt: skip
    half = len(known) // 2
    found = learn(calls[:half], known[:half], p[:half], domain=DOMAIN)
    gain = (call == known["right_action"]).to_numpy(float) - (
        calls["recommended_action"] == known["right_action"]
    )
    later, first = gain[half:], found.help(known[half:], p[half:])
    past = replayable(calls[half:], domain=DOMAIN)
    routed = simulate(past, chosen(past, [("region", "north")], domain=DOMAIN), domain=DOMAIN).inside
    truth = (p.max(axis=1) - skill)[half:][(known["region"] == "north").to_numpy()[half:]].mean()
    return later[first >= np.quantile(first, 0.75)].mean(), later.mean(), routed.low <= truth <= routed.high


def organization(seed: int) -> dict[str, float]:
    """Everything measured on one organization."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=NUMBERS + 4) * 0.8
    learned, unseen, arrived = (cases(rng, truth, n) for n in (LEARNED, 200, NEW))
    hot = (learned["right_action"].to_numpy()[:, None] == ACTIONS).astype(float)
    model = train(learned, hot, domain=DOMAIN, seed=seed)
    sets = ActionSets.fit(model.reference, model.right, model.actions, 0.9)
    p, right = model.probabilities(arrived), (arrived["right_action"] == "decline").to_numpy(int)
    kept = sets.kept(p)
    inside = kept[np.arange(NEW), right]
    nothing = findings(model, learned, unseen, arrived)
    moved = findings(model, learned, unseen, cases(rng, truth, NEW, shift=0.5))
    turned = findings(model, learned, unseen, cases(rng, truth, NEW, flip=0.15))
    first, all_, holds = looked_at(rng, model, arrived)
    return {
        "covered": inside.mean(),
        "covered lend": inside[right == 0].mean(),
        "covered decline": inside[right == 1].mean(),
        "one action left": (kept.sum(axis=1) == 1).mean(),
        "unlike": np.mean([s is not None for s in Surroundings.fit(learned, DOMAIN).look(arrived)[1]]),
        "false alarm": bool(nothing) or broken(inside, level=0.9, learned=sets.n),
        "a number moved by half a deviation, found": "population" in moved,
        "… within 400 cases": moved.get("population", NEW + 1) <= 400,
        "15 % of outcomes turned over, found": "calibration" in turned,
        "… within 400 outcomes": turned.get("calibration", NEW + 1) <= 400,
        "gain of a look where sent first": first,
        "gain of a look anywhere": all_,
        "replay's 95 % interval holds": holds,
    }


def main(seeds: int) -> None:
    """Print means over the seeds; shares of organizations with their 95 % interval."""
    warnings.simplefilter("error")
    found = defaultdict(list)
    for seed in range(seeds):
        for name, value in organization(seed).items():
            found[name].append(value)
    print(f"{seeds} organizations")
    for name, values in found.items():
        if isinstance(values[0], bool | np.bool_):
            low, high = wilson(sum(values), seeds)
            print(f"{name:45} {np.mean(values):6.1%}  ({low:.1%} to {high:.1%})")
        else:
            print(
                f"{name:45} {np.mean(values):6.3f}  (smallest {min(values):.3f}, largest {max(values):.3f})"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
