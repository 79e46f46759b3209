import numpy as np
import pytest

from rhml.machine.learning.labels import calibration, posterior


@pytest.fixture(scope="module")
def vague():
    """A model that knows the base rate only."""
    return lambda cases: np.full((len(cases), 2), 0.5)


def loss(cases, weights, rows):
    right = (cases["truth"] == "decline").to_numpy().astype(int)
    return -np.log(np.clip(weights[np.arange(len(cases)), right], 1e-9, 1))[rows].mean()


def test_informed_calls_label_unresolved_cases(make, domain, vague):
    cases, calls = make(900, 41, share=0.3)
    found = posterior(cases, calls, domain=domain, out_of_fold=vague(cases))
    assert found.trust > 0
    assert found.known.all()
    assert loss(cases, found.probabilities, found.labelled) < 0.55
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    assert (found.weights.sum(axis=1) <= 1 + 1e-9).all()


def test_outcomes_count_one_whatever_was_called(make, domain, vague, hot):
    cases, calls = make(600, 42, share=0.3)
    resolved = cases["right_action"].notna().to_numpy()
    found = posterior(cases, calls, domain=domain, out_of_fold=vague(cases))
    np.testing.assert_array_equal(found.weights[resolved], hot(cases)[resolved])


def test_the_posterior_is_calibrated_on_held_out_outcomes(make, domain, vague):
    cases, calls = make(3000, 43, share=0.5)
    told = posterior(cases, calls, domain=domain, out_of_fold=vague(cases)).calibration
    assert told["n"].sum() == cases["right_action"].notna().sum()
    assert (told["stated"] - told["observed"]).abs().max() < 0.08


@pytest.mark.parametrize(
    "call",
    [
        lambda rng, right, advice, who, honest: rng.integers(0, 2, len(right)),
        lambda rng, right, advice, who, honest: np.zeros(len(right), int),
    ],
    ids=["guessing", "always the same"],
)
def test_empty_calls_teach_nothing(make, domain, vague, call):
    cases, calls = make(900, 44, share=0.3, call=call)
    found = posterior(cases, calls, domain=domain, out_of_fold=vague(cases))
    assert found.trust == 0
    assert not found.labelled.any()


def test_contrary_calls_are_turned_round(make, domain, vague):
    cases, calls = make(900, 45, share=0.3, call=lambda rng, right, advice, who, honest: 1 - honest)
    found = posterior(cases, calls, domain=domain, out_of_fold=vague(cases))
    assert loss(cases, found.probabilities, found.labelled) < 0.55


def test_too_few_resolved_calls_teach_nothing(make, domain, vague):
    cases, calls = make(300, 46, share=0.05)
    assert posterior(cases, calls, domain=domain, out_of_fold=vague(cases)).trust == 0


def test_bank_cases_are_never_labelled(make, domain, vague):
    cases, calls = make(600, 47, share=0.3)
    cases["bank"] = np.arange(600) % 5 == 0
    found = posterior(cases, calls, domain=domain, out_of_fold=vague(cases))
    assert not found.labelled[cases["bank"]].any()


def test_a_folds_labels_do_not_know_its_outcomes(make, domain, vague):
    cases, calls = make(600, 48, share=0.4)
    lied = cases.copy()
    other = {"lend": "decline", "decline": "lend"}
    mine = np.flatnonzero((cases["fold"] == 2) & cases["right_action"].notna())[:8]
    lied.loc[mine, "right_action"] = cases.loc[mine, "right_action"].map(other)
    one, two = (
        posterior(some, calls, domain=domain, out_of_fold=vague(some), by_fold=np.full((5, 600, 2), 0.5))
        for some in (cases, lied)
    )
    assert one.trust == two.trust
    unresolved = one.labelled
    np.testing.assert_allclose(one.by_fold[2][unresolved], two.by_fold[2][unresolved])
    assert np.abs(one.weights[unresolved] - two.weights[unresolved]).max() > 0.01


def test_where_outcomes_are_selective_only_explored_cases_tell_what_calls_mean(make, domain, vague):
    selective = domain.model_copy(
        update={"outcome": domain.outcome.model_copy(update={"observed_after": ("lend",), "explore": 0.1})}
    )
    cases, calls = make(900, 49, share=0.3)
    assert posterior(cases, calls, domain=selective, out_of_fold=vague(cases)).checked == 0
    cases["explore"] = np.arange(900) % 2 == 0
    found = posterior(cases, calls, domain=selective, out_of_fold=vague(cases))
    assert found.checked == (cases["explore"] & cases["right_action"].notna()).sum()


def test_calibration_table_holds_every_case_once():
    rng = np.random.default_rng(1)
    p = rng.random(200)
    table = calibration(np.column_stack([p, 1 - p]), (rng.random(200) > p).astype(int))
    assert table["n"].tolist() == [40] * 5
    assert table["stated"].is_monotonic_increasing
