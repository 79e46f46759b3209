"""The curves of learning cycles over many simulated organizations: how often an interval holds the truth, and how often a
side that never learned is said to have improved.

Run it as `python -m tests.benchmarks.cycles [ORGANIZATIONS] [CALLS]`. The truth of a person's chance to be right is known, so
a cycle's level is the mean chance of all calls made in it, on the cases of the whole log.
"""

import sys
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.reports.calls import Calls
from rhml.reports.cycles import Given, cycles
from rhml.reports.replayed import Replayed
from rhml.reports.version_rows import Known
from rhml.reports.versions import versions

DOMAIN = 'title = "T"\n[actions]\na = "A"\nb = "B"\nc = "C"\n[outcome]\ncolumn = "right_action"\n'
KEYS = np.array(["a", "b", "c"], object)
START, DAYS, CYCLES = datetime(2025, 1, 1), 42, 8


def organization(
    seed: int, calls: int, *, people: float, model: float, shared: float = 0.0, harder: float = 0.3
):
    """One organization: five people of different skill, cases of two kinds, more of the hard ones as time goes by.

    shared: the share of calls on cases that others called too.
    """
    rng = np.random.default_rng(seed)
    cycle = np.sort(rng.integers(0, CYCLES, calls))
    case = np.arange(calls)
    case[1:] = np.where(rng.random(calls - 1) < shared, case[:-1], case[1:])
    hard = (rng.random(calls) < 0.3 + harder * cycle / CYCLES)[case]
    manager, own = rng.integers(0, 5, calls), rng.normal(0, 0.04, 5)
    luck = rng.normal(0, 0.08, calls)[case] if shared else 0.0
    chance = np.clip(0.66 + people * cycle / (CYCLES - 1) - 0.25 * hard + own[manager] + luck, 0.02, 0.98)
    right = rng.integers(0, 3, calls)[case]
    action = np.where(rng.random(calls) < chance, right, (right + 1 + rng.integers(0, 2, calls)) % 3)
    days = DAYS * (cycle + np.sort(rng.random(calls)))
    every = np.clip(
        0.66
        + people * np.arange(CYCLES)[:, None] / (CYCLES - 1)
        + (chance - 0.66 - people * cycle / (CYCLES - 1)),
        0.02,
        0.98,
    )
    bank = rng.random(calls)[case] < 0.3
    skill = rng.random(calls)[case]
    answers = {}
    for k in range(CYCLES):
        hit = (
            skill
            < 0.6
            + model * k / (CYCLES - 1)
            + 0.04 * np.random.default_rng([seed, k]).normal(size=calls)[case]
        )
        answers[f"v{k + 1}"] = np.eye(3)[np.where(hit, right, (right + 1) % 3)] * 0.7 + 0.1
    times = pd.Timestamp(START) + pd.to_timedelta(days, unit="D")
    frame = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(calls)], "case_id": [f"c{i}" for i in case],
            "manager": [f"m{i}" for i in manager], "mode": "first_call", "first_action": KEYS[action],
            "first_confidence": np.nan, "model_version": [f"v{k + 1}" for k in cycle], "recommended_action": KEYS[right],
            "recommended_confidence": 0.7, "final_action": KEYS[action], "final_confidence": np.nan, "reason": None,
            "rationale": "", "decided_at": times, "seconds": np.nan, "right_action": KEYS[right], "known_at": times,
            "arrived_at": times.ceil("21D"), "verdict": None, "direction": 0, "bank": bank, "explore": False,
            "imported": False, "value": np.nan, "received_at": times,
        }
    )  # fmt: skip
    chances = pd.DataFrame({"case_id": frame["case_id"], "people": np.nan, "fact_hard": hard.astype(float)})
    for k, key in enumerate(KEYS):
        chances[f"p_{key}"] = np.where(hard, 0.34, 0.5) if k == 0 else np.where(hard, 0.33, 0.25)
    return frame, answers, every.mean(axis=1), chances.drop_duplicates("case_id")


def told(frame: pd.DataFrame, answers: dict[str, np.ndarray], chances: pd.DataFrame):
    domain = parse_domain("triage", DOMAIN)
    one = frame["bank"].to_numpy() & ~frame["case_id"].duplicated().to_numpy()
    replayed = Replayed.on(frame[one], {v: p[one] for v, p in answers.items()}, domain, of=int(one.sum()))
    starts = [START + timedelta(days=DAYS * k) for k in range(CYCLES)]
    spans = [(f"v{k + 1}", at, starts[k + 1] if k + 1 < CYCLES else None) for k, at in enumerate(starts)]
    known = [Known(v, since, since, until, is_live=until is None) for v, since, until in spans]
    calls = Calls.of(frame, domain)
    compared = versions(calls, replayed, known, spans)
    return cycles(calls, spans, replayed, compared, [Given()] * CYCLES, difficulty=chances)


def study(name: str, organizations: int, calls: int, **world: float) -> None:
    """Coverage of people's and the model's intervals, and how often either is said to have improved."""
    covered, cells, said = np.zeros(2), np.zeros(2), np.zeros(2)
    for seed in range(organizations):
        frame, answers, truth, chances = organization(seed, calls, **world)
        found = told(frame, answers, chances)
        for k, one in enumerate(found.cycles):
            of_model = np.mean([min(max(0.6 + world["model"] * k / (CYCLES - 1), 0), 1)])
            for side, (measure, true) in enumerate(((one.human, truth[k]), (one.model, of_model))):
                if measure.known:
                    cells[side] += 1
                    covered[side] += measure.low <= true <= measure.high
        said += [found.people.verdict.words == "improved", found.model_words == "improved"]
    share = covered / np.maximum(cells, 1)
    print(
        f"{name:34} people: interval holds {share[0]:6.1%} of {int(cells[0])}, improved {said[0] / organizations:5.1%}   "
        f"model: {share[1]:6.1%}, improved {said[1] / organizations:5.1%}"
    )


def main() -> None:
    organizations, calls = (int(a) for a in (sys.argv[1:] + ["120", "700"][len(sys.argv) - 1 :])[:2])
    study("nobody learns", organizations, calls, people=0.0, model=0.0)
    study("nobody learns, cases get harder", organizations, calls, people=0.0, model=0.0, harder=0.6)
    study("nobody learns, cases are shared", organizations, calls, people=0.0, model=0.0, shared=0.5)
    study("both learn", organizations, calls, people=0.25, model=0.25)
    study("few calls", organizations, max(calls // 4, 40), people=0.0, model=0.0)


if __name__ == "__main__":
    main()
