"""A lending organization whose recommendations an intent can move: a live model, doubtful cases, amounts at stake."""

from pathlib import Path

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.loop.teams import set_role
from rhml.store.engine import Store
from rhml.store.opening import open_store
from tests.flipped import FLIPPED, firms, outcomes, table
from tests.loans import NOW

PRICED = (
    FLIPPED.replace(
        "[outcome]",
        '[outcome]\n[value]\ncolumn = "amount"\nunit = "€"\ncost = { lend = { decline = 0.4 }, decline = { lend = 0.1 } }',
    )
    + """
[features.amount]
kind = "number"
[features.region]
kind = "category"
use = false
[segments]
columns = ["sector"]
protected = ["region"]
[modes]
first_call = 0.2
evidence_only = 0.1
[training]
minimum = 50
"""
)


def priced(cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The same cases with what is at stake, which a few do not say, and a region."""
    rng = np.random.default_rng(seed)
    amount = (1_000 * rng.lognormal(1, 1, len(cases))).round(2)
    return cases.assign(
        amount=np.where(rng.random(len(cases)) < 0.03, np.nan, amount),
        region=rng.choice(["north", "south"], len(cases)),
        due_at=[f"2026-04-{1 + i % 28:02}T08:00:00" for i in range(len(cases))],
    )


def quiet(share: float, words: str) -> None:
    """Progress that nobody watches."""


def build(path: Path, waiting: int = 150, text: str = PRICED) -> DecisionDomain:
    """A log with 500 resolved cases, a live version, and so many waiting cases with their recommendations."""
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", text)
    first = firms(500, 1)
    known = outcomes(first, 2, turned=False)
    onboard(log, domain, cases=table(priced(first, 11)), outcomes=table(known), by="lead", at=NOW)
    decided = pd.DataFrame(
        {
            "case_id": first["case_id"],
            "manager": "m0",
            "final_action": known["right_action"],
            "decided_at": NOW,
        }
    )
    onboard(log, domain, decisions=table(decided), by="lead", at=NOW)
    done = retrain(log, domain, by="lead", at=NOW, progress=quiet)
    promote(log, domain, done.version, by="lead", why="the first", at=NOW)
    later = priced(firms(waiting, 3, start=1_000), 12)
    onboard(log, domain, cases=table(later), by="lead", at=NOW)
    recommend_waiting(log, domain, at=NOW, progress=quiet)
    for person, role in {"lead": "lead", "m1": "manager", "m2": "manager", "ana": "analyst"}.items():
        set_role(log, person, role, by="lead", at=NOW)
    log.close()
    return domain


def truth(log: Store, domain: DecisionDomain) -> pd.DataFrame:
    """What will prove right in the waiting cases."""
    return outcomes(firms(150, 3, start=1_000), 4, turned=False)
