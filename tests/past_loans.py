"""Practice on past loans: a log in which each of three people decided with and without a model."""

from datetime import timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.onboard import onboard
from rhml.loop.teams import set_role
from rhml.store.engine import Store
from tests.loans import NOW, csv, loan_cases, right_action

LATER = NOW + timedelta(days=1)


def past_loans(
    log: Store, domain: DecisionDomain, *, count: int = 300, outcomes: int = 260, decided: int = 280
) -> pd.DataFrame:
    """Bring past cases, calls made before the model spoke, and outcomes; returns what proved right."""
    draw = np.random.default_rng(5)
    cases = loan_cases(count)
    right = pd.Series(right_action(cases))
    other = right.map({"lend": "decline", "decline": "lend"})
    called, said = (right.where(draw.random(count) < p, other) for p in (0.75, 0.8))
    decisions = pd.DataFrame(
        {
            "case_id": cases["case_id"], "manager": [f"m{i % 3}" for i in range(count)], "first_action": called,
            "recommended_action": said, "recommended_confidence": draw.uniform(0.55, 0.95, count),
            "final_action": said.where(draw.random(count) < 0.5, called), "decided_at": cases["due_at"],
            "reason": "Other", "rationale": "a word from the branch",
        }
    )[:decided]  # fmt: skip
    known = pd.DataFrame({"case_id": cases["case_id"], "right_action": right, "known_at": "2026-03-01"})[
        :outcomes
    ]
    onboard(log, domain, cases=csv(cases), decisions=csv(decisions), outcomes=csv(known), by="lead", at=NOW)
    for person, role in (("lead", "lead"), ("m0", "manager"), ("m1", "manager"), ("reader", "analyst")):
        set_role(log, person, role, by="lead", at=NOW)
    return known.set_index("case_id")["right_action"]
