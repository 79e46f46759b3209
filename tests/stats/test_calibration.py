"""What was said is held against what came true."""

import numpy as np
import pytest

from rhml.stats.calibration import brier, calibration_error, calibration_table


def test_a_brier_score_falls_apart_exactly_where_a_band_says_one_thing():
    said = np.repeat([0.25, 0.65, 0.85], 40)
    came = np.r_[np.arange(40) < 12, np.arange(40) < 20, np.arange(40) < 36].astype(float)
    found = brier(said, came)
    assert found.score.value == pytest.approx(((said - came) ** 2).mean())
    assert found.score.value == pytest.approx(found.reliability - found.resolution + found.uncertainty)
    assert found.score.low < found.score.value < found.score.high


def test_few_cases_have_no_brier_score():
    assert brier([0.5] * 5, [1] * 5).score.why == "Only 5 cases so far; too few to say."
    assert not calibration_error([0.5] * 5, [1] * 5).known


def test_who_says_eight_in_ten_and_is_right_six_in_ten_is_off_by_two():
    assert calibration_error([0.8] * 50, [1] * 30 + [0] * 20).value == pytest.approx(0.2)


def test_a_table_has_each_case_once_and_intervals_that_hold_it():
    rng = np.random.default_rng(0)
    said = rng.random(500)
    table = calibration_table(said, rng.random(500) < said)
    assert table["n"].sum() == 500
    assert ((table["low"] <= table["came_true"]) & (table["came_true"] <= table["high"])).all()
    assert ((table["from"] <= table["said"]) & (table["said"] <= table["to"])).all()
    assert ((table["low"] <= table["said"]) & (table["said"] <= table["high"])).sum() >= len(table) - 2


def test_certainty_belongs_to_the_last_band():
    assert calibration_table([1.0, 0.95], [1, 1])["n"].tolist() == [2]


def test_people_on_one_case_do_not_narrow_a_band():
    wide = calibration_table([0.55] * 40, [1, 0] * 20, cases=np.repeat(np.arange(10), 4))
    narrow = calibration_table([0.55] * 40, [1, 0] * 20)
    assert wide["high"][0] - wide["low"][0] > 1.5 * (narrow["high"][0] - narrow["low"][0])
