"""Overrides are counted by what came of them, and rates never outrun their interval."""

import numpy as np
import pandas as pd
import pytest

from rhml.errors import RhmlError
from rhml.reports.overrides import dimensions, overrides, rate_in_words
from rhml.stats.intervals import share_of
from rhml.stats.summed import over_cases

SELECTIVE = '[outcome]\nobserved_after = ["lend"]\nexplore = 0.3\n'


@pytest.fixture
def frame(decisions):
    """A hundred recommendations to lend; thirty declined: ten rescued, fifteen spoiled, five open."""
    return decisions(
        100,
        recommended_action="lend",
        final_action=["decline"] * 30 + ["lend"] * 70,
        right_action=["decline"] * 10 + ["lend"] * 15 + [None] * 5 + ["lend"] * 70,
        reason=["New information"] * 12 + ["Other"] * 18 + [None] * 70,
        manager=["m1"] * 15 + ["m2"] * 85,
        decided_at=pd.Timestamp("2025-03-01"),
    )


def test_every_override_is_in_one_count(frame, domain):
    [total] = overrides(frame, domain=domain())
    assert (total.advised, total.overridden) == (100, 30)
    assert (total.rescued, total.spoiled, total.both_wrong) == (10, 15, 0)
    assert (total.not_yet_known, total.cannot_be_known) == (5, 0)
    assert total.precision.value == pytest.approx(0.4)
    assert (total.value.value, total.unit) == (-5, "cases")
    assert total.rate.value == 0.3


@pytest.mark.parametrize(
    "by", ["manager", "reason", "direction", "period", "verdict", "mode", "model_version"]
)
def test_the_parts_of_a_dimension_add_up(frame, domain, by):
    [total], parts = overrides(frame, domain=domain()), overrides(frame, domain=domain(), by=by)
    for count in ("overridden", "rescued", "spoiled", "not_yet_known"):
        assert sum(getattr(part, count) for part in parts) == getattr(total, count)
    assert [part.overridden for part in parts] == sorted((part.overridden for part in parts), reverse=True)


def test_a_reason_has_counts_and_no_rate(frame, domain):
    other, new = overrides(frame, domain=domain(), by="reason")
    assert (other.name, other.overridden, new.name, new.overridden) == ("Other", 18, "New information", 12)
    assert other.rate.value is None


def test_refusing_what_the_model_accepts_is_high_side(frame, domain):
    [only] = overrides(frame, domain=domain(), by="direction")
    assert only.name == "high-side"


def test_what_was_refused_can_never_be_known_where_outcomes_are_selective(frame, domain):
    [total] = overrides(frame, domain=domain(outcome=SELECTIVE))
    assert (total.not_yet_known, total.cannot_be_known) == (0, 5)
    assert total.precision.value is None
    assert total.value.why.startswith("Cannot be known")


def test_an_explored_case_is_only_not_known_yet(frame, domain):
    [total] = overrides(frame.assign(explore=True), domain=domain(outcome=SELECTIVE))
    assert (total.not_yet_known, total.cannot_be_known) == (5, 0)
    assert total.precision.value == pytest.approx(0.4)


def test_an_unknown_dimension_is_refused_with_those_there_are(frame, domain):
    with pytest.raises(RhmlError, match="Choose one of: manager"):
        overrides(frame, domain=domain(), by="shoe_size")
    assert "reason" in dimensions(domain())


@pytest.mark.parametrize(
    ("overridden", "advised", "words"),
    [
        (300, 1000, "above 10 %: act, after a look at the outcomes"),
        (90, 1000, "above 5 %: worth a look"),
        (20, 1000, "within 5 %"),
        (3, 40, "not enough data yet to tell whether it is above 5 %"),
        (3, 7, "Only 7 cases so far; too few to say."),
    ],
)
def test_a_rate_is_held_against_the_limits_with_its_interval(domain, overridden, advised, words):
    rate = share_of(over_cases(advised, overridden, advised, advised, overridden, overridden))
    assert rate_in_words(rate, domain()) == words


def test_a_dimension_with_limits_of_its_own_is_held_against_them(frame, domain):
    own = domain("[override.limits.manager]\nlook_above = 0.5\nact_above = 0.6\n")
    [total], [person, *_] = (
        overrides(frame, domain=own),
        overrides(frame.assign(manager="m1"), domain=own, by="manager"),
    )
    assert total.words.startswith("above") and person.words.startswith("within 50")


def test_three_actions_can_both_be_wrong(decisions, domain):
    three = 'title = "Loans"\n[actions]\nlend = "Lend"\nask = "Ask"\ndecline = "Decline"\n'
    frame = decisions(25, recommended_action="lend", final_action="ask", right_action="decline",
                      order=("lend", "ask", "decline"))  # fmt: skip
    [total] = overrides(frame, domain=domain(base=three))
    assert (total.both_wrong, total.precision.value) == (25, 0.0)
    assert np.isclose(total.value.value, 0)
