import pytest

from rhml.errors import UnknownCase
from rhml.loop.card import card
from rhml.loop.decide import Choice, commit_first_call, decide, keep_draft
from rhml.store import registry
from tests.loans import NOW
from tests.recommended import CHANGE, POINTS, recommend, shown_id, waiting_in


@pytest.fixture
def recommended(log, resolved_loans):
    recommend(log, resolved_loans)
    return resolved_loans


def look(log, domain, case_id, manager="m1", at=NOW):
    versions = {v.version: (v.features, v.card["typical"], ()) for v in registry.versions(log, "loans")}
    return card(log, domain, case_id, manager=manager, at=at, words_of=versions.__getitem__)


def test_without_a_recommendation_there_are_facts_alone(log, resolved_loans):
    found = look(log, resolved_loans, waiting_in(log, resolved_loans, "assisted"))
    assert (found.stage, found.recommendation, found.facts["region"]) == ("no model", None, "north")


def test_an_assisted_card_shows_what_is_stored(log, recommended):
    case_id = waiting_in(log, recommended, "assisted")
    found = look(log, recommended, case_id)
    assert found.stage == "decide"
    assert found.recommendation.recommendation_id == shown_id(log, recommended, case_id)
    assert found.recommendation.points == POINTS
    assert sum(POINTS) + found.recommendation.base == pytest.approx(found.recommendation.probability)
    assert [peer["case_id"] for peer in found.peers] == ["a00003", "a00007"]
    assert found.changes == CHANGE


def test_a_first_call_card_gives_nothing_of_the_model_before_the_call(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    found = look(log, recommended, case_id)
    assert (found.stage, found.recommendation, found.peers, found.changes) == ("first call", None, [], None)
    commit_first_call(log, recommended, case_id, "lend", manager="m1", at=NOW, confidence=0.8)
    after = look(log, recommended, case_id)
    assert (after.stage, after.recommendation.action, after.first_call.action) == (
        "decide",
        "decline",
        "lend",
    )
    assert look(log, recommended, case_id, manager="m2").stage == "first call"


def test_an_evidence_card_gives_the_factors_without_the_suggestion(log, recommended):
    found = look(log, recommended, waiting_in(log, recommended, "evidence_only"))
    shown = found.recommendation
    assert found.stage == "evidence"
    assert (shown.action, shown.probability, shown.base, shown.low, shown.peers) == ("", None, None, None, ())
    assert shown.points == tuple(
        -p for p in POINTS
    )  # for lending, the first action, as declining is suggested


def test_a_decided_case_is_closed(log, recommended):
    case_id = waiting_in(log, recommended, "assisted")
    choice = Choice(case_id, "decline", shown_id(log, recommended, case_id))
    decide(log, recommended, choice, manager="m1", at=NOW)
    assert look(log, recommended, case_id).stage == "closed"


def test_an_unknown_case_is_refused_with_a_sentence(log, recommended):
    with pytest.raises(UnknownCase, match="Check the number"):
        look(log, recommended, "nowhere")


def test_a_draft_is_one_managers_and_goes_with_the_decision(log, recommended):
    case_id = waiting_in(log, recommended, "assisted")
    keep_draft(log, recommended, case_id, {"rationale": "half a “sentence”"}, manager="m1")
    assert look(log, recommended, case_id).draft == {"rationale": "half a “sentence”"}
    assert look(log, recommended, case_id, manager="m2").draft == {}
    keep_draft(log, recommended, case_id, {}, manager="m1")
    assert look(log, recommended, case_id).draft == {}
    keep_draft(log, recommended, case_id, {"reason": "Other"}, manager="m1")
    choice = Choice(case_id, "decline", shown_id(log, recommended, case_id))
    decide(log, recommended, choice, manager="m1", at=NOW)
    assert log.read("SELECT count(*) FROM loans.drafts") == [(0,)]
