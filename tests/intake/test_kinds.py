"""Numbers, dates, yes and no, words: read where one reading is possible, refused elsewhere."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import Feature, parse_domain
from rhml.intake.cells import as_text, words
from rhml.intake.dates import dates
from rhml.intake.features import read_feature
from rhml.intake.figures import numbers
from rhml.intake.words import actions, yes_no


def faults(parsed):
    return [(w.problem, np.flatnonzero(w.mask).tolist()) for w in parsed.wrong if w.mask.any()]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2.5", "1e3", "+4", ".5", " 7 "], [1, -2.5, 1000, 4, 0.5, 7]),
        (["1,5", "2"], [1.5, 2]),
        (["0,125"], [0.125]),
        (["1.234,5", "1.234", "7"], [1234.5, 1234, 7]),
        (["1,234.5", "1,234", "7"], [1234.5, 1234, 7]),
        (["1,234,567", "1,234"], [1234567, 1234]),
        (["1 234,5", "2\u00a0000", "3'000"], [1234.5, 2000, 3000]),
        (["−5", "3"], [-5, 3]),
        (["1,234", "0.5"], [1234, 0.5]),
    ],
)
def test_numbers_with_one_reading_are_read(cells, values):
    parsed = numbers(pd.Series(cells))
    assert parsed.sound
    assert parsed.values.tolist() == values


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["1,234", "5"], "group thousands or begin decimals"),
        (["1,5", "2.5"], "mixes"),
        (["12%", "3"], "percent"),
        (["€ 12", "3"], "currency"),
        (["12 €", "$ 3"], "currency"),
        (["inf"], "not finite"),
        (["1e999"], "not finite"),
        (["#DIV/0!"], "formula failed"),
        (["abc"], "no number"),
        (["0x1A"], "no number"),
        (["1_000"], "no number"),
        (["-"], "no number"),
        (["1,2,3"], "no number"),
    ],
)
def test_numbers_with_no_or_two_readings_are_refused(cells, says):
    ((problem, rows),) = faults(numbers(pd.Series(cells)))
    assert says in problem
    assert rows[0] == 0


def test_infinity_in_a_typed_column_is_refused():
    assert faults(numbers(pd.Series([1.0, np.inf])))[0][1] == [1]


def test_missing_tokens_are_missing_and_none_is_a_word():
    text = as_text(pd.Series(["", " ", "NA", "null", "None", "NaN", "none", "-", "?"]))
    assert text.dropna().tolist() == ["none", "-", "?"]


def test_the_domain_names_its_own_missing_values():
    assert np.isnan(read_feature(pd.Series(["666", "1"]), Feature(name="a", missing=(666.0,))).values[0])
    assert np.isnan(read_feature(pd.Series([666, 1]), Feature(name="a", missing=(666.0,))).values[0])
    assert np.isnan(
        read_feature(pd.Series(["unknown", "1"]), Feature(name="a", missing=("unknown",))).values[0]
    )
    word = read_feature(pd.Series(["?", "b", "9"]), Feature(name="a", kind="category", missing=("?", 9.0)))
    assert word.values.tolist() == [None, "b", None]
    day = read_feature(pd.Series(["9999-12-31"]), Feature(name="a", kind="date", missing=("9999-12-31",)))
    assert day.sound
    assert pd.isna(day.values[0])


def test_a_declared_level_is_never_missing():
    parsed = read_feature(pd.Series(["NA", "EU"]), Feature(name="a", kind="category", levels=("NA", "EU")))
    assert parsed.values.tolist() == ["NA", "EU"]


def test_unknown_levels_are_refused_with_the_nearest_one():
    feature = Feature(name="a", kind="category", levels=("North", "South"))
    (wrong,) = read_feature(pd.Series(["north", "South", None]), feature).wrong
    assert wrong.mask.tolist() == [True, False, False]
    assert "'North'" in wrong.problem(0)


def test_without_declared_levels_any_word_is_a_level():
    assert read_feature(pd.Series(["x", "y"]), Feature(name="a", kind="category")).sound


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2024-01-31", "2024-01-31"),
        ("20240131", "2024-01-31"),
        ("2024/1/31", "2024-01-31"),
        ("2024-01-31 14:05", "2024-01-31 14:05"),
        ("2024-01-31T14:05:06.5Z", "2024-01-31 14:05:06.5"),
        ("2024-01-31T02:00+02:00", "2024-01-31 00:00"),
        ("1.2.2024", "2024-02-01"),
        ("31.01.2024 9:05", "2024-01-31 09:05"),
        ("31/01/2024", "2024-01-31"),
        ("01/31/2024", "2024-01-31"),
        ("5/5/2024", "2024-05-05"),
        ("31 Jan 2024", "2024-01-31"),
        ("January 31, 2024", "2024-01-31"),
    ],
)
def test_dates_with_one_reading_are_read(cell, value):
    parsed = dates(pd.Series([cell, None]))
    assert parsed.sound
    assert parsed.values[0] == pd.Timestamp(value)
    assert parsed.values.dtype == "datetime64[us]"


def test_one_late_day_settles_the_order_of_a_column():
    parsed = dates(pd.Series(["03/04/2024", "31/04/2023", "31/12/2024"]))
    assert parsed.values[0] == pd.Timestamp("2024-04-03")
    assert faults(parsed) == [("This is no date.", [1])]
    assert "day/month/year" in parsed.notes[0]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["03/04/2024"], "day/month or month/day"),
        (["31/01/2024", "01/31/2024"], "mixes"),
        (["2024-02-30"], "no date"),
        (["45321"], "day number"),
        (["soon"], "no date"),
        (["1899-12-31"], "between 1900 and 2100"),
        (["2100-01-01"], "between 1900 and 2100"),
        (["9999-12-31T00:00+05:00"], "between 1900 and 2100"),
    ],
)
def test_dates_with_no_or_two_readings_are_refused(cells, says):
    assert says in faults(dates(pd.Series(cells)))[0][0]


def test_typed_dates_lose_their_zone_in_utc():
    typed = pd.Series(pd.to_datetime(["2024-01-01T00:00"]).tz_localize("Europe/Berlin"))
    assert dates(typed).values[0] == pd.Timestamp("2023-12-31 23:00")


def test_yes_and_no_in_several_languages():
    parsed = yes_no(pd.Series(["Yes", "N", "TRUE", "0", "ja", "não", "oui", "Нет", None]))
    assert parsed.values[:8].tolist() == [1, 0, 1, 0, 1, 0, 1, 0]
    assert yes_no(pd.Series([True, False])).values.tolist() == [1, 0]
    assert yes_no(pd.Series([1.0, np.nan])).values[0] == 1
    assert faults(yes_no(pd.Series(["maybe", "2"])))[0][1] == [0, 1]


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+A1", "-HYPERLINK(1)", "\t=2", "- x|y!A0", "+cmd|' /C calc'!A0"]
)
def test_formulas_are_refused(cell):
    assert faults(words(as_text(pd.Series(["fine", cell]))))[0][1] == [1]


@pytest.mark.parametrize(
    "cell", ["-5", "-", "--", "+49 30 1234", "- came back (twice)", "a=b", "-12.5 %", "x@y.org"]
)
def test_harmless_signs_are_kept(cell):
    assert words(as_text(pd.Series([cell]))).sound


@pytest.mark.parametrize(
    ("cell", "kind", "sound"),
    [
        ("a\nb", "text", True),
        ("a\x07b", "text", False),
        ("a\nb", "category", False),
        ("a\u200bb", "id", False),
        ("a\u202eb", "id", False),
        ("Ωmega", "id", True),
        ("x" * 20_000, "text", True),
        ("x" * 20_001, "text", False),
    ],
)
def test_characters_that_may_stand_in_a_cell(cell, kind, sound):
    assert words(pd.Series([cell], dtype="str"), kind=kind).sound is sound


def test_actions_are_keys_or_labels():
    domain = parse_domain("d", 'title="D"\n[actions]\nlend="Lend money"\ndecline="Decline"\nwait="lend"')
    parsed = actions(pd.Series(["lend", "LEND MONEY", "decline", None, "other"]), domain)
    assert parsed.values.tolist() == ["lend", "lend", "decline", None, None]
    assert faults(parsed)[0][1] == [4]
    assert len(parsed.notes) == 1
