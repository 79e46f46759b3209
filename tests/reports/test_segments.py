"""Segments are told with their counts, and differences only beyond chance."""

import json

import numpy as np

from rhml.reports.segments import by_segment

REGION = '[features.region]\nkind = "category"\nuse = false\n[segments]\ncolumns = ["region"]\n'


def test_a_segment_where_decisions_beat_recommendations_is_found(decisions, domain):
    region = np.repeat(["north", "south", "tiny"], [200, 150, 7])
    helped = (region == "north") & (np.arange(357) % 3 == 0)
    frame = decisions(357, recommended_action=np.where(helped, "decline", "lend"), final_action="lend",
                      right_action="lend", region=region)  # fmt: skip
    north, south, tiny = by_segment(frame, domain=domain(REGION), seed=1)
    assert (north.segment, north.decisions, north.team.value) == ("north", 200, 1.0)
    assert north.words == "decisions beat recommendations"
    assert north.override_value.value == helped.sum()
    assert south.words == "no difference shown between decisions and recommendations"
    assert tiny.words == "Only 7 cases so far; too few to say."
    json.dumps([segment.as_dict() for segment in (north, south, tiny)], allow_nan=False)


def test_many_segments_without_a_difference_rarely_show_one(decisions, domain):
    rng = np.random.default_rng(9)
    shown = 0
    for _ in range(20):
        call = np.array(["lend", "decline"])
        frame = decisions(1000, recommended_action=call[rng.integers(0, 2, 1000)],
                          final_action=call[rng.integers(0, 2, 1000)], right_action="lend",
                          region=rng.integers(0, 20, 1000).astype(str))  # fmt: skip
        shown += any("beat" in s.words for s in by_segment(frame, domain=domain(REGION), seed=1))
    assert shown <= 4


def test_without_segment_columns_there_are_no_segments(decisions, domain):
    assert by_segment(decisions(30), domain=domain(), seed=1) == []


def test_outcomes_that_may_not_speak_are_not_counted_as_judged(decisions, domain):
    selective = '[outcome]\ncolumn = "right_action"\nobserved_after = ["lend"]\n'
    explore = np.arange(120) % 4 == 0
    frame = decisions(120, final_action="lend", recommended_action="lend", right_action="lend", region="north",
                      explore=explore)  # fmt: skip
    [north] = by_segment(frame, domain=domain(REGION, outcome=selective), seed=1)
    assert (north.decisions, north.judged) == (120, explore.sum())


def test_what_cannot_be_known_is_said_in_each_segment(decisions, domain):
    frame = decisions(40, final_action="lend", recommended_action="lend", region="north")
    [north] = by_segment(frame, domain=domain(REGION, outcome=""), seed=1)
    assert "no outcomes" in north.words
    assert north.decisions == 40
