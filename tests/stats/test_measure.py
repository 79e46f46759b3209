"""A measure never carries a number that JSON cannot."""

import json
import math

from rhml.stats.measure import Measure, too_few


def test_what_is_not_finite_becomes_unknown():
    measure = Measure.of(math.nan, -math.inf, 0.5, 30)
    assert (measure.value, measure.low, measure.high) == (None, None, 0.5)
    assert json.loads(json.dumps(measure.as_dict(), allow_nan=False))["n"] == 30


def test_an_unknown_measure_says_why():
    measure = Measure.unknown("No outcomes.", 3)
    assert not measure.known
    assert measure.as_dict() == {"value": None, "low": None, "high": None, "n": 3, "why": "No outcomes."}


def test_few_cases_are_said_in_words():
    assert too_few(7) == "Only 7 cases so far; too few to say."
    assert too_few(0) == "No cases so far."


def test_scaling_keeps_what_is_unknown():
    assert Measure(2.0, None, 3.0, 20).scaled(10) == Measure(20.0, None, 30.0, 20)
