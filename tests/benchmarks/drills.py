"""Are drills as hard as they should be for each person, and does a rule of thumb fail? Through the loop's own doors.

    python -m tests.benchmarks.drills [SESSIONS]

Simulated people of planted ability practise day after day on 1,200 past loans. A case has a difficulty of its own
that neither the log nor the drill is told; the model's probability and colleagues' calls hint at it. People
remember what they were told for some days. Prints the share right by person after the first three sessions, and
the shares of rules of thumb on the very same drills: always against the model, always with it, always one action.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.human.drills.memory import memory
from rhml.loop import drill
from rhml.loop.onboard import onboard
from rhml.store import drills
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases

CASES, WARM_UP = 1_200, 3
PEOPLE = {"weak": -1.0, "like others": 0.0, "strong": 1.0}


def world(store, domain, draw) -> pd.DataFrame:
    """Cases with a hidden easiness, decided by four people with a model beside them; 78 in 100 prove `lend`."""
    cases = loan_cases(CASES)
    easiness = draw.normal(0.9, 1.1, CASES)
    right = np.where(draw.random(CASES) < 0.78, "lend", "decline")
    other = np.where(right == "lend", "decline", "lend")
    called = np.where(draw.random(CASES) < 1 / (1 + np.exp(-easiness)), right, other)
    # What the model gives the right action goes with the easiness, half of it noise.
    given = 1 / (1 + np.exp(-(0.9 + 0.7 * (easiness - 0.9) + draw.normal(0, 0.7, CASES))))
    said = np.where(given >= 0.5, right, other)
    table = pd.DataFrame(
        {
            "case_id": cases["case_id"], "manager": draw.choice([*PEOPLE, "m4"], CASES), "first_action": called,
            "recommended_action": said, "recommended_confidence": np.maximum(given, 1 - given),
            "final_action": said, "decided_at": cases["due_at"],
        }
    )  # fmt: skip
    known = pd.DataFrame({"case_id": cases["case_id"], "right_action": right, "known_at": "2026-03-01"})
    onboard(store, domain, cases=csv(cases), decisions=csv(table), outcomes=csv(known), by="lead", at=NOW)
    return known.assign(easiness=easiness, model=said).set_index("case_id")


def practise(store, domain, truth, person: str, sessions: int, draw) -> list[dict]:
    """Sessions a day apart; each call is right as often as ability, difficulty and memory have it."""
    asked = []
    for session in range(sessions):
        at = NOW + timedelta(days=1 + session)
        answers = drills.answers(store, domain, manager=person, kind="drill")
        kept = memory(answers, actions=2)
        held = drill.begin(store, domain, person, at=at)
        for place, planned in enumerate(held.plan["places"]):
            case = truth.loc[planned["case_id"]]
            alone = 1 / (1 + np.exp(-(case["easiness"] + PEOPLE[person])))
            card = kept.get(f"case:{planned['case_id']}")
            known = card.known(at) if card else 0.0
            right = draw.random() < known + (1 - known) * alone
            other = {"lend": "decline", "decline": "lend"}[case["right_action"]]
            action = case["right_action"] if right else other
            drill.answer(store, domain, held.drill_id, place, action, person=person, at=at, confidence=0.8)
            asked.append({"person": person, "session": session, "right": right, "expected": planned["chance"],
                          "against": case["model"] != case["right_action"], "lend": case["right_action"] == "lend",
                          "source": planned["source"], "due": planned["due"]})  # fmt: skip
    return asked


def main(sessions: int) -> None:
    draw, domain = np.random.default_rng(11), parse_domain("loans", LOANS)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"duckdb:///{Path(folder) / 'drills.duckdb'}", now=NOW, secret="benchmark")
        truth = world(store, domain, draw)
        asked = pd.DataFrame(
            [a for who in PEOPLE for a in practise(store, domain, truth, who, sessions, draw)]
        )
        store.close()
    later = asked[asked["session"] >= WARM_UP]
    print(f"{'person':14}{'right':>8}{'expected':>10}{'plain cases at random':>24}")
    for who, rows in later.groupby("person", sort=False):
        random = float((1 / (1 + np.exp(-(truth["easiness"] + PEOPLE[who])))).mean())
        print(
            f"{who:14}{rows['right'].mean():8.3f}{rows['expected'].mean():10.3f}{random:24.3f}   n {len(rows)}"
        )
    by_drill = asked.groupby(["person", "session"])
    for rule, share in (
        ("always against the model", by_drill["against"].mean()),
        ("always with the model", 1 - by_drill["against"].mean()),
        ("always lend", by_drill["lend"].mean()),
        ("always decline", 1 - by_drill["lend"].mean()),
    ):
        print(
            f"{rule:26} right {share.mean():.3f} on average, {share.max():.2f} at best; {len(share)} drills"
        )
    print(
        f"sources: {asked['source'].value_counts(normalize=True).round(2).to_dict()}; due {asked['due'].mean():.2f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
