"""What spoke for the outcome, the nearest case that went the other way, and how many cases make five minutes."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain_parts import Feature
from rhml.human.drills import opposite
from rhml.human.drills.pace import cases_of_a_session, pace
from rhml.human.drills.refuting import strongest

TWO, THREE = ("lend", "decline"), ("now", "soon", "never")


def test_what_spoke_against_a_wrong_recommendation_spoke_for_the_outcome():
    assert strongest((0.3, -0.12), actions=TWO, recommended="lend", right="decline") == ((1,), 0.12)
    assert strongest((0.3, -0.12), actions=TWO, recommended="lend", right="lend") == ((0,), 0.3)


def test_of_three_actions_the_stored_points_of_the_right_one_speak():
    by_action = (0.2, 0.0, -0.1, 0.3, -0.1, -0.3)
    found = strongest((0.2, 0.0), actions=THREE, recommended="now", right="soon", by_action=by_action)
    assert found == ((1,), 0.3)
    assert strongest((0.2, -0.1), actions=THREE, recommended="now", right="soon") is None


def test_factors_that_say_the_same_count_as_one():
    points = (0.10, 0.06, 0.07)
    assert strongest(points, actions=TWO, recommended="lend", right="lend", groups=[(1, 2)])[0] == (1, 2)


def test_nothing_stored_or_nothing_for_it_says_nothing():
    assert strongest((), actions=TWO, recommended="lend", right="lend") is None
    assert strongest((-0.2,), actions=TWO, recommended="lend", right="lend") is None
    assert strongest((0.2,), actions=TWO, recommended="lend", right="sold") is None


FEATURES = (
    Feature(name="amount", label="Amount"), Feature(name="sector", label="Sector", kind="category"),
    Feature(name="insured", label="Insured", kind="yes_no"), Feature(name="founded", label="Founded", kind="date"),
    Feature(name="note", label="Note", kind="text"),
)  # fmt: skip


def others():
    return pd.DataFrame(
        {
            "amount": [100.0, 5000.0, np.nan], "sector": ["retail", "crafts", None], "insured": [1.0, 0.0, np.nan],
            "founded": pd.to_datetime(["2001-01-01", "2020-01-01", None]), "note": ["a", "b", "c"],
        }
    )  # fmt: skip


def test_the_nearest_in_facts_is_found_whatever_is_missing():
    near = {
        "amount": 120.0,
        "sector": "retail",
        "insured": True,
        "founded": pd.Timestamp("2002-01-01"),
        "note": "b",
    }
    far = {"amount": 4900.0, "sector": "crafts", "insured": False, "founded": pd.Timestamp("2019-01-01")}
    nothing = {"amount": None, "sector": None, "insured": None, "founded": None}
    assert [opposite.alike(one, others(), FEATURES) for one in (near, far, nothing)] == [0, 1, 2]
    assert opposite.alike(near, others().iloc[:0], FEATURES) is None


def test_the_nearest_to_the_model_needs_enough_cases_that_it_saw():
    here, seen = (0.1, 0.2), [(0.5, 0.5)] * 24 + [(0.1, 0.19)]
    assert opposite.seen_alike(here, seen) == 24
    assert opposite.seen_alike(here, seen[-3:]) is None
    assert opposite.seen_alike((), seen) is None


@pytest.mark.parametrize(("seconds", "cases"), [(10, 15), (30, 10), (50, 6), (120, 5)])
def test_a_session_holds_what_fits_five_minutes_at_the_persons_pace(seconds, cases):
    at = pd.date_range("2026-03-02", periods=20, freq=f"{seconds}s")
    assert cases_of_a_session(pd.DataFrame({"drill_id": "d", "answered_at": at})) == cases


def test_a_pause_between_sessions_and_a_long_one_within_say_nothing_of_the_pace():
    at = [*pd.date_range("2026-03-02", periods=9, freq="20s"), pd.Timestamp("2026-03-02 10:00")]
    assert pace(pd.DataFrame({"drill_id": "d", "answered_at": at})) is None
