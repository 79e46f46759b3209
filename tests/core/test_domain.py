"""A domain file is either usable or answered with every problem at once, each with its remedy."""

import pytest

from rhml.core.domain import check_domain, parse_domain, read_domain
from rhml.core.domain_parts import People
from rhml.errors import DomainInvalid

ACTIONS = '[actions]\nlend = "Lend"\ndecline = "Decline"\n'
LEAST = f'title = "Loans"\n{ACTIONS}'

FULL = """
title = "Supplier credit"
question = "Should we extend credit?"
case_id = "request_id"
received_at = "came_in"
[terms]
case = "request"
[actions]
extend = "Extend credit"
decline = "Decline"
[outcome]
column = "turned_out"
observed_after = ["extend"]
explore = 0.05
known_at = "settled_on"
[value]
column = "amount"
unit = "€"
cost = { extend = { decline = 0.45 }, decline = { extend = 0.06 } }
[features.amount]
effect = "decreasing"
changeable = true
step = 1000
missing = [666, "unknown"]
[features.region]
kind = "category"
use = false
[features.its_order]
column = "order"
kind = "text"
[segments]
columns = ["region"]
protected = ["region"]
[modes]
first_call = 0.5
evidence_only = 0.5
"""


def problems(text, name="loans"):
    found = check_domain(name, text)
    assert all(p.problem and p.remedy for p in found)
    return {p.where: p.problem for p in found}


def test_title_and_two_actions_are_enough():
    domain = parse_domain("loans", LEAST)
    assert (domain.training.minimum, domain.training.bank) == (50, 0.2)
    assert domain.outcome is None
    assert domain.features == ()
    assert not domain.selective


def test_a_full_file_is_read():
    domain = parse_domain("credit", FULL)
    assert domain.selective
    assert [f.name for f in domain.inputs] == ["amount", "its_order"]
    assert domain.segment_columns == ("region",)
    assert domain.terms.many == "requests"
    assert domain.feature("its_order").label == "Its order"
    assert domain.label("extend") == "Extend credit"
    assert domain.received_at == "came_in"
    assert domain.text == FULL


def test_costs_default_to_one_and_are_zero_for_what_was_right():
    domain = parse_domain("credit", FULL)
    assert domain.cost_of("extend", "decline") == 0.45
    assert domain.cost_of("extend", "extend") == 0
    assert parse_domain("loans", LEAST).cost_of("lend", "decline") == 1


def test_direction_follows_the_order_of_the_form():
    two = parse_domain("loans", LEAST)
    assert (two.direction("lend", "decline"), two.direction("decline", "lend")) == (1, -1)
    assert two.direction(None, "lend") == two.direction("lend", "lend") == 0
    assert parse_domain("loans", LEAST + 'wait = "Wait"').direction("lend", "wait") == 0
    ordered = parse_domain("loans", f'title = "L"\nordered = true\n{ACTIONS}wait = "Wait"')
    assert ordered.direction("lend", "wait") == 1


def test_every_problem_is_reported_at_once():
    text = 'title = ""\ncolour = 1\n[actions]\nLend = "Lend"\n[modes]\nfirst_call = 2'
    assert {"colour", "modes.first_call"} <= set(problems(text))
    with pytest.raises(DomainInvalid, match="2 problems"):
        parse_domain("loans", text)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ('[features.amount]\ncolour = "red"', "features.0.colour"),
        ("[features.amount]\nstep = inf", "features.0.step"),
        ("[features.Amount]", "features.Amount"),
        ("[features.order]", "features.order"),
        ("[features.p_lend]", "features.p_lend"),
        ('[features.a]\nkind = "category"\neffect = "increasing"', "features.a"),
        ('[features.a]\nkind = "category"\nstep = 1', "features.a"),
        ('[features.a]\nlevels = ["x"]', "features.a"),
        ('[features.a]\nkind = "category"\nlevels = ["x", "x"]', "features.a"),
        ('[features.a]\ncolumn = "b"\n[features.b]', "features"),
        ('[features.a]\ncolumn = "case_id"', "features"),
        ('[outcome]\ntrue_means = "maybe"', "outcome.true_means"),
        ('[outcome]\nobserved_after = ["maybe"]', "outcome.observed_after"),
        ("[outcome]\nexplore = 0.1", "outcome.explore"),
        ('[outcome]\ncolumn = "repaid"\n[features.repaid]', "features.repaid"),
        ('[outcome]\ncolumn = "Repaid"\n[features.r]\ncolumn = "Repaid"', "features.r"),
        ('[outcome]\ncolumn = "case_id"', "file"),
        ('[segments]\ncolumns = ["region"]', "segments.columns"),
        ('[segments]\nprotected = ["region"]\n[features.region]', "features.region"),
        ('[value]\ncolumn = "amount"', "value.column"),
        ('[value]\ncolumn = "a"\n[features.a]\nkind = "text"', "value.column"),
        ("[value]\ncost = { lend = { maybe = 1 } }", "value.cost"),
        ("[modes]\nfirst_call = 0.7\nevidence_only = 0.7", "modes"),
        ("[override]\nlook_above = 0.5", "override"),
        ("[override]\nreasons = []", "override.reasons"),
        ("[training]\nminimum = 1", "training.minimum"),
        ("[[[", "file"),
    ],
)
def test_a_problem_is_named_where_it_is(more, where):
    assert where in problems(LEAST + more)


def test_yes_and_no_cannot_name_three_actions():
    text = f'title = "L"\n{ACTIONS}wait = "Wait"\n[outcome]\ntrue_means = "lend"'
    assert "outcome.true_means" in problems(text)


@pytest.mark.parametrize("name", ["main", "Loans", "2024", "a-b", ""])
def test_a_name_the_database_cannot_use_is_refused(name):
    assert "file name" in problems(LEAST, name)


def test_a_file_names_its_domain(tmp_path):
    path = tmp_path / "loans.toml"
    path.write_text(LEAST, "utf-8")
    assert read_domain(path).name == "loans"
    path.write_bytes(b"\xff")
    for unreadable in (path, tmp_path / "none.toml"):
        with pytest.raises(DomainInvalid, match="cannot be read"):
            read_domain(unreadable)


def test_a_name_inside_the_file_is_refused():
    assert "name" in problems('name = "other"\n' + LEAST)


def test_a_persons_record_is_a_leads_to_see_from_fifty_decisions_on_unless_the_file_says_otherwise():
    assert parse_domain("loans", LEAST).people == People(record="lead", minimum=50)
    text = LEAST + '[people]\nrecord = "nobody"\nminimum = 200\n'
    assert parse_domain("loans", text).people == People(record="nobody", minimum=200)


@pytest.mark.parametrize(
    ("line", "where"),
    [('record = "everyone"', "people.record"), ("minimum = 5", "people.minimum"), ("minimum = 50.5", "people.minimum"),
     ('who = "lead"', "people.who")],
)  # fmt: skip
def test_a_rule_about_people_that_cannot_be_is_answered(line, where):
    assert where in problems(f"{LEAST}[people]\n{line}\n")
