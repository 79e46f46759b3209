"""A file of outcomes, checked: which action proved right in each case, and since when that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.intake.dates import dates
from rhml.intake.findings import Findings, Wrong, refusal, shown
from rhml.intake.headings import Headings
from rhml.intake.ids import case_ids, same_as_first
from rhml.intake.tables import Table
from rhml.intake.words import actions


@dataclass(frozen=True)
class OutcomesRead:
    """Outcomes that may be imported: case_id (str), right_action (key), known_at (naive UTC, NaT if unsaid)."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def check_outcomes(
    table: Table, domain: DecisionDomain, known: set[str] | None = None, *, now: datetime | None = None
) -> OutcomesRead:
    """Read a table of outcomes; `known` are the ids of imported cases, None where nobody can say.

    Rows without an outcome yet are left out and counted; the same row twice counts once.
    """
    if domain.outcome is None:
        raise refusal(
            table.name, f"The domain {domain.name} declares no outcome.",
            "Add [outcome] with the column's name to the domain file, then import the outcomes.",
        )  # fmt: skip
    findings = table.findings()
    headings = Headings(table, domain, findings)
    notes: list[str] = list(table.notes)
    ids = case_ids(headings, domain, findings, known)
    headings.need(
        "right_action", domain.outcome.column, "Add it, or name the file's own column in [outcome]."
    )
    frame = outcome_rows(headings, domain, ids, findings, notes, now)
    if frame is None and not findings.total:
        findings.add("No row has an outcome.", "Fill the column, or import the file later.")
    findings.refuse()

    notes.extend(headings.note_ignored())
    return OutcomesRead(frame, tuple(notes))


def outcome_rows(
    headings: Headings,
    domain: DecisionDomain,
    ids: pd.Series | None,
    findings: Findings,
    notes: list[str],
    now: datetime | None,
) -> pd.DataFrame | None:
    """The outcomes a table tells, beside whatever else it holds; None if it tells none."""
    found = headings.find("right_action", domain.outcome.column)
    if found is None:
        return None
    heading, column = found
    right = actions(column, domain, domain.outcome)
    notes.extend(f"{shown(heading)}: {note}" for note in right.notes)
    frame = pd.DataFrame({"case_id": ids, "right_action": findings.take(right, heading, column)})
    frame["known_at"] = _known_at(headings, domain, findings, notes, now, len(column))
    told = frame["right_action"].notna().to_numpy()
    if not told.any() or ids is None:
        return None
    if not told.all():
        notes.append(f"{shown(heading)}: left out, as they have no outcome yet: {int((~told).sum()):,} rows.")
    return _once(frame, told, findings, notes, heading)


def _known_at(
    headings: Headings,
    domain: DecisionDomain,
    findings: Findings,
    notes: list[str],
    now: datetime | None,
    rows: int,
) -> pd.Series:
    found = headings.find("known_at", domain.outcome.known_at)
    if found is None:
        return pd.Series(np.full(rows, np.datetime64("NaT"), dtype="datetime64[us]"))
    parsed = dates(found[1])
    notes.extend(f"{shown(found[0])}: {note}" for note in parsed.notes)
    values = findings.take(parsed, *found)
    if now is not None:
        # One day of grace: a date without a zone may be ahead of UTC.
        future = (values > pd.Timestamp(now) + timedelta(days=1)).to_numpy(dtype=bool)
        remedy = "Correct the date, or leave the outcome out until it is known."
        findings.mark(Wrong(future, "The outcome would become known in the future.", remedy), *found)
    return values


def _once(
    frame: pd.DataFrame, told: np.ndarray, findings: Findings, notes: list[str], heading: str
) -> pd.DataFrame:
    """One row a case: the same outcome again counts once, another one is a problem."""
    at = np.flatnonzero(told)
    kept = frame.iloc[at].reset_index(drop=True)
    first, again, differs = same_as_first(kept, kept["case_id"])
    if differs.any():
        other = np.zeros(len(frame), dtype=bool)
        other[at[differs]] = True
        earlier = dict(zip(at.tolist(), findings.rows[at[first]].tolist(), strict=True))
        wrong = Wrong(
            other,
            lambda position: f"Row {earlier[position]} gives this case another outcome, or another date.",
            "Keep the row that is right; a later correction is imported as a file of its own.",
        )
        findings.mark(wrong, heading, frame["right_action"])
    same = int((again & ~differs).sum())
    if same:
        notes.append(f"Rows that repeat an outcome of the same file count once: {same:,}.")
    return kept[~again].reset_index(drop=True)
