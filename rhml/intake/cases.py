"""A file of cases, checked: each feature typed as its domain declares it, or a table of problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain, Feature
from rhml.intake.columns import date_column
from rhml.intake.decided import decided_rows
from rhml.intake.decisions import check_decisions
from rhml.intake.features import read_feature
from rhml.intake.findings import Findings, shown
from rhml.intake.headings import Headings
from rhml.intake.ids import case_ids, repeated
from rhml.intake.outcomes import outcome_rows
from rhml.intake.tables import Table


@dataclass(frozen=True)
class CasesRead:
    """Cases that may be imported; `outcomes` where the same file already tells what proved right.

    `frame`: case_id (str), received_at, due_at (datetime64[us], naive UTC), then every declared feature
    under its name. `outcomes`: case_id, right_action, known_at of the rows that have one, else None. `decisions`: as
    `check_decisions` returns them, where the domain names the column of what was decided.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]
    outcomes: pd.DataFrame | None
    decisions: pd.DataFrame | None = None


def check_cases(table: Table, domain: DecisionDomain, *, now: datetime | None = None) -> CasesRead:
    """Read a table of cases as a domain declares them; ImportRefused lists every problem at once.

    Every declared feature needs its column: a forgotten one would silently count as missing. Times
    known after `now` (naive UTC) are refused where it is given.
    """
    findings = table.findings()
    headings = Headings(table, domain, findings)
    notes: list[str] = list(table.notes)
    ids = case_ids(headings, domain, findings)
    if ids is not None:
        repeated(ids, findings, domain.case_id)

    columns = {"case_id": ids}
    for name, own in (("received_at", domain.received_at), ("due_at", domain.due_at)):
        columns[name] = date_column(headings, name, own, findings, notes, len(table.frame))
    for feature in domain.features:
        columns[feature.name] = _feature(headings, feature, findings, notes, len(table.frame))
    outcomes = outcome_rows(headings, domain, ids, findings, notes, now) if domain.outcome else None
    earlier = decided_rows(headings, domain, ids, findings) if domain.decided.column else None
    findings.refuse()
    decisions = None if earlier is None else check_decisions(earlier, domain, set(ids), now=now).frame

    notes.extend(headings.note_ignored())
    return CasesRead(pd.DataFrame(columns), tuple(notes), outcomes, decisions)


def _feature(
    headings: Headings, feature: Feature, findings: Findings, notes: list[str], rows: int
) -> pd.Series | None:
    remedy = (
        f"Add the column, name it in column = '…', or remove [features.{feature.name}] from the domain file."
    )
    if feature.collect and headings.find(feature.name, feature.column) is None:
        notes.append(f"{feature.label} has no column in the file; it can be filled in later.")
        return read_feature(pd.Series([""] * rows, dtype=object), feature).values
    found = headings.need(feature.name, feature.column, remedy)
    if found is None:
        return None
    parsed = read_feature(found[1], feature)
    notes.extend(f"{shown(found[0])}: {note}" for note in parsed.notes)
    if parsed.sound and parsed.values.isna().all():
        notes.append(f"{shown(found[0])}: every cell is empty.")
    return findings.take(parsed, *found)
