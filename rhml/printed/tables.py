"""Tables as files: CSV, Parquet and HTML, each with its print: title, filters, time, versions, row count, product.

A CSV begins with lines of `#`, the first of which says how many to skip; a Parquet file carries the same in its
schema's metadata, an HTML page above the table. Columns keep the log's names in every file, so that programs find
them in every domain; what people call them, a page has for headings, the others in their print. Text that a spreadsheet would run as a formula gets an
apostrophe in front wherever a spreadsheet may open it: in CSV and in HTML, in cells, headings and print.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from types import MappingProxyType
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api import types

import rhml
from rhml.printed.html import POLICY, STYLE

FORMS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "html": "text/html"}
MOST_ON_A_PAGE = 5_000
"""Rows of an HTML page; browsers grow slow beyond, and the other forms hold all."""
About = dict[str, str]
Headings = Mapping[str, str]
"""What people call columns, by the column's name; a column without one is called by its name."""
PLAIN: Headings = MappingProxyType({})

_BEFORE = "\\s\\x00-\\x1f\\x7f\\ufeff\\u200b-\\u200f\\u2060\\u202a-\\u202e\\u2066-\\u2069\"'`´‘’‚“”„«»"
_FORMULA = re.compile(rf"(?:^|(?<=[;\t\r\n]))(?=[{_BEFORE}]{{0,200}}[=+\-@＝＋－＠﹦﹢﹣﹫])|^(?=[\t\r\n])")
"""Where a cell may begin: at the start, and after what other locales or programs split cells at."""
_LINES = re.compile("\r\n?")
"""Line ends that end a row for one program and not for another."""
_INTEGERS = {kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())}


def about(
    title: str,
    *,
    filters: str,
    rows: int,
    what: str,
    versions: Iterable[str],
    at: datetime,
    as_of: datetime | None = None,
) -> About:
    """What every file says about itself; `as_of` where a large log was read from a copy of an earlier moment."""
    return {
        "title": title,
        "filters": filters,
        "rows": f"{rows} {what}",
        "model versions": ", ".join(versions) or "none",
        "made": f"{at:%Y-%m-%d %H:%M} UTC",
        **({"log as of": f"{as_of:%Y-%m-%d %H:%M} UTC"} if as_of is not None else {}),
        "product": f"rhml {rhml.__version__}",
    }


def defused(text: object) -> object:
    """Text that a spreadsheet shows instead of running it; anything but text stays as it is.

    >>> defused("=SUM(A1)"), defused(' "+1"'), defused("late"), defused(-3), defused("a;=1")
    ("'=SUM(A1)", '\\' "+1"', 'late', -3, "a;'=1")
    """
    return _FORMULA.sub("'", text) if isinstance(text, str) else text


def form(name: str, table: pd.DataFrame, print_: About, headings: Headings = PLAIN) -> bytes:
    """A table as the file of one of FORMS."""
    make = {"csv": csv_bytes, "parquet": parquet_bytes, "html": html_bytes}[name]
    return make(table, print_, headings)


def csv_bytes(table: pd.DataFrame, print_: About, headings: Headings = PLAIN) -> bytes:
    """A table as CSV with its print on top."""
    out = io.BytesIO()
    _csv(out, iter([table]), _with_columns(print_, table.columns, headings))
    return out.getvalue()


def parquet_bytes(table: pd.DataFrame, print_: About, headings: Headings = PLAIN) -> bytes:
    """A table as Parquet with its print in the metadata key `about`; text stays as it was typed."""
    arrow, out = pa.Table.from_pandas(table, preserve_index=False), io.BytesIO()
    write("parquet", out, arrow.schema, arrow.to_batches(), print_, headings)
    return out.getvalue()


def html_bytes(table: pd.DataFrame, print_: About, headings: Headings = PLAIN) -> bytes:
    """A table as one HTML page with its print above; no script, no address, nothing that is fetched."""
    return _page(table.head(MOST_ON_A_PAGE), len(table) > MOST_ON_A_PAGE, print_, headings).encode()


def _with_columns(print_: About, columns: Iterable[object], headings: Headings) -> About:
    """The print with what people call the columns: 'case_id is Message'."""
    called = [f"{name} is {headings[name]}" for name in map(str, columns) if name in headings]
    return {**print_, **({"columns": "; ".join(called)} if called else {})}


def write(
    name: str, out: BinaryIO, schema: pa.Schema, batches: Iterable[pa.RecordBatch], print_: About,
    headings: Headings = PLAIN,
) -> None:  # fmt: skip
    """Write a table of any length part by part, in one of FORMS."""
    if name != "html":
        print_ = _with_columns(print_, schema.names, headings)
    match name:
        case "parquet":
            held = {**(schema.metadata or {}), b"about": json.dumps(print_).encode()}
            with pq.ParquetWriter(out, schema.with_metadata(held)) as writer:
                for batch in batches:
                    writer.write_batch(batch.replace_schema_metadata(held))
        case "csv":
            _csv(out, map(_frame, _never_none(schema, batches)), print_)
        case "html":
            first = _first(schema, batches, MOST_ON_A_PAGE + 1)
            page = _page(
                _frame(first.slice(0, MOST_ON_A_PAGE)), len(first) > MOST_ON_A_PAGE, print_, headings
            )
            out.write(page.encode())


def _never_none(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches, begun with an empty one that gives the headings even where there is no row."""
    yield pa.RecordBatch.from_pylist([], schema=schema)
    yield from batches


def _first(schema: pa.Schema, batches: Iterable[pa.RecordBatch], rows: int) -> pa.Table:
    kept, count = [], 0
    for batch in batches:
        kept.append(batch.slice(0, rows - count))
        count += len(kept[-1])
        if count >= rows:
            break
    return pa.Table.from_batches(kept, schema)


def _frame(part: pa.RecordBatch | pa.Table) -> pd.DataFrame:
    """A part as a frame; whole numbers stay whole where some are missing."""
    return part.to_pandas(types_mapper=_INTEGERS.get, date_as_object=False)


def _csv(out: BinaryIO, frames: Iterator[pd.DataFrame], print_: About) -> None:
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    lines = [f"# {key}: {' '.join(value.split())}" for key, value in print_.items()]
    told = f"# The table begins in line {len(lines) + 2}; skip the {len(lines) + 1} lines before it."
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([defused(line)] for line in (told, *lines))
    for place, frame in enumerate(frames):
        safe(frame).to_csv(
            text, index=False, header=place == 0, lineterminator="\n", date_format="%Y-%m-%d %H:%M:%S"
        )
    text.flush()
    text.detach()


def safe(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts and headings no spreadsheet runs; numbers and times stay what they are."""
    named = table.set_axis([defused(_flat(str(name))) for name in table.columns], axis=1)
    return (
        pd.concat([_safe_column(named.iloc[:, i]) for i in range(named.shape[1])], axis=1)
        if len(named.columns)
        else named
    )


def _safe_column(column: pd.Series) -> pd.Series:
    if types.is_numeric_dtype(column) or types.is_datetime64_any_dtype(column):
        return column
    return column.astype(object).map(lambda cell: defused(_flat(cell)), na_action="ignore")


def _flat(cell: object) -> object:
    """Lists and the like as text, and one kind of line end: what is written is what was defused."""
    if isinstance(cell, str):
        return _LINES.sub("\n", cell)
    return cell if isinstance(cell, (bool, int, float, date)) else str(cell)


def _page(table: pd.DataFrame, cut: bool, print_: About, headings: Headings) -> str:
    title = escape(str(defused(print_.get("title", "Table"))))
    said = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(str(defused(' '.join(value.split()))))}</dd>"
        for key, value in print_.items()
        if key != "title"
    )
    more = (
        f"<p>Only the first {MOST_ON_A_PAGE:,} rows are here; CSV and Parquet hold all of them.</p>"
        if cut
        else ""
    )
    shown = _table(table, headings) if len(table) else "<p>No rows.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}body {{ max-width: 80rem; }} td.n {{ text-align: right; }} td {{ white-space: pre-wrap; }}</style>"
        f"</head><body><header><h1>{title}</h1><dl>{said}</dl></header><main>{more}"
        f'<div class="wide" role="region" tabindex="0" aria-label="Rows">{shown}</div></main></body></html>\n'
    )


def _table(table: pd.DataFrame, headings: Headings) -> str:
    head = "".join(
        f'<th scope="col">{escape(str(defused(headings.get(str(name), str(name)))))}</th>'
        for name in table.columns
    )
    kinds = [types.is_numeric_dtype(kind) and not types.is_bool_dtype(kind) for kind in table.dtypes]
    body = "".join(
        f"<tr>{''.join(_cell(cell, number) for cell, number in zip(row, kinds, strict=True))}</tr>"
        for row in table.itertuples(index=False, name=None)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(cell: object, number: bool) -> str:
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return "<td></td>"
    text = f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else str(cell)
    return f'<td class="n">{escape(text)}</td>' if number else f"<td>{escape(str(defused(text)))}</td>"
