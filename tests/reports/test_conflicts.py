import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.reports.conflicts import conflicts
from tests.loans import LOANS


def settled(n: int, **columns) -> pd.DataFrame:
    """Settled conflicts about lending: every third ends with declining, and lending proves right in half of all."""
    rows = pd.DataFrame({"case_id": [f"a{i}" for i in range(n)], "decided": "lend", "recommended": "decline"})
    rows["result"] = ["another action" if i % 3 == 0 else "stands" for i in range(n)]
    rows["settled_on"] = ["decline" if i % 3 == 0 else "lend" for i in range(n)]
    rows["right_action"] = ["lend" if i % 2 == 0 else "decline" for i in range(n)]
    rows["explore"] = False
    return rows.assign(**columns)


def domain(more: str = ""):
    return parse_domain("loans", LOANS.replace("[outcome]\n", f"[outcome]\n{more}"))


def test_shares_are_counted_on_the_same_cases_with_their_intervals():
    found = conflicts(settled(60), domain())
    assert (found.settled, found.replaced, found.sent_back, found.judged) == (60, 20, 0, 60)
    assert found.stood.value == pytest.approx(40 / 60)
    right = settled(60)
    for measure, column in ((found.settlement_right, "settled_on"), (found.decision_right, "decided"),
                            (found.model_right, "recommended")):  # fmt: skip
        assert measure.value == pytest.approx((right[column] == right["right_action"]).mean())
        assert measure.low < measure.value < measure.high and measure.n == 60


def test_few_are_said_to_be_few():
    found = conflicts(settled(6), domain())
    assert not found.stood.known and "too few" in found.stood.why
    assert not found.settlement_right.known


def test_cases_sent_back_neither_stood_nor_proved_right():
    rows = settled(60)
    rows.loc[:29, ["result", "settled_on"]] = ["sent back", None]
    found = conflicts(rows, domain())
    assert (found.sent_back, found.judged, found.stood.n) == (30, 30, 30)


def test_a_selective_outcome_speaks_in_the_exploration_share_alone():
    selective = domain('observed_after = ["lend"]\nexplore = 0.1\n')
    assert conflicts(settled(60), selective).why.startswith("Cannot be known")
    explored = conflicts(settled(60, explore=[i < 30 for i in range(60)]), selective)
    assert explored.judged == 30 and explored.settlement_right.n == 30


def test_without_outcomes_nobody_proves_right():
    text = LOANS.replace("[outcome]\n", "")
    found = conflicts(settled(60), parse_domain("loans", text))
    assert found.stood.known and "no outcomes" in found.why
