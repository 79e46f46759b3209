"""The ledger says *taught* only where other causes are set apart, and tests all lines together."""

import json
from datetime import datetime

import pytest

from rhml.core.domain import parse_domain
from rhml.reports.ledger import TO_MODEL, TO_PEOPLE, Entry, judged, ledger_of, p_of
from rhml.stats.measure import Measure

DOMAIN = parse_domain(
    "d", 'title = "D"\n[actions]\na = "A"\nb = "B"\n[outcome]\n[features.x]\nkind = "number"\n'
)
NO_OUTCOME = parse_domain("d", 'title = "D"\n[actions]\na = "A"\nb = "B"\n[features.x]\nkind = "number"\n')
NONE = Measure.unknown("nothing")


def line(
    value=0.1, half=0.05, *, p=0.001, apart=True, direction=TO_PEOPLE, kind="lesson", about="l1", **more
):
    change = Measure(value, value - half, value + half, 300)
    return Entry(direction, kind, about, "what", "the team", datetime(2026, 1, 1), more.pop("before", NONE), NONE, change,
                 apart, "why", p=p, **more)  # fmt: skip


def claims(*lines):
    return [one.claim for one in judged(lines, smallest=0.05)]


def test_taught_needs_a_comparison_that_sets_other_causes_apart():
    assert claims(line(), line(apart=False)) == ["taught", "association"]


def test_what_got_worse_is_said_to_have_fallen_whatever_the_comparison():
    assert claims(line(-0.1), line(-0.1, apart=False)) == ["fell", "fell"]


def test_a_narrow_interval_around_zero_is_no_change_and_a_wide_one_asks_for_more():
    narrow, wide = judged([line(0.0, 0.03, p=0.9), line(0.0, 0.3, p=0.9)], smallest=0.05)
    assert narrow.claim == "no change shown"
    assert wide.claim.startswith("not enough data yet (about ") and wide.more > 0


def test_one_of_many_lines_that_only_chance_lifts_is_not_claimed():
    many = [line(p=0.03), *[line(0.0, 0.03, p=0.5)] * 20]
    assert claims(line(p=0.03)) == ["taught"]
    assert claims(*many)[0].startswith("not enough data yet")
    assert claims(line(0.02, 0.015, p=0.03), *many[1:])[0] == "not enough data yet (about 300 more)"


def test_a_line_without_a_number_says_so_and_has_no_part_in_the_test():
    unknown = Entry(TO_MODEL, "version", "v1", "what", "the team", None, NONE, NONE, NONE, True, "why")
    assert claims(unknown, line(p=0.04)) == ["too few to say", "taught"]


def test_models_that_answer_alike_differ_by_nothing():
    assert p_of(Measure(0.0, 0.0, 0.0, 200)) == 1.0
    assert p_of(Measure(0.018, 0.004, 0.032, 612)) == pytest.approx(0.0117, abs=1e-3)


def test_the_total_is_the_live_version_on_later_cases_and_the_lessons_together():
    known = Measure(0.8, 0.75, 0.85, 300)
    found = ledger_of(
        [
            line(0.018, 0.014, about="v1", kind="version", direction=TO_MODEL, before=known),
            line(0.5, 0.1, about="v2", kind="version", direction=TO_MODEL, before=known),
            line(0.06, 0.03, kind="lessons", about="all"), line(about="l1"),
        ],
        domain=DOMAIN, live="v1", left_out=("feedback",),
    )  # fmt: skip
    to_model, to_people = found.headlines()
    assert to_model == "People taught the model: worth +1.8 points on 300 later cases (+0.4 to +3.2)."
    assert (
        to_people
        == "The model taught people: worth +6.0 points on 300 unaided calls inside lessons (+3.0 to +9.0)."
    )
    plain = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert plain["headline"] == f"{to_model} {to_people}"
    assert [one["about"] for one in plain["entries"]] == ["v1", "v2", "all", "l1"]
    assert plain["entries"][0]["change"]["n"] == plain["entries"][0]["n"] == 300


def test_an_empty_ledger_says_what_is_missing():
    found = ledger_of([], domain=DOMAIN, live=None)
    assert found.headlines() == (
        "People taught the model: there is no version of it yet.",
        "The model taught people: no lesson has been taught yet.",
    )
    for total in ledger_of([], domain=NO_OUTCOME, live=None).totals.values():
        assert total.claim == "cannot be known"
