import pytest

from rhml.errors import DecisionInvalid, PromotionRefused
from rhml.loop import lesson_tests
from rhml.loop.decide import reverse
from rhml.loop.judge import judge
from rhml.loop.lesson_tests import followed, similar, teach
from rhml.loop.resolve import resolve_one
from rhml.store import case_file, organization, registry
from tests.loans import NOW
from tests.loop.teaching import (
    OTHER,
    agree,
    assisted,
    bring,
    copy_of,
    live_desk,
    make_live,
    original,
    override,
    train,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    def prepare(log, domain):
        bring(log, domain, 120, start=1000, outcomes=False)
        live_desk(log, domain)

    return original(tmp_path_factory, prepare, margin=0.02)


@pytest.fixture
def log(made, tmp_path):
    yield from copy_of(made, tmp_path)


@pytest.fixture
def desk(log):
    return organization.domain(log, "loans")


def lesson(log, domain, *, manager="m1", number=0, should="change"):
    """Override a case and say of the similar ones that they should change; gives decision and tests."""
    made = override(log, domain, assisted(log, domain)[number], manager=manager)
    cases = [one for one in similar(log, domain, made.decision_id) if one.recommended != made.final_action]
    return made, teach(
        log, domain, made.decision_id, {one.case_id: should for one in cases}, by=manager, at=NOW
    )


def test_three_similar_cases_are_offered_none_of_them_settled_or_unseen(log, desk):
    made = override(log, desk, assisted(log, desk)[0])
    found = similar(log, desk, made.decision_id)
    assert len(found) == 3 and made.case_id not in {one.case_id for one in found}
    for one in found:
        facts = case_file.facts(log, desk, one.case_id)
        assert facts["mode"] == "assisted" and not facts["bank"]
        assert one.facts[0][2] == facts[one.facts[0][0]]


def test_a_case_with_an_outcome_is_not_offered(log, desk):
    made = override(log, desk, assisted(log, desk)[0])
    nearest = similar(log, desk, made.decision_id)[0].case_id
    resolve_one(log, desk, nearest, "lend", known_at=NOW, by="lead", at=NOW)
    assert nearest not in {one.case_id for one in similar(log, desk, made.decision_id)}


def test_change_means_as_decided_and_stay_means_as_recommended(log, desk):
    made, tests = lesson(log, desk)
    assert tests and all(t.action == made.final_action for t in tests)
    _, stays = lesson(log, desk, number=5, should="stay")
    assert all(t.action == OTHER[made.final_action] or t.should == "stay" for t in stays)


@pytest.mark.parametrize("should", ["vanish", "change"])
def test_what_was_not_offered_is_refused(log, desk, should):
    made = override(log, desk, assisted(log, desk)[0])
    case_id = made.case_id if should == "change" else similar(log, desk, made.decision_id)[0].case_id
    with pytest.raises(DecisionInvalid):
        teach(log, desk, made.decision_id, {case_id: should}, by="m1", at=NOW)


def test_only_who_decided_differently_teaches(log, desk):
    agreed = agree(log, desk, assisted(log, desk)[0])
    with pytest.raises(DecisionInvalid, match="agreed"):
        similar(log, desk, agreed.decision_id)
    made = override(log, desk, assisted(log, desk)[0])
    with pytest.raises(DecisionInvalid, match="m1"):
        teach(log, desk, made.decision_id, {}, by="m2", at=NOW)


def challenger(log, domain):
    """A version that is good enough, but for lesson tests."""
    bring(log, domain, 600, start=5000)
    return train(log, domain)


def test_a_failed_lesson_test_holds_a_promotion_until_it_is_waived_with_a_reason(log, desk):
    made, tests = lesson(log, desk)
    done = challenger(log, desk)
    failed = done.evidence["lessons"]["failed"]
    assert failed and {t["manager"] for t in failed} == {"m1"}
    assert done.verdict == "keep" and done.evidence["why"] == "lessons"
    assert f"m1 says {desk.label(made.final_action)} on {tests[0].case_id}" in done.paragraph

    told = followed(log, desk, "m1")
    assert {t.state for t in told} == {"failed"} and told[0].version == done.version
    with pytest.raises(PromotionRefused, match="of m1"):
        make_live(log, desk, done.version)
    waived = make_live(log, desk, done.version, waive="The cases are not alike.")
    assert not waived.against_verdict
    assert registry.promotions(log, "loans")[0].waived.endswith("The cases are not alike.")


def test_a_test_made_after_the_verdict_holds_the_promotion_too(log, desk):
    done = challenger(log, desk)
    assert done.verdict == "promote", done.paragraph
    lesson(log, desk)
    assert {t.state for t in followed(log, desk)} == {"not tried yet"}
    with pytest.raises(PromotionRefused, match="lesson test"):
        make_live(log, desk, done.version)
    assert make_live(log, desk, done.version, anyway=True).against_verdict


def test_taking_the_decision_back_takes_its_lesson_along(log, desk):
    made, _ = lesson(log, desk)
    reverse(log, desk, made.decision_id, by="m1", at=NOW)
    assert not lesson_tests.any_stand(log, desk)


def test_an_outcome_that_contradicts_the_test_voids_it(log, desk):
    made, tests = lesson(log, desk)
    done = challenger(log, desk)
    for test in tests:
        resolve_one(log, desk, test.case_id, OTHER[made.final_action], known_at=NOW, by="lead", at=NOW)
    again = judge(log, desk, done.version, by="lead", at=NOW)
    assert again.verdict == "promote" and len(again.evidence["lessons"]["void"]) == len(tests)
    assert "void" in again.paragraph
    assert {t.state for t in followed(log, desk, "m1")} == {"void"}
    make_live(log, desk, done.version)
