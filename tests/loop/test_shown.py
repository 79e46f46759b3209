import json
from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.errors import UnknownCase
from rhml.loop import decide, onboard, resolve
from rhml.loop.decide import Choice
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.records import shown
from rhml.loop.retrain import retrain
from rhml.loop.steps import silent
from rhml.store import corrections, organization
from rhml.store.corrections import Wording
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases, right_action

COLLECTED = LOANS.replace(
    '[features.late]\nkind = "number"', '[features.late]\nkind = "number"\ncollect = true'
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A log with a live model under which one case was decided with a first call and one without."""
    log = open_store(
        f"duckdb:///{tmp_path_factory.mktemp('shown') / 'log.duckdb'}", now=NOW, secret="fixed for tests"
    )
    domain = parse_domain("loans", COLLECTED)
    cases = loan_cases(300)
    right = right_action(cases)
    outcomes = cases[["case_id"]].iloc[:200].assign(right_action=right[:200], known_at="2026-03-01")
    older = (
        cases[["case_id"]].iloc[:240].assign(manager="m0", final_action=right[:240], decided_at="2026-02-20")
    )
    onboard.onboard(
        log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(older), by="lead", at=NOW
    )
    made = retrain(log, domain, by="lead", at=NOW, progress=silent)
    promote(log, domain, made.version, by="lead", why="the first", at=NOW)
    recommend_waiting(log, domain, at=NOW, progress=silent)
    yield log, domain
    log.close()


def waiting(log, mode):
    [(case_id, recommendation_id, action), *_] = log.read(
        "SELECT case_id, recommendation_id, action FROM loans.waiting WHERE mode = $1 ORDER BY case_id DESC",
        [mode],
    )
    return case_id, recommendation_id, action


def other(action):
    return "decline" if action == "lend" else "lend"


@pytest.fixture(scope="module")
def decided(lived):
    log, domain = lived
    at = NOW + timedelta(hours=1)
    case_id, recommendation_id, action = waiting(log, "assisted")
    choice = Choice(case_id, other(action), recommendation_id, .8, "New information", "because of <b>rain</b>",
                    (("amount", "irrelevant here"),), 42.0)  # fmt: skip
    assisted = decide.decide(log, domain, choice, manager="m1", at=at)
    case_id, recommendation_id, action = waiting(log, "first_call")
    decide.commit_first_call(log, domain, case_id, other(action), manager="m2", at=at, confidence=.6, seconds=9.0,
                             marks=(("sector", "matters"),))  # fmt: skip
    called = decide.decide(log, domain, Choice(case_id, action, recommendation_id), manager="m2", at=at)
    return assisted, called


def text(log, domain, decision_id):
    return json.dumps(shown.shown(log, domain, decision_id).as_dict(), default=str)


def test_the_screen_has_what_was_shown_and_what_was_entered(lived, decided):
    log, domain = lived
    found = shown.shown(log, domain, decided[0].decision_id)
    entered = found.decision
    assert (entered["final_confidence"], entered["reason"], entered["seconds"]) == (
        0.8,
        "New information",
        42.0,
    )
    assert entered["rationale"] == "because of <b>rain</b>" and entered["marks"] == (
        ("amount", "irrelevant here"),
    )
    assert found.card.recommendation.recommendation_id == decided[0].recommendation_id
    assert found.card.stage == "decide" and found.called_on is None
    assert found.file["number"] == 1 and entered["live_version"] == "v1"
    assert any("window" in line for line in found.as_dict()["not_on_record"])


def test_an_own_call_has_a_screen_of_its_own_without_the_model(lived, decided):
    log, domain = lived
    found = shown.shown(log, domain, decided[1].decision_id)
    assert found.called_on.stage == "first call" and found.called_on.recommendation is None
    assert found.card.first_call.seconds == 9.0 and found.own_marks == (("sector", "matters"),)


def test_the_case_itself_tells_nothing_of_the_bank(lived, decided):
    log, domain = lived
    held = shown.shown(log, domain, decided[0].decision_id).as_dict()["screen"]
    assert not {"bank", "explore"} & set(held["facts"]) and "waiting" not in held


def test_nothing_that_happens_later_changes_the_screen(lived, decided):
    log, domain = lived
    before = [text(log, domain, one.decision_id) for one in decided]
    later = NOW + timedelta(days=1)

    peers = shown.shown(log, domain, decided[0].decision_id).card.recommendation.peers
    resolve.resolve_one(log, domain, decided[0].case_id, "lend", known_at=later, by="lead", at=later)
    resolve.resolve_one(log, domain, peers[0], "decline", known_at=later, by="lead", at=later)
    resolve.resolve_one(log, domain, peers[1], "lend", known_at=later, by="lead", at=later)
    filled = loan_cases(300).assign(late=4)
    onboard.onboard(log, domain, cases=csv(filled), by="lead", at=later)
    wording = Wording(
        {"segment": {"conditions": []}, "shift": {}}, "When it rains, less.", {}, ("m1",), 1, later, "rhml"
    )
    log.write(lambda tx: corrections.word(tx, "loans", "k1", "v1", wording))
    changed = parse_domain(
        "loans", COLLECTED.replace('"Lend"', '"Give"').replace("overdue_days = 3650", "first_call = 0.9")
    )
    onboard.onboard(log, changed, by="lead", at=later)
    newest = retrain(log, changed, by="lead", at=later, progress=silent)
    promote(log, changed, newest.version, by="lead", why="newer", at=later, anyway=True)
    recommend_waiting(log, changed, at=later, progress=silent)
    decide.reverse(log, changed, decided[1].decision_id, by="m2", at=later)

    now = organization.domain(log, "loans")
    assert now.label("lend") == "Give" and newest.version == "v2"
    assert [text(log, now, one.decision_id) for one in decided] == before


def test_a_decision_nobody_made_is_told_in_a_sentence(lived):
    with pytest.raises(UnknownCase, match="no decision"):
        shown.shown(*lived, "nothing")


def test_an_imported_decision_says_what_is_not_on_record(log, resolved_loans):
    [(decision_id,), *_] = log.read("SELECT decision_id FROM loans.decisions ORDER BY decision_id")
    found = shown.shown(log, resolved_loans, decision_id)
    assert found.card.recommendation is None
    assert "older log" in found.missing[0]
