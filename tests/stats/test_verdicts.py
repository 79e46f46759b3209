"""The words never claim more than the interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhml.stats.measure import Measure
from rhml.stats.verdicts import more_needed, verdict


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.20, "improved"),
        (-0.20, -0.01, "fell"),
        (-0.04, 0.04, "no change shown"),
        (-0.04, 0.20, "not enough data yet (about 2,200 more)"),
    ],
)
def test_the_interval_chooses_the_words(low, high, words):
    assert verdict(Measure((low + high) / 2, low, high, 200), smallest=0.05).words == words


def test_an_unknown_change_is_too_few_to_say():
    assert verdict(Measure.unknown("Only 7 cases so far; too few to say.", 7), smallest=0.05).words == (
        "too few to say"
    )


@given(st.floats(-0.3, 0.3), st.floats(0.01, 0.3), st.integers(40, 10_000))
def test_the_number_still_needed_never_depends_on_the_change_seen(shift, half, n):
    here = more_needed(Measure(0, -half, half, n), smallest=0.05)
    there = more_needed(Measure(shift, shift - half, shift + half, n), smallest=0.05)
    # Subtracting the ends may round the width in its last digit, and with it the second digit of N.
    assert there == pytest.approx(here, rel=0.12, abs=1)


@given(st.floats(-0.2, 0.2), st.floats(0.001, 0.3), st.integers(40, 10_000))
def test_an_open_verdict_always_asks_for_more(value, half, n):
    said = verdict(Measure(value, value - half, value + half, n), smallest=0.05)
    assert (said.more or 0) >= 1 or said.words in ("improved", "fell", "no change shown")
    assert (said.more is not None) == said.words.startswith("not enough")


def test_the_number_needed_has_eighty_percent_power():
    # One proportion against another, 500 cases a period at .5: the textbook number for 5 points is 1,565 each.
    half = 1.96 * (2 * 0.25 / 500) ** 0.5
    assert 1000 + more_needed(Measure(0, -half, half, 1000), smallest=0.05) == pytest.approx(3130, rel=0.05)
