"""Who taught whom, from a log in which both are planted: gathered through the front door, and no person in it."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.loop import later_cases
from rhml.loop.asked import Asked
from rhml.loop.ledger import ledger
from rhml.loop.report import report
from rhml.machine.corrections.correction import Correction
from rhml.machine.corrections.segments import Condition as SegmentCondition
from rhml.machine.corrections.segments import Segment
from rhml.reports.ledger import TO_MODEL, TO_PEOPLE
from rhml.store import corrections, frames, lessons, proposals, registry, studies, twins
from rhml.store.corrections import Event, Wording
from rhml.store.lessons import LessonEvent
from rhml.store.opening import open_store
from rhml.store.proposals import Proposal
from rhml.store.studies import Study
from tests import taught_desk
from tests.loans import NOW
from tests.taught_desk import TEXT, desk, lesson, stage, teach


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Few outcomes, right people: v1 learns from calls. A lesson of the team is taught, and learned."""
    path = tmp_path_factory.mktemp("ledger") / "log.duckdb"
    log, _ = desk(path, known=0.1, right=0.92, first=2_500, later=1_400, taught=(lesson("l1"),))
    log.close()
    return path


@pytest.fixture
def log(made, tmp_path):
    shutil.copy(made, tmp_path / "log.duckdb")
    opened = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def domain():
    return parse_domain("loans", TEXT)


def read(log, domain, **filters):
    return ledger(Asked(log, domain, **filters))


def only(found, kind):
    [one] = [entry for entry in found.entries if entry.kind == kind]
    return one


def test_information_in_calls_is_found_on_later_cases_beside_the_bank(log, domain):
    one = only(read(log, domain), "version")
    assert (one.claim, one.about, one.n) == ("taught", "v1", 640)
    assert one.after.value - one.before.value == pytest.approx(one.change.value)
    assert dict(one.beside)["on the bank"].n > 0
    assert "worth +" in read(log, domain).headlines()[0]


def test_the_cases_of_a_line_are_later_ones_and_never_of_the_bank(log, domain):
    found = read(log, domain)
    bank = set(frames.cases(log, domain).loc[lambda c: c["bank"].astype(bool), "case_id"])
    shown = {case for entry in found.entries for case in entry.cases}
    assert shown and not shown & bank
    assert all(int(case[1:]) >= 2_500 for case in only(found, "version").cases)
    assert all(len(entry.cases) <= 200 and entry.counted >= len(entry.cases) for entry in found.entries)


def test_between_two_looks_a_version_rests_on_the_same_cases_however_many_have_come(log, domain):
    rng = np.random.default_rng(8)
    taught_desk.bring(log, domain, stage(rng, 9_000, 2_200, (300, 400), known=1.0, right=0.9, learned=0))
    before = only(read(log, domain), "version")
    taught_desk.bring(log, domain, stage(rng, 19_000, 1, (400, 401), known=1.0, right=0.9, learned=0))
    after = only(read(log, domain), "version")
    assert before.n == later_cases.MOST and "The first 2,560 count" in before.why
    assert (after.change, after.before, after.cases) == (before.change, before.before, before.cases)


def test_calls_that_know_nothing_are_not_said_to_have_taught(tmp_path):
    log, domain = desk(tmp_path / "none.duckdb", known=0.2, right=0.55, learned=0, first=1_500, later=300)
    found = read(log, domain)
    assert only(found, "version").claim == "no change shown"
    assert not [e for e in found.entries if e.claim == "taught"]
    log.close()


def test_a_lesson_that_began_by_lot_and_was_learned_is_taught(tmp_path):
    log, domain = desk(
        tmp_path / "l.duckdb", known=1.0, first=2_000, later=600, taught=(lesson("l1"),), train=False
    )
    one = only(read(log, domain), "lesson")
    assert (one.direction, one.claim, one.who) == (TO_PEOPLE, "taught", "the team")
    assert one.change.low < 0.25 < one.change.high
    assert "drawn by lot" in one.why
    log.close()


def test_the_same_lesson_begun_at_will_is_an_association(tmp_path):
    log, domain = desk(
        tmp_path / "a.duckdb",
        known=1.0,
        first=2_000,
        later=600,
        taught=(lesson("l1", lot=False),),
        train=False,
    )
    assert only(read(log, domain), "lesson").claim == "association"
    log.close()


def test_a_lesson_taken_back_before_its_start_taught_nobody(tmp_path):
    held = lesson("l1")
    log, domain = desk(tmp_path / "b.duckdb", known=1.0, first=300, later=100, taught=(held,), train=False)
    back = LessonEvent("not yet", "lead", "wait", taught_desk.TOLD + timedelta(days=1))
    log.write(lambda tx: lessons.happen(tx, "loans", "l1", back))
    assert read(log, domain).of(TO_PEOPLE) == ()
    log.close()


def test_own_lessons_are_one_line_of_three_people_at_least_and_name_nobody(log, domain):
    teach(log, domain, *(lesson(f"o{i}", verb="to own drills", manager=f"m{i}", lot=False) for i in (1, 2)))
    few = only(read(log, domain), "own lessons")
    assert not few.change.known and "a person’s own record" in few.why
    teach(log, domain, lesson("o3", verb="to own drills", manager="m3", lot=False))
    found = read(log, domain)
    assert only(found, "own lessons").who == "3 people"
    text = json.dumps(found.as_dict(), allow_nan=False)
    assert not any(f'"m{i}"' in text or f" m{i} " in text for i in (1, 2, 3, 4))


def test_a_lesson_to_the_model_is_held_against_the_version_before(log, domain):
    assert "retrain" in _to_model(log, domain).why
    _another_version(log, taught_by="l9")
    assert "Later cases inside it" in _to_model(log, domain, again=False).why
    rng = np.random.default_rng(8)
    taught_desk.bring(log, domain, stage(rng, 9_000, 500, (300, 400), known=1.0, right=0.9, learned=0))
    one = _to_model(log, domain, again=False)
    assert one.before.known and one.after.known and one.n == 80
    assert one.change.value == pytest.approx(one.after.value - one.before.value)
    assert one.claim != "taught" and dict(one.beside)["of it, what people called"].n == 80


def _another_version(log, *, taught_by):
    """A version v2 that is one of v1's siblings, and knows a lesson; its twins are those of v1."""
    held, first = twins.kept(log, "loans", "v1"), registry.version(log, "loans", "v1")
    counter = frames.counter(log, parse_domain("loans", TEXT))
    card = first.card | {"taught_by": [{"lesson_id": taught_by}]}
    new = replace(
        first, version="v2", hash="other", card=card, learned_from=counter, trained_at=NOW + timedelta(days=1)
    )

    def unit(tx):
        registry.add(tx, "loans", new, held["sibling"][0])
        for side, models in held.items():
            twins.keep(tx, "loans", "v2", side, models)

    log.write(unit)


def _to_model(log, domain, again=True):
    if again:
        teach(log, domain, lesson("l9", verb="teach the model", learner="model"))
    [one] = [e for e in read(log, domain).of(TO_MODEL) if e.about == "l9"]
    return one


def test_prices_of_reasons_are_lines_with_a_way_to_their_overrides(log, domain):
    price = {"column": "reason", "name": "New information", "decisions": 90, "managers": 4, "shown": True,
             "decisive": False, "accuracy": {"value": 0.03, "low": 0.02, "high": 0.04, "n": 300, "why": ""},
             "brier": {"value": None, "low": None, "high": None, "n": 0, "why": ""}}  # fmt: skip
    content = {"prices": [price, price | {"name": "Other", "decisive": True}]}
    log.write(lambda tx: studies.add(tx, "loans", Study("prices", "v1", content, NOW, "lead")))
    own, everything = [e for e in read(log, domain).entries if e.kind == "reason"]
    assert (own.claim, own.filters) == ("taught", (("in_reason", "New information"),))
    assert everything.claim == "association" and "price of all calls" in everything.why


@pytest.fixture
def corrected(log, domain):
    """The log with an applied correction, and what it is asked with other recommendations on its decisions."""
    segment = Segment((SegmentCondition("f4", "number", low=0.5),))
    content = Correction(segment, ("lend", "decline"), (0.4, 0.0), 1.0).to_dict()
    wording = Wording(content, "When Fact 4 at least 0.5: …", {}, ("m1",), 1, NOW, "lead")
    gate = {"state": "proved", "gain": {"value": 0.2, "low": 0.1, "high": 0.3, "n": 120, "why": ""},
            "right_before": 60, "right_after": 84}  # fmt: skip

    def unit(tx):
        corrections.word(tx, "loans", "k1", "v1", wording)
        corrections.happen(tx, "loans", "k1", Event("tested", gate, "lead", "", NOW))
        corrections.happen(tx, "loans", "k1", Event("applied", {"wording": 0}, "lead", "x", NOW))

    log.write(unit)

    def built(change=lambda decisions: decisions):
        given = Asked(log, domain)
        given.__dict__["decisions"] = change(given.decisions)
        return given

    return built


def _overriding(decisions):
    """Everybody decides against the model."""
    other = np.where(decisions["final_action"] == "lend", "decline", "lend")
    return decisions.assign(recommended_action=other)


def test_a_correction_is_an_association_with_what_it_gained(corrected):
    one = only(ledger(corrected()), "correction")
    assert (one.claim, one.who, one.n) == ("association", "outcomes", 120)
    assert (one.before.value, one.after.value) == (0.5, 0.7)
    assert "decided against" not in one.why


def test_a_correction_credits_nobody_however_often_people_were_right_against_the_model(corrected):
    given = corrected(lambda d: _overriding(d).assign(right_action=d["final_action"], verdict="rescued"))
    one = only(ledger(given), "correction")
    assert (one.claim, one.who) == ("association", "outcomes")
    assert "credits nobody" in one.why


def test_decisions_against_the_model_before_a_correction_are_judged_ones_and_one_a_case(corrected):
    once = corrected(_overriding)
    inside = once.decisions[once.decisions["right_action"].notna()].merge(
        once.cases.loc[once.cases["f4"] >= 0.5, ["case_id"]]
    )
    right = int((inside["final_action"] == inside["right_action"]).sum())
    said = f"against the model in {len(inside):,} cases there and were right in {right:,}"
    assert said in only(ledger(once), "correction").why
    twice = corrected(lambda d: pd.concat([_overriding(d)] * 3, ignore_index=True))
    assert said in only(ledger(twice), "correction").why


def test_an_accepted_edit_is_a_line_and_an_open_one_is_not(log, domain):
    gain = {"value": 0.02, "low": 0.01, "high": 0.03, "n": 400, "why": ""}
    evidence = {"how": "trained", "gain": gain, "measure": "accuracy", "support": {"overrides": 31}}
    new = [
        Proposal(name, "drop", {"feature": "f3"}, "Drop it.", evidence, 1, NOW, "lead")
        for name in ("p1", "p2")
    ]
    log.write(lambda tx: proposals.add(tx, "loans", new[:1]))
    assert not [e for e in read(log, domain).entries if e.kind == "proposal"]
    log.write(lambda tx: proposals.decide(tx, "loans", "p1", kind="accepted", by="lead", why="x", at=NOW))
    one = only(read(log, domain), "proposal")
    assert (one.claim, one.counted) == ("taught", 31)
    assert one.change.low < 0.01 and "Drop" in one.what


def test_a_span_of_time_leaves_out_what_came_after_it(log, domain):
    before = read(log, domain, until=taught_desk.TOLD)
    assert before.entries == ()


def test_the_twins_of_a_version_that_learned_from_calls_are_kept(log):
    held = twins.kept(log, "loans", "v1")
    assert {side: len(models) for side, models in held.items()} == {"twin": 5, "sibling": 5}
    assert registry.version(log, "loans", "v1").card["posterior_labels"] > 0


def test_the_report_holds_the_ledger(log, domain):
    found = report(log, domain, parts=("ledger",)).as_dict()
    assert set(found["ledger"]["totals"]) == {TO_MODEL, TO_PEOPLE}
