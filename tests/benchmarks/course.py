"""The course held against planted truth: do its intervals cover, is 'improved' ever false, are the forms equal?

    python -m tests.benchmarks.course [TRAINEES] [SEED]

Trainees of different skill take courses on cases of different difficulty, some having learned nothing, some a
little, some much. The truth is the change of each one's expected share right on the cases of both forms.
"""

import sys

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.human.course.difficulty import difficulty
from rhml.human.course.forms import Equated, drawn, matched
from rhml.human.course.gain import findable, gain
from tests.loans import LOANS

LOANS_DOMAIN = parse_domain("loans", LOANS)
LEARNED = {"nothing": 0.0, "a little": 0.7, "much": 1.6}
"""How far learning moves a trainee's log-odds of being right, on every case."""


def history(count: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Past cases, three people's calls on each, and what makes each hard (log-odds)."""
    rng = np.random.default_rng(seed)
    sector = rng.choice(["retail", "farming", "crafts"], count)
    right = np.where(rng.random(count) < 0.3, "lend", "decline")
    hard = rng.normal(0, 1.2, count) + 0.5 * (right == "lend") - 0.4 * (sector == "crafts")
    case_id = np.array([f"a{i:05}" for i in range(count)], object)
    cases = pd.DataFrame(
        {"case_id": case_id, "right_action": right.astype(object), "sector": sector.astype(object)}
    )
    other = np.where(right == "lend", "decline", "lend")
    model = 1 / (1 + np.exp(-(0.8 - hard + rng.normal(0, 0.8, count))))
    calls = [
        pd.DataFrame(
            {
                "case_id": case_id,
                "action": np.where(rng.random(count) < chance(0.9, hard), right, other).astype(object),
                "recommended_action": np.where(model > 0.5, right, other).astype(object),
                "recommended_confidence": np.maximum(model, 1 - model),
            }
        )
        for _ in range(3)
    ]
    return cases, pd.concat(calls, ignore_index=True), hard


def chance(skill: float, hard: np.ndarray) -> np.ndarray:
    """How likely a person of this skill is right on each case."""
    return 1 / (1 + np.exp(-(skill - hard)))


def courses(n: int, learned: float, trainees: int, seed: int) -> pd.DataFrame:
    """One row a trainee: what the course said and what was true."""
    cases, calls, hard = history(600, seed)
    judged = difficulty(cases, calls, domain=LOANS_DOMAIN)
    couples = matched(cases, judged, segments=["sector"])
    place = dict(zip(cases["case_id"], range(len(cases)), strict=True))
    rng = np.random.default_rng([seed, n, int(10 * learned)])
    rows = []
    for _ in range(trainees):
        skill = rng.uniform(-0.5, 2.5)
        before, after = chance(skill, hard), chance(skill + learned, hard)
        pairs = drawn(couples, n, rng=rng)
        first = [rng.random() < before[place[pair.before]] for pair in pairs]
        then = [rng.random() < after[place[pair.after]] for pair in pairs]
        said = gain(first, then, smallest=0.05).verdict
        both = [place[case] for pair in pairs for case in (pair.before, pair.after)]
        truth = float(np.mean(after[both] - before[both]))
        by_lot = rng.choice(len(hard), (2, n), replace=False)
        rows.append(
            {
                "truth": truth,
                "low": said.change.low,
                "high": said.change.high,
                "said": said.words.split()[0],
                "apart": apart([place[x.before] for x in pairs], [place[x.after] for x in pairs], hard),
                "thought": Equated.of(pairs).after - Equated.of(pairs).before,
                "by_lot": apart(*by_lot, hard),
            }
        )
    return pd.DataFrame(rows)


def apart(before, after, hard: np.ndarray) -> float:
    """By how much the form after is really easier, in the share right of a person of middling skill."""
    p = chance(0.9, hard)
    return float(p[after].mean() - p[before].mean())


def main(trainees: int, seed: int) -> None:
    """Print the table."""
    print(
        f"{trainees} trainees a row, seed {seed}; forms apart: standard deviation of how much easier one is"
    )
    print(
        "forms    learned    truth  covered  improved  fell   width  apart: as judged, really, without matching"
    )
    for n in (10, 20, 40):
        for name, learned in LEARNED.items():
            found = courses(n, learned, trainees, seed)
            truth, low, high = (found[c] for c in ("truth", "low", "high"))
            covered = ((low <= truth + 1e-9) & (truth <= high + 1e-9)).mean()
            shares = [(found["said"] == word).mean() for word in ("improved", "fell")]
            print(
                f"{n:2} + {n:2}  {name:9} {truth.mean():+.3f}   {covered:.3f}   {shares[0]:.3f}    {shares[1]:.3f}"
                f"   {(high - low).mean():.2f}  {found['thought'].std():.3f}, {found['apart'].std():.3f}, "
                f"{found['by_lot'].std():.3f}"
            )
        print(f"         a gain of {100 * findable(n):.0f} points is found four times in five")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(1_000, 1)[len(given) :])
