"""Which stated probabilities count: those made before the suggestion was seen and before the outcome was known."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.loop.asked import Asked
from rhml.loop.forecasts import forecasts
from rhml.loop.onboard import onboard
from rhml.reports.forecasting import POOLED
from rhml.reports.forecasts import NOBODY
from tests.loans import NOW, csv, loan_cases, right_action


def brought(log, domain, calls: pd.DataFrame, *, n: int = 60, advised: bool = True):
    """Cases with outcomes, an older system's recommendations at .7, and several people's own calls."""
    cases = loan_cases(n)
    right = right_action(cases)
    final = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "manager": "m9",
            "final_action": right,
            "recommended_action": "lend" if advised else None,
            "recommended_confidence": 0.7 if advised else np.nan,
            "decided_at": NOW - timedelta(days=50),
        }
    )
    outcomes = pd.DataFrame(
        {"case_id": cases["case_id"], "right_action": right, "known_at": NOW - timedelta(days=20)}
    )
    onboard(log, domain, cases=csv(cases), decisions=csv(pd.concat([final, calls])), outcomes=csv(outcomes),
            by="lead", at=NOW)  # fmt: skip
    return forecasts(Asked(log, domain))


def calls(manager: str, *, days: int = 60, n: int = 60, confidence: float = 0.8) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case_id": loan_cases(n)["case_id"],
            "manager": manager,
            "first_action": "lend",
            "first_confidence": confidence,
            "decided_at": NOW - timedelta(days=days),
        }
    )


def test_several_people_of_an_older_log_are_scored_beside_its_recommendations(log, loans):
    found = brought(
        log, loans, pd.concat([calls("m1"), calls("m2", confidence=0.4), calls("m3", confidence=0.6)])
    )
    assert (found.cases, found.people, found.calls) == (60, 3, 180)
    lend = np.mean(np.array(right_action(loan_cases(60))) == "lend")
    assert found.side(POOLED).brier.value == pytest.approx(lend * 0.4**2 + (1 - lend) * 0.6**2)


def test_a_probability_stated_when_the_outcome_was_known_does_not_count(log, loans):
    found = brought(log, loans, pd.concat([calls("m1"), calls("m2", days=10)]))
    assert (found.people, found.calls) == (1, 60)
    assert "one manager" in found.why and found.sides == ()


def test_final_decisions_are_no_probabilities_of_ones_own(log, loans):
    assert brought(log, loans, calls("m1", n=0)).why == NOBODY


def test_without_any_recommendation_it_says_that_the_model_said_nothing(log, loans):
    found = brought(log, loans, calls("m1"), advised=False)
    assert "The model gave no probability" in found.why
    assert found.without_model == 60
