"""A field's domain lends its actions, words and rules to an organization's own table."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.demo.fields import FIELDS
from rhml.demo.templates import NoSuchTemplate, template
from rhml.intake.cases import check_cases
from rhml.intake.drafting.draft import draft, planned
from rhml.intake.tables import read_bytes

N = 240
CREDIT = template("supplier_credit")
TRIAGE = template("message_triage")


def table(**columns):
    draw = np.random.default_rng(4)
    frame = pd.DataFrame({
        "Loan ID": [f"L{i}" for i in range(N)], "Amount": draw.integers(100, 9_000, N), "rate": draw.normal(5, 1, N).round(2),
        "region": draw.choice(["north", "south"], N), **columns,
    })  # fmt: skip
    return read_bytes("own.csv", frame.to_csv(index=False).encode())


def ends(*words, seed=0, p=None):
    return np.random.default_rng(seed).choice(words, N, p=p)


def drafted(given, lent, name="own"):
    text = draft(given, name=name, template=lent)
    domain = parse_domain(name, text)
    return domain, check_cases(given, domain), text


@pytest.mark.parametrize(
    ("heading", "good", "bad"),
    [
        ("default", "0", "1"), ("loan_status", "Fully Paid", "Charged Off"), ("Zahlungsausfall", "nein", "ja"),
        ("repaid", "yes", "no"), ("Pass/Fail", "pass", "fail"), ("late", "False", "True"), ("v1", "ham", "spam"),
        ("retained", "Y", "N"), ("Ergebnis", "bestanden", "nicht bestanden"),
    ],
)  # fmt: skip
def test_a_good_end_speaks_for_the_first_action_and_a_bad_one_for_the_last(heading, good, bad):
    said = ends(good, bad)
    domain, read, _ = drafted(table(**{heading: said}), CREDIT)
    assert domain.action_keys == ("extend", "decline")
    assert domain.outcome.column == heading
    expected = np.where(said == good, "extend", "decline")
    assert (read.outcomes["right_action"].to_numpy() == expected).all()


def test_the_template_lends_its_words_reasons_modes_and_rules():
    lent = template("purchase_requests")
    domain, _, _ = drafted(table(default=ends("0", "1")), lent)
    assert (domain.terms.case, domain.terms.manager) == ("loan", "buyer")
    assert domain.override.reasons == lent.override.reasons
    assert (domain.modes, domain.training) == (lent.modes, lent.training)
    assert domain.governance.second_opinion == lent.governance.second_opinion
    amounts = table(default=ends("0", "1")).frame["Amount"].astype(float)
    assert (amounts > domain.governance.second_signature_above).mean() == pytest.approx(0.05, abs=0.02)


def test_costs_keep_their_shape_where_something_is_at_stake():
    domain, _, _ = drafted(table(default=ends("0", "1")), CREDIT)
    assert domain.value.column == "amount" and domain.value.cost == CREDIT.value.cost


def test_two_words_take_the_two_ends_of_three_actions():
    domain, _, _ = drafted(table(is_spam=ends("0", "1")), TRIAGE)
    assert domain.action_keys == (TRIAGE.action_keys[0], TRIAGE.action_keys[-1])


def test_words_that_name_actions_stand_for_them():
    words = [action.label for action in TRIAGE.actions]
    domain, read, _ = drafted(table(triage=ends(*words)), TRIAGE)
    assert domain.action_keys == TRIAGE.action_keys and domain.decided.column == "triage"
    assert set(read.decisions["final_action"]) == set(TRIAGE.action_keys)


def test_what_is_still_open_has_no_outcome_and_waits():
    said = ends("Fully Paid", "Charged Off", "Current", p=[0.5, 0.3, 0.2])
    _, read, _ = drafted(table(loan_status=said), CREDIT)
    assert len(read.outcomes) == (said != "Current").sum()


def test_a_number_that_ended_high_or_low_is_cut():
    yields = np.random.default_rng(1).normal(90, 3, N).round(1)
    domain, read, text = drafted(table(Yield=yields), CREDIT)
    assert domain.outcome.yes_from is not None and domain.outcome.true_means == "extend"
    high = yields >= domain.outcome.yes_from
    assert (read.outcomes["right_action"].to_numpy() == np.where(high, "extend", "decline")).all()
    assert "put the number that counts" in text


def test_words_that_say_nothing_are_asked_about():
    made = planned(table(label=ends("A", "B")), name="own", template=CREDIT)
    assert made.outcome.unsure and any("was guessed" in question for question in made.questions)


def test_a_decision_and_an_outcome_are_told_apart():
    domain, read, _ = drafted(
        table(Decision=ends("Approved", "Rejected", seed=3), repaid=ends("yes", "no")), CREDIT
    )
    assert (domain.outcome.column, domain.decided.column) == ("repaid", "Decision")
    assert len(read.decisions) == len(read.outcomes) == N


def test_a_table_with_neither_keeps_the_actions_of_its_template():
    domain, read, _ = drafted(table(), CREDIT)
    assert (domain.outcome, domain.decided.column) == (None, None)
    assert domain.action_keys == CREDIT.action_keys and read.outcomes is None


@pytest.mark.parametrize("field", [field.key for field in FIELDS])
def test_every_field_serves_as_a_template(field):
    domain, read, text = drafted(table(failed=ends("no", "yes")), template(field))
    assert len(read.outcomes) == N and domain.terms.manager == template(field).terms.manager
    assert all("#" in line for line in text.splitlines() if line.strip())


def test_a_template_nobody_has_is_refused_with_those_there_are():
    with pytest.raises(NoSuchTemplate, match="cybersecurity"):
        template("banking")
