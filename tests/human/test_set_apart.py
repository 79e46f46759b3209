import pytest

from rhml.human.set_apart import CORRECTION, Seen, set_apart

FEATURES = ("late", "income", "amount")
TWO, THREE = ("lend", "decline"), ("lend", "decline", "ask")


def seen(points=(0.2, -0.3, 0.05), action="decline", **more):
    return Seen(FEATURES, more.pop("actions", TWO), action, points, **more)


@pytest.mark.parametrize(
    ("called", "right", "part"),
    [
        ("lend", "decline", "seen"),
        ("lend", "lend", "misled"),
        ("decline", "lend", "misled both"),
    ],
)
def test_the_factor_that_spoke_most_for_the_model_is_named_with_its_part(called, right, part):
    found = set_apart(seen(), called=called, right=right)
    assert (found.part, found.factors, found.points, found.towards) == (part, ("late",), 0.2, "decline")


def test_nothing_sets_apart_who_agreed_and_was_right():
    assert set_apart(seen(), called="decline", right="decline") is None


def test_both_may_be_wrong_about_a_third_action():
    found = set_apart(seen(actions=THREE), called="lend", right="ask")
    assert found.part == "apart"


def test_factors_that_say_the_same_count_as_one():
    together = seen((0.2, 0.15, 0.15), groups=(("income", "amount"), ("late", "gone")))
    assert set_apart(together, called="lend", right="decline").factors == ("income", "amount")
    assert set_apart(together, called="lend", right="decline").points == pytest.approx(0.3)


def test_among_three_actions_the_factor_speaks_for_one_against_the_other():
    by_action = (0.1, -0.3, 0.0, 0.2, 0.1, 0.0, -0.3, 0.2, 0.0)
    shown = seen((0.2, 0.1, 0.0), actions=THREE, by_action=by_action)
    assert set_apart(shown, called="lend", right="decline").factors == ("income",)
    assert set_apart(shown, called="ask", right="decline").factors == ("late",)
    assert set_apart(shown, called="ask", right="decline").points == pytest.approx(0.5)


def test_against_the_team_the_difference_of_weights_decides():
    shown = seen((0.2, 0.15, 0.0), team_points=(0.18, -0.05, 0.0))
    found = set_apart(shown, called="lend", right="decline")
    assert (found.factors, found.by_team) == (("income",), True) and found.points == pytest.approx(0.2)
    both = set_apart(shown, called="decline", right="lend")
    assert (both.factors, both.by_team) == (("late",), False)


def test_a_correction_may_have_carried_the_view():
    assert set_apart(seen(correction=0.4), called="lend", right="decline").factors == (CORRECTION,)
    assert set_apart(seen(correction=0.1), called="lend", right="decline").factors == ("late",)


def test_where_no_factor_spoke_for_it_none_is_named():
    found = set_apart(seen((-0.2, 0.004, 0.0)), called="lend", right="decline")
    assert (found.factors, found.points) == ((), 0.0)
