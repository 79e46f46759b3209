"""An outcome among the features is found; an ordinary good feature is not accused."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.intake.leaks import leaks

N = 600


def found(kind, values, right, use="true"):
    text = f'title="D"\n[actions]\na="A"\nb="B"\nc="C"\n[outcome]\n[features.x]\nkind="{kind}"\nuse={use}'
    ids = pd.Series([str(i) for i in range(N)], dtype="str")
    cases = pd.DataFrame({"case_id": ids, "x": values})
    outcomes = pd.DataFrame({"case_id": ids, "right_action": right})
    return leaks(cases, outcomes, parse_domain("d", text))


@pytest.fixture
def right():
    return np.random.default_rng(1).choice(["a", "b"], N)


def test_the_outcome_itself_is_found(right):
    assert found("category", right, right)[0].where == "features.x"
    assert found("yes_no", (right == "a").astype(float), right)
    assert found("number", (right == "a") * 10 + np.random.default_rng(2).random(N), right)
    assert "use = false" in found("category", right, right)[0].remedy


def test_a_date_that_is_filled_only_after_one_outcome_is_found(right):
    days = pd.Series(pd.date_range("2024-01-01", periods=N)).where(right == "a")
    assert found("date", days, right)


def test_the_outcome_of_three_actions_is_found():
    right = np.random.default_rng(3).choice(["a", "b", "c"], N)
    assert found("category", pd.Series(right).str.upper(), right)


def test_an_ordinary_feature_is_not_accused(right):
    noise = np.random.default_rng(4)
    assert not found("number", (right == "a") + noise.normal(size=N), right)
    assert not found("category", noise.choice(["u", "v"], N), right)
    assert not found("category", right, right, use="false")


def test_a_text_that_states_the_outcome_is_found(right):
    said = np.where(right == "a", "after a long call: a.", "in the end it was B, they said")
    assert found("text", said, right)[0].where == "features.x"
    assert not found("text", said, right, use="false")


def test_a_text_that_is_filled_only_after_one_outcome_is_found(right):
    assert found("text", pd.Series(np.where(right == "a", "paid back early", None), dtype=object), right)


def test_words_that_tell_much_are_no_leak(right):
    """A model reads a text for such words; only one that calls the outcome by its name was written after it."""
    assert not found("text", np.where(right == "a", "claim your free gift", "minutes of the meeting"), right)


def test_a_rare_outcome_is_no_evidence():
    right = np.array(["a"] * (N - 5) + ["b"] * 5)
    assert not found("category", right, right)
    common = np.array(["a"] * (N - 12) + ["b"] * 12)
    assert not found("category", ["same"] * N, common)


def test_a_category_that_names_the_case_is_found(right):
    (problem,) = found("category", [f"c{i}" for i in range(N)], right)
    assert "names the case" in problem.problem


def test_a_number_that_is_filled_only_after_one_outcome_is_found_among_few_cases():
    right = pd.Series(np.random.default_rng(5).choice(["a", "b"], 150))
    values = pd.Series(np.random.default_rng(6).random(150)).where(right == "a")
    ids = pd.Series([str(i) for i in range(150)])
    domain = parse_domain("d", 'title="D"\n[actions]\na="A"\nb="B"\n[outcome]\n[features.x]\n')
    cases = pd.DataFrame({"case_id": ids, "x": values})
    assert leaks(cases, pd.DataFrame({"case_id": ids, "right_action": right}), domain)
