"""A log in which twenty recommendations were answered, every fourth by an override; made once, then copied."""

from datetime import timedelta
from pathlib import Path

import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.loop import decide, teams
from rhml.loop.decide import Choice
from rhml.loop.onboard import onboard
from rhml.store import waiting
from rhml.store.engine import Store
from rhml.store.opening import open_store
from rhml.store.waiting import Queue
from tests.loans import LOANS, NOW, csv, loan_cases, right_action
from tests.recommended import recommend, shown_id

WHY = 'I asked m1 and Mary Major; the "new" contract = 5 % cheaper\n<b>really</b>'
COUNT = 20


def build(path: Path) -> list:
    """Make the log at a path; gives the decisions in their order."""
    log, loans = (
        open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests"),
        parse_domain("loans", LOANS),
    )
    cases = loan_cases(120)
    right = right_action(cases)
    older = pd.DataFrame({"case_id": cases["case_id"][:60], "manager": [f"m{i % 3}" for i in range(60)],
                          "final_action": right[:60], "decided_at": cases["due_at"][:60]})  # fmt: skip
    outcomes = pd.DataFrame({"case_id": cases["case_id"][:60], "right_action": right[:60]})
    onboard(log, loans, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(older), by="lead", at=NOW)
    teams.set_role(log, "lead", "lead", by="lead", at=NOW)
    teams.set_role(log, "Mary Major", "manager", by="lead", at=NOW)
    recommend(log, loans)
    rows = waiting.page(log, loans, Queue("Mary Major"), now=NOW, limit=1000)
    open_ones = [row["case_id"] for row in rows if row["mode"] == "assisted"][:COUNT]
    made = [answer(log, loans, case, i) for i, case in enumerate(open_ones)]
    log.close()
    return made


def answer(log: Store, domain: DecisionDomain, case_id: str, i: int):
    """Answer one recommendation, as the i-th."""
    differ = {"action": "lend", "reason": "New information", "rationale": WHY}
    choice = Choice(case_id, recommendation_id=shown_id(log, domain, case_id),
                    **(differ if i % 4 == 0 else {"action": "decline"}))  # fmt: skip
    return decide.decide(log, domain, choice, manager="Mary Major", at=NOW + timedelta(minutes=i))
