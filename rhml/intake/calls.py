"""The columns of a decision log, read one by one: calls, confidences, modes, reasons, times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import MODES
from rhml.intake import cells
from rhml.intake.figures import numbers
from rhml.intake.findings import Findings, Wrong, shown
from rhml.intake.headings import Headings
from rhml.intake.words import actions

CALLS = ("first", "recommended", "final")


@dataclass(frozen=True)
class Log:
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
