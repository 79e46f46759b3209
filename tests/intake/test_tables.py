"""What a file must be before anybody asks what its columns mean."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhml.errors import ImportRefused
from rhml.intake import packed, tables
from rhml.intake.tables import read_bytes, read_table


def refused(name, content):
    with pytest.raises(ImportRefused) as caught:
        read_bytes(name, content)
    assert all(p.problem and p.remedy for p in caught.value.problems)
    return caught.value


def parquet(frame):
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_found_by_itself(separator):
    rows = (["id", "amount", "remark"], ["1", "2", '"a, b; c\td"'], ["2", "3", "x"])
    table = read_bytes("t.csv", "\n".join(separator.join(row) for row in rows).encode())
    assert list(table.frame.columns) == ["id", "amount", "remark"]
    assert table.frame["remark"].tolist() == ["a, b; c\td", "x"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_of_office_programs_are_read(encoding):
    text = "id,city\n1,Zürich\n2,Genève – “centre”\n3,5 €\n"
    table = read_bytes("t.csv", text.encode(encoding))
    assert table.frame["city"].tolist() == ["Zürich", "Genève – “centre”", "5 €"]
    assert list(table.frame.columns) == ["id", "city"]
    assert any("cp1252" in note for note in table.notes) == (encoding == "cp1252")


def test_line_breaks_in_quotes_do_not_shift_row_numbers():
    table = read_bytes("t.csv", b'id,remark\r\n1,"two\r\nlines"\r\n\r\n2,x\r\n,\r\n')
    assert table.frame["id"].tolist() == ["1", "2"]
    assert table.rows.tolist() == [2, 4]
    assert any("Empty rows were left out: 1." in note for note in table.notes)


def test_rows_of_another_length_are_listed_with_their_numbers():
    error = refused("t.csv", b'id,a\n1,2\n3\n"x\ny",5\n6,7,8\n')
    assert [p.row for p in error.problems] == [3, 5]
    assert "2 problems" in str(error)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.xlsx", b"PK\x03\x04", "workbook"),
        ("t.csv", b"PK\x03\x04rest", "workbook under another name"),
        ("t.csv", b"PAR1rest", "Parquet file under another name"),
        ("t.json", b"{}", "'.json'|.json is not read"),
        ("t", b"a", "nothing"),
        ("t.csv", b"", "empty"),
        ("t.csv", b" \n\r\n", "empty"),
        ("t.csv", b"\xef\xbb\xbf", "empty"),
        ("t.csv", b"id,a\n", "no rows"),
        ("t.csv", b"case_id,a,case_id\n1,2,3\n", "Two columns have this heading"),
        ("t.csv", b"id,a\n1,\x002\n", "NUL"),
        ("t.csv", b'id,a\n1,"2\n3,4\n5,6\n', "never closed"),
        ("t.csv", b"id,a\n" + bytes(range(128, 256)) * 20, "no text"),
        ("t.parquet", b"PAR1 but not really PAR1", "not a sound Parquet"),
        (
            "t.csv",
            ",".join(f"c{i}" for i in range(2001)).encode() + b"\n" + b"," * 2000 + b"1\n",
            "2,001 columns",
        ),
    ],
)
def test_unreadable_files_are_refused_with_a_remedy(name, content, says):
    assert any(word in str(refused(name, content)) for word in says.split("|"))


def test_files_beyond_the_limit_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(tables, "LARGEST", 10)
    assert "Parquet" in str(refused("t.csv", b"id,a\n1,22222\n"))
    (tmp_path / "t.csv").write_bytes(b"id,a\n1,22222\n")
    with pytest.raises(ImportRefused, match="at most"):
        read_table(tmp_path / "t.csv")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_table(tmp_path / "none.csv")


def test_a_small_parquet_that_unpacks_to_a_large_table_is_refused(monkeypatch):
    content = parquet(pd.DataFrame({"a": np.arange(1000)}))
    monkeypatch.setattr(packed, "UNPACKED", 100)
    assert "Unpacked" in str(refused("t.parquet", content))


def test_parquet_keeps_types_and_large_ids():
    frame = pd.DataFrame({
        "id": pd.array([2**62 + 1, None], dtype="Int64"),
        "kind": pd.Categorical(["a", "b"]),
        "at": pd.to_datetime(["2024-01-01", None]),
    })  # fmt: skip
    table = read_bytes("t.parquet", parquet(frame))
    assert int(table.frame["id"][0]) == 2**62 + 1
    assert table.frame["kind"].tolist() == ["a", "b"]
    assert not table.text_rows


def test_lists_in_parquet_cells_are_refused():
    error = refused("t.parquet", parquet(pd.DataFrame({"id": [1], "list": [[1, 2]]})))
    assert error.problems[0].column == "list"


def test_headings_lose_the_space_round_them():
    assert list(read_bytes("t.csv", b" id ,\ta\n1,2\n").frame.columns) == ["id", "a"]


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text('a1,;"\n\r\t =\x00é', max_size=40).map(str.encode)))
def test_any_bytes_are_a_table_or_refused_with_a_remedy(content):
    for name in ("t.csv", "t.parquet"):
        try:
            table = read_bytes(name, content)
        except ImportRefused as error:
            assert error.problems[0].remedy
        else:
            assert len(table.frame) == len(table.rows) > 0
