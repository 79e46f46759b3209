"""A table from a file or an upload, before anybody asks what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from rhml.intake.delimited import read_delimited
from rhml.intake.findings import Findings, refusal, shown

LARGEST = 200 * 2**20
"""Bytes of a file; beyond it a spreadsheet is the wrong container."""

WIDEST = 2_000
"""Columns of a table; beyond it the table is lying on its side."""

UNPACKED = 4 * 2**30
"""Bytes of a Parquet file once unpacked: a small file can hold a very large table."""


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
    table = _parquet(name, content) if suffix == ".parquet" else _csv(name, content)
    _check_shape(table)
    return table


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
    frame.columns = pd.Index([heading.strip() for heading in read.headings], dtype=object)
    return Table(frame, name, True, read.notes, read.rows)


def _parquet(name: str, content: bytes) -> Table:
    remedy = "Write it again, for example with pandas' to_parquet, or give a CSV."
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        unpacked = sum(
            file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups)
        )
        if unpacked > UNPACKED:
            raise refusal(name, f"Unpacked it would take {unpacked / 2**30:.1f} GB.", "Split it.")
        table = file.read()
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise refusal(name, f"This is not a sound Parquet file ({shown(error)}).", remedy) from error
    findings = Findings(name, np.array([], dtype=int))
    columns = [_plain(findings, field.name, table.column(i)) for i, field in enumerate(table.schema)]
    findings.refuse()
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    frame.columns = pd.Index([field.name.strip() for field in table.schema], dtype=object)
    return Table(frame.loc[:, [not str(c).startswith("__index_level_") for c in frame.columns]], name, False)


def _plain(findings: Findings, heading: str, column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    elif (
        pa.types.is_nested(kind)
        or "binary" in str(kind)
        or pa.types.is_time(kind)
        or pa.types.is_duration(kind)
    ):
        findings.add(
            f"The column holds values of type {shown(kind)}, not one number, date or text a cell.",
            "Leave the column out of the file, or write it as text.", column=heading, row=1,
        )  # fmt: skip
    if pa.types.is_integer(kind) and column.null_count:
        # As floats, large ids would lose their last digits.
        return column.to_pandas(types_mapper={kind: pd.Int64Dtype()}.get).astype("Int64")
    return column.to_pandas(date_as_object=False)


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
    seen: set[str] = set()
    for heading in headings[:WIDEST]:
        if heading in seen:
            remedy = "Rename or remove one of the two." if heading else "Give each column a heading."
            findings.add("Two columns have this heading.", remedy, column=heading, value=heading, row=1)
        seen.add(heading)
    findings.refuse()
