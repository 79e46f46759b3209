"""Lessons in the log: found once, taught by those who may, asked about again, and learned by the next challenger."""

import shutil
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.errors import LessonRefused, NotPermitted
from rhml.loop import lesson_list, lessons_for_models
from rhml.loop.lessons import due, level, look
from rhml.loop.onboard import onboard
from rhml.loop.teach_lesson import teach
from rhml.loop.teams import set_role
from rhml.store import lessons as kept
from rhml.store import organization
from rhml.store.opening import open_store
from tests.lessons_desk import desk
from tests.loans import NOW, csv


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    path = tmp_path_factory.mktemp("lessons") / "log.duckdb"
    log, domain, _ = desk(path)
    for who, role in (("boss", "lead"), ("m1", "manager"), ("m2", "manager")):
        set_role(log, who, role, by="boss", at=NOW)
    log.close()
    return path, domain


@pytest.fixture
def taught(original, tmp_path):
    path, domain = original
    shutil.copy(path, tmp_path / "log.duckdb")
    log = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    yield log, organization.domain(log, domain.name)
    log.close()


def of(log, domain, *, learner="people", own=False):
    return next(x for x in kept.held(log, domain) if x.learner == learner and (x.manager is not None) == own)


def test_lessons_of_both_ways_are_in_the_log(taught):
    log, domain = taught
    held = kept.held(log, domain)
    assert {(x.learner, x.manager) for x in held} == {("people", None), ("model", None), ("people", "m1")}
    assert all(x.state == "proposed" and not x.taught_at(NOW) for x in held)
    assert all(x.sentence.startswith("When ") and x.evidence["later"]["cases"] >= 20 for x in held)


def test_a_lesson_says_until_when_it_was_looked_for_so_that_later_calls_are_its_before(taught):
    log, domain = taught
    [(first, last)] = log.read("SELECT min(decided_at), max(decided_at) FROM planted.decisions")
    for lesson in kept.held(log, domain):
        share = (lesson.drawn_until - first) / (last - first)
        assert 0.45 < share < 0.85


def test_no_case_of_the_bank_is_behind_a_lesson(taught):
    log, domain = taught
    bank = {c for (c,) in log.read("SELECT case_id FROM planted.cases WHERE bank")}
    assert bank and not any(bank & set(x.evidence["cases"]) for x in kept.held(log, domain))


def test_a_second_look_waits_for_new_outcomes(taught):
    log, domain = taught
    assert not due(log, domain)
    again = look(log, domain, by="boss", at=NOW)
    assert not again.found and not again.confirmed and not again.refuted


def test_the_doubt_is_spent_over_all_looks():
    assert sum(level(k, 0) for k in range(2_000)) <= 0.1
    assert level(3, 4) > level(3, 0)


def test_teaching_the_team_starts_at_a_random_moment_within_a_fortnight(taught):
    log, domain = taught
    lesson = teach(log, domain, of(log, domain).lesson_id, "teach the team", by="boss", why="It pays", at=NOW)
    assert NOW <= lesson.starts_at <= NOW + timedelta(days=14)
    assert lesson.taught_at(lesson.starts_at) and not lesson.taught_at(
        lesson.starts_at - timedelta(seconds=1)
    )


def test_a_manager_may_not_teach_the_team(taught):
    log, domain = taught
    with pytest.raises(NotPermitted):
        teach(log, domain, of(log, domain).lesson_id, "teach the team", by="m1", why="x", at=NOW)


def test_the_teams_lesson_wants_a_reason(taught):
    log, domain = taught
    with pytest.raises(LessonRefused, match="why"):
        teach(log, domain, of(log, domain).lesson_id, "not yet", by="boss", why=" ", at=NOW)


def test_a_lesson_about_people_teaches_no_model(taught):
    log, domain = taught
    with pytest.raises(LessonRefused, match="nothing to learn"):
        teach(log, domain, of(log, domain).lesson_id, "teach the model", by="boss", why="x", at=NOW)


def test_an_own_lesson_goes_to_own_drills_by_that_person_alone(taught):
    log, domain = taught
    own = of(log, domain, own=True)
    for other in ("m2", "boss"):
        with pytest.raises(LessonRefused, match="no lesson"):
            teach(log, domain, own.lesson_id, "to own drills", by=other, why="", at=NOW)
    assert teach(log, domain, own.lesson_id, "to own drills", by="m1", why="", at=NOW).taught_at(NOW)
    with pytest.raises(LessonRefused, match="own"):
        teach(log, domain, own.lesson_id, "teach the team", by="m1", why="x", at=NOW)


def test_a_withdrawn_lesson_stays_withdrawn(taught):
    log, domain = taught
    name = of(log, domain).lesson_id
    teach(log, domain, name, "teach the team", by="boss", why="x", at=NOW)
    gone = teach(log, domain, name, "withdrawn", by="boss", why="Out of date", at=NOW)
    assert not gone.taught_at(NOW + timedelta(days=30))
    with pytest.raises(LessonRefused, match="withdrawn"):
        teach(log, domain, name, "teach the team", by="boss", why="x", at=NOW)


def test_a_persons_lesson_is_listed_for_that_person_alone(taught):
    log, domain = taught
    seen = {
        who: {x["manager"] for x in lesson_list.listed(log, domain, by=who, at=NOW)}
        for who in ("boss", "m1", "m2")
    }
    assert seen == {"boss": {None}, "m1": {None, "m1"}, "m2": {None}}


def test_who_holds_the_file_sees_all_and_the_person_is_told(taught):
    log, domain = taught
    found = lesson_list.listed(log, domain, by="command line", at=NOW)
    assert "m1" in {x["manager"] for x in found}
    assert log.read("SELECT about, what FROM planted.looks") == [("m1", "lessons")]
    assert all(x["case_ids"] for x in found)


def bring_later(log, domain, lesson, *, right, count=60):
    """Later cases inside a lesson, on which `right` ('model' or 'people') was right; all outcomes known."""
    base = log.frame("SELECT * FROM planted.cases")
    from rhml.stats.rules.rule import Rule

    facts = base[[f.name for f in domain.features]].copy()
    for f in domain.features:
        if f.kind == "yes_no":
            facts[f.name] = facts[f.name].astype(float)
    inside = facts[Rule.of(lesson.content).covers(facts)].iloc[:count].reset_index(drop=True)
    for f in domain.features:
        if f.kind == "yes_no":
            inside[f.name] = np.where(inside[f.name] == 1, "yes", "no")
    ids = [f"{right}{i}" for i in range(len(inside))]
    cases = inside.assign(case_id=ids)
    mine, model = ("refuse", "accept") if right == "model" else ("accept", "refuse")
    decisions = pd.DataFrame({
        "case_id": ids, "manager": "m2", "mode": "first_call", "first_action": mine, "recommended_action": model,
        "final_action": model, "decided_at": "2026-03-01T10:00:00",
    })  # fmt: skip
    outcomes = pd.DataFrame({"case_id": ids, "right_action": "accept"})
    onboard(
        log, domain, cases=csv(cases), decisions=csv(decisions), outcomes=csv(outcomes), by="lead", at=NOW
    )


@pytest.mark.parametrize(("right", "kind"), [("model", "confirmed"), ("people", "refuted")])
def test_not_yet_is_asked_again_of_later_cases(taught, right, kind):
    log, domain = taught
    lesson = of(log, domain)
    teach(log, domain, lesson.lesson_id, "not yet", by="boss", why="More first", at=NOW)
    bring_later(log, domain, lesson, right=right)
    done = look(log, domain, by="boss", at=NOW)
    assert lesson.lesson_id in getattr(done, kind)
    now = of(log, domain)
    assert now.last(kind).evidence["later"]["n"] <= 60
    assert now.state == ("not yet" if kind == "confirmed" else "refuted")


def test_the_next_challenger_is_given_the_models_lessons(taught):
    log, domain = taught
    lesson = of(log, domain, learner="model")
    assert lessons_for_models.standing(log, domain) == []
    teach(log, domain, lesson.lesson_id, "teach the model", by="boss", why="They know", at=NOW)
    [one] = lessons_for_models.standing(log, domain)
    [said] = lessons_for_models.on_card([one], {"calls": {"taught": {one.lesson_id: 0.5}}})
    assert said["trust"] == 0.5 and said["sentence"] == lesson.sentence
    assert not kept.held(log, domain)[0].starts_at or one.starts_at is None
