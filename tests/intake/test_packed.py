"""Parquet files that lie about their size or hold what no CSV can."""

import datetime as dt
import io
import os
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from rhml.errors import ImportRefused
from rhml.intake.cells import as_text
from rhml.intake.tables import read_bytes, read_table


def packed(**columns) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def cells(column) -> list:
    return as_text(read_bytes("t.parquet", packed(x=column)).frame["x"]).tolist()


def test_millions_of_empty_cells_are_refused_before_they_are_unpacked():
    file = io.BytesIO()
    part = pa.table({f"c{i}": pa.nulls(200_000, pa.int64()) for i in range(40)})
    with parquet.ParquetWriter(file, part.schema) as writer:
        for _ in range(40):
            writer.write_table(part)
    assert len(file.getvalue()) < 2**20
    with pytest.raises(ImportRefused, match="Unpacked it would take"):
        read_bytes("t.parquet", file.getvalue())


def test_one_long_text_repeated_is_refused_before_it_is_unpacked():
    indices = pa.array([0] * 50_000, pa.int32())
    content = packed(x=pa.DictionaryArray.from_arrays(indices, pa.array(["x" * 100_000])))
    with pytest.raises(ImportRefused, match="Unpacked it would take"):
        read_bytes("t.parquet", content)


def test_bytes_and_lists_are_refused_before_they_are_unpacked():
    repeated = pa.array([0] * 3_000, pa.int32())
    held = pa.DictionaryArray.from_arrays(repeated, pa.array([b"x" * 100_000]))
    numbers = pa.ListArray.from_arrays(
        pa.array([0, 20_000_000], pa.int32()), pa.nulls(20_000_000, pa.int64())
    )
    before = pa.total_allocated_bytes()
    for cells_, kind in ((held, "binary"), (numbers, "list")):
        content, reached = packed(x=cells_), pa.default_memory_pool().max_memory()
        with pytest.raises(ImportRefused, match=f"values of type {kind}"):
            read_bytes("t.parquet", content)
        assert pa.default_memory_pool().max_memory() - reached < 10 * 2**20
    assert pa.total_allocated_bytes() - before < 10 * 2**20


def test_texts_under_a_newer_name_are_refused_before_they_are_unpacked():
    told = parquet.read_metadata(io.BytesIO(packed(x=pa.array(["x"]).cast(pa.string_view())))).metadata
    file, long = (
        io.BytesIO(),
        pa.DictionaryArray.from_arrays(pa.array([0] * 50_000, pa.int32()), pa.array(["x" * 100_000])),
    )
    with parquet.ParquetWriter(file, pa.schema([("x", long.type)]), store_schema=False) as writer:
        writer.write_table(pa.table({"x": long}))
        writer.add_key_value_metadata({"ARROW:schema": told[b"ARROW:schema"].decode()})
    with pytest.raises(ImportRefused, match="Unpacked it would take"):
        read_bytes("t.parquet", file.getvalue())
    assert cells(pa.array(["Zürich", None]).cast(pa.string_view()))[0] == "Zürich"


def test_long_whole_decimals_keep_every_digit():
    ids = [Decimal(12345678901234567891), Decimal(12345678901234567892)]
    assert cells(pa.array(ids, pa.decimal128(38, 0))) == [str(i) for i in ids]


def test_days_read_as_a_csv_writes_them():
    assert cells(pa.array([dt.date(2024, 1, 31)])) == ["2024-01-31"]
    assert cells(pa.array([dt.datetime(2024, 1, 31, 5)])) == ["2024-01-31T05:00:00"]


def test_yes_and_no_read_alike_with_and_without_empty_cells():
    assert cells(pa.array([True, False])) == ["true", "false"]
    assert cells(pa.array([True, None]))[0] == "true"


def test_a_time_zone_nobody_knows_is_still_utc_underneath():
    content = packed(x=pa.array([0], pa.timestamp("us", "Mars/Base")))
    assert read_bytes("t.parquet", content).frame["x"].tolist() == [pd.Timestamp("1970-01-01")]


def test_one_letter_written_in_two_ways_is_one_letter():
    assert cells(pa.array(["e\u0301"])) == ["\u00e9"]
    assert list(read_bytes("t.csv", "e\u0301\n1\n".encode()).frame.columns) == ["\u00e9"]


def test_a_pipe_or_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        with pytest.raises(ImportRefused, match="no file"):
            read_table(tmp_path / name)
