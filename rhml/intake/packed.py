"""Parquet files: cells that have types already, held against what a table of cases can hold."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from rhml.intake.findings import Findings, refusal, shown

UNPACKED = 4 * 2**30
"""Bytes of a Parquet file once unpacked: a small file can hold a very large table."""


def read_packed(name: str, content: bytes) -> pd.DataFrame:
    """Read a Parquet file under its own headings; ImportRefused names columns that hold no plain cells."""
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
    frame.columns = pd.Index([heading_of(field.name) for field in table.schema], dtype=object)
    # Left by pandas for its row labels; nobody declared it.
    return frame.loc[:, [not heading.startswith("__index_level_") for heading in frame.columns]]


def heading_of(text: str) -> str:
    """A column's heading without space round it, its letters in one spelling (NFC)."""
    return unicodedata.normalize("NFC", text).strip()


def _plain(findings: Findings, heading: str, column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_decimal(kind):
        # Whole ones are often ids, whose last digits a float would lose.
        column = column.cast(pa.string() if kind.scale == 0 else pa.float64())
    elif pa.types.is_timestamp(kind) and kind.tz:
        column = column.cast(pa.timestamp(kind.unit))  # the cells are in UTC whatever zone they are shown in
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
