"""Five sentences say what a report came to, without one number more than it can bear."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rhml.reports.answer import answer
from rhml.reports.behind import behind_side
from rhml.reports.improvement import improvement
from rhml.reports.ledger import ASSOCIATION, TAUGHT, TO_MODEL, TO_PEOPLE, Ledger, Total
from rhml.reports.report import report
from rhml.stats.measure import Measure
from rhml.stats.verdicts import Verdict

REGION = '[features.region]\nkind = "category"\nuse = false\n[segments]\ncolumns = ["region"]\n'


@pytest.fixture
def told(domain):
    def tell(frame, parts=None, *, of=None, **more):
        of = of or domain(REGION if "region" in frame else "")
        return answer(replace(report(frame, domain=of, seed=1), **more), parts or {}, domain=of)

    return tell


UNSAID = Measure.unknown("")


def _part(words, value=0.0):
    none = Measure.unknown("")
    return SimpleNamespace(
        verdict=Verdict(words, none), change=Measure(value, value - 0.01, value + 0.01, 900)
    )


def test_who_improved_is_said_in_cases_of_a_hundred(year, told):
    found = told(year(3000, gain=(0.15, 0.0, 0.0)))
    assert found.people.mark == "improved"
    assert found.people.text.startswith("Deciding alone, they are right in 1")
    assert found.people.text.endswith("more of 100 equally hard cases than before.")
    assert found.sure.text.startswith("Sure of people: chance alone")
    assert "It rests on 3,000 calls made alone and speaks" in found.sure.text


def test_who_fell_is_told_to_practise(year, told):
    found = told(year(3000, gain=(-0.15, 0.0, 0.0)))
    assert found.people.mark == "fell" and "fewer of 100" in found.people.text
    assert [link.page for link in found.next.links][:2] == ["team", "practice"]


def test_without_enough_data_nothing_is_claimed_and_more_calls_are_asked_for(year, told):
    found = told(year(200))
    assert found.people.mark == "not enough data yet" and found.people.text.startswith("About ")
    assert found.sure.text.startswith("Not sure yet") and "fewer" in found.sure.text
    assert found.because.text.endswith("nobody can be credited or blamed.")
    assert dict(found.next.links[0].query) == {"view": "Modes"}


def test_no_unaided_call_says_so_and_what_to_do(year, told):
    found = told(year(400, mode="assisted"))
    assert found.people.text == "No call made alone so far."
    assert "own call first" in found.next.text


def test_no_change_shown_is_sure_of_something(year, told):
    found = told(year(9000, model_version="imported"))
    assert found.people.mark == "no change shown" and "smaller than 5 in 100" in found.people.text
    assert found.sure.text.startswith("Sure of people, the model and the team: a change of 5")


def test_without_outcomes_the_next_step_is_to_bring_them(year, told, domain):
    found = told(year(100), of=domain(outcome=""))
    assert found.people.mark == found.model.mark == "cannot be known"
    assert [link.page for link in found.next.links] == ["organization"]


def test_one_version_cannot_improve_and_is_to_be_retrained(year, told):
    found = told(year(9000, gain=(0.0, 0.1, 0.0)))
    assert found.model.mark == "no change shown" and found.model.text.startswith("One version was shown")
    assert "the model" not in found.sure.text and [link.page for link in found.next.links] == ["models"]


def test_newer_versions_are_compared_with_older_ones(year, told):
    versions = np.where(np.arange(4000) < 2000, "v1", "v2")
    found = told(year(4000, gain=(0.0, 0.15, 0.0), model_version=versions))
    assert found.model.mark == "improved"
    assert (
        found.model.text.startswith("Newer versions are right in 1") and "than older ones" in found.model.text
    )


def test_a_raised_alarm_comes_first(year, told):
    found = told(year(3000, gain=(0.0, 0.1, 0.0)), alarms=({"state": "raised"},))
    assert found.next.text.startswith("An alarm is raised")
    assert dict(found.next.links[0].query) == {"view": "Alarms"}


def test_where_the_team_beats_the_model_it_is_to_be_retrained(year, told):
    frame = year(3000, model=0.5, human=0.9)
    found = told(frame.assign(region=np.where(np.arange(3000) % 2, "north", "south"), mode="assisted"))
    assert found.next.text.startswith("Retrain: in ")
    assert "decisions are right more often than the model" in found.next.text


@pytest.mark.parametrize(
    "question, said, page",
    [
        ("people beat the model", "Retrain: where x, people alone are right in 12 more of 100 cases than the model.", "models"),
        ("recommendations beat decisions", "Teach: where x, the model is right in 12 more of 100 cases than decisions.", "team"),
    ],
)  # fmt: skip
def test_a_discovered_segment_says_who_has_what_to_learn(year, told, question, said, page):
    weak = SimpleNamespace(question="both weak", rule="y", p=0.0001)
    sign = -1 if page == "team" else 1
    one = SimpleNamespace(
        question=question, rule="x", p=0.001,
        later=Measure(sign * 0.2, None, None, 90), shrunk=Measure(sign * 0.12, None, None, 90),
    )  # fmt: skip
    found = told(year(200), {"found_segments": SimpleNamespace(segments=(weak, one))})
    assert found.next.text.startswith(said) and found.next.links[0].page == page


def _version(name, other, words, *, live=False):
    against = SimpleNamespace(
        other=other, verdict=Verdict(words, UNSAID), accuracy=Measure(0.12, 0.06, 0.18, 267)
    )
    return SimpleNamespace(
        known=SimpleNamespace(version=name, is_live=live), against_before=None, against_first=None,
        against_live=against,
    )  # fmt: skip


@pytest.mark.parametrize("words, waits", [("improved", True), ("not enough data yet (about 90 more)", False)])
def test_a_version_shown_to_be_better_waits_to_be_looked_at(year, told, words, waits):
    rows = (_version("v1", "v0", "improved", live=True), _version("v2", "v1", words))
    found = told(year(9000), {"versions": SimpleNamespace(rows=rows)}).next
    assert (
        found.text
        == "Look at v2, which waits: it is right in 12 more of 100 cases held back for testing than v1, which is live."
    ) == waits
    assert found.links[0].label == ("Compare and promote" if waits else "Retrain")


def _growth(model, *, same=False):
    return SimpleNamespace(why="", people=_part("improved", 0.031), model=_part(model), same_version=same)


def test_growth_and_ledger_say_because_of_whom_as_far_as_they_show_it(year, told):
    growth = _growth("not enough data yet (about 90 more)")
    lessons = Total("", Measure(0.06, 0.03, 0.09, 300), TAUGHT)
    calls = Total("", Measure(0.02, 0.01, 0.03, 300), ASSOCIATION)
    ledger = Ledger((), {TO_MODEL: calls, TO_PEOPLE: lessons})
    said = told(year(200), {"growth": growth, "ledger": ledger}).because.text
    assert said == (
        "People brought 3 more right in 100; what the model brought is not shown yet. "
        "The model taught people: 6 more right in 100 calls where a lesson was taught."
    )


@pytest.mark.parametrize(
    "words, same, said",
    [
        ("no change shown", False, "the model brought no change that matters."),
        ("no change shown", True, "the model stayed the same."),
    ],
)
def test_what_a_part_did_not_bring_is_said_as_far_as_it_is_shown(year, told, words, same, said):
    assert told(year(200), {"growth": _growth(words, same=same)}).because.text.endswith(f"in 100; {said}")


def test_what_growth_shows_is_never_called_unsure_because_no_verdict_is_reached(year, told):
    found = told(year(200), {"growth": _growth("no change shown")})
    assert found.people.mark == "not enough data yet"
    assert found.sure.text.startswith("Sure of who brought how much: chance alone")
    assert "for each" not in found.sure.text


def test_verdict_and_growth_each_keep_a_doubt_of_their_own(year, told):
    found = told(year(3000, gain=(0.15, 0.0, 0.0)), {"growth": _growth("no change shown")})
    assert found.sure.text.startswith("Sure of people and who brought how much: chance alone")
    assert "all looks together for each." in found.sure.text


def test_a_span_that_was_picked_says_that_picking_is_not_allowed_for(year, told):
    whole, some = (told(year(3000, gain=(0.15, 0.0, 0.0)), since=since) for since in (None, "2026-01-01"))
    assert "is not allowed for" in some.sure.text and "is not allowed for" not in whole.sure.text


def test_where_outcomes_are_selective_only_the_calls_that_may_speak_are_counted(year, told, domain):
    frame = year(6000, gain=(0.3, 0.0, 0.0)).assign(explore=np.arange(6000) % 2 == 0)
    hidden = domain(outcome='[outcome]\ncolumn = "right_action"\nobserved_after = ["lend"]\nexplore = 0.5\n')
    assert "It rests on 3,000 calls made alone" in told(frame, of=hidden).sure.text


def test_nobody_is_told_to_teach_by_a_protected_kind_of_case(year, told, domain):
    frame = year(3000, model=0.5, human=0.9).assign(mode="assisted")
    frame["region"] = np.where(np.arange(3000) % 2, "north", "south")
    hidden = domain(REGION.replace("columns", "protected"))
    assert "north" not in told(frame, of=hidden).next.text and not told(
        frame, of=hidden
    ).next.text.startswith("Retrain: in")


def test_the_answer_is_five_sentences_in_plain_json(year, told):
    found = told(year(200))
    assert [one.title for one in found.sentences] == [
        "People", "The model", "Because of whom", "How sure", "What next",
    ]  # fmt: skip
    assert list(found.as_dict()) == ["people", "model", "because", "sure", "next"]
    assert all(one.text.endswith(".") and "nan" not in one.text for one in found.sentences)


@pytest.mark.parametrize("once", [False, True])
def test_the_cases_behind_a_verdict_are_those_it_counted(year, domain, once):
    frame = year(900, mode=np.where(np.arange(900) % 3 == 0, "first_call", "assisted"))
    frame["model_version"] = np.where(np.arange(900) < 300, "v1", "v2")
    if once:  # everybody sits once, as in a study: people are compared with themselves
        frame["manager"] = [f"m{i // 60}" for i in range(900)]
    found = improvement(frame, domain=domain(), seed=1)
    for who in ("human", "model", "team"):
        for half in ("earlier", "later"):
            behind = behind_side(frame, domain=domain(), who=who, half=half)
            counted = getattr(getattr(found, who), half)
            assert len(behind.at) == counted.n
            assert behind.right.mean() == pytest.approx(counted.value)
    assert behind_side(frame, domain=domain(), who="model", half="later").versions == ("v2",)
    assert found.human.cut == ("practice" if once else "calendar")
