"""Segments carry names that people use."""

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.stats.bands import month_names, segment_names

ACTIONS = "title = 'Loans'\n[actions]\nlend = 'Lend'\ndecline = 'Decline'\n"
COLUMNS = "[features.{0}]\nkind = '{1}'\nuse = false\n[segments]\ncolumns = ['{0}']\n"


def _named(kind, values):
    domain = parse_domain("loans", ACTIONS + COLUMNS.format("x", kind))
    return segment_names(pd.DataFrame({"x": values}), "x", domain).tolist()


def test_yes_no_dates_and_gaps_have_names():
    assert _named("yes_no", [1.0, 0.0, np.nan]) == ["yes", "no", "not stated"]
    assert _named("date", pd.to_datetime(["2024-05-01", None])) == ["2024", "not stated"]
    assert _named("category", ["north", None]) == ["north", "not stated"]


def test_few_numbers_stay_and_many_become_quarters():
    assert _named("number", [1.0, 2.5, 1.0]) == ["1", "2.5", "1"]
    names = pd.Series(_named("number", [*np.arange(100.0), np.nan]))
    assert names.value_counts().drop("not stated").tolist() == [25, 25, 25, 25]


def test_the_rarest_of_many_levels_are_taken_together():
    values = np.repeat([f"level {i}" for i in range(50)], np.arange(60, 10, -1))
    names = set(_named("category", values))
    assert len(names) == 30
    assert "all others" in names


def test_a_period_has_a_name_and_no_time_has_none():
    times = pd.to_datetime(pd.Series(["2025-03-09", None]))
    assert month_names(times).tolist() == ["2025-03", "not stated"]
    assert month_names(times, "Q").tolist() == ["2025Q1", "not stated"]
