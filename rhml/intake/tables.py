"""A table from a file or an upload, before anybody asks what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from rhml.intake.delimited import read_delimited
from rhml.intake.findings import Findings, refusal, shown
from rhml.intake.packed import heading_of, read_packed

LARGEST = 200 * 2**20
"""Bytes of a file; beyond it a spreadsheet is the wrong container."""

PLAIN_ONCE = frozenset({
    "case_id", "right_action", "known_at", "manager", "first_action", "first_confidence", "recommended_action",
    "recommended_confidence", "final_action", "final_confidence", "decided_at", "decision_id",
})  # fmt: skip
"""Headings with a meaning of the product's: of two columns called so, nobody can say which is meant."""

WIDEST = 2_000
"""Columns of a table; beyond it the table is lying on its side."""


@dataclass(frozen=True, eq=False)
class Table:
    """A file's cells under their own headings; `text_rows` says that every cell is still text (CSV).

    `rows` are the row numbers a spreadsheet shows (the headings are row 1); counted from 2 if not given.
    """

    frame: pd.DataFrame
    name: str
    text_rows: bool
    notes: tuple[str, ...] = ()
    rows: np.ndarray | None = None

    def findings(self) -> Findings:
        """An empty list of problems that knows this table's row numbers."""
        return Findings(self.name, np.arange(2, len(self.frame) + 2) if self.rows is None else self.rows)


def read_table(path: Path) -> Table:
    """Read a CSV or Parquet file by its suffix; ImportRefused says what to do about any other."""
    path = Path(path)
    try:
        # A pipe or a device has no size and may never end.
        if path.exists() and not path.is_file():
            raise refusal(path.name, "This is no file.", "Name a .csv or a .parquet file.")
        size = path.stat().st_size
        if size > LARGEST:
            raise _too_large(path.name, size)
        return read_bytes(path.name, path.read_bytes())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal(
            path.name, f"The file cannot be read ({reason}).", "Check the path and its rights."
        ) from error


def read_bytes(name: str, content: bytes) -> Table:
    """Read an upload; `name` is the file's name, and its suffix says what it holds.

    >>> read_bytes("loans.csv", b"id;amount\\n7;1,5\\n").frame.to_dict("list")
    {'id': ['7'], 'amount': ['1,5']}
    """
    if len(content) > LARGEST:
        raise _too_large(name, len(content))
    suffix = Path(name).suffix.lower()
    if suffix in (".xlsx", ".xls", ".xlsm", ".ods", ".numbers"):
        raise refusal(
            name, "This is a workbook, not a table.", "In the spreadsheet choose 'Save as', 'CSV UTF-8'."
        )
    if suffix not in (".csv", ".tsv", ".parquet"):
        raise refusal(
            name,
            f"A file that ends in {shown(suffix) or 'nothing'} is not read.",
            "Give a .csv or a .parquet file.",
        )
    if not content:
        raise refusal(name, "The file is empty.", "Export the table again, with a line of headings.")
    table = Table(read_packed(name, content), name, False) if suffix == ".parquet" else _csv(name, content)
    _check_shape(table)
    return _told_apart(table)


def _too_large(name: str, size: int) -> Exception:
    return refusal(
        name, f"The file has {size / 2**20:,.0f} MB; at most {LARGEST // 2**20} MB are read.",
        "Save it as Parquet, which is several times smaller, or split it.",
    )  # fmt: skip


def _csv(name: str, content: bytes) -> Table:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refusal(
            name,
            "This is a workbook under another name.",
            "In the spreadsheet choose 'Save as', 'CSV UTF-8'.",
        )
    if content.startswith(b"PAR1"):
        raise refusal(name, "This is a Parquet file under another name.", "Rename it to end in .parquet.")
    read = read_delimited(name, content)
    frame = read.cells.to_pandas(strings_to_categorical=False)
    frame.columns = pd.Index([heading_of(text) for text in read.headings], dtype=object)
    return Table(frame, name, True, read.notes, read.rows)


def _check_shape(table: Table) -> None:
    findings = table.findings()
    headings = list(table.frame.columns)
    if len(headings) > WIDEST:
        findings.add(
            f"The table has {len(headings):,} columns; at most {WIDEST:,} are read.",
            "Leave out what no decision needs, or turn the table: a row a case.",
        )
    elif not len(table.frame):
        findings.add("The table has headings and no rows.", "Export it again with its rows.")
    for heading in sorted({h for h in headings[:WIDEST] if h in PLAIN_ONCE and headings.count(h) > 1}):
        remedy = "Rename or remove one of the two."
        findings.add("Two columns have this heading.", remedy, column=heading, value=heading, row=1)
    findings.refuse()


def _told_apart(table: Table) -> Table:
    """The same with a heading for each column: the second of two alike gets a number, an empty one its place.

    >>> list(read_bytes("t.csv", b"a,a,\\n1,2,3\\n").frame.columns)
    ['a', 'a (2)', 'column 3']
    """
    headings = [str(heading) for heading in table.frame.columns]
    taken, given = set(headings), []
    for place, heading in enumerate(headings, 1):
        wanted = heading or f"column {place}"
        number, own = 2, wanted
        while own in given or (own != heading and own in taken):
            own, number = f"{wanted} ({number})", number + 1
        given.append(own)
    if given == headings:
        return table
    renamed = [f"{shown(new)!r}" for old, new in zip(headings, given, strict=True) if old != new]
    frame = table.frame.set_axis(pd.Index(given, dtype=object), axis=1)
    more = " and others" if len(renamed) > 5 else ""
    note = f"Columns without a heading of their own were called {', '.join(renamed[:5])}{more}."
    return replace(table, frame=frame, notes=(*table.notes, note))
