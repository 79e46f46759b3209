"""What Team → Training says of the courses in a line."""

import numpy as np
import pandas as pd

from rhml.human.course.team_gain import team_gain
from rhml.loop.training import Training
from rhml.stats.measure import Measure
from rhml.ui.training import sentence


def told(people: int) -> str:
    pairs = pd.DataFrame(
        {
            "person": [f"t{i % people}" for i in range(30)],
            "before": [i % 2 == 0 for i in range(30)],
            "after": True,
        }
    )
    none = Measure.unknown("None so far.")
    gain, parts = team_gain(pairs, smallest=0.05)
    return sentence(Training(people, 0, 0, people, gain, parts, {}, none, none, 90), "claims")


def test_both_tests_and_what_they_let_one_say():
    said = told(3)
    assert "Together, the 3 who finished improved, more than chance explains" in said
    assert "Of 100 past claims they called 50 right before practice and 100 after" in said


def test_two_people_are_not_averaged():
    assert "shown from 3 people on" in told(2) and "50" not in told(2)


def test_a_change_clear_at_one_look_only_is_laid_to_looking_often():
    # Of 200 pairs 39 turned right and 20 wrong: 2.5 standard errors, where eight looks ask for more.
    before, after = ([False] * 39 + [True] * 20, [True] * 39 + [False] * 20)
    alike = [k % 2 == 0 for k in range(141)]
    pairs = pd.DataFrame({"before": before + alike, "after": after + alike})
    pairs["person"] = np.repeat([f"t{k}" for k in range(10)], 20)
    pairs["ended"] = np.repeat(np.datetime64("2026-03-01") + np.arange(10), 20)
    none = Measure.unknown("None so far.")
    gain, parts = team_gain(pairs, smallest=0.05)
    said = sentence(Training(10, 0, 0, 10, gain, parts, {}, none, none, 600), "claims")
    assert (
        gain.verdict.change.low > 0 and "asked again as each course ends, chance alone may show that" in said
    )
