"""A lending desk with a live model, waiting cases and people who override, for tests of what people teach."""

import shutil

import pandas as pd

from rhml.core.domain import parse_domain
from rhml.loop.decide import Choice, decide
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.store import case_file, waiting
from rhml.store.opening import open_store
from rhml.store.waiting import Queue
from tests.loans import LOANS, NOW, csv, loan_cases, right_action

OTHER = {"lend": "decline", "decline": "lend"}


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


def train(log, domain, **named):
    return retrain(log, domain, **{"by": "lead", "at": NOW, "progress": quiet, **named})


def make_live(log, domain, version, **named):
    return promote(log, domain, version, by="lead", why="a reason", at=NOW, **named)


def bring(log, domain, count, *, start, wrong=lambda cases: [False] * len(cases), outcomes=True):
    """Bring loan cases, with their outcomes; those that are `wrong` say the opposite of the truth."""
    cases = loan_cases(count, start)
    right = [OTHER[a] if w else a for a, w in zip(right_action(cases), wrong(cases), strict=True)]
    resolved = pd.DataFrame({"case_id": cases["case_id"], "right_action": right})
    onboard(log, domain, cases=csv(cases), outcomes=csv(resolved) if outcomes else None, by="lead", at=NOW)


def live_desk(log, domain):
    """A first version, live, with a recommendation for every waiting case."""
    make_live(log, domain, train(log, domain).version)
    recommend_waiting(log, domain, at=NOW, progress=quiet)


def assisted(log, domain):
    """Waiting cases whose card shows the recommendation, due soonest first; the bank's left out."""
    rows = waiting.page(log, domain, Queue("nobody"), now=NOW, limit=1000)
    return [
        row["case_id"]
        for row in rows
        if row["mode"] == "assisted" and not case_file.facts(log, domain, row["case_id"])["bank"]
    ]


def override(log, domain, case_id, *, manager="m1"):
    """Decide the opposite of what is recommended."""
    shown = case_file.waiting_row(log, domain, case_id)["recommendation_id"]
    advice = case_file.recommendation(log, domain.name, shown)
    choice = Choice(
        case_id, OTHER[advice.action], recommendation_id=shown, reason="New information", rationale="x"
    )
    return decide(log, domain, choice, manager=manager, at=NOW)


def agree(log, domain, case_id, *, manager="m1"):
    shown = case_file.waiting_row(log, domain, case_id)["recommendation_id"]
    advice = case_file.recommendation(log, domain.name, shown)
    return decide(
        log, domain, Choice(case_id, advice.action, recommendation_id=shown), manager=manager, at=NOW
    )


def original(folder, prepare, *, margin=0.005):
    """A log that `prepare(log, domain)` fills once for many tests; gives its path."""
    path = folder.mktemp("logs") / "original.duckdb"
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", f"{LOANS}[training]\nmargin = {margin}\n")
    bring(log, domain, 240, start=0)
    prepare(log, domain)
    log.close()
    return path


def copy_of(path, folder):
    """A copy of such a log, open for one test."""
    shutil.copy(path, folder / "log.duckdb")
    log = open_store(f"duckdb:///{folder / 'log.duckdb'}", now=NOW)
    yield log
    log.close()
