"""How hard a case is for people is told by other cases and other people, and by nothing of its own."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.difficulty import difficulty

DOMAIN = parse_domain(
    "loans",
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    '[features.amount]\nkind = "number"\n[features.sector]\nkind = "category"\n[features.opened]\nkind = "date"\n',
)


@pytest.fixture
def log():
    rng = np.random.default_rng(1)
    n = 2000
    amount, side = rng.normal(size=n), rng.random(n) < 0.5
    cases = pd.DataFrame(
        {"case_id": [f"c{i}" for i in range(n)], "amount": amount + side, "fold": rng.integers(0, 5, n),
         "sector": rng.choice(["retail", "crafts", None], n), "opened": pd.Timestamp("2025-01-01"),
         "right_action": np.where(side, "lend", "decline")}
    )  # fmt: skip
    right = rng.random(n) < np.where(amount > 0, 0.5, 0.9)
    calls = pd.DataFrame(
        {"case_id": cases["case_id"], "right": right.astype(float), "whose": rng.integers(0, 9, n)}
    )
    return cases, calls, amount


def test_what_is_hard_for_people_is_found_and_cross_fitted(log):
    cases, calls, amount = log
    found = difficulty(cases, calls, domain=DOMAIN, seed=1).set_index("case_id").loc[calls["case_id"]]
    assert found["people"][amount < -0.3].mean() > found["people"][amount > 0.3].mean() + 0.15
    assert (
        np.corrcoef(found["people"], calls["right"])[0, 1] < 0.55
    )  # more would be its own call looking back
    assert np.allclose(found["p_lend"] + found["p_decline"], 1)
    assert found["p_lend"][cases["right_action"].to_numpy() == "lend"].mean() > 0.55
    assert not found.filter(like="fact_").isna().any().any()


def test_the_same_cases_and_seed_give_the_same_numbers(log):
    once, again = (difficulty(*log[:2], domain=DOMAIN, seed=1) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)


def test_one_right_action_throughout_or_no_facts_tell_nothing(log):
    cases, calls, _ = log
    assert difficulty(cases.assign(right_action="lend"), calls, domain=DOMAIN, seed=1) is None
    bare = DOMAIN.model_copy(update={"features": ()})
    assert difficulty(cases, calls, domain=bare, seed=1) is None
    assert difficulty(cases[:50], calls, domain=DOMAIN, seed=1) is None
