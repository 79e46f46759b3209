"""What was decided before, where a file of cases says it in a column of its own."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.intake.cells import as_text
from rhml.intake.findings import Findings
from rhml.intake.headings import Headings
from rhml.intake.tables import Table
from rhml.intake.words import actions

NOBODY = "decided before"
"""Who decided where the file does not say: one name for them all."""


def decided_rows(
    headings: Headings, domain: DecisionDomain, ids: pd.Series | None, findings: Findings
) -> Table | None:
    """The rows that say what was decided, as a log of decisions; None if there are none."""
    said = domain.decided
    found = headings.need("decided", said.column, "Add it, or remove [decided] from the domain file.")
    if found is None or ids is None:
        return None
    final = findings.take(actions(found[1], domain, said), *found)
    frame = pd.DataFrame({"case_id": ids, "final_action": final, "manager": NOBODY})
    for name, own in (("manager", said.manager), ("decided_at", said.at)):
        column = headings.find(own) if own else None
        if column is not None:
            frame[name] = column[1].to_numpy()
    frame["manager"] = as_text(frame["manager"]).fillna(NOBODY)
    told = final.notna().to_numpy()
    if not told.any():
        return None
    return Table(
        frame[told].reset_index(drop=True), "the column of what was decided", False, (), findings.rows[told]
    )
