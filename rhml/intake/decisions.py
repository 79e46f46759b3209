"""A log of earlier decisions, checked: who called what, before and after which advice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.intake import cells
from rhml.intake.calls import CALLS, Log
from rhml.intake.columns import date_column
from rhml.intake.findings import Findings, Wrong
from rhml.intake.headings import Headings
from rhml.intake.ids import case_ids, names, same_as_first
from rhml.intake.tables import Table


@dataclass(frozen=True)
class DecisionsRead:
    """Earlier decisions that may be imported, one a row, under the product's column names.

    `identity` (str) is the same whenever the same decision is read: its decision_id, else a hash of
    case, manager and decided_at. Confidences are probabilities of the action they stand beside.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]


def check_decisions(
    table: Table, domain: DecisionDomain, known: set[str] | None = None, *, now: datetime | None = None
) -> DecisionsRead:
    """Read a log of decisions; ImportRefused lists every problem at once.

    A row needs a case, a manager and a first or final action. The same row twice counts once.
    """
    findings = table.findings()
    headings = Headings(table, domain, findings)
    notes: list[str] = list(table.notes)
    log = Log(headings, findings, notes, len(table.frame))
    ids = case_ids(headings, domain, findings, known)
    found = headings.need("manager", None, "Add who decided: a name or a code for each person.")
    columns = {
        "decision_id": log.words("decision_id"),
        "case_id": ids,
        "manager": None if found is None else names(*found, findings),
    }
    for call in CALLS:
        columns |= log.call(call, domain)
    columns |= {
        "mode": log.modes(columns["first_action"]),
        "reason": log.reasons(domain),
        "rationale": log.words("rationale", longest=cells.LONGEST_TEXT, kind="text"),
        "decided_at": date_column(headings, "decided_at", "decided_at", findings, notes, len(table.frame)),
        "seconds": log.seconds(),
        "model_version": log.words("model_version"),
    }
    log.check_calls(columns)
    log.check_times(columns["decided_at"], now)
    if ids is None or found is None:
        findings.refuse()
    frame = _once(pd.DataFrame(columns), findings, notes)
    findings.refuse()

    notes.extend(headings.note_ignored())
    return DecisionsRead(frame[list(COLUMNS)], tuple(notes))


COLUMNS = (
    "identity", "decision_id", "case_id", "manager", "mode", "first_action", "first_confidence",
    "recommended_action", "recommended_confidence", "final_action", "final_confidence", "reason",
    "rationale", "decided_at", "seconds", "model_version",
)  # fmt: skip


def _once(frame: pd.DataFrame, findings: Findings, notes: list[str]) -> pd.DataFrame:
    """Give each decision its identity; the same row again counts once, a different one is a problem."""
    when = (
        frame["decided_at"]
        .dt.strftime("%Y-%m-%dT%H:%M:%S.%f")
        .astype(object)
        .where(frame["decided_at"].notna(), "")
    )
    hashed = [
        "row-" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
        for parts in zip(frame["case_id"].fillna(""), frame["manager"].fillna(""), when, strict=True)
    ]
    given = frame["decision_id"].notna()
    frame["identity"] = frame["decision_id"].where(given, pd.Series(hashed, dtype=object)).astype("str")
    first, again, differs = same_as_first(frame, frame["identity"])
    undated = differs & (~given & frame["decided_at"].isna()).to_numpy()
    for mask, problem, remedy in (
        (undated, "is another decision of this person on this case", "Add decided_at or decision_id to tell them apart."),
        (differs & ~undated, "has the same identity and other values", "Keep the row that is right, or give each its own decision_id."),
    ):  # fmt: skip
        if mask.any():
            say = lambda at, problem=problem: f"Row {findings.rows[first[at]]} {problem}."  # noqa: E731 - bound per mask
            findings.mark(Wrong(mask, say, remedy), "case_id", frame["case_id"])
    same = again & ~differs
    if same.any():
        notes.append(f"Rows that repeat another row exactly count once: {int(same.sum()):,}.")
    return frame[~again].reset_index(drop=True)
