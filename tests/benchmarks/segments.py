"""Are planted segments found, and only those? Prints recall by size and false discoveries, coverage, and the speed.

    python tests/benchmarks/segments.py [SEEDS] [FIRST]

Each seed is another organization: 6–30 features of all kinds, some going together, some with holes, levels of
unequal size; 1–50 managers of unequal skill, some cases judged by two; cases of unequal difficulty. Zero to three
planted segments of one to three conditions in which people beat the model, the model beats people, or both are
weak; in some organizations who leads also drifts with the features (additive), in some nothing is planted.

A found segment is *true* if what it claims holds for the expected values of all cases that it covers, in its
direction and beyond elsewhere. A planted segment is *found* if a found one of the same question overlaps by half
(Jaccard). The other side of the speed: the same search as pandas does it, a groupby for each pair of features.
"""

from __future__ import annotations

import itertools
import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from rhml.core.answers import Outcome
from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Action, Feature
from rhml.reports.calls import Calls
from rhml.reports.found.result import Claim, FoundSegments
from rhml.reports.found_segments import Held, found_segments
from rhml.stats.rules.choosing import overlap
from rhml.stats.rules.rule import Condition, Rule
from rhml.stats.rules.space import axes
from rhml.stats.rules.tables import Tables

ACTIONS = ("accept", "refuse")
PEOPLE, MODEL, WEAK = "people beat the model", "the model beats people", "both weak"
KINDS = ("flat", "hard cases", "additive", "nothing")


@dataclass(frozen=True)
class Planted:
    """A planted segment: its rule, what is true there, its share of the cases and the gap."""

    rule: Rule
    question: str
    share: float
    gap: float


@dataclass(frozen=True, eq=False)
class Organization:
    """Frames as the log gives them, what is planted, and what is expected of each case."""

    domain: DecisionDomain
    cases: pd.DataFrame
    decisions: pd.DataFrame
    plants: tuple[Planted, ...]
    kind: str
    lead: np.ndarray
    both: np.ndarray

    def claim(self, question: str, covered: np.ndarray) -> tuple[float, float]:
        """What a question claims, expected inside and elsewhere, in its direction."""
        score = self.both if question == WEAK else self.lead * (1 if question == PEOPLE else -1)
        return float(score[covered].mean()), float(score[~covered].mean())


def organization(
    seed: int, n: int, *, kind: str | None = None, gap: float | None = None, share: float | None = None
) -> Organization:
    """An organization with n resolved cases that both called."""
    rng = np.random.default_rng([seed, n, 77])
    kind = kind or str(rng.choice(KINDS, p=[0.3, 0.3, 0.25, 0.15]))
    domain, cases = _cases(rng, n)
    plants = () if kind == "nothing" else _plants(rng, domain, cases, gap, share)
    people = int(rng.choice([1, 3, 10, 50]))
    manager = rng.integers(0, people, n)
    z = _standard(cases)
    hard = z @ rng.normal(size=z.shape[1]) / np.sqrt(z.shape[1]) * (0.5 if kind == "hard cases" else 0.0)
    drift = z @ rng.normal(size=z.shape[1]) / np.sqrt(z.shape[1]) * (0.15 if kind == "additive" else 0.0)
    level = norm.ppf(rng.uniform(0.65, 0.85))
    skill = rng.normal(0, 0.1, people)
    skill -= skill[manager].mean()
    person = norm.cdf(level - hard + drift + skill[manager])
    model = norm.cdf(level - hard)
    for plant in plants:
        inside = plant.rule.covers(cases)
        middle = (person + model) / 2
        if plant.question == WEAK:
            wrong = (1 - person) * (1 - model) + plant.gap
            person, model = (np.where(inside, 1 - np.sqrt(wrong), x) for x in (person, model))
        else:
            half = plant.gap / 2 * (1 if plant.question == PEOPLE else -1)
            middle = np.clip(middle, plant.gap / 2 + 0.02, 0.98 - plant.gap / 2)
            person, model = np.where(inside, middle + half, person), np.where(inside, middle - half, model)
    decisions = _decisions(rng, cases, manager, person, model)
    return Organization(domain, cases, decisions, plants, kind, person - model, (1 - person) * (1 - model))


def _cases(rng: np.random.Generator, n: int) -> tuple[DecisionDomain, pd.DataFrame]:
    d = int(rng.integers(6, 31))
    loads = rng.normal(size=(d, 3)) * rng.choice([0.0, 0.3, 1.0], size=(d, 1))
    z = rng.normal(size=(n, 3)) @ loads.T + rng.normal(size=(n, d))
    z /= z.std(axis=0)
    features, columns = [], {}
    for j in range(d):
        kind = str(rng.choice(["number", "number", "category", "yes_no"])) if j > 1 else "number"
        name = f"f{j + 1}"
        columns[name] = _column(rng, kind, z[:, j])
        features.append(Feature(name=name, label=f"Fact {j + 1}", kind=kind))
    domain = DecisionDomain(
        name="planted", title="Planted", features=tuple(features), outcome=Outcome(),
        actions=tuple(Action(key=a, label=a) for a in ACTIONS),
    )  # fmt: skip
    return domain, pd.DataFrame({"case_id": [f"c{i}" for i in range(n)], **columns})


def _column(rng: np.random.Generator, kind: str, z: np.ndarray) -> np.ndarray:
    missing = rng.random(len(z)) < rng.choice([0.0, 0.0, 0.05, 0.2])
    if kind == "number":
        x = (np.round(np.exp(9 + z), 2), np.clip(np.round(6 + 3 * z), 0, None), z)[rng.integers(0, 3)]
        return np.where(missing, np.nan, x)
    if kind == "yes_no":
        return np.where(missing, np.nan, (z > norm.ppf(rng.uniform(0.3, 0.9))).astype(float))
    cuts = np.sort(norm.ppf(rng.dirichlet(np.full(rng.integers(3, 9), 1.5)).cumsum()[:-1]))
    levels = np.array([f"l{i}" for i in range(10)], object)[np.searchsorted(cuts, z)]
    return np.where(missing, None, levels)


def _plants(rng, domain, cases, gap, share) -> tuple[Planted, ...]:
    found, covered = [], []
    count = 1 + int(rng.integers(0, 3))
    for _ in range(4_000):
        if len(found) == count:
            break
        wanted = share or float(rng.choice([0.05, 0.08, 0.12]))
        rule = _rule(rng, domain, cases, wanted)
        inside = rule.covers(cases)
        apart = all((inside & c).sum() <= 0.05 * inside.sum() for c in covered)
        if 0.9 * wanted <= inside.mean() <= 1.3 * wanted and apart:
            covered.append(inside)
            question = str(rng.choice([PEOPLE, MODEL, WEAK]))
            found.append(
                Planted(rule, question, float(inside.mean()), gap or float(rng.choice([0.15, 0.2, 0.3])))
            )
    return tuple(found)


def _rule(rng, domain, cases, wanted) -> Rule:
    size = int(rng.integers(1, 4))
    each = float(np.clip(wanted ** (1 / size) * rng.uniform(0.8, 1.4), 0.03, 0.9))
    conditions = []
    for j in rng.choice(len(domain.features), size=size, replace=False):
        feature = domain.features[j]
        column = cases[feature.name]
        if feature.kind == "number":
            op = str(rng.choice(["<=", ">="]))
            cut = float(np.nanquantile(column, each if op == "<=" else 1 - each))
            conditions.append(Condition(feature.name, op, cut))
        elif feature.kind == "yes_no":
            conditions.append(Condition(feature.name, "=", bool(rng.random() < 0.5)))
        else:
            conditions.append(Condition(feature.name, "=", str(rng.choice(column.dropna().unique()))))
    return Rule(tuple(conditions))


def _standard(cases: pd.DataFrame) -> np.ndarray:
    numbers = cases.select_dtypes("number").rank().to_numpy()
    z = norm.ppf(numbers / (len(cases) + 1))
    return np.nan_to_num(z)


def _decisions(rng, cases, manager, person, model) -> pd.DataFrame:
    """Each case by one manager, a tenth by a second one too."""
    n = len(cases)
    at = np.concatenate([np.arange(n), rng.choice(n, n // 10, replace=False)])
    right = np.where(rng.random(n) < rng.uniform(0.4, 0.6), 0, 1)
    advised = np.where(rng.random(n) < model, right, 1 - right)
    called = np.where(rng.random(len(at)) < person[at], right[at], 1 - right[at])
    named = np.array(ACTIONS, object)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 365, n)), unit="D")
    return pd.DataFrame({
        "decision_id": [f"d{i}" for i in range(len(at))], "case_id": cases["case_id"].to_numpy()[at],
        "manager": [f"m{m}" for m in manager[at]], "mode": "first_call", "first_action": named[called],
        "first_confidence": np.nan, "recommended_action": named[advised[at]], "recommended_confidence": np.nan,
        "final_action": named[called], "right_action": named[right[at]], "decided_at": day[at], "bank": False,
        "explore": False, "imported": False, "value": np.nan,
    })  # fmt: skip


def tried(seeds: range, n: int, **how) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What became of each planted and of each found segment of some organizations."""
    plants, found = [], []
    for seed in seeds:
        made = organization(seed, n, **how)
        told = found_segments(Calls.of(made.decisions, made.domain), facts=Held(made.cases, made.decisions))
        covers = [
            (s, Rule.of({"conditions": s.conditions}).covers(made.cases))
            for s in told.segments
            if not s.of_calls
        ]
        for plant in made.plants:
            inside = plant.rule.covers(made.cases)
            best = max((overlap(inside, c) for s, c in covers if s.question == plant.question), default=0.0)
            plants.append(
                (seed, made.kind, plant.question, plant.share, plant.gap, len(plant.rule.conditions), best)
            )
        found += [(seed, made.kind, *_judged(made, told, s, c)) for s, c in covers]
    return (
        pd.DataFrame(plants, columns=["seed", "kind", "question", "share", "gap", "conditions", "overlap"]),
        pd.DataFrame(found, columns=["seed", "kind", "question", "true", "overlap", "in_later", "in_shrunk"]),
    )


def _judged(made: Organization, told: FoundSegments, segment, covered: np.ndarray) -> tuple:
    inside, elsewhere = made.claim(segment.question, covered)
    quantity = inside - elsewhere if segment.question == WEAK else inside
    true = inside > elsewhere and quantity > 0
    same = max((overlap(covered, p.rule.covers(made.cases)) for p in made.plants if p.question == segment.question),
               default=0.0)  # fmt: skip
    signed = -quantity if segment.question == MODEL else quantity
    within = [
        m.low <= signed <= m.high if m.low is not None else None for m in (segment.later, segment.shrunk)
    ]
    return segment.question, true, same, *within


def told(plants: pd.DataFrame, found: pd.DataFrame) -> str:
    """Recall by size, false discoveries by kind of organization, and coverage, in words."""
    hit = plants.assign(
        hit=plants.overlap >= 0.5,
        size=pd.cut(plants["share"], [0, 0.068, 0.1, 1], labels=["5-7 %", "7-10 %", "10-16 %"]),
    )
    lines = ["  recall (Jaccard >= .5), by share of cases and gap:"]
    for (size, gap), one in hit.groupby(["size", "gap"], observed=True):
        lines.append(f"    {size:>8} {gap:.2f}: {one.hit.mean():6.1%} of {len(one)}")
    lines += [f"    {q}: {one.hit.mean():.1%} of {len(one)}" for q, one in hit.groupby("question")]
    lines += [
        f"    {k} condition(s): {one.hit.mean():.1%} of {len(one)}" for k, one in hit.groupby("conditions")
    ]
    lines += [
        f"  all: recall {hit.hit.mean():.1%} of {len(hit)}, median overlap of those found {hit.overlap[hit.hit].median():.2f}"
    ]
    for kind, one in found.groupby("kind"):
        lines.append(
            f"  false discoveries, {kind}: {(~one.true).mean():.1%} of {len(one)} (overlap below half: {(one.overlap < 0.5).mean():.1%})"
        )
    lines.append(f"  all: false discoveries {(~found.true).mean():.1%} of {len(found)}; an organization's mean share "
                 f"{(~found.true).groupby(found.seed).mean().mean():.1%}")  # fmt: skip
    for name in ("in_later", "in_shrunk"):
        said = found[name].dropna().astype(bool)
        lines.append(f"  interval {name.removeprefix('in_')}: covers {said.mean():.1%} of {len(said)}")
    return "\n".join(lines)


def speed(n: int = 300_000) -> str:
    """The search against pandas: a groupby for each pair and each triple of features (some of them, extrapolated)."""
    made = next(
        o for o in (organization(s, n, kind="flat") for s in range(50)) if len(o.domain.features) >= 24
    )
    calls, held = Calls.of(made.decisions, made.domain), Held(made.cases, made.decisions)
    lead = calls.hits("first").astype(float) - calls.hits("recommended")
    space = axes(held.of(np.arange(len(lead))), made.domain, cuts=11)
    differ = np.flatnonzero(lead)
    bins = [axis.bins for axis in space]
    start = time.process_time()
    for i, first in enumerate(space):
        own = first.bins[differ] * 64
        for j in range(i + 1, len(space)):
            np.bincount(own + bins[j][differ], lead[differ], 64 * 64)
    leads = time.process_time() - start
    start = time.process_time()
    Tables.of(space, lead).twos()
    tables = time.process_time() - start
    start = time.process_time()
    found_segments(calls, facts=held)
    whole = time.process_time() - start
    frame = pd.DataFrame({a.feature: a.bins for a in space} | {"lead": lead})
    pairs, triples = (_by_pandas(frame, size) for size in (2, 3))
    return (
        f"{len(lead):,} decisions, {len(space)} features; seconds of processor time:\n"
        f"  all pairs: leads of the rows that differ {leads:.2f}, rows and leads of every rule {tables:.2f}; "
        f"pandas {pairs:.1f}: ratio {pairs / leads:.0f} and {pairs / tables:.0f}\n"
        f"  the whole search, both targets, rules of up to three conditions, round by round, with confirmation: {whole:.2f}; "
        f"pandas, one pass over pairs and triples {pairs + triples:.0f}: ratio {(pairs + triples) / whole:.0f}"
    )


def _by_pandas(frame: pd.DataFrame, size: int, tried: int = 20) -> float:
    """Seconds of a groupby for every combination of so many features."""
    combinations = list(itertools.combinations([c for c in frame.columns if c != "lead"], size))
    some = combinations[:: max(1, len(combinations) // tried)]
    start = time.process_time()
    for names in some:
        frame.groupby(list(names))["lead"].agg(["sum", "count"])
    return (time.process_time() - start) / len(some) * len(combinations)


def claimed(seeds: range, n: int) -> str:
    """Whether segments of the size that the product claims are found four times in five."""
    claim = Claim.of(n)
    plants, found = tried(seeds, n, gap=claim.gap, share=claim.share)
    return (
        f"  {n:,} cases, {claim.share:.0%} of them, gap {claim.gap:.3f}: recall {(plants.overlap >= 0.5).mean():.1%} of "
        f"{len(plants)}, false discoveries {(~found.true).mean():.1%} of {len(found)}"
    )


def main() -> None:
    """Print everything."""
    many, first = (int(a) for a in (*sys.argv[1:3], *("40", "5000")[len(sys.argv) - 1 :])[:2])
    seeds = range(first, first + many)
    for n in (10_000, 20_000):
        print(
            f"{n:,} resolved cases, seeds {first} to {first + many - 1}:\n{told(*tried(seeds, n))}",
            flush=True,
        )
    print("At the sizes claimed:")
    for n in (2_000, 4_000, 10_000, 20_000):
        print(claimed(seeds, n), flush=True)
    print(speed())


if __name__ == "__main__":
    main()
