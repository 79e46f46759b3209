"""Parquet files: cells that have types already, held against what a table of cases can hold."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
from pyarrow import parquet

from rhml.intake.findings import Findings, refusal, shown

TEXTS = ("string", "large_string", "string_view")

UNPACKED = 2 * 2**30
"""Bytes of a Parquet file once unpacked: a small file can hold a very large table."""


def read_packed(name: str, content: bytes) -> pd.DataFrame:
    """Read a Parquet file under its own headings; ImportRefused names columns that hold no plain cells."""
    remedy = "Write it again, for example with pandas' to_parquet, or give a CSV."
    try:
        table = _within_limits(name, content)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:  # ValueError: names that are no text
        raise refusal(name, f"This is not a sound Parquet file ({shown(error)}).", remedy) from error
    columns = [_plain(table.column(i)) for i in range(table.num_columns)]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    frame.columns = pd.Index([heading_of(field.name) for field in table.schema], dtype=object)
    # Left by pandas for its row labels; nobody declared it.
    return frame.loc[:, [not heading.startswith("__index_level_") for heading in frame.columns]]


def _within_limits(name: str, content: bytes) -> pa.Table:
    """The table with its texts still packed, once it is sure that unpacking it fits into memory."""
    schema = parquet.read_schema(pa.BufferReader(content))
    # Before anything is unpacked: what such cells take in memory is not told by the file's own figures.
    findings = Findings(name, np.array([], dtype=int))
    for field in schema:
        _refuse_unplain(findings, heading_of(field.name), field.type)
    findings.refuse()
    texts = [f.name for f in schema if str(f.type) in TEXTS]
    file = parquet.ParquetFile(pa.BufferReader(content), read_dictionary=texts)
    held = file.metadata
    # Empty and repeated cells take no room in the file and eight bytes each in memory.
    cells = 8 * held.num_rows * held.num_columns
    _refuse_large(
        name, max(cells, sum(held.row_group(i).total_byte_size for i in range(held.num_row_groups)))
    )
    table = file.read()
    _refuse_large(name, sum(_text_bytes(chunk) for column in table.columns for chunk in column.chunks))
    return table


def _text_bytes(chunk: pa.Array) -> int:
    if not pa.types.is_dictionary(chunk.type) or chunk.type.value_type not in (
        pa.string(),
        pa.large_string(),
    ):
        return 0
    lengths = pa.compute.binary_length(chunk.dictionary).cast(pa.int64())
    return pa.compute.sum(lengths.take(chunk.indices)).as_py() or 0


def _refuse_large(name: str, unpacked: int) -> None:
    if unpacked > UNPACKED:
        raise refusal(name, f"Unpacked it would take {unpacked / 2**30:.1f} GB.", "Split it.")


def heading_of(text: str) -> str:
    """A column's heading without space round it, its letters in one spelling (NFC)."""
    return unicodedata.normalize("NFC", text).strip()


def _refuse_unplain(findings: Findings, heading: str, kind: pa.DataType) -> None:
    """A problem where a column holds no plain cells: lists, bytes, times of day."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if (
        pa.types.is_nested(kind)
        or "binary" in str(kind)
        or pa.types.is_time(kind)
        or pa.types.is_duration(kind)
    ):
        findings.add(
            f"The column holds values of type {shown(kind)}, not one number, date or text a cell.",
            "Leave the column out of the file, or write it as text.", column=heading, row=1,
        )  # fmt: skip


def _plain(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = pa.large_string() if kind.value_type == pa.string() else kind.value_type
        column = column.cast(kind)
    if pa.types.is_decimal(kind):
        # Whole ones are often ids, whose last digits a float would lose.
        column = column.cast(pa.string() if kind.scale == 0 else pa.float64())
    elif pa.types.is_timestamp(kind) and kind.tz:
        column = column.cast(pa.timestamp(kind.unit))  # the cells are in UTC whatever zone they are shown in
    if pa.types.is_integer(kind) and column.null_count:
        # As floats, large ids would lose their last digits.
        return column.to_pandas(types_mapper={kind: pd.Int64Dtype()}.get).astype("Int64")
    return column.to_pandas(date_as_object=False)
