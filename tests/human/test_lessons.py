"""Lessons: rules in words, found on earlier decisions and held up by later ones."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.human.lessons.calls import duels
from rhml.human.lessons.confirming import confirmed, evidence
from rhml.human.lessons.mining import Known, mine
from rhml.human.lessons.wording import counted, sentence
from rhml.stats.rules.choosing import overlap
from rhml.stats.rules.rule import Condition, Rule
from tests.benchmarks.lessons import planted

DOMAIN = parse_domain(
    "loans",
    'title = "L"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    '[features.amount]\nkind = "number"\nunit = "€"\n[features.sector]\nkind = "category"\n'
    '[features.insured]\nkind = "yes_no"\n[features.region]\nkind = "category"\nuse = false\n'
    '[segments]\nprotected = ["region"]\n',
)
RULE = Rule((Condition("amount", ">=", 40_000.0), Condition("sector", "in", ("crafts", "retail"))))


def desk(n=900, seed=1, *, on="sector", bank=0.0):
    """One person who is mostly wrong where `on` is 'crafts' (or 'b') and the model right; elsewhere equals."""
    rng = np.random.default_rng(seed)
    cases = pd.DataFrame({
        "case_id": [f"c{i}" for i in range(n)],
        "amount": rng.integers(1, 80, n) * 1_000.0,
        "sector": rng.choice(["crafts", "retail", "farming", "trade"], n),
        "insured": rng.choice([0.0, 1.0, np.nan], n),
        "region": rng.choice(["crafts", "south", "west", "east"], n),
    })  # fmt: skip
    weak = (cases[on] == "crafts").to_numpy()
    mine_right = rng.random(n) < np.where(weak, 0.35, 0.75)
    model_right = rng.random(n) < np.where(weak, 0.85, 0.75)
    name = lambda right: np.where(right, "lend", "decline").astype(object)  # noqa: E731 one line says it
    decisions = pd.DataFrame({
        "decision_id": [f"d{i}" for i in range(n)], "case_id": cases["case_id"], "manager": "m1", "mode": "first_call",
        "first_action": name(mine_right), "recommended_action": name(model_right), "final_action": name(model_right),
        "right_action": "lend", "decided_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), "h"),
        "bank": rng.random(n) < bank, "explore": False, "imported": False,
    })  # fmt: skip
    return cases, decisions


def test_a_rule_speaks_in_the_domains_words():
    assert RULE.words(DOMAIN) == "amount at least 40,000 € and sector is crafts or retail"


def test_two_conditions_on_one_number_are_a_range():
    rule = Rule((Condition("amount", "<=", 9_000.0), Condition("amount", ">=", 2_000.0)))
    assert rule.words(DOMAIN) == "amount from 2,000 to 9,000 €"


def test_a_rule_survives_the_log():
    assert Rule.of(RULE.content("people")) == RULE


def test_a_missing_fact_meets_no_condition():
    cases = pd.DataFrame({"insured": [1.0, 0.0, np.nan]})
    assert Rule((Condition("insured", "=", True),)).covers(cases).tolist() == [True, False, False]
    assert Rule((Condition("insured", "=", False),)).covers(cases).tolist() == [False, True, False]
    assert not Rule((Condition("unheard", "=", True),)).covers(cases).any()


def test_a_segment_in_which_a_person_is_wrong_is_found():
    cases, decisions = desk()
    [lesson] = mine(cases, decisions, domain=DOMAIN).lessons
    assert lesson.learner == "people" and lesson.manager == "m1"
    assert lesson.rule.words(DOMAIN) == "sector is crafts"
    assert lesson.later.cases >= 20


def test_the_reverse_teaches_the_model():
    cases, decisions = desk()
    turned = decisions.assign(
        first_action=decisions["recommended_action"], recommended_action=decisions["first_action"]
    )
    [lesson] = mine(cases, turned, domain=DOMAIN).lessons
    assert lesson.learner == "model"


def test_no_lesson_speaks_of_a_protected_fact():
    cases, decisions = desk(on="region")
    found = mine(cases, decisions, domain=DOMAIN).lessons
    assert all(c.feature != "region" for lesson in found for c in lesson.rule.conditions)


def test_the_bank_is_left_out():
    cases, decisions = desk(bank=0.5)
    held = duels(cases, decisions, domain=DOMAIN)
    assert set(held.decision) == set(decisions.loc[~decisions["bank"], "decision_id"])


def test_the_unaided_call_counts_before_the_final_one():
    cases, decisions = desk()
    own = duels(cases, decisions, domain=DOMAIN)
    assert own.own.all() and (own.lead != 0).any()
    aided = duels(cases, decisions.assign(mode="assisted", first_action=None), domain=DOMAIN)
    assert not aided.own.any() and (aided.lead == 0).all()


def test_seen_decisions_confirm_nothing():
    cases, decisions = desk()
    assert not mine(cases, decisions, domain=DOMAIN, used=set(decisions["decision_id"])).lessons
    old = set(decisions["decision_id"][:600])
    [lesson] = mine(cases, decisions, domain=DOMAIN, used=old).lessons
    assert lesson.found.n + lesson.later.n == (cases["sector"] == "crafts").sum()
    assert lesson.later.n == (cases["sector"][600:] == "crafts").sum()


def test_a_known_lesson_is_not_found_again():
    cases, decisions = desk()
    known = [Known(Rule((Condition("sector", "=", "crafts"),)), "people", "m1")]
    assert not mine(cases, decisions, domain=DOMAIN, known=known).lessons


def test_few_decisions_say_so():
    cases, decisions = desk(n=150)
    assert mine(cases, decisions, domain=DOMAIN).why == "150 judged decisions so far; lessons need 200."


def test_selective_outcomes_without_exploration_are_declared():
    cases, decisions = desk()
    outcome = DOMAIN.outcome.model_copy(update={"observed_after": ("lend",)})
    found = mine(cases, decisions, domain=DOMAIN.model_copy(update={"outcome": outcome}))
    assert not found.lessons and "Cannot be known" in found.why


def test_several_people_on_one_case_are_one_case():
    cases, decisions = desk()
    twice = pd.concat([decisions, decisions.assign(decision_id=decisions["decision_id"] + "b", manager="m2")])
    held = duels(cases, twice, domain=DOMAIN)
    found = evidence(held, (held.facts["sector"] == "crafts").to_numpy(), 1)
    alone = evidence(duels(cases, decisions, domain=DOMAIN), (cases["sector"] == "crafts").to_numpy(), 1)
    assert found.n == 2 * alone.n and found.cases == alone.cases
    assert found.p == pytest.approx(alone.p)


def test_chance_is_held_to_account_over_all_questions():
    p = np.array([0.001, 0.03, 0.03, 0.5, 0.9])
    assert confirmed(p, np.ones(5), 0.05).tolist() == [True, True, True, False, False]
    assert confirmed(p, np.ones(5), 0.01).tolist() == [True, False, False, False, False]
    assert not confirmed(np.array([]), np.array([]), 0.05).size


def test_the_sentence_counts_the_later_cases():
    counts = {"n": 52, "differed": 38, "person_right": 5, "model_right": 31}
    said = sentence(RULE, counts, domain=DOMAIN, learner="people", own=True)
    assert said.endswith("you differed from the model 38 of 52 times; the model was right 31 times, you 5.")
    assert "final decisions" in counted(0, 3)


@pytest.mark.parametrize("seed", [351, 355])
def test_planted_lessons_are_found_and_nothing_else(seed):
    domain, cases, decisions, plants = planted(seed)
    found = mine(cases, decisions, domain=domain).lessons
    for plant in plants:
        inside = plant.rule.covers(cases)
        mine_too = [overlap(inside, x.rule.covers(cases)) for x in found if x.learner == plant.learner]
        assert max(mine_too) >= 0.5
    assert len(found) <= len(plants)


def test_nothing_is_found_where_nothing_is_planted():
    domain, cases, decisions, _ = planted(7, plants=0)
    assert not mine(cases, decisions, domain=domain).lessons
