"""CSV as organizations write it: three separators, several encodings, line breaks inside quotes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from rhml.errors import ImportRefused
from rhml.intake.encodings import SAMPLE, decode
from rhml.intake.findings import Findings, refusal, shown

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Delimited:
    """A CSV file's headings and cells, all text; `rows` are the row numbers a spreadsheet shows."""

    headings: tuple[str, ...]
    cells: pa.Table
    rows: np.ndarray
    notes: tuple[str, ...]


def read_delimited(name: str, content: bytes) -> Delimited:
    """Read a CSV file as text; ImportRefused lists every row of another length."""
    text, notes = decode(name, content)
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise refusal(
            name,
            f"Line {line} holds a NUL byte: this is no text file.",
            "Save the table again as CSV UTF-8.",
            row=line,
        )
    if not text.strip():
        raise refusal(name, "The file is empty.", "Export the table again, with a line of headings.")
    separator = separator_of(text[:SAMPLE])
    if separator != ",":
        notes.append(f"Columns are separated by {SEPARATORS[separator]}.")
    return _parse(name, text, separator, notes)


def separator_of(sample: str) -> str:
    """The separator that splits the first lines into most columns, evenly.

    >>> separator_of("a;b\\n1,5;2\\n"), separator_of("only\\n1\\n")
    (';', ',')
    """

    def fit(separator: str) -> tuple[float, int]:
        widths = [len(r) for r in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if r][:50]
        widths = widths[:-1] if len(widths) > 2 else widths  # the sample may end inside the last one
        even = sum(w == widths[0] for w in widths) / len(widths) if widths else 0
        return (even if widths and widths[0] > 1 else 0, widths[0] if widths else 0)

    old = csv.field_size_limit(len(sample) + 1)
    try:
        return max(SEPARATORS, key=fit)
    finally:
        csv.field_size_limit(old)


def _parse(name: str, text: str, separator: str, notes: list[str]) -> Delimited:
    ragged: list[arrow_csv.InvalidRow] = []
    try:
        cells = _cells(text.encode(), separator, _width(text, separator), ragged)
    except pa.ArrowInvalid as error:
        raise refusal(
            name, f"This is not a CSV table ({shown(error)}).", "Save it as 'CSV UTF-8'."
        ) from error
    if ragged:
        raise _ragged(name, cells.num_columns, ragged)
    rows = np.arange(1, len(cells) + 1)
    last = cells[-1][-1].as_py()
    if text.count('"') % 2 and "\n" in last:
        problem = "A quotation mark is opened and never closed: the rest of the file became one cell."
        remedy = "Close it, or write a quotation mark inside a cell twice."
        raise refusal(name, problem, remedy, row=int(rows[-1]), value=last)
    return _without_blanks(name, cells, rows, notes)


def _cells(data: bytes, separator: str, width: int, ragged: list[arrow_csv.InvalidRow]) -> pa.Table:
    """Every cell as text, the headings among them; rows of another width go to `ragged`."""

    def skip(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    names = [f"c{i}" for i in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        # One block and one thread: cells may span lines, and only then are row numbers known.
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
        parse_options=arrow_csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={c: pa.string() for c in names}, strings_can_be_null=False
        ),
    )


def _width(text: str, separator: str) -> int:
    first = text.lstrip("\r\n")[: 16 * SAMPLE]
    old = csv.field_size_limit(len(first) + 1)
    try:
        return len(next(csv.reader(io.StringIO(first, newline=""), delimiter=separator)))
    finally:
        csv.field_size_limit(old)


def _ragged(name: str, width: int, ragged: list) -> ImportRefused:
    findings = Findings(name, np.array([], dtype=int))
    for row in ragged:
        findings.add(
            f"The row has {row.actual_columns} cells; the headings are {width}.",
            "Put cells that hold the separator or a line break in quotation marks; fill missing cells.",
            row=row.number,
            value=row.text,
        )
    try:
        findings.refuse()
    except ImportRefused as error:
        return error
    raise AssertionError("ragged rows always refuse")


def _without_blanks(name: str, cells: pa.Table, rows: np.ndarray, notes: list[str]) -> Delimited:
    filled = np.zeros(len(cells), dtype=bool)
    for column in cells.columns:
        filled |= pa.compute.not_equal(pa.compute.utf8_trim_whitespace(column), "").to_numpy(
            zero_copy_only=False
        )
        if filled.all():
            break
    if not filled.any():
        raise refusal(name, "The file is empty.", "Export the table again, with a line of headings.")
    kept = np.flatnonzero(filled)
    headings = tuple(column[int(kept[0])].as_py() for column in cells.columns)
    blank = int((~filled[kept[0] : kept[-1] + 1]).sum())
    if blank:
        notes.append(f"Empty rows were left out: {blank}.")
    body = kept[1:]
    return Delimited(headings, cells.take(pa.array(body)), rows[body], tuple(notes))
