import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from rhml.human.reliance.discrimination import by_confidence, discrimination
from tests.human.decisions import LOANS
from tests.human.decisions import decisions as plain


def decisions(n: int, **columns) -> pd.DataFrame:
    rows = plain(n, **columns)
    return rows.assign(known_at=rows["decided_at"])


def differing(followed_right: int, followed_wrong: int, each: int = 100) -> pd.DataFrame:
    """Own calls that differ from the recommendation: it is right in the first half and wrong in the second."""
    shown = np.repeat(["lend", "decline"], each)
    follows = np.r_[np.arange(each) < followed_right, np.arange(each) < followed_wrong]
    first = np.where(shown == "lend", "decline", "lend")
    return decisions(
        2 * each, first_action=first, recommended_action=shown, final_action=np.where(follows, shown, first)
    )


def test_following_where_it_is_right_and_only_there_is_knowing_when():
    found = discrimination(differing(80, 20), domain=LOANS)
    assert (found.right.value, found.wrong.value) == (0.8, 0.2)
    assert found.difference.value == pytest.approx(0.6) and found.difference.low > 0.4
    assert found.sentence.endswith("More than chance: the model is followed more when it deserves it.")


def test_following_always_is_knowing_nothing():
    found = discrimination(differing(100, 100), domain=LOANS)
    assert found.difference.value == 0 and found.difference.low < 0 < found.difference.high
    assert "no sign so far" in found.sentence


def test_the_wrong_way_round_is_said():
    assert "wrong way round" in discrimination(differing(20, 80), domain=LOANS).sentence


def test_newcombes_interval_is_that_of_the_paper():
    """Newcombe (1998), table II: 56/70 against 48/80, method 10 without continuity correction."""
    mixed = pd.concat([differing(56, 0, 70).iloc[:70], differing(0, 48, 80).iloc[80:]], ignore_index=True)
    mixed = mixed.assign(case_id=[f"c{i}" for i in range(150)], decision_id=[f"d{i}" for i in range(150)])
    found = discrimination(mixed, domain=LOANS).difference
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=0.003)


def test_few_cases_are_too_few_to_say():
    found = discrimination(differing(5, 5, 8), domain=LOANS)
    assert not found.difference.known and "only 8 cases so far" in found.sentence


def test_cases_in_which_the_calls_were_the_same_say_nothing():
    assert not discrimination(decisions(60), domain=LOANS).right.known


def test_confidence_is_held_against_outcome_as_the_area_under_the_curve():
    draw = np.random.default_rng(5)
    model_right = draw.random(300) < 0.5
    stated = np.where(model_right, 0.6, 0.7) + draw.normal(0, 0.1, 300).round(1)
    found = by_confidence(stated, model_right, np.arange(300))
    assert found.value == pytest.approx(roc_auc_score(~model_right, stated))
    assert found.low < found.value < found.high and found.n == 300


def test_the_error_of_the_area_is_delongs():
    """Hand-computed from DeLong's structural components with sample variances."""
    draw = np.random.default_rng(6)
    right, wrong = draw.normal(0.3, 1, 60), draw.normal(0, 1, 50)
    found = by_confidence(np.r_[right, wrong], np.r_[np.zeros(60, bool), np.ones(50, bool)], np.arange(110))
    above = (right[:, None] > wrong).mean(axis=1)
    below = (right[:, None] > wrong).mean(axis=0)
    error = np.sqrt(above.var(ddof=1) / 60 + below.var(ddof=1) / 50)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.02)
