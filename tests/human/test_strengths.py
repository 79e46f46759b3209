from rhml.human.strengths import strengths
from tests.human.decisions import LOANS, decisions


def rows(retail: int, farming: int, wrong_in_farming: int, **columns):
    n = retail + farming
    final = ["lend"] * (n - wrong_in_farming) + ["decline"] * wrong_in_farming
    return decisions(n, sector=["retail"] * retail + ["farming"] * farming, final_action=final, **columns)


def test_strongest_and_weakest_segment_are_named_with_counts():
    found = strengths(rows(60, 40, 30), domain=LOANS)
    assert (found.strongest.segment, found.weakest.segment) == ("retail", "farming")
    assert (found.weakest.right.value, found.weakest.right.n) == (0.25, 40)
    assert found.weakest.beyond_chance


def test_a_difference_that_chance_explains_is_called_that():
    found = strengths(rows(60, 40, 2), domain=LOANS)
    assert found.weakest.segment == "farming" and not found.weakest.beyond_chance


def test_a_segment_with_few_cases_is_not_judged():
    found = strengths(rows(60, 7, 7, insured=[1.0] * 30 + [0.0] * 37), domain=LOANS)
    assert {found.strongest.column, found.weakest.column} <= {"sector", "insured"}
    assert "farming" not in (found.strongest.segment, found.weakest.segment)


def test_one_segment_alone_cannot_be_compared():
    found = strengths(
        decisions(60),
        domain=LOANS.model_copy(
            update={"segments": LOANS.segments.model_copy(update={"columns": ("sector",)})}
        ),
    )
    assert found.strongest is None and "too few to compare" in found.why


def test_few_decisions_are_said_in_words():
    assert strengths(decisions(7), domain=LOANS).why == "Only 7 cases so far; too few to say."


def test_protected_columns_are_left_out():
    found = strengths(decisions(60, region=["north", "south"] * 30, insured=[1.0, 0.0] * 30), domain=LOANS)
    assert "region" not in (found.strongest.column, found.weakest.column)
