"""Names of cases and of people: never empty, never hiding a character, each as it was written."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.intake import cells
from rhml.intake.findings import Findings, Wrong
from rhml.intake.headings import Headings

FROM_ROW = "(from the row)"
"""In a domain file's `case_id`: files of cases name none, so each gets a name made of what its row says."""


def case_ids(
    headings: Headings, domain: DecisionDomain, findings: Findings, known: set[str] | None = None
) -> pd.Series | None:
    """The cases a file speaks of, as stripped text; None if it has no such column.

    A case outside `known` is a problem; None asks nothing. Where the domain names no column, files of cases get
    names made of their rows: the same row is the same case again.
    """
    remedy = "Add it, or name the file's own column in the domain file: case_id = '…'."
    if domain.case_id == FROM_ROW and known is None and headings.find("case_id", FROM_ROW) is None:
        return headings.row_names(domain)
    found = headings.need("case_id", None if domain.case_id == FROM_ROW else domain.case_id, remedy)
    if found is None:
        return None
    ids = names(*found, findings)
    if known is not None:
        strange = (ids.notna() & ~ids.isin(known)).to_numpy()
        remedy = "Import the case first, or correct the id."
        findings.mark(Wrong(strange, "No case of this id was imported.", remedy), found[0], ids)
    return ids


def names(heading: str, column: pd.Series, findings: Findings, *, required: bool = True) -> pd.Series:
    """A column of ids or people's names as text (str dtype), with what is wrong noted."""
    text = cells.as_text(column)
    if required:
        empty = text.isna().to_numpy()
        findings.mark(
            Wrong(empty, "The cell is empty.", "Fill it: it says whom or what the row is about."),
            heading,
            column,
        )
    parsed = cells.words(text, longest=cells.LONGEST_NAME, kind="id")
    findings.take(parsed, heading, column)
    return text


def repeated(ids: pd.Series, findings: Findings, heading: str) -> None:
    """Note each row whose case was already described further up, and where."""
    again = (ids.duplicated() & ids.notna()).to_numpy()
    if not again.any():
        return
    first = pd.Series(findings.rows, index=ids.to_numpy())
    first = first[~first.index.duplicated()]
    findings.mark(
        Wrong(
            again,
            lambda at: f"Row {first[ids.iloc[at]]} describes this case already.",
            "Keep one row a case: remove one of the two.",
        ),
        heading,
        ids,
    )


def same_as_first(frame: pd.DataFrame, key: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each row: the position of the first row of its key, whether it repeats one, whether it differs from it."""
    codes, _ = pd.factorize(key)
    _, first_of = np.unique(codes, return_index=True)
    first = first_of[codes]
    again = first != np.arange(len(codes))
    differs = np.zeros(len(codes), dtype=bool)
    at = np.flatnonzero(again)
    for name in frame.columns:
        now, then = (
            frame[name].iloc[at].reset_index(drop=True),
            frame[name].iloc[first[at]].reset_index(drop=True),
        )
        equal = (now == then).fillna(False).to_numpy(dtype=bool)
        differs[at] |= ~(equal | (now.isna() & then.isna()).to_numpy())
    return first, again, differs
