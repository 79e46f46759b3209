"""What matters now, in numbers and in words: weights, thresholds, and what cannot be stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhml.core.domain import check_domain, parse_domain
from rhml.core.intent import (
    Intent,
    Protect,
    cost_matrix,
    ends,
    kinds,
    most,
    protectable,
    queue_order,
    thresholds,
)
from rhml.core.intent_words import in_words, problems, short
from tests.loans import LOANS

PRICED = LOANS.replace(
    'unit = "€"', 'unit = "€"\ncost = { lend = { decline = 0.45 }, decline = { lend = 0.06 } }'
)
TRIAGE = """
title = "Messages"
ordered = true
[actions]
dismiss = "Dismiss"
watch = "Watch"
escalate = "Escalate"
"""


@pytest.fixture(scope="module")
def loans():
    return parse_domain("loans", PRICED)


@pytest.fixture(scope="module")
def triage():
    return parse_domain("triage", TRIAGE)


@pytest.fixture(scope="module")
def teams():
    return parse_domain("teams", TRIAGE.replace("ordered = true", "ordered = false"))


def test_without_an_intent_the_threshold_is_a_half_and_with_one_the_costs_decide(loans):
    assert thresholds(loans, None)[0].probability == 0.5
    assert thresholds(loans, Intent())[0].probability == pytest.approx(0.45 / 0.51)


@given(st.floats(-5, 5))
def test_the_balance_is_symmetric_in_logs(balance):
    domain = parse_domain("loans", LOANS)
    low, high = (thresholds(domain, Intent(balance=b))[0].probability for b in (balance, -balance))
    assert low + high == pytest.approx(1.0)
    assert low / (1 - low) == pytest.approx(2.0**balance)


def test_fewer_losses_asks_for_more_before_the_first_action(loans):
    asked = [thresholds(loans, Intent(balance=b))[0].probability for b in (-2, -1, 0, 1, 2)]
    assert asked == sorted(asked)


def test_among_ordered_actions_the_side_decides_what_weighs_more(triage):
    costs = cost_matrix(triage, Intent(balance=2.0))
    assert costs == ((0.0, 2.0, 2.0), (0.5, 0.0, 2.0), (0.5, 0.5, 0.0))
    assert [t.first for t in thresholds(triage, Intent())] == ["dismiss", "watch"]


def test_actions_without_order_have_a_weight_each_and_no_balance(teams):
    assert [key for key, _ in kinds(teams)] == ["dismiss", "watch", "escalate"]
    assert cost_matrix(teams, Intent(weights=(("watch", 1.0),)))[1] == (2.0, 0.0, 2.0)
    assert "no order" in problems(teams, Intent(balance=1.0))[0]


def test_two_actions_have_two_sides_whatever_is_said_of_their_order():
    domain = parse_domain("loans", LOANS.replace('title = "Loans"', 'title = "Loans"\nordered = false'))
    assert [key for key, _ in kinds(domain)] == ["low", "high"]
    assert problems(domain, Intent(balance=1.0)) == ()


def test_a_protected_segment_weighs_one_kind_of_mistake_and_no_other(loans):
    intent = Intent(protect=Protect("sector", "farming", 3.0))
    assert cost_matrix(loans, intent, protected=True) == ((0.0, 0.45), (pytest.approx(0.18), 0.0))
    assert cost_matrix(loans, intent) == cost_matrix(loans, None)


def test_what_is_watched_for_unequal_treatment_cannot_be_protected(loans):
    assert protectable(loans) == ("sector",)
    [said] = problems(loans, Intent(protect=Protect("region", "north")))
    assert "watched for unequal treatment" in said and "Choose one of sector" in said


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (Intent(balance=5.5), "at most 32 times"),
        (Intent(balance=float("nan")), "at most 32 times"),
        (Intent(weights=(("lend", 1.0),)), "Give a balance instead"),
        (Intent(queue="fastest"), "no order of the queue"),
        (Intent(protect=Protect("amount", "5000")), "no segment with a few values"),
        (Intent(protect=Protect("sector", " ")), "which value"),
        (Intent(protect=Protect("sector", "retail", 1.0)), "more than once"),
        (Intent(protect=Protect("sector", "retail", 2.0, "lend")), "no kind of mistake"),
    ],
)
def test_what_cannot_be_stated_is_told_with_a_remedy(loans, intent, said):
    assert any(said in sentence for sentence in problems(loans, intent))


def test_the_domain_file_names_the_ends_and_how_far_they_go(loans):
    text = PRICED + '[intent]\nagainst_low = "Fewer losses"\nagainst_high = "More growth"\nmost = 8.0\n'
    named = parse_domain("loans", text)
    assert (ends(named).low, ends(named).high, most(named)) == ("Fewer losses", "More growth", 3.0)
    assert short(named, Intent(balance=-1.0, queue="costs")) == "More growth (2 : 1); costliest first"
    assert ends(loans).high == "Fewer wrong “Decline”"
    assert check_domain("loans", PRICED + "[intent]\nmost = 100.0\n") != []
    assert check_domain("loans", PRICED + '[intent]\nfewer = "x"\n') != []


def test_it_is_said_in_sentences_what_matters(loans):
    said = " ".join(in_words(loans, Intent(2.0, queue="delay", protect=Protect("sector", "crafts"))))
    for words in (
        "4 times as much",
        "Sector: crafts",
        "2 times as much again",
        "due soonest first",
        "from 97% on",
    ):
        assert words in said
    assert "least expected cost" in in_words(loans, Intent())[0]


def test_an_intent_is_the_same_after_it_was_written_down():
    for intent in (
        Intent(),
        Intent(1.25, queue="delay", protect=Protect("sector", "x", 3.0, "low")),
        Intent(weights=(("watch", -0.5),)),
    ):
        assert Intent.of(intent.as_dict()) == intent


def test_the_queue_follows_the_intent_only_where_it_says_so(loans):
    assert queue_order(loans, None) == queue_order(loans, Intent()) == loans.pending.order
    assert queue_order(loans, Intent(queue="costs")) == "what_matters"
    assert queue_order(loans, Intent(queue="delay")) == "due_soonest"
