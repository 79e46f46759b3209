"""A log of earlier decisions, checked: who called what, before and after which advice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import MODES
from rhml.intake import cells
from rhml.intake.cases import date_column
from rhml.intake.figures import numbers
from rhml.intake.findings import Findings, Wrong, shown
from rhml.intake.headings import Headings
from rhml.intake.ids import case_ids, names, same_as_first, unknown
from rhml.intake.tables import Table
from rhml.intake.words import actions

CALLS = ("first", "recommended", "final")


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
    log = _Log(headings, findings, notes, len(table.frame))
    ids = case_ids(headings, domain, findings)
    if ids is not None:
        unknown(ids, known, findings, domain.case_id)
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
    "rationale", "decided_at", "seconds",
)  # fmt: skip


@dataclass(frozen=True)
class _Log:
    """One decision log while its columns are read."""

    headings: Headings
    findings: Findings
    notes: list[str]
    rows: int

    def words(self, name: str, *, longest: int = cells.LONGEST_NAME, kind: str = "id") -> pd.Series:
        found = self.headings.find(name)
        if found is None:
            return pd.Series([None] * self.rows, dtype=object)
        return self.findings.take(cells.words(cells.as_text(found[1]), longest=longest, kind=kind), *found)

    def call(self, call: str, domain: DecisionDomain) -> dict[str, pd.Series]:
        """The action of one of the three calls, and the probability given to it."""
        action, confidence = f"{call}_action", f"{call}_confidence"
        found = self.headings.find(action)
        named = pd.Series([None] * self.rows, dtype=object)
        if found is not None:
            parsed = actions(found[1], domain)
            self.notes.extend(f"{action}: {note}" for note in parsed.notes)
            named = self.findings.take(parsed, *found)
        return {action: named, confidence: self._confidence(confidence, action, found)}

    def _confidence(self, name: str, action: str, named: tuple[str, pd.Series] | None) -> pd.Series:
        found = self.headings.find(name)
        if found is None:
            return pd.Series(np.full(self.rows, np.nan))
        values = self.findings.take(numbers(found[1]), *found)
        percent = ((values > 1) & (values <= 100)).to_numpy()
        outside = ((values < 0) | (values > 100)).to_numpy()
        absent = np.ones(self.rows, bool) if named is None else cells.as_text(named[1]).isna().to_numpy()
        alone = values.notna().to_numpy() & absent
        for mask, problem, remedy in (
            (percent, "A confidence is a probability from 0 to 1.", "Divide by 100: 80 becomes 0.8."),
            (outside, "A confidence is a probability from 0 to 1.", "Correct it, or leave the cell empty."),
            (alone, f"The confidence has no {action} beside it.", f"Fill {action}, or empty this cell."),
        ):
            self.findings.mark(Wrong(mask, problem, remedy), *found)
        low = int((values < 0.5).sum())
        if low:
            self.notes.append(
                f"{name}: {low:,} rows are below 0.5, so the named action was thought less likely than not. "
                "They were kept; check that the number is the probability of the named action."
            )
        return values

    def modes(self, first_action: pd.Series) -> pd.Series:
        """The card mode; where unsaid, first_call for a row with a first call, else assisted."""
        guess = pd.Series(np.where(first_action.notna(), "first_call", "assisted"), dtype=object)
        found = self.headings.find("mode")
        if found is None:
            return guess
        text = cells.as_text(found[1])
        other = (text.notna() & ~text.isin(MODES)).to_numpy()
        remedy = f"Use one of: {', '.join(MODES)}; or leave the cell empty."
        self.findings.mark(Wrong(other, "This is no mode of a card.", remedy), *found)
        return text.astype(object).where(text.notna(), guess)

    def reasons(self, domain: DecisionDomain) -> pd.Series:
        """Reasons as written; those the domain does not list belong to an older list and are kept."""
        text = self.words("reason", kind="category")
        strange = sorted(set(text.dropna()) - set(domain.override.reasons))
        if strange:
            some = ", ".join(repr(shown(reason)) for reason in strange[:5])
            more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
            self.notes.append(f"reason: kept although the domain does not list them: {some}{more}.")
        return text

    def seconds(self) -> pd.Series:
        """How long the decision took."""
        found = self.headings.find("seconds")
        if found is None:
            return pd.Series(np.full(self.rows, np.nan))
        values = self.findings.take(numbers(found[1]), *found)
        negative = (values < 0).to_numpy()
        self.findings.mark(
            Wrong(negative, "A time cannot be negative.", "Correct it, or leave it empty."), *found
        )
        return values

    def check_calls(self, columns: dict[str, pd.Series]) -> None:
        """A row without any call of the manager says nothing."""
        empty = (columns["first_action"].isna() & columns["final_action"].isna()).to_numpy()
        for name in ("first_action", "final_action"):
            found = self.headings.find(name)
            if found is not None:  # a cell that could not be read has its own problem already
                empty = empty & cells.as_text(found[1]).isna().to_numpy()
        remedy = "Fill first_action or final_action, or remove the row."
        self.findings.mark(
            Wrong(empty, "The row has neither a first nor a final action.", remedy),
            "final_action",
            columns["final_action"],
        )

    def check_times(self, decided_at: pd.Series, now: datetime | None) -> None:
        """A decision of tomorrow was not taken yet (a day of grace for time zones)."""
        if now is None:
            return
        future = (decided_at > pd.Timestamp(now) + pd.Timedelta(days=1)).to_numpy(dtype=bool)
        self.findings.mark(
            Wrong(future, "The decision lies in the future.", "Correct the date."), "decided_at", decided_at
        )


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
