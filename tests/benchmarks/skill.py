"""Do the intervals of people's change hold, over many organizations? python tests/benchmarks/skill.py [ORGANIZATIONS] [SEED]

Each organization has managers of known skill and learning, cases of known difficulty and a truth for the same
estimand: the change of accuracy on its own fixed case mix. Printed for each scenario: the share of 95 % intervals that
hold the truth (93–97 % is right), how often people are said to have improved or to have fallen, and the average length;
then the power by size. What nobody can observe of a difficulty does not drift here: that no report could tell.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.machine.difficulty import difficulty
from rhml.reports.calls import Calls
from rhml.reports.improvement import improvement
from rhml.reports.unaided import calls_for_difficulty
from rhml.stats.intervals import wilson

DOMAIN: DecisionDomain = parse_domain(
    "loans",
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    + "".join(f'[features.x{k}]\nkind = "number"\n' for k in range(4))
    + '[features.region]\nkind = "category"\n[segments]\ncolumns = ["region"]\n',
)
ACTIONS = np.array(DOMAIN.action_keys, dtype=object)
REGIONS = np.array(["north", "south", "east"], dtype=object)


@dataclass(frozen=True)
class Scenario:
    """One kind of organization; gains are in log-odds of being right."""

    name: str
    calls: int = 1_500
    managers: int = 12
    later: float = 0.0
    practice: float = 0.0
    where: str = ""
    drift: float = 0.0
    classes: float = 0.0
    unequal: float = 0.4
    turnover: float = 0.0
    judged_by: int = 1
    one_sitting: bool = False
    advice: bool = True


SCENARIOS = (
    Scenario("nobody learns"),
    Scenario("nobody learns, a handful", calls=400, managers=3),
    Scenario("nobody learns, hundreds of people", calls=6_000, managers=200),
    Scenario("cases get harder", calls=3_000, drift=1.0),
    Scenario("cases get easier, no advice", calls=3_000, drift=-1.0, advice=False),
    Scenario("one action proves right more often", calls=3_000, classes=1.0),
    Scenario("unequal managers, turnover", calls=3_000, unequal=1.0, turnover=0.6, drift=0.5),
    Scenario("cases judged by several, one sitting", calls=4_000, managers=80, judged_by=20, one_sitting=True),
    Scenario("learning by the calendar", calls=3_000, later=0.5, drift=0.5),
    Scenario("learning by practice, one sitting", calls=3_000, managers=60, practice=0.15, one_sitting=True),
    Scenario("the same, cases judged by several", calls=3_000, managers=60, practice=0.15, judged_by=15,
             one_sitting=True),
    Scenario("learning in one segment", calls=3_000, later=0.8, where="north"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Organization:
    """What a log holds of it, and what only the plant knows."""

    cases: pd.DataFrame
    decisions: pd.DataFrame
    skill: np.ndarray
    hard: np.ndarray
    region: np.ndarray


def organization(plan: Scenario, seed: int) -> Organization:
    """An organization with a truth of its own."""
    rng = np.random.default_rng(seed)
    n = plan.calls
    many = n // plan.judged_by
    when = np.sort(rng.random(n))
    manager = _who(plan, when, rng)
    if plan.one_sitting:
        order = np.lexsort((when, manager))
        manager = manager[order]
        when = manager + np.arange(n) / n
        when = (when - when.min()) / np.ptp(when)
    case = rng.permutation(np.arange(n) % many) if plan.judged_by > 1 else np.arange(n)
    arrived = np.zeros(many) + 0.5 if plan.judged_by > 1 else when
    x = rng.normal(size=(many, 4))
    x[:, 1] += plan.drift * (arrived - 0.5)
    region = rng.integers(0, 3, many)
    side = rng.random(many) < np.clip(0.45 + 0.3 * plan.classes * (arrived - 0.5), 0.02, 0.98)
    margin = x[:, 0] + 2.2 * (side - 0.5)
    p_lend = 1 / (1 + np.exp(-1.4 * margin))
    # People find a case hard where the facts point the wrong way, where x1 is high, and for reasons nobody records.
    hard = 0.7 * x[:, 1] - 0.5 * np.where(side, margin, -margin) - 0.6 * side + 0.5 * rng.normal(size=many)
    skill = 0.9 + plan.unequal * rng.normal(size=plan.managers)
    place = pd.Series(manager).groupby(manager).cumcount().to_numpy()
    there = (REGIONS[region[case]] == plan.where) | (not plan.where)
    gain = plan.later * (when >= np.median(when)) * there + plan.practice * np.log1p(place)
    level = skill[manager] + gain
    right = rng.random(n) < 1 / (1 + np.exp(hard[case] - level))
    truth = np.where(side, ACTIONS[0], ACTIONS[1])
    cases = pd.DataFrame(x, columns=[f"x{k}" for k in range(4)]).assign(
        case_id=[f"c{i}" for i in range(many)], region=REGIONS[region], right_action=truth,
        fold=rng.integers(0, 5, many), bank=False,
    )  # fmt: skip
    advised = ACTIONS[(p_lend < 0.5).astype(int)]
    confidence = np.maximum(p_lend, 1 - p_lend)
    decisions = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)],
            "case_id": cases["case_id"].to_numpy()[case],
            "manager": [f"m{m}" for m in manager],
            "mode": None,
            "first_action": np.where(right, truth[case], np.where(side[case], ACTIONS[1], ACTIONS[0])),
            "model_version": "imported" if plan.advice else None,
            "recommended_action": advised[case] if plan.advice else None,
            "recommended_confidence": confidence[case] if plan.advice else np.nan,
            "final_action": None,
            "decided_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(when * 300, unit="D"),
            "right_action": truth[case],
            "bank": False,
            "explore": False,
            "imported": True,
            "value": np.nan,
            "region": REGIONS[region[case]],
        }
    )
    return Organization(cases, decisions, level, hard, case)


def _who(plan: Scenario, when: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who made each call; with turnover some managers come late and some leave early."""
    busy = rng.gamma(2.0, size=plan.managers)
    starts = np.where(rng.random(plan.managers) < plan.turnover, rng.random(plan.managers) * 0.8, 0.0)
    ends = np.where(rng.random(plan.managers) < plan.turnover, starts + 0.2 + rng.random(plan.managers), 2.0)
    starts[0], ends[0] = 0.0, 2.0
    odds = busy * ((when[:, None] >= starts) & (when[:, None] <= ends))
    cumulated = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    return (rng.random(len(when))[:, None] > cumulated).sum(axis=1).clip(0, plan.managers - 1)


def planted(plan: Scenario, org: Organization, found: object) -> float:
    """The truth of the estimand: the later less the earlier accuracy of the same people, over one fixed mix of cases."""
    manager = pd.factorize(org.decisions["manager"])[0]
    times = org.decisions["decided_at"]
    if found.human.cut == "practice":
        rank = times.groupby(manager).rank(method="first") - 1
        later = (rank >= np.ceil(pd.Series(manager).groupby(manager).transform("size") / 2)).to_numpy()
    else:
        later = (times >= found.cut).to_numpy()
    mix = np.random.default_rng(0).choice(org.region, 400)  # cases as the calls met them
    if plan.where:
        there = (org.decisions["region"] == plan.where).to_numpy()
        share = _level(org.hard[org.region], org.skill, there & later) - _level(
            org.hard[org.region], org.skill - plan.later * there * later, there & later
        )
        return float(share * there.mean())
    chance = (1 / (1 + np.exp(org.hard[mix][None, :] - org.skill[:, None]))).mean(axis=1)
    frame = pd.DataFrame({"m": manager, "late": later, "p": chance})
    cells = frame.groupby(["m", "late"])["p"].agg(["mean", "size"]).unstack().dropna()
    size = cells["size"].to_numpy()
    weight = size.prod(axis=1) / size.sum(axis=1)
    return float(np.average(cells["mean"][True] - cells["mean"][False], weights=weight))


def _level(hard: np.ndarray, skill: np.ndarray, rows: np.ndarray) -> float:
    return float((1 / (1 + np.exp(hard[rows] - skill[rows]))).mean())


def read(org: Organization, seed: int, *, fitted: bool = True) -> object:
    """The report on people, as `report` computes it."""
    calls = calls_for_difficulty(Calls.of(org.decisions, DOMAIN))
    yardsticks = difficulty(org.cases, calls, domain=DOMAIN, seed=seed) if fitted else None
    return improvement(org.decisions, domain=DOMAIN, seed=seed, difficulty=yardsticks)


def tried(plan: Scenario, organizations: int, seed: int) -> dict[str, float]:
    """Coverage, verdicts and width over so many organizations."""
    held, words, widths, truths, errors = 0, [], [], [], []
    for k in range(organizations):
        org = organization(plan, seed + k)
        found = read(org, seed)
        truth, change = planted(plan, org, found), found.human.change
        words.append(found.human.verdict.words.split(" (")[0])
        truths.append(truth)
        if change.low is not None:
            held += change.low <= truth <= change.high
            widths.append(change.high - change.low)
            errors.append(change.value - truth)
    spoke = max(len(widths), 1)
    return {
        "spoke": len(widths), "held": held / spoke, "improved": words.count("improved") / organizations,
        "fell": words.count("fell") / organizations, "width": float(np.mean(widths or [np.nan])),
        "truth": float(np.mean(truths)), "bias": float(np.mean(errors or [np.nan])), "cut": found.human.cut,
    }  # fmt: skip


def main(organizations: int, seed: int) -> None:
    """Print all scenarios, then the power by size."""
    print(
        f"{'scenario':45} {'held':>6} {'improved':>9} {'fell':>6} {'width':>6} {'truth':>7} {'bias':>7}  cut"
    )
    total, held = 0, 0.0
    for plan in SCENARIOS:
        found = tried(plan, organizations, seed)
        total, held = total + found["spoke"], held + found["held"] * found["spoke"]
        print(f"{plan.name:45} {found['held']:6.3f} {found['improved']:9.3f} {found['fell']:6.3f} {found['width']:6.3f} "
              f"{found['truth']:+7.3f} {found['bias']:+7.4f}  {found['cut']}", flush=True)  # fmt: skip
    low, high = wilson(held, total)
    print(f"all: {total:,} organizations, {held / total:.3f} held ({low:.3f} to {high:.3f})")
    for calls in (200, 1_000, 2_000, 6_000):
        for gain in (0.27, 0.56):
            plan = replace(SCENARIOS[0], name="power", calls=calls, later=gain)
            found = tried(plan, max(organizations // 4, 20), seed)
            print(
                f"power at {found['truth']:+.3f} with {calls // 2:,} calls a period: {found['improved']:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    warnings.simplefilter("error")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
