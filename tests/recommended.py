"""Recommendations for waiting cases, without a model: what is shown is what is stored here."""

import json
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import case_file, registry, scores, waiting
from rhml.store.engine import Store
from rhml.store.waiting import Queue
from tests.loans import NOW

POINTS = (0.12, 0.08, -0.05, 0.02, 0.004)
CHANGE = {
    "steps": [{"feature": "amount", "now": 20000.0, "then": 9000.0}],
    "action": "lend",
    "probability": 0.55,
}


def recommend(log: Store, domain: DecisionDomain, *, version: str = "v1", at: datetime = NOW) -> None:
    """Let version `version` recommend declining every waiting case, with a probability of its own each."""
    features = tuple(f.name for f in domain.inputs)
    entry = registry.Version(
        version, version, features, {"typical": {"amount": 9000.0, "late": 1.0}}, "first", "", {}, 200, at, "lead"
    )  # fmt: skip
    log.write(lambda tx: registry.add(tx, domain.name, entry, version.encode()))
    log.write(
        lambda tx: registry.promote(
            tx, domain.name, registry.Promotion(version, at, "lead", "a reason", False)
        )
    )
    rows = waiting.page(log, domain, Queue("lead"), now=at, limit=1000)
    points = [list(POINTS[: len(features)])] * len(rows)
    probability = [0.6 + 0.3 * i / len(rows) for i in range(len(rows))]
    frame = pd.DataFrame(
        {
            "case_id": [row["case_id"] for row in rows],
            "action": "decline",
            "probability": probability,
            "probabilities": [[1 - p, p] for p in probability],
            "base": [p - sum(POINTS[: len(features)]) for p in probability],
            "points": points,
            "similar_n": 60,
            "low": [p - 0.1 for p in probability],
            "high": [p + 0.08 for p in probability],
            "notes": [["Sector: “moon” is new."]] * len(rows),
            "peers": [["a00003", "a00007"]] * len(rows),
            "changes": json.dumps(CHANGE),
        }
    )
    log.write(lambda tx: scores.append_recommendations(tx, domain, frame, version=version, at=at))


def waiting_in(log: Store, domain: DecisionDomain, mode: str, number: int = 0) -> str:
    """A waiting case of a mode, due soonest first."""
    rows = waiting.page(log, domain, Queue("nobody"), now=NOW, limit=1000)
    return [row["case_id"] for row in rows if row["mode"] == mode][number]


def shown_id(log: Store, domain: DecisionDomain, case_id: str) -> str:
    """The recommendation that the case's card shows now."""
    return case_file.waiting_row(log, domain, case_id)["recommendation_id"]
