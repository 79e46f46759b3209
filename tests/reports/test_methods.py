"""Every method says what it takes for granted, and this log says its own facts beside it."""

from dataclasses import replace

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.loop.report import PARTS, WORDS
from rhml.reports.method_notes import NOTES
from rhml.reports.methods import methods
from rhml.stats.counted import in_general
from tests.benchmarks.equal_treatment import DOMAIN, Scenario, decisions

ALIKE = Scenario("all alike", decisions=600, managers=12)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.key)
def test_each_method_is_short_and_whole(note):
    assert note.assumes and note.breaks and note.where and note.source
    assert len(note.does.split()) <= 30
    assert note.does.endswith(".") and note.breaks.endswith(".")


def test_the_facts_of_the_log_stand_beside_the_methods():
    found = methods(decisions(ALIKE, 1), domain=DOMAIN).as_dict()
    facts = {entry["key"]: entry["here"] for entry in found["entries"]}
    assert facts["clusters"] == [
        "600 decisions by 12 managers on 600 cases; 0 of them on one that was judged before."
    ]
    assert facts["treatment"] == ["Protected columns: Region, Age."]
    assert "no decision hides" in facts["selective"][0]


def test_decisions_that_hide_outcomes_are_declared_with_the_random_share():
    text = DOMAIN.text.replace("[outcome]", '[outcome]\nobserved_after = ["lend"]\nexplore = 0.1')
    domain, rows = parse_domain("loans", text), decisions(ALIKE, 1)
    assert "Cannot be known" in methods(rows, domain=domain).selective
    rows["explore"] = np.arange(len(rows)) % 10 == 0
    assert "A random 10 % of cases shows it whatever was decided" in methods(rows, domain=domain).selective
    assert "its 60 judged decisions" in methods(rows, domain=domain).selective


def test_with_fewer_than_ten_people_nothing_is_said_of_managers_in_general():
    few = methods(decisions(replace(ALIKE, managers=9), 1), domain=DOMAIN).managers_in_general["team"]
    assert few.why == "Only 9 people: nothing can be said about managers in general."
    assert methods(decisions(ALIKE, 1), domain=DOMAIN).managers_in_general["team"].known


def test_managers_in_general_are_covered_as_promised():
    rng, held = np.random.default_rng(3), 0
    for _ in range(400):
        rows = rng.integers(20, 80, 12)
        hits = rng.binomial(rows, np.clip(rng.normal(0.7, 0.1, 12), 0, 1))
        found = in_general(rows, hits)
        held += found.low <= 0.7 <= found.high
    assert 0.92 <= held / 400 <= 0.975


def test_people_who_differ_widen_the_interval():
    rows = np.full(12, 50)
    alike, apart = in_general(rows, np.full(12, 35)), in_general(rows, np.r_[np.full(6, 45), np.full(6, 25)])
    assert alike.value == apart.value and apart.high - apart.low > alike.high - alike.low


def test_every_part_has_words_for_who_waits():
    assert set(WORDS) == set(PARTS)
