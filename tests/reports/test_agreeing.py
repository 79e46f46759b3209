"""Agreement among people and with the model, from kinds of cases as the log counts them."""

import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.reports.agreeing import agreeing
from tests.loans import LOANS

THREE = 'title = "T"\n[actions]\na = "A"\nb = "B"\nc = "C"\n'
NO_PAIRS = pd.DataFrame({"who": [], "mode": [], "pairs": [], "cases": []})


def kinds(*rows, names=None) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=[*(f"n_{i}" for i in range(len(rows[0]) - 1)), "cases"])
    return found.assign(name=names)


def told(own, final, domain=None, **more):
    domain = domain or parse_domain("loans", LOANS)
    return agreeing(own, final, domain=domain, **{"model": NO_PAIRS, "opinions": NO_PAIRS, **more})


def test_final_decisions_that_agree_more_than_own_calls_say_by_how_much():
    own, final = kinds((2, 0, 60), (1, 1, 80), (0, 2, 60)), kinds((2, 0, 95), (1, 1, 10), (0, 2, 95))
    found = told(own, final)
    assert found.own.cases == found.final.cases == 200
    assert found.own.same == pytest.approx(0.6) and found.closer.low > 0
    assert found.closer.value == pytest.approx(found.final.alpha.value - found.own.alpha.value)


def test_actions_in_order_have_an_ordinal_form_too():
    near = kinds((3, 1, 0, 40), (0, 3, 1, 40), (1, 0, 3, 5), (0, 0, 4, 40))
    ordered = parse_domain("t", f"ordered = true\n{THREE}")
    assert told(near, near, ordered).own.ordinal.value > told(near, near, ordered).own.alpha.value
    assert told(near, near, parse_domain("t", f"ordered = false\n{THREE}")).own.ordinal is None
    assert told(kinds((2, 0, 30), (0, 2, 30)), kinds((2, 0, 30), (0, 2, 30))).own.ordinal is None


def test_nobody_calling_the_same_case_is_said():
    nothing = kinds((0, 0, 0))[:0]
    assert "No case" in told(nothing, nothing).own.alpha.why


def test_each_kind_of_call_is_held_against_the_recommendation():
    model = pd.DataFrame(
        {"who": ["final"] * 2, "mode": ["assisted"] * 2, "pairs": [[0], [1, 3]], "cases": [60, 40]}
    )
    [(who, mode, line)] = told(kinds((2, 0, 30)), kinds((2, 0, 30)), model=model).model
    assert (who, mode, line.cases) == ("final", "assisted", 100)
    assert line.same == pytest.approx(100 / 140)  # 60 pairs and 40 of 80 are equal


def test_only_people_who_may_be_shown_are_shown_two_by_two():
    pairs = pd.DataFrame({"one": ["m1", "m1", "m2"], "other": ["m2", "m2", "m3"], "first": ["lend"] * 3,
                          "second": ["lend", "decline", "lend"], "cases": [20, 10, 40]})  # fmt: skip
    found = told(
        kinds((2, 0, 30)), kinds((2, 0, 30)), pairs=pairs, called={"m1": "person b", "m2": "person a"}
    )
    [(one, other, line)] = found.pairs
    assert (one, other, line.cases) == ("person a", "person b", 30)
    few = pairs.assign(cases=3)
    assert told(kinds((2, 0, 30)), kinds((2, 0, 30)), pairs=few, called={"m1": "a", "m2": "b"}).pairs == ()


def test_segments_are_told_beside_each_other():
    own = kinds((2, 0, 30), (1, 1, 10), (0, 2, 30), (2, 0, 3), names=["retail"] * 3 + ["farming"])
    found = told(own, own, own_by=own, final_by=own)
    assert [name for name, _, _ in found.segments] == ["farming", "retail"]
    assert not found.segments[0][1].alpha.known and found.segments[1][1].alpha.known
