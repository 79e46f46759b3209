"""The truth table of verdicts is complete, and SQL and Python read it alike."""

import itertools

import duckdb
import pytest

from rhml.core.reliance import VERDICTS, verdict, verdict_sql

ACTIONS = ("a", "b", "c")
COMBINATIONS = list(itertools.product((*ACTIONS, None), (*ACTIONS, None), ACTIONS, (*ACTIONS, None)))


def test_sql_and_python_agree_over_every_combination():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE d (n INTEGER, h TEXT, m TEXT, t TEXT, y TEXT)")
        rows = [(n, *row) for n, row in enumerate(COMBINATIONS)]
        connection.executemany("INSERT INTO d VALUES (?, ?, ?, ?, ?)", rows)
        found = connection.execute(f"SELECT {verdict_sql('h', 'm', 't', 'y')} FROM d ORDER BY n").fetchall()
    expected = [verdict(first=h, recommended=m, final=t, right=y) for h, m, t, y in COMBINATIONS]
    assert [row[0] for row in found] == expected


def test_every_resolved_decision_has_one_verdict_and_every_verdict_occurs():
    found = {
        verdict(first=h, recommended=m, final=t, right=y) for h, m, t, y in COMBINATIONS if y is not None
    }
    assert found == set(VERDICTS)


@pytest.mark.parametrize(
    ("first", "recommended", "final", "right", "expected"),
    [
        ("a", "b", "b", "b", "appropriate reliance"),
        ("a", "b", "b", "a", "overreliance"),
        ("a", "b", "a", "a", "rescued"),
        ("a", "b", "a", "b", "spoiled"),
        ("a", "b", "a", "c", "both wrong"),
        (None, "b", "a", "a", "rescued"),
        (None, "b", "b", "b", "followed right"),
        (None, "b", "b", "a", "followed wrong"),
        ("b", "b", "b", "b", "agreed right"),
        ("b", "b", "b", "a", "agreed wrong"),
        ("a", None, "a", "a", "unadvised right"),
        (None, None, "a", "b", "unadvised wrong"),
        ("a", "b", "a", None, None),
    ],
)
def test_the_table_reads_as_written(first, recommended, final, right, expected):
    assert verdict(first=first, recommended=recommended, final=final, right=right) == expected
