"""Are planted lessons found, and only those? Prints recall, false discoveries and overlap, and the time it takes.

    python tests/benchmarks/lessons.py [SEEDS] [FIRST]

Each seed is another organization: 6–30 features of all kinds, some going together; one to four managers with
1,500 decisions each, unaided or after the advice; none to four segments in which one of the two, person or
model, is 25 points or more better than the other and elsewhere about equal. A lesson is found if the cases of
a reported rule and its own overlap by half (Jaccard).
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from rhml.core.answers import Outcome
from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Action, Feature
from rhml.human.lessons.calls import duels
from rhml.human.lessons.mining import mine
from rhml.stats.rules.choosing import overlap
from rhml.stats.rules.rule import Condition, Rule
from rhml.stats.rules.search import Ground, candidates
from rhml.stats.rules.space import axes

EACH = 1_500
BANK = 0.2
ACTIONS = ("accept", "refuse")


@dataclass(frozen=True)
class Plant:
    """A segment in which `learner` ('people' or 'model') is worse than the other by `contrast`."""

    rule: Rule
    learner: str
    manager: str | None
    contrast: float


def planted(
    seed: int,
    *,
    each: int = EACH,
    plants: int | None = None,
    managers: int | None = None,
    least: float = 0.08,
) -> tuple[DecisionDomain, pd.DataFrame, pd.DataFrame, tuple[Plant, ...]]:
    """An organization with planted lessons: domain, cases, decisions and the lessons."""
    rng = np.random.default_rng([seed, 44])
    people = [f"m{i + 1}" for i in range(managers or rng.integers(1, 5))]
    n = each * len(people)
    domain, cases = _cases(rng, n)
    of = np.array(people)[rng.permutation(np.arange(n) % len(people))]
    count = int(rng.choice([0, 1, 2, 3, 4], p=[0.2, 0.25, 0.25, 0.2, 0.1])) if plants is None else plants
    rules = _plants(rng, domain, cases, people, count, least)
    return domain, cases, _decisions(rng, cases, of, rules), rules


def _cases(rng: np.random.Generator, n: int) -> tuple[DecisionDomain, pd.DataFrame]:
    d, factors = int(rng.integers(6, 31)), 3
    loads = rng.normal(size=(d, factors)) * rng.choice([0.0, 0.3, 1.0], size=(d, 1))
    z = rng.normal(size=(n, factors)) @ loads.T + rng.normal(size=(n, d))
    z /= z.std(axis=0)
    features, columns = [], {}
    for j in range(d):
        kind = rng.choice(["number", "number", "category", "yes_no"]) if j else "number"
        name = f"f{j + 1}"
        if kind == "number":
            columns[name] = _number(rng, z[:, j])
        elif kind == "yes_no":
            columns[name] = (z[:, j] > norm.ppf(rng.uniform(0.3, 0.75))).astype(float)
        else:
            cuts = np.sort(norm.ppf(rng.dirichlet(np.full(rng.integers(3, 7), 4.0)).cumsum()[:-1]))
            columns[name] = np.array([f"l{i}" for i in range(9)], object)[np.searchsorted(cuts, z[:, j])]
        features.append(Feature(name=name, label=f"Fact {j + 1}", kind=str(kind)))
    domain = DecisionDomain(
        name="planted", title="Planted", features=tuple(features), outcome=Outcome(),
        actions=tuple(Action(key=a, label=a) for a in ACTIONS),
    )  # fmt: skip
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 365, n)), unit="D")
    cases = pd.DataFrame({"case_id": [f"c{i}" for i in range(n)], "received_at": day, **columns})
    return domain, cases


def _number(rng: np.random.Generator, z: np.ndarray) -> np.ndarray:
    match rng.integers(0, 3):
        case 0:
            return np.round(np.exp(9 + z), 2)
        case 1:
            return np.clip(np.round(6 + 3 * z), 0, None)
        case _:
            return z


def _plants(rng, domain, cases, people, count, least) -> tuple[Plant, ...]:
    found, covered = [], []
    for _ in range(2_000):
        if len(found) == count:
            break
        rule = _rule(rng, domain, cases)
        inside = rule.covers(cases)
        if not least <= inside.mean() <= 0.30 or any(
            (inside & c).sum() > 0.1 * (inside | c).sum() for c in covered
        ):
            continue
        covered.append(inside)
        who = None if rng.random() < 0.5 else str(rng.choice(people))
        found.append(Plant(rule, str(rng.choice(["people", "model"])), who, float(rng.uniform(0.25, 0.40))))
    return tuple(found)


def _rule(rng, domain, cases) -> Rule:
    size = int(rng.integers(1, 4))
    prevalence = rng.uniform(0.08, 0.30) ** (1 / size)
    conditions = []
    for j in rng.choice(len(domain.features), size=size, replace=False):
        feature = domain.features[j]
        column = cases[feature.name]
        if feature.kind == "number":
            op = str(rng.choice(["<=", ">="]))
            cut = float(np.quantile(column, prevalence if op == "<=" else 1 - prevalence))
            conditions.append(Condition(feature.name, op, cut))
        elif feature.kind == "yes_no":
            conditions.append(Condition(feature.name, "=", bool(rng.random() < 0.5)))
        else:
            conditions.append(Condition(feature.name, "=", str(rng.choice(column.unique()))))
    return Rule(tuple(conditions))


def _decisions(rng, cases, of, rules) -> pd.DataFrame:
    n = len(cases)
    numbers = cases.select_dtypes("number").to_numpy()
    z = (numbers - numbers.mean(0)) / (numbers.std(0) + 1e-9)
    hard = z @ rng.normal(size=z.shape[1]) / np.sqrt(z.shape[1]) * rng.choice([0.0, 0.5, 1.0])
    base = rng.uniform(0.6, 0.85)
    level = norm.ppf(base) * np.sqrt(1 + hard.std() ** 2) - hard
    skill = {m: rng.normal(0, 0.08) for m in np.unique(of)}
    person, model = norm.cdf(level + np.array([skill[m] for m in of])), norm.cdf(level)
    for plant in rules:
        inside = plant.rule.covers(cases) & ((of == plant.manager) if plant.manager else True)
        middle = np.clip((person + model) / 2, plant.contrast / 2 + 0.03, 0.97 - plant.contrast / 2)
        sign = 1 if plant.learner == "people" else -1
        person = np.where(inside, middle - sign * plant.contrast / 2, person)
        model = np.where(inside, middle + sign * plant.contrast / 2, model)
    together = rng.uniform(0.0, 0.8)
    shared = np.sqrt(together) * rng.normal(size=n)
    own, theirs = (shared + np.sqrt(1 - together) * rng.normal(size=n) for _ in range(2))
    right = rng.random(n) < rng.uniform(0.35, 0.65)
    called, advised = right ^ (own > norm.ppf(person)), right ^ (theirs > norm.ppf(model))
    return _frame(rng, cases, of, right, called, advised)


def _frame(rng, cases, of, right, called, advised) -> pd.DataFrame:
    unaided = rng.random(len(cases)) < rng.choice([0.0, 0.3, 1.0])
    named = [np.where(x, ACTIONS[0], ACTIONS[1]).astype(object) for x in (right, called, advised)]
    return pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(len(cases))],
            "case_id": cases["case_id"],
            "manager": of,
            "mode": np.where(unaided, "first_call", "assisted"),
            "first_action": np.where(unaided, named[1], None),
            "recommended_action": named[2],
            "final_action": named[1],
            "right_action": named[0],
            "decided_at": cases["received_at"],
            "bank": rng.random(len(cases)) < BANK,
            "explore": False,
            "imported": False,
        }
    )


def found(seeds: range, **how) -> pd.DataFrame:
    """Each plant and each reported lesson of some seeds: seed, kind, learner, whose, overlap with its best partner."""
    rows = []
    for seed in seeds:
        domain, cases, decisions, plants = planted(seed, **how)
        lessons = mine(cases, decisions, domain=domain).lessons
        covered = [lesson.rule.covers(cases) for lesson in lessons]
        inside = [plant.rule.covers(cases) for plant in plants]
        both = np.array([[overlap(a, b) * (p.learner == x.learner) for b, x in zip(covered, lessons, strict=True)]
                         for a, p in zip(inside, plants, strict=True)]).reshape(len(plants), len(lessons))  # fmt: skip
        if not plants:
            rows.append((seed, "none planted", "", "", float(bool(lessons))))
        rows += [
            (seed, "plant", p.learner, p.manager or "team", both[i].max(initial=0))
            for i, p in enumerate(plants)
        ]
        rows += [
            (seed, "lesson", x.learner, x.manager or "team", both[:, j].max(initial=0))
            for j, x in enumerate(lessons)
        ]
    return pd.DataFrame(rows, columns=["seed", "kind", "learner", "whose", "overlap"])


def told(rows: pd.DataFrame) -> str:
    """Recall, false discoveries and overlap in words."""
    plants, lessons = rows[rows.kind == "plant"], rows[rows.kind == "lesson"]
    empty = rows[rows.kind == "none planted"].overlap
    by = plants.assign(hit=plants.overlap >= 0.5).groupby("learner").hit
    lines = [
        f"  {who}: recall {m:.1%} of {n}"
        for who, m, n in zip(by.mean().index, by.mean(), by.size(), strict=True)
    ]
    hit = plants.overlap >= 0.5
    return "\n".join([
        f"  recall {hit.mean():.1%} of {len(plants)} planted; median overlap of those found {plants.overlap[hit].median():.2f}",
        *lines,
        f"  false discoveries {(lessons.overlap < 0.5).mean():.1%} of {len(lessons)} lessons reported",
        f"  nothing planted: something reported in {empty.mean():.1%} of {len(empty)} organizations",
    ])  # fmt: skip


def speed(n: int = 100_000) -> str:
    """One search of all rules of up to three conditions, against a loop of pandas masks over pairs (extrapolated)."""
    domain, cases, decisions, _ = planted(5, each=n, managers=1)
    held = duels(cases, decisions, domain=domain)
    start = time.perf_counter()
    space = axes(held.facts, domain)
    candidates(Ground.of(space, held.beyond, held.lead))
    ours = time.perf_counter() - start
    conditions = [c for axis in space for c in axis.conditions]
    pairs = len(conditions) * (len(conditions) - 1) // 2
    rng, lead = np.random.default_rng(1), pd.Series(held.lead)
    start = time.perf_counter()
    for a, b in rng.integers(0, len(conditions), (100, 2)):
        lead[conditions[a].holds(held.facts) & conditions[b].holds(held.facts)].mean()
    naive = (time.perf_counter() - start) / 100 * pairs
    return (
        f"{len(held):,} judged decisions, {len(space)} features, {pairs:,} pairs of conditions: pairs and triples "
        f"{ours:.1f} s; pairs alone by a loop of masks {naive:,.0f} s; ratio {naive / ours:,.0f}"
    )


def main() -> None:
    """Print everything."""
    many, first = (int(a) for a in (*sys.argv[1:3], *("60", "1000")[len(sys.argv) - 1 :])[:2])
    seeds = range(first, first + many)
    print(f"One to four managers, seeds {first} to {first + many - 1}:\n{told(found(seeds))}", flush=True)
    print(f"One manager:\n{told(found(seeds, managers=1))}", flush=True)
    print(speed())


if __name__ == "__main__":
    main()
