"""CSV as organizations write it: three separators, several encodings, line breaks inside quotes."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from charset_normalizer import from_bytes
from pyarrow import csv as arrow_csv

from rhml.errors import ImportRefused
from rhml.intake.findings import Findings, refusal, shown

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}

LEGACY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030", "big5", "cp949"]
"""Encodings that office programs still write; a guess outside them is more often wrong than right."""

SAMPLE = 65_536


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


def decode(name: str, content: bytes) -> tuple[str, list[str]]:
    """The file's text, and a note where its encoding had to be guessed."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in content[:SAMPLE]:
        encoding = _wide(content[:SAMPLE])
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), ["Read as UTF-16."] if "16" in encoding else []
    except UnicodeDecodeError as error:
        guess = None if "16" in encoding else _guess(content)
        if guess is None:
            line = content[: error.start].count(b"\n") + 1
            raise refusal(
                name, f"Line {line} holds bytes that are no text in UTF-8 or another known encoding.",
                "Save the table as 'CSV UTF-8'.", row=line, value=repr(content[error.start : error.start + 8]),
            ) from error  # fmt: skip
    note = f"The file is not UTF-8 and was read as {guess}: look whether accented letters are right."
    return content.decode(guess), [note]


def _wide(head: bytes) -> str:
    zeros = [head[0::2].count(0), head[1::2].count(0)]
    if max(zeros) < len(head) // 5:
        return "utf-8-sig"
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _guess(content: bytes) -> str | None:
    odd = [line for line in content.splitlines() if not line.isascii()]
    matches = list(from_bytes(b"\n".join(odd)[:SAMPLE], cp_isolation=LEGACY))
    if not matches:
        return None
    best = matches[0]
    # On short texts several code pages explain the bytes equally well; western office files are the rule.
    ties = [m for m in matches if m.chaos <= best.chaos + 0.05 and m.coherence >= best.coherence - 0.1]
    names = ["cp1252"] if any("cp1252" in m.could_be_from_charset for m in ties) else []
    for encoding in (*names, *(m.encoding for m in matches)):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


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
    width = _width(text, separator)
    ragged: list = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    data = text.encode()
    names = [f"c{i}" for i in range(width)]
    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(data),
            # One block and one thread: cells may span lines, and only then are row numbers known.
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(data) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={c: pa.string() for c in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise refusal(
            name, f"This is not a CSV table ({shown(error)}).", "Save the table as 'CSV UTF-8'."
        ) from error
    rows = np.setdiff1d(np.arange(1, len(cells) + len(ragged) + 1), [r.number for r in ragged])
    if ragged:
        raise _ragged(name, width, ragged)
    if text.count('"') % 2 and cells[-1][-1].as_py().count("\n"):
        raise refusal(
            name, "A quotation mark is opened and never closed: the rest of the file became one cell.",
            "Close it, or write a quotation mark inside a cell twice.", row=int(rows[-1]), value=cells[-1][-1].as_py(),
        )  # fmt: skip
    return _without_blanks(cells, rows, notes)


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


def _without_blanks(cells: pa.Table, rows: np.ndarray, notes: list[str]) -> Delimited:
    filled = np.zeros(len(cells), dtype=bool)
    for column in cells.columns:
        filled |= pa.compute.not_equal(pa.compute.utf8_trim_whitespace(column), "").to_numpy(
            zero_copy_only=False
        )
        if filled.all():
            break
    kept = np.flatnonzero(filled)
    headings = tuple(column[int(kept[0])].as_py() for column in cells.columns)
    blank = int((~filled[kept[0] : kept[-1] + 1]).sum())
    if blank:
        notes.append(f"Empty rows were left out: {blank}.")
    body = kept[1:]
    return Delimited(headings, cells.take(pa.array(body)), rows[body], tuple(notes))
