import pytest

from rhml.demo import credit, people, purchases
from rhml.demo.people import Manager, Plant

BUYER = Manager("m1", 1.0, 2.0, {"rumour": 0.5}, 3.0, 0.8, 0.9, 0.5)


def plant(**values) -> Plant:
    usual = dict(case_id="1", right_action="a", visible=-1.0, private=0.0, kind="", fashion=False, news=False,
                 luck=0.0, heard=0.4, looks=0.5, pick=0.5)  # fmt: skip
    return Plant(**{**usual, **values})


def test_a_private_fact_counts_only_for_who_has_heard_of_it():
    heard = people.own_view(BUYER, plant(private=4.0, kind="rumour"), progress=0.0)
    missed = people.own_view(BUYER, plant(private=4.0, kind="rumour", heard=0.6), progress=0.0)
    assert (heard.log_odds, heard.informed) == (3.0, True)
    assert (missed.log_odds, missed.informed) == (-1.0, False)


def test_fashion_misleads_less_at_the_end_of_the_year():
    early, late = (people.own_view(BUYER, plant(fashion=True), progress=at).log_odds for at in (0.0, 1.0))
    assert early == pytest.approx(2.0)
    assert late == pytest.approx(0.5)


def test_who_knows_something_leans_less_on_the_model():
    informed, not_informed = people.View(1.0, True), people.View(1.0, False)
    assert people.advised_view(BUYER, informed, -2.0).log_odds > 0
    assert people.advised_view(BUYER, not_informed, -2.0).log_odds < 0


def test_a_confidence_is_the_probability_of_the_action_named_in_tenths():
    assert people.confidence(0.0, first_action=True) == 0.5
    assert people.confidence(2.0, first_action=True) == 0.8
    assert people.confidence(-2.0, first_action=False) == 0.8


@pytest.mark.parametrize("team", [purchases.BUYERS, credit.OFFICERS])
def test_the_shares_of_a_team_add_up(team):
    assert sum(member.share for member in team) == pytest.approx(1.0)
