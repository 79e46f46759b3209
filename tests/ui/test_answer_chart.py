"""Which picture an answer has: by what its columns are, and none where none would be honest."""

import pandas as pd
import pytest

from rhml.ui.questions.answer_chart import BARS, LINES, Picture, choose, said, why_not
from rhml.ui.questions.answer_drawing import figure

MONTHS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])


def test_a_name_and_a_count_are_bars():
    assert choose(pd.DataFrame({"reason": ["a", "b"], "n": [1, 2]})) == Picture("bars", "reason", ("n",))


def test_a_time_and_a_number_are_a_line_in_order_of_time():
    table = pd.DataFrame({"month": MONTHS[::-1], "n": [3, 2, 1]})
    picture = choose(table)
    assert picture == Picture("line", "month", ("n",))
    assert list(figure(table, picture).data[0].y) == [1, 2, 3]


def test_a_second_name_gets_the_colours():
    table = pd.DataFrame({"mode": ["a", "a", "b", "b", "c", "c"], "over": ["x", "y"] * 3, "n": range(6)})
    assert choose(table) == Picture("bars", "mode", ("n",), "over")
    timed = pd.DataFrame({"month": [*MONTHS] * 2, "over": ["x"] * 3 + ["y"] * 3, "n": range(6)})
    assert choose(timed) == Picture("line", "month", ("n",), "over")
    assert [len(trace.x) for trace in figure(timed, choose(timed)).data] == [3, 3]


def test_counts_and_shares_never_share_an_axis():
    table = pd.DataFrame({"sector": ["a", "b"], "n": [100, 300], "share": [0.25, 0.5]})
    assert choose(table).heights == ("share",)
    assert figure(table, choose(table)).layout.yaxis.tickformat == ".0%"


def test_parts_are_stacked_only_where_they_add_up():
    parts = pd.DataFrame({"reason": ["a", "b"], "rescued": [1, 2], "spoiled": [3, 4], "overrides": [4, 6]})
    assert choose(parts) == Picture("stacked", "reason", ("rescued", "spoiled"))
    other = parts.assign(overrides=[4, 7])
    assert choose(other) == Picture("bars", "reason", ("rescued", "spoiled", "overrides"))


def test_numbers_alone_are_a_line_where_the_first_counts_upwards_and_else_points():
    steps = pd.DataFrame({"said": [0.5, 0.6, 0.7], "n": [10, 20, 30], "came_true": [0.4, 0.6, 0.8]})
    assert choose(steps) == Picture("line", "said", ("came_true",))
    cloud = pd.DataFrame({"x": [3.5, 1.0] * 5, "y": range(10)})
    assert choose(cloud) == Picture("points", "x", ("y",))


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"name": ["a"], "n": [1]}),
        pd.DataFrame({"a": ["x", "y"], "b": ["x", "y"]}),
        pd.DataFrame({"n": [1, 2], "m": [1, 2]}),
        pd.DataFrame({"a": ["x", "x"], "n": [1, 2]}),
        pd.DataFrame({"a": [str(i) for i in range(BARS + 1)], "n": range(BARS + 1)}),
        pd.DataFrame({"a": [None, None], "n": [1, 2]}),
        pd.DataFrame({"a": ["x", "y"], "n": [None, None]}),
        pd.DataFrame([["x", 1, 2], ["y", 2, 3]], columns=["a", "n", "n"]),
        pd.DataFrame({"month": MONTHS, "a": ["x", "y", "z"], "b": ["x", "y", "z"], "n": [1, 2, 3]}),
        pd.DataFrame({"month": [MONTHS[0]] * 2, "n": [1, 2]}),
        pd.DataFrame({"x": [], "n": []}),
    ],
)
def test_where_no_rule_fits_there_is_no_picture(table):
    assert choose(table) is None


def test_what_a_reader_chooses_is_refused_in_words_where_it_would_mislead():
    table = pd.DataFrame({"who": [str(i) for i in range(LINES + 1)], "n": range(LINES + 1), "m": 1.5})
    assert "one number" in why_not(table, Picture("bars", "who", ()))
    assert "Points need a number" in why_not(table, Picture("points", "who", ("n",)))
    assert "cannot be told apart" in why_not(table, Picture("line", "n", ("m",), "who"))
    assert "one height" in why_not(table.head(3), Picture("line", "n", ("n", "m"), "who"))
    assert "share one bar" in why_not(pd.concat([table, table]), Picture("bars", "who", ("n",)))
    assert why_not(table, Picture("points", "n", ("m",))) == ""


def test_typed_text_is_shown_as_text_in_every_place():
    typed = "<b>b</b><a href='x'>y</a>"
    table = pd.DataFrame({typed: [typed, "plain"], "kind": ["k", typed], "n<i>": [1, 2]})
    drawn = figure(table, Picture("bars", typed, ("n<i>",), "kind")).to_json()
    assert "<b>" not in drawn and "<a " not in drawn and "<i>" not in drawn and "&lt;b&gt;" in drawn


def test_long_names_that_begin_alike_stay_apart():
    table = pd.DataFrame({"name": ["x" * 50 + "1", "x" * 50 + "2"], "n": [1, 2]})
    assert list(figure(table, choose(table)).data[0].x) == [0, 1]


def test_colours_are_told_apart_without_colour_too():
    table = pd.DataFrame({"month": [*MONTHS] * 3, "who": ["a"] * 3 + ["b"] * 3 + ["c"] * 3, "n": range(9)})
    lines = figure(table, choose(table)).data
    assert len({(t.line.dash, t.marker.symbol) for t in lines}) == 3
    bars = figure(table, Picture("bars", "month", ("n",), "who")).data
    assert len({t.marker.pattern.shape for t in bars}) == 3


def test_a_picture_is_said_in_words():
    table = pd.DataFrame({"sector": ["retail", "farming"], "share": [0.5, 0.25]})
    text = said(table, choose(table))
    assert (
        "share over sector" in text
        and "highest at retail (0.5)" in text
        and "lowest at farming (0.25)" in text
    )


def test_every_bar_keeps_its_name_on_a_narrow_screen():
    table = pd.DataFrame({"kind": [f"a long name {i}" for i in range(8)], "n": range(8)})
    axis = figure(table, choose(table)).layout.xaxis
    assert len(axis.ticktext) == 8 and axis.ticklabeloverflow == "allow"
    assert min(axis.autotickangles) < 0 <= max(axis.autotickangles)
