"""Workplace training from an empty log through the loop: handlers teach the model, courses teach newcomers."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from rhml.demo import desk, people
from rhml.demo.training import claims
from rhml.demo.training.claims import HANDLERS, NAME
from rhml.demo.training.field import PEOPLE, build
from rhml.demo.training.trainees import TRAINEES
from rhml.errors import NotPermitted
from rhml.loop import course
from rhml.loop.course_record import courses_of, verified
from rhml.loop.decide import Choice, decide
from rhml.loop.report import report
from rhml.loop.resolve import resolve_one
from rhml.loop.retrain import retrain
from rhml.loop.training import in_words, training
from rhml.store import drills, organization, waiting
from rhml.store.opening import open_store

AT = datetime(2026, 3, 4, 9, 30)
NEWCOMER, OPEN, SLOW = "Trainee 7", "Trainee 6", "Trainee 5"


def quiet(share: float, words: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = open_store(
        f"duckdb:///{tmp_path_factory.mktemp('field') / 'log.duckdb'}", now=AT, secret="fixed for tests"
    )
    counts = build(store, at=AT, progress=quiet, size=0.3)
    yield store, organization.domain(store, NAME), counts[NAME]
    store.close()


def test_the_year_is_lived_through_with_courses_in_it(built):
    store, domain, counts = built
    assert organization.people(store) == PEOPLE
    assert (counts["courses"], counts["courses_open"]) == (5, 1)
    assert counts["decisions"] > 60 and counts["versions"] == 2
    assert "Simulated" in domain.card.data_sources


def test_the_team_gained_and_it_is_said_of_nobody(built):
    store, domain, _ = built
    found = training(store, domain)
    assert found.people == 5 and found.gain.verdict.words == "improved"
    assert found.gain.verdict.change.low > 0
    assert found.gain.verdict.change.n == sum(
        one.size for one in TRAINEES if one.stops_at is None and one.begins >= 0
    )
    told = f"{in_words(found, domain)} {found.as_dict()}"
    assert not any(one.name in told for one in TRAINEES)
    assert sum(found.results.values()) == 5


def test_who_cannot_learn_gains_nothing_that_is_claimed(built):
    store, domain, _ = built
    [slow] = courses_of(store, domain, SLOW)
    assert slow.certificate["result"] != "improved"
    assert verified(store.secret, domain, slow)


def test_practice_taught_no_model_and_is_no_decision(built):
    store, domain, counts = built
    found = training(store, domain)
    assert found.answers == counts["practice_answers"] > 300
    [(decided,)] = store.read(f"SELECT count(*) FROM {NAME}.decisions WHERE manager IN ('{SLOW}', '{OPEN}')")
    assert decided == 0
    again = retrain(store, domain, by="Lead", at=AT, progress=quiet)
    held = course.begin(store, domain, "Claims handler 1", size=5, at=AT)
    call = {"person": "Claims handler 1", "at": AT}
    course.answer(store, domain, held.drill.drill_id, 0, "settle", **call)
    assert retrain(store, domain, by="Lead", at=AT, progress=quiet).known or again.known
    course.stop(store, domain, held.drill.drill_id, **call)


def test_a_newcomer_sits_a_short_course_and_nothing_is_claimed(built):
    store, domain, _ = built
    held = course.begin(store, domain, NEWCOMER, size=5, at=AT)
    assert len(held.places) == 15
    phases = []
    while (held := course.resume(store, domain, held, at=AT)).now is not None:
        phases.append(held.phase)
        course.answer(
            store, domain, held.drill.drill_id, held.now, "examine", person=NEWCOMER, at=AT, confidence=0.7
        )
        held = course.Course(drills.held(store, NAME, held.drill.drill_id))
    assert phases == ["pre"] * 5 + ["practice"] * 5 + ["post"] * 5
    assert held.certificate["headline"] == "Too few to say"
    assert "at least ten pairs" in held.certificate["sentence"]
    assert "of 5:" in held.certificate["line"]


def test_the_open_course_stands_in_its_first_test(built):
    store, domain, _ = built
    held = course.standing(store, domain, OPEN)
    assert (held.phase, held.now, held.size) == ("pre", 3, 5)


def test_trainees_practise_and_do_not_decide_until_they_join(built):
    store, domain, _ = built
    case = waiting.page(store, domain, waiting.Queue(manager="Lead"), now=AT, limit=1)[0]
    with pytest.raises(NotPermitted, match="practises"):
        decide(store, domain, Choice(case["case_id"], "settle"), manager=NEWCOMER, at=AT)
    world = claims.plan(at=AT, seed=7)
    by = dict(zip(world.planted["case_id"], world.planted["imported"], strict=True))
    for one in TRAINEES:
        took = world.planted.loc[world.planted["manager"] == one.name, "case_id"]
        assert bool(len(took)) == one.joins
        assert all(by[case_id] >= world.rounds[claims.joined(one)] for case_id in took)


def test_a_handler_decides_differs_and_the_end_says_who_was_right(built):
    store, domain, _ = built
    folder = next(
        one
        for place, one in enumerate(desk.folders(store, domain, now=AT).values())
        if one.mode == "assisted" and place > 3
    )
    other = next(key for key in domain.action_keys if key != folder.action)
    choice = Choice(
        folder.case_id, other, recommendation_id=folder.recommendation_id,
        reason="I know this fault", rationale="The workshop confirmed it.",
    )  # fmt: skip
    assert decide(store, domain, choice, manager="Lead", at=AT).is_override
    resolve_one(store, domain, folder.case_id, other, known_at=AT, by="Lead", at=AT + timedelta(minutes=1))
    found = report(store, domain, parts=("ledger",))
    assert found.improvement.human.verdict.words
    assert any(
        "courses taught" in text and "people who finished one" in text
        for text in found.parts["ledger"].left_out
    )


@pytest.mark.parametrize("seed", [7, 1, 2, 3])
def test_newcomers_fall_for_photos_and_handlers_do_not(seed):
    world = claims.plan(at=AT, seed=seed)
    photos = [plant for plant in world.plants.values() if plant.fashion]
    assert np.mean([plant.right_action == "examine" for plant in photos]) > 0.6

    def settled(person) -> float:
        return np.mean([people.own_view(person, plant, progress=0.0).log_odds > 0 for plant in photos])

    newcomer = TRAINEES[0]
    assert settled(newcomer.person) > 0.6 > 0.45 > settled(HANDLERS[0])
    assert settled(newcomer.after(20)) < settled(newcomer.person) - 0.2
