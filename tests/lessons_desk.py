"""A desk with planted lessons in a log: who is better where is known, and everything came through the front door."""

import pandas as pd

from rhml.core.domain import parse_domain
from rhml.loop.lessons import look
from rhml.loop.onboard import onboard
from rhml.store.opening import open_store
from tests.benchmarks.lessons import planted
from tests.loans import NOW, csv

SEED = 400
"""Two people; two lessons of the team, one for people and one for the model, and one of `m1` alone."""


def desk(path, *, seed=SEED, mined=True):
    """A log with judged decisions of an older log, and the lessons found in them; gives log and domain."""
    made, cases, decisions, plants = planted(seed, managers=2, plants=3)
    text = 'title = "Planted"\n[actions]\naccept = "Accept"\nrefuse = "Refuse"\n[outcome]\n' + "".join(
        f'[features.{f.name}]\nlabel = "{f.label}"\nkind = "{f.kind}"\n' for f in made.features
    )
    domain = parse_domain("planted", text)
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    flags = {f.name: cases[f.name].map({1.0: "yes", 0.0: "no"}) for f in made.features if f.kind == "yes_no"}
    columns = ["decision_id", "case_id", "manager", "mode", "first_action", "recommended_action", "final_action",
               "decided_at"]  # fmt: skip
    given = decisions[columns].assign(reason="New information", first_confidence=None)
    outcomes = decisions[["case_id", "right_action"]].assign(known_at=NOW)
    onboard(log, domain, cases=csv(cases.assign(**flags)), outcomes=csv(pd.DataFrame(outcomes)),
            decisions=csv(given), by="lead", at=NOW)  # fmt: skip
    if mined:
        look(log, domain, by="lead", at=NOW)
    return log, domain, plants
