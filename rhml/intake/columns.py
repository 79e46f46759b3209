"""Columns that a file may have or leave out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.intake.dates import dates
from rhml.intake.findings import Findings, shown
from rhml.intake.headings import Headings


def date_column(
    headings: Headings, name: str, own: str, findings: Findings, notes: list[str], rows: int
) -> pd.Series:
    """An optional column of times; NaT throughout if the file has none."""
    found = headings.find(name, own)
    if found is None:
        return pd.Series(np.full(rows, np.datetime64("NaT"), dtype="datetime64[us]"))
    parsed = dates(found[1])
    notes.extend(f"{shown(found[0])}: {note}" for note in parsed.notes)
    return findings.take(parsed, *found)
