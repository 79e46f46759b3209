"""Is the ledger honest: is *taught* said where somebody was taught, and only there?

    python -m tests.benchmarks.ledger [ORGANIZATIONS] [FIRST]

Model to people: people work for a year, unaided; half-way the product looks for lessons, as it does in a log, and
every lesson of the team is taught from a moment drawn by lot. Where nothing is learned, all that gets better inside
is regression to the mean. Where 10 points are planted inside each rule from its start, the line should say so. And
segments picked as the worst of 200 on the earlier half alone, with nothing learned.
People to model: a version is trained on outcomes and on people's calls that do, or do not, know something the facts
do not say; later cases are asked with and without what people called.
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
from rhml.human.lessons.mining import mine
from rhml.human.taught import Teaching, Unaided, shown
from rhml.machine.learning.recipe import learn
from rhml.reports.ledger import FALSE, p_of
from rhml.stats import schedule
from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg
from rhml.stats.paired import difference

FEATURES, PEOPLE, DAYS = 8, 6, 360
TRAINED, LATER, AGAIN = 2_000, 640, 5
ACTIONS = ("accept", "refuse")
LEARNED = 0.10
DOMAIN = DecisionDomain(
    name="taught", title="Taught", outcome=Outcome(), actions=tuple(Action(key=a, label=a) for a in ACTIONS),
    features=tuple(Feature(name=f"f{i}", label=f"Fact {i}", kind="number") for i in range(FEATURES)),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Team:
    """Cases, who judged each when, how likely person and model are right, and what came of it."""

    cases: pd.DataFrame
    decisions: pd.DataFrame
    chance: np.ndarray
    times: pd.Series
    manager: np.ndarray
    rng: np.random.Generator


def team(seed: int, calls: int) -> Team:
    """A team that is worse than the model in up to three places, by 10 to 30 points, and like it elsewhere."""
    rng = np.random.default_rng([seed, 71])
    facts = rng.normal(size=(calls, FEATURES))
    base = norm.cdf(norm.ppf(rng.uniform(0.65, 0.85)) - 0.4 * facts[:, 0])
    person = base.copy()
    for _ in range(rng.integers(0, 4)):
        first, second = rng.choice(FEATURES, 2, replace=False)
        person[(facts[:, first] > 0.4) & (facts[:, second] > 0.4)] -= rng.uniform(0.1, 0.3)
    # Everybody gets better by practice, which gains most points where people are worst.
    person = norm.cdf(norm.ppf(person.clip(0.02, 0.98)) + 0.25 * np.linspace(0, 1, calls))
    days = np.sort(rng.uniform(0, DAYS, calls))
    times = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(days, unit="D"))
    right = np.array(ACTIONS, object)[rng.integers(0, 2, calls)]
    other = np.where(right == ACTIONS[0], ACTIONS[1], ACTIONS[0])
    manager = rng.integers(0, PEOPLE, calls)
    mine_right, model_right = (rng.random(calls) < p for p in (person, base))
    cases = pd.DataFrame(
        {"case_id": [f"c{i}" for i in range(calls)], **dict(zip(names(), facts.T, strict=True))}
    )
    decisions = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(calls)], "case_id": cases["case_id"],
            "manager": np.array([f"m{i}" for i in range(PEOPLE)], object)[manager], "mode": "first_call",
            "first_action": np.where(mine_right, right, other), "recommended_action": np.where(model_right, right, other),
            "final_action": right, "right_action": right, "decided_at": times, "known_at": times, "bank": False,
            "explore": False, "imported": False,
        }
    )  # fmt: skip
    return Team(cases, decisions, person, times, manager, rng)


def names() -> list[str]:
    """The facts' names."""
    return [feature.name for feature in DOMAIN.features]


def lessons_of(made: Team) -> list[tuple[np.ndarray, pd.Timestamp]]:
    """The calls covered by each lesson found in the earlier half of the year, and the last it was looked for on."""
    half = int((made.times < made.times.iloc[0] + pd.Timedelta(days=DAYS / 2)).sum())
    found = mine(made.cases.iloc[:half], made.decisions.iloc[:half], domain=DOMAIN)
    until = made.decisions.set_index("decision_id")["decided_at"]
    return [
        (one.rule.covers(made.cases), until.reindex(one.drawn_on).max())
        for one in found.lessons
        if one.sign > 0 and one.manager is None
    ]


def worst_of(made: Team, count: int = 3) -> list[tuple[np.ndarray, pd.Timestamp]]:
    """The places where people did worst among 200, on the first quarter of the calls."""
    quarter = len(made.times) // 4
    wrong = (made.decisions["first_action"] != made.decisions["right_action"]).to_numpy()
    tried = []
    for _ in range(200):
        first, second = made.rng.choice(FEATURES, 2, replace=False)
        cuts = made.rng.normal(0.3, 0.4, 2)
        inside = ((made.cases[[f"f{first}", f"f{second}"]] > cuts).all(axis=1)).to_numpy()
        if inside[:quarter].sum() >= 20:
            tried.append((wrong[:quarter][inside[:quarter]].mean(), inside))
    tried.sort(key=lambda one: -one[0])
    return [(inside, made.times.iloc[quarter]) for _, inside in tried[:count]]


def claimed(made: Team, found: list[tuple[np.ndarray, pd.Timestamp]], learned: float) -> tuple[int, int]:
    """How many lessons are said to have taught, of how many; with so much learned inside since each start."""
    if not found:
        return 0, 0
    told = made.times.iloc[0] + pd.Timedelta(days=DAYS / 2)
    chance, starts = made.chance.copy(), []
    for inside, _ in found:
        starts.append(told + pd.Timedelta(days=14 * made.rng.random()))
        chance = chance + learned * (inside & (made.times >= starts[-1]).to_numpy())
    # What was called before stays as it was when the lessons were found.
    later = (made.times >= told).to_numpy()
    right = (made.decisions["first_action"] == made.decisions["right_action"]).to_numpy(float)
    right[later] = made.rng.random(int(later.sum())) < np.clip(chance, 0, 1)[later]
    facts = made.cases[names()].to_numpy()
    calls = Unaided(
        right,
        made.manager,
        np.arange(len(right)),
        made.times,
        made.times.to_numpy("datetime64[us]"),
        (facts,),
    )
    taught = [Teaching(inside, until, start) for (inside, until), start in zip(found, starts, strict=True)]
    elsewhere = ~np.logical_or.reduce([inside for inside, _ in found])
    p, value = [], []
    for one in taught:
        said = shown(calls, (one,), elsewhere)
        p.append(said.p if said.compared else np.nan)
        value.append(said.change.value if said.change.known else 0.0)
    passed = (benjamini_hochberg(p) <= FALSE) & (np.array(value) > 0)
    return int(passed.sum()), len(found)


def people(seeds: range, calls: int) -> None:
    """Print how often lessons are said to have taught, with nothing learned and with ten points."""
    spent = time.process_time()
    rows = {"nothing learned": [], "10 points learned": [], "worst of 200, nothing learned": []}
    for seed in seeds:
        made = team(seed, calls)
        found = lessons_of(made)
        if found:  # what happens afterwards is drawn anew
            rows["nothing learned"] += [claimed(made, found, 0.0) for _ in range(AGAIN)]
            rows["10 points learned"] += [claimed(made, found, LEARNED) for _ in range(AGAIN)]
        rows["worst of 200, nothing learned"].append(claimed(made, worst_of(made), 0.0))
    for name, each in rows.items():
        lessons = sum(n for _, n in each)
        any_, share = np.mean([k > 0 for k, _ in each]), sum(k for k, _ in each) / max(lessons, 1)
        print(f"{calls:7,} unaided calls a year  {name:30} {len(each):5} organizations, {lessons:5} lessons: taught said of any in "
              f"{any_:6.1%}, of {share:6.1%} of lessons", flush=True)  # fmt: skip
    print(f"        {(time.process_time() - spent) / len(seeds):.2f} s an organization", flush=True)


def calls_that_know(seeds: range, right: float) -> None:
    """Print how often people are said to have taught the model, with calls of so much skill and 200 outcomes."""
    said, points = [], []
    for seed in seeds:
        twins, siblings = later_scores(seed, right)
        change = difference(siblings, twins) if siblings is not None else Measure(0.0, 0.0, 0.0, LATER)
        p = schedule.as_looked(p_of(change), schedule.due(LATER))
        said.append(p < FALSE and change.value > 0)
        points.append(change.value)
    print(f"calls right in {right:.0%}: people are said to have taught the model in {np.mean(said):.1%} of {len(said)}; "
          f"mean {100 * np.mean(points):+.2f} points", flush=True)  # fmt: skip


def later_scores(seed: int, right: float) -> tuple[np.ndarray, np.ndarray | None]:
    """Twins and siblings of a version, on cases that came later; no siblings where the calls were not used."""
    rng = np.random.default_rng([seed, 72])
    total = TRAINED + LATER
    facts = rng.normal(size=(total, FEATURES))
    sure = norm.cdf(1.5 * (facts[:, 0] * facts[:, 1] + facts[:, 2]))
    truth = np.where(rng.random(total) < sure, *ACTIONS).astype(object)
    hit, other = rng.random(total) < right, np.where(truth == ACTIONS[0], ACTIONS[1], ACTIONS[0])
    cases = pd.DataFrame(
        {"case_id": [f"c{i}" for i in range(total)], "bank": False, "explore": False, "fold": rng.integers(0, 5, total),
         "right_action": truth, "known_at": pd.Timestamp("2025-01-01"), **dict(zip(names(), facts.T, strict=True))}
    )  # fmt: skip
    calls = pd.DataFrame(
        {"decision_id": cases["case_id"], "case_id": cases["case_id"], "mode": "first_call",
         "manager": np.array([f"m{i}" for i in range(PEOPLE)], object)[rng.integers(0, PEOPLE, total)],
         "first_action": np.where(hit, truth, other), "final_action": np.where(hit, truth, other),
         "recommended_action": None, "recommended_confidence": np.nan, "first_confidence": np.nan,
         "imported": False, "reason": None}
    )  # fmt: skip
    known = rng.random(TRAINED) < 200 / TRAINED
    first = cases.iloc[:TRAINED].assign(right_action=np.where(known, truth[:TRAINED], None))
    learned = learn(first, calls.iloc[:TRAINED], domain=DOMAIN, seed=seed)
    scores = learned.twin_scores(cases.iloc[TRAINED:])
    siblings = scores["sibling_right"].to_numpy() if learned.siblings else None
    return scores["twin_right"].to_numpy(), siblings


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for skill in (0.5, 0.9):
        calls_that_know(range(start, start + count), skill)
    for size in (12_000, 20_000, 32_000):
        people(range(start, start + count), size)
