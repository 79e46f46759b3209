from dataclasses import replace

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.human.reliance.calls import Rows
from rhml.human.reliance.deskilling import deskilling
from rhml.human.reliance.rounds import rounds
from rhml.human.reliance.telling import alarms
from rhml.proof import plant
from rhml.proof.organization import DOMAIN, Organization, decisions_as_read, organization

PLANTED = Organization.domain()
FALLS = replace(plant.DESKILLING, change=-0.12)
"""Twice the fall that is promised to be found, so that a single organization is enough."""


def rows(planted, seed=1, **changed):
    return decisions_as_read(organization(planted, seed)).assign(**changed)


def first(planted, seed=1):
    return alarms(rows(planted, seed), domain=PLANTED)[0]


def test_a_fall_under_rising_agreement_is_raised_with_its_moment_and_a_proposal():
    alarm = first(FALLS)
    assert (alarm.kind, alarm.state) == ("deskilling", "raised")
    assert alarm.change.high < 0 < alarm.agreement.low
    assert alarm.sentence.startswith("Deferring, not learning: alone, people are right ")
    assert alarm.since == next(look.at for look in alarm.looks if look.raised)
    assert alarm.proposal["kind"] == "first_call" and alarm.proposal["to"] >= 0.3


def test_nothing_is_raised_where_nothing_or_only_the_cases_changed():
    for planted in (plant.STABLE, plant.HARDER, plant.EASIER, plant.VERSION, plant.LEARNING):
        for alarm in alarms(rows(planted), domain=PLANTED):
            assert (alarm.state, alarm.proposal) == ("quiet", None), planted.name


def test_more_agreement_alone_is_no_deskilling():
    assert first(plant.DRIFTING).state == "quiet"


def test_a_fall_without_more_agreement_is_no_deferring():
    assert first(replace(FALLS, deferring=0.0)).state == "quiet"


def test_the_looks_are_those_of_somebody_who_looked_all_along():
    """A log that ends earlier has the same looks up to there, and the first raised one is the moment since."""
    whole = first(FALLS)
    frame = rows(FALLS)
    then = frame[(frame["known_at"] <= whole.since) | (frame["decided_at"] <= whole.since)].copy()
    then.loc[then["known_at"] > whole.since, ["right_action", "known_at"]] = (None, np.datetime64("NaT"))
    earlier = alarms(then, domain=PLANTED)[0]
    assert (earlier.state, earlier.since) == ("raised", whole.since)
    before = frame[frame["known_at"] < whole.since]
    assert alarms(before, domain=PLANTED)[0].state == "quiet"


def test_a_young_log_says_how_many_more_calls_the_first_look_needs():
    alarm = first(plant.STABLE.sized(60))
    assert (alarm.state, alarm.more) == ("too few to say", 180)
    assert "The first look comes at 300: about 180 more." in alarm.sentence


def test_without_times_or_outcomes_the_alarm_says_why_it_cannot_speak():
    undated = alarms(rows(plant.STABLE.sized(200), decided_at=np.datetime64("NaT")), domain=PLANTED)[0]
    assert undated.state == "too few to say" and "no times" in undated.sentence
    unjudged = parse_domain("planted", DOMAIN.replace("[outcome]\n", ""))
    assert "no outcomes" in alarms(rows(plant.STABLE.sized(200)), domain=unjudged)[0].sentence


def test_a_team_that_never_saw_a_recommendation_raises_nothing():
    frame = rows(FALLS, recommended_action=None, recommended_confidence=np.nan)
    alarm = deskilling(Rows.of(frame, PLANTED), domain=PLANTED)
    assert alarm.state == "quiet" and not alarm.agreement.known


def test_a_segment_in_which_skill_fell_is_named_for_drills():
    fell = replace(FALLS, change=-0.16, segment="north").sized(3_000)
    [drill] = alarms(rows(fell), domain=PLANTED)[0].proposal["drills"]
    assert (drill["feature"], drill["value"]) == ("region", "north") and drill["change"]["high"] < 0


def test_following_the_model_into_more_of_its_mistakes_is_raised():
    yielding = replace(plant.DRIFTING, deferring=0.5, follows=0.3, assisted=2_000)
    bias = alarms(rows(yielding), domain=PLANTED)[1]
    assert (bias.kind, bias.state) == ("automation bias", "raised") and bias.change.low > 0
    assert "Where the model is wrong, people follow it" in bias.sentence


def test_rounds_spend_no_more_than_the_whole_over_the_first_two_thousand_calls():
    assert sum(one.share for one in rounds(2_000)) == pytest.approx(1.0)
    assert [(one.start, one.end) for one in rounds(7_500)] == [(6_000, 7_000), (7_000, 8_000)]


def test_plain_values_are_what_a_report_holds():
    found = first(plant.STABLE).as_dict()
    assert {"kind", "state", "since", "change", "agreement", "looks", "sentence", "proposal"} <= set(found)
    assert set(found["looks"][0]) == {"calls", "baseline", "at", "change", "raised"}
