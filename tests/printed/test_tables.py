"""Tables as files: each says what it holds, no spreadsheet runs what is in it, and no browser either."""

import csv
import io
import json
import re
from datetime import datetime
from html.parser import HTMLParser

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rhml.printed.html import POLICY
from rhml.printed.tables import (
    FORMS,
    MOST_ON_A_PAGE,
    about,
    csv_bytes,
    defused,
    form,
    html_bytes,
    parquet_bytes,
    write,
)

ABOUT = about("Overrides: Loans", filters="Manager: m1, m2", rows=2, what="overrides", versions=["v1"],
              at=datetime(2026, 3, 1, 9))  # fmt: skip
RUN = (*"=+-@＝＋－＠﹦﹢﹣﹫", "\x00=", "\x01+", "\u202e=", "\u2066@")
HOSTILE = [
    f"{before}{sign}1+1"
    for sign in RUN
    for before in ("", " ", "\t", "\r", "\n", '"', "'", " \t“", "\u00a0", "\ufeff")
]
HOSTILE += ["\t", "\r\n", "a;=1", "a;  =1", 'a;"=1', "a\n=cmd|'/C calc'!A0", "a\t@x", "line\r\n-1+1"]


def cells(text: str, separator: str = ",") -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]


def begins_a_formula(cell: str) -> bool:
    bare = cell.lstrip(" \u00a0\ufeff\"'“")
    plain_number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
    return (
        not cell.startswith("'")
        and not plain_number
        and cell.lstrip('\u00a0\ufeff"“ ').startswith((*RUN, "\t", "\r", "\n"))
        and bool(bare)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_heading_or_print_line_begins_a_formula_in_any_locale(text):
    table = pd.DataFrame({text: [text, "ok"], "n": [-3.5, 2.0]})
    said = about(text, filters=text, rows=2, what="rows", versions=[text], at=datetime(2026, 3, 1))
    written = csv_bytes(table, said).decode("utf-8-sig")
    for separator in (",", ";"):
        assert not [cell for cell in cells(written, separator) if begins_a_formula(cell)]
    shown = TextOf()
    shown.feed(html_bytes(table, said).decode())
    assert not [text for text in shown.texts if begins_a_formula(text)]


def test_numbers_stay_numbers_and_plain_text_stays_as_it_was_typed():
    table = pd.DataFrame(
        {"n": [-3.5, 2.0], "i": [-1, 2], "said": ["it's - fine", "a = b"], "ok": [True, False]}
    )
    written = csv_bytes(table, ABOUT).decode("utf-8-sig")
    assert written.splitlines()[-2:] == ["-3.5,-1,it's - fine,True", "2.0,2,a = b,False"]
    assert defused(-3) == -3 and defused(None) is None


def test_a_csv_prints_itself_and_runs_nothing():
    table = pd.DataFrame(
        {
            "case_id": ["a1", "@a2"],
            "rationale": ['=HYPERLINK("x")', None],
            "value": [-3.5, 1.0],
            "=odd": ["\tx", "ok"],
        }
    )
    text = csv_bytes(table, ABOUT).decode("utf-8-sig")
    lines = text.splitlines()
    skip = next(i for i, line in enumerate(lines) if not line.lstrip('"').startswith("#"))
    assert f"line {skip + 1};" in lines[0]
    for printed in ("Manager: m1, m2", "2 overrides", "2026-03-01 09:00 UTC", "v1"):
        assert printed in text
    back = pd.read_csv(io.StringIO(text), skiprows=skip)
    assert back["value"].tolist() == [-3.5, 1.0] and back["rationale"][0] == '\'=HYPERLINK("x")'


def test_a_parquet_file_prints_itself_and_keeps_what_was_typed():
    table = pd.DataFrame({"rationale": ["=1+1"]})
    held = pq.read_table(io.BytesIO(parquet_bytes(table, ABOUT)))
    assert held.to_pandas()["rationale"].tolist() == ["=1+1"]
    assert json.loads(held.schema.metadata[b"about"])["filters"] == "Manager: m1, m2"


class TextOf(HTMLParser):
    """The texts of a page and its tags."""

    def __init__(self):
        super().__init__()
        self.texts, self.tags, self._inside = [], [], ""

    def handle_starttag(self, tag, attrs):
        self._inside = tag
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self._inside in ("h1", "dd", "td", "th"):
            self.texts.append(data)

    def handle_endtag(self, tag):
        self._inside = ""


def test_a_page_shows_typed_text_as_text_and_fetches_nothing():
    typed = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    table = pd.DataFrame({typed: [typed], "at": [pd.Timestamp("2026-03-01 09:00")], "none": [None]})
    said = about(typed, filters=typed, rows=1, what="rows", versions=[typed], at=datetime(2026, 3, 1))
    page = html_bytes(table, said).decode()
    seen = TextOf()
    seen.feed(page)
    names = {tag for tag, _ in seen.tags}
    assert not names & {"script", "img", "link", "iframe", "a", "form"}
    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in [attrs for _, attrs in seen.tags]
    assert typed in seen.texts and "2026-03-01 09:00:00" in seen.texts and "@media print" in page
    assert page.count("<td></td>") == 1


@pytest.mark.parametrize("name", FORMS)
def test_columns_keep_their_names_and_people_read_the_domains_words(name):
    table, called = (
        pd.DataFrame({"case_id": ["M-1"], "n": [3]}),
        {"case_id": "=Message", "manager": "Analyst"},
    )
    made = form(name, table, ABOUT, called)
    if name == "html":
        seen = TextOf()
        seen.feed(made.decode())
        assert seen.texts[-4:] == ["'=Message", "n", "M-1", "3"]
    elif name == "csv":
        lines = made.decode("utf-8-sig").splitlines()
        assert "# columns: case_id is =Message" in lines and "case_id,n" in lines
        assert lines[0].startswith(f"# The table begins in line {lines.index('case_id,n') + 1};")
    else:
        held = pq.read_table(io.BytesIO(made)).schema
        assert held.names == ["case_id", "n"]
        assert json.loads(held.metadata[b"about"])["columns"] == "case_id is =Message"


def test_a_long_page_says_that_it_is_cut():
    page = html_bytes(pd.DataFrame({"n": range(MOST_ON_A_PAGE + 1)}), ABOUT).decode()
    assert "Only the first 5,000 rows are here" in page and page.count("<tr>") == MOST_ON_A_PAGE + 1


@pytest.mark.parametrize("name", FORMS)
def test_a_table_written_in_parts_is_the_table_written_whole(name):
    table = pd.DataFrame({"said": ["=1", None, "x"], "n": [1, 2, 3], "part": [1.5, None, 2.0]})
    arrow, out = pa.Table.from_pandas(table, preserve_index=False), io.BytesIO()
    write(name, out, arrow.schema, arrow.to_batches(max_chunksize=1), ABOUT)
    if name == "parquet":
        assert (
            pq.read_table(out)
            .to_pandas()
            .equals(pq.read_table(io.BytesIO(form(name, table, ABOUT))).to_pandas())
        )
    else:
        assert out.getvalue() == form(name, table, ABOUT)


def test_whole_numbers_stay_whole_where_some_are_missing():
    arrow, out = pa.table({"n": pa.array([1, None, 3], pa.int64())}), io.BytesIO()
    write("csv", out, arrow.schema, arrow.to_batches(), ABOUT)
    assert out.getvalue().decode().splitlines()[-3:] == ["1", '""', "3"]


def test_a_table_without_rows_keeps_its_headings():
    schema, out = pa.schema([("case_id", pa.string())]), io.BytesIO()
    write("csv", out, schema, [], ABOUT)
    assert out.getvalue().decode().splitlines()[-1] == "case_id"
    assert "No rows." in html_bytes(pd.DataFrame({"case_id": []}), ABOUT).decode()
