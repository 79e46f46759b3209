from rhml.human.opposite import differences, other_way
from rhml.human.set_apart import Seen

TWO, THREE = ("lend", "decline"), ("lend", "decline", "ask")


def seen(points, action="lend", actions=TWO, **more):
    return Seen(("late", "income"), actions, action, points, **more)


def test_the_other_way_is_the_call_that_failed():
    assert other_way("lend", ["decline", "lend"], THREE) == ("decline",)
    assert other_way("lend", ["decline", "ask"], THREE) == ("decline", "ask")
    assert other_way("lend", ["lend", None], TWO) == ("decline",)


def test_the_most_different_factor_comes_first():
    assert differences(seen((0.1, 0.4)), seen((0.0, -0.2))) == (("income",), ("late",))
    assert differences(seen((0.1, 0.4)), seen((0.1, 0.0))) == (("income",),)


def test_points_of_the_other_of_two_actions_are_turned_round():
    assert differences(seen((0.3, 0.1)), seen((-0.3, 0.2), action="decline")) == (("income",),)


def test_among_three_actions_the_same_action_is_compared():
    other = seen((0.5, 0.5), "ask", THREE, by_action=(0.3, 0.0, -0.8, -0.5, 0.5, 0.5))
    assert differences(seen((0.3, 0.2), actions=THREE), other) == (("income",),)


def test_without_the_others_points_the_weight_here_decides():
    assert differences(seen((0.1, -0.4)), None) == (("income",), ("late",))
    unknown = seen((0.5, 0.5), "ask", THREE)
    assert differences(seen((0.1, -0.4), actions=THREE), unknown) == (("income",), ("late",))


def test_factors_that_say_the_same_are_one():
    group = {"groups": (("late", "income"),)}
    assert differences(seen((0.3, 0.1), **group), seen((0.0, 0.0))) == (("late", "income"),)
