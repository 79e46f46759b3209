"""The Proof page: what is planted is run, told beside what was found, and reproducible from the address."""

import pytest

from rhml.proof.plant import Plant
from rhml.ui import proof, proof_told
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened


@pytest.fixture
def small(monkeypatch, loans_log):
    monkeypatch.setattr(proof, "LOOKS", 2)
    monkeypatch.setattr(proof, "CALLS", (100, 1_000))
    loans_log()


def test_planted_people_are_told_beside_what_was_found(small):
    page = opened("proof", calls="100")
    assert not page.exception and not page.header
    page.button(key="run").click().run(timeout=60)
    assert not page.exception
    said = " ".join(m.value for m in page.markdown)
    assert "People truly gained" in said and "The model truly did not change" in said
    page.run()
    assert "People truly gained" in " ".join(m.value for m in page.markdown), "kept for the next run"


def test_a_proof_needs_no_log(loans_log):
    loans_log(filled=False)
    page = opened("proof")
    assert not page.exception and page.button(key="run").label == "Plant it and look"


def test_a_second_proof_waits_for_the_first(small):
    page = opened("proof")
    with proof.one_at_a_time:
        page.button(key="run").click().run()
    assert "Somebody else is running a proof" in page.info[0].value


def test_a_plant_that_is_none_does_not_keep_others_waiting(small, monkeypatch):
    page = opened("proof")
    monkeypatch.setattr(proof, "chosen", lambda **_: {}["no such plant"])
    page.button(key="run").click().run()
    assert page.error and not proof.one_at_a_time.locked()


def test_another_draw_is_another_seed(small, monkeypatch):
    page = opened("proof")
    monkeypatch.setattr(proof.random, "randint", lambda low, high: 77)
    page.button(key="again").click().run()
    assert not page.exception and page.number_input(key="draw").value == 77


def look(verdict: str, true: float, resolved: int = 500) -> dict:
    return {"resolved": resolved, "human": {"verdict": verdict}, "truth": {"human": true}}


@pytest.mark.parametrize(
    ("verdict", "true", "icon", "words"),
    [
        ("improved", 0.1, "check_circle", "found it: *improved*"),
        ("improved", 0.0, "cancel", "a false verdict"),
        ("fell", 0.05, "cancel", "a false verdict"),
        ("no change shown", 0.0, "check_circle", "no change that matters"),
        ("no change shown", 0.08, "cancel", "a false verdict"),
        ("not enough data yet (about 300 more)", 0.1, "hourglass_empty", "does not claim it yet"),
        ("not enough data yet (about 300 more)", 0.0, "check_circle", "no change that matters"),
    ],
)
def test_a_verdict_is_held_against_the_plant(verdict, true, icon, words):
    found = proof_told.against("People", [look(verdict, true)], "human")
    assert found[0] == icon and words in found[1]


def test_a_false_verdict_of_an_earlier_reading_is_not_forgotten():
    course = [look("improved", 0.0, 300), look("not enough data yet (about 9 more)", 0.0, 600)]
    assert "after 300 outcomes: a false verdict" in proof_told.against("People", course, "human")[1]


def test_every_reading_shows_its_interval_and_the_planted_change():
    side = {"verdict": "improved", "value": 0.08, "low": 0.03, "high": 0.13, "n": 500}
    figure = proof_told.course_of([{"resolved": 500, "human": side, "truth": {"human": 0.1}}], "human")
    planted, found = figure.data
    assert planted.y == (10.0,) and found.y == (8.0,)
    assert found.error_y.array == pytest.approx((5.0,)) and Plant("x").managers == 8
