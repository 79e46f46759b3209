"""Every way a table leaves the product: no cell, heading or line of print of a CSV begins a formula."""

import ast
import csv
import io
import time
from pathlib import Path

import pandas as pd
import pytest

from rhml import printing
from rhml.printed.tables import defused, safe
from tests.printed.test_tables import HOSTILE, begins_a_formula

ROOM = Path(__file__).parents[2] / "rhml"
WRITERS = {"printing.py", "printed/tables.py"}
"""The only modules that write CSV; both through `safe`, or one defused line at a time."""


def calls(path: Path) -> list[str]:
    """The calls of a module that write CSV, as they stand."""
    tree = ast.parse(path.read_text("utf-8"))
    named = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute) and n.attr in ("to_csv", "writer", "to_excel")
    ]
    return [ast.unparse(n) for n in named]


def test_csv_is_written_in_two_places_alone_and_of_safe_tables_alone():
    found = {path.relative_to(ROOM).as_posix(): made for path in ROOM.rglob("*.py") if (made := calls(path))}
    assert set(found) == WRITERS
    for made in found.values():
        assert all(call.startswith("safe(") or call == "csv.writer" for call in made), made
    assert not any("DictWriter" in path.read_text("utf-8") for path in ROOM.rglob("*.py"))


@pytest.fixture
def table():
    return pd.DataFrame({"=1+1": HOSTILE, "case_id": [f"={i}" for i in range(len(HOSTILE))], "n": -1.5,
                         "list": [["=1"]] * len(HOSTILE), "kind": pd.Categorical(["@x"] * len(HOSTILE))})  # fmt: skip


def written(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def test_a_table_on_the_terminal_or_in_a_file_runs_nothing(table, tmp_path, capsys):
    printing.listing(table, None, False)
    printing.write_table(table, tmp_path / "out.csv")
    for text in (capsys.readouterr().out, (tmp_path / "out.csv").read_text("utf-8")):
        assert not [cell for cell in written(text) if begins_a_formula(cell)]
        assert "-1.5" in written(text)


def test_in_parquet_a_text_stays_as_it_was_typed(table, tmp_path):
    printing.write_table(table.drop(columns=["list", "kind"]), tmp_path / "out.parquet")
    assert pd.read_parquet(tmp_path / "out.parquet")["=1+1"].tolist() == HOSTILE


def test_an_empty_table_and_one_of_numbers_stay_what_they_are():
    assert safe(pd.DataFrame()).empty
    numbers = pd.DataFrame({"a": [-1, 2], "b": [-0.5, None]})
    pd.testing.assert_frame_equal(safe(numbers), numbers)


@pytest.mark.parametrize("text", ["\n" * 50_000, "\t" * 50_000 + "=1", "; " * 50_000, "'" * 50_000])
def test_a_long_text_is_defused_in_no_time(text):
    begun = time.process_time()
    defused(text)
    assert time.process_time() - begun < 2
