"""A desk where people and model teach each other, by a known amount: everything came through the front door."""

from datetime import timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.retrain import retrain
from rhml.store import lessons
from rhml.store.lessons import LessonEvent, StoredLesson
from rhml.store.opening import open_store
from tests.loans import NOW, csv

TEXT = 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n' + "".join(
    f'[features.f{i}]\nlabel = "Fact {i}"\nkind = "number"\n' for i in range(5)
)
BEGAN = pd.Timestamp("2025-01-01")
TOLD = (BEGAN + pd.Timedelta(days=100)).to_pydatetime()
RULE = {"conditions": [{"feature": "f4", "op": ">=", "value": 0.5}], "learner": "people"}


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


def stage(rng, start: int, count: int, days: tuple[int, int], *, known: float, right: float, learned: float):
    """Cases, calls and outcomes of some days; people get better by `learned` inside the rule from its start on."""
    facts = rng.normal(size=(count, 5)).round(4)
    sure = 1 / (1 + np.exp(-2.5 * (facts[:, 0] * facts[:, 1] + facts[:, 2])))
    truth = np.where(rng.random(count) < sure, "lend", "decline")
    day = np.sort(rng.uniform(*days, count))
    inside = (facts[:, 4] >= 0.5) & (day >= 107)
    hit = rng.random(count) < right - 0.25 * (facts[:, 4] >= 0.5) + learned * inside
    called = np.where(hit, truth, np.where(truth == "lend", "decline", "lend"))
    ids = [f"c{start + i}" for i in range(count)]
    at = (BEGAN + pd.to_timedelta(day, unit="D")).astype(str)
    cases = pd.DataFrame({"case_id": ids, **{f"f{i}": facts[:, i] for i in range(5)}})
    calls = pd.DataFrame(
        {"decision_id": [f"d{i}" for i in ids], "case_id": ids, "manager": rng.choice(["m1", "m2", "m3", "m4"], count),
         "mode": "first_call", "first_action": called, "final_action": called, "decided_at": at}
    )  # fmt: skip
    shown = rng.random(count) < known
    outcomes = pd.DataFrame({"case_id": ids, "right_action": truth, "known_at": at})[shown]
    return cases, calls, outcomes


def bring(log, domain, made) -> None:
    cases, calls, outcomes = made
    onboard(log, domain, cases=csv(cases), decisions=csv(calls), outcomes=csv(outcomes), by="lead", at=NOW)


def lesson(name: str, *, verb="teach the team", learner="people", lot=True, manager=None) -> StoredLesson:
    """A lesson found at TOLD on the first 50 days, and what became of it at once."""
    found = {"cases": [], "unaided": 0, "covered": 0, "found": {}, "later": {},
             "drawn_until": (BEGAN + pd.Timedelta(days=50)).isoformat()}  # fmt: skip
    starts = TOLD + timedelta(days=7 if lot else 0)
    event = LessonEvent(verb, manager or "lead", "why", TOLD, None if verb == "teach the model" else starts)
    return StoredLesson(name, learner, manager, RULE | {"learner": learner}, "When fact 4 is at least 0.5, people err.",
                        found, 1, TOLD, "lead", (event,))  # fmt: skip


def teach(log, domain, *new: StoredLesson) -> None:
    log.write(lambda tx: lessons.append(tx, domain.name, new))


def desk(path, *, right=0.9, learned=0.25, known=0.25, first=2_500, later=900, taught=(), train=True, seed=5):
    """A log in which people called everything and few outcomes were known when v1 was trained; then more cases."""
    rng = np.random.default_rng(seed)
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", TEXT)
    bring(log, domain, stage(rng, 0, first, (0, 200), known=known, right=right, learned=learned))
    teach(log, domain, *taught)
    if train:
        done = retrain(log, domain, by="lead", at=NOW, progress=quiet)
        promote(log, domain, done.version, by="lead", why="the first", at=NOW)
    bring(log, domain, stage(rng, first, later, (200, 300), known=1.0, right=right, learned=learned))
    return log, domain
