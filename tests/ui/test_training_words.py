"""What Team → Training says of the courses in a line."""

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
