import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import TrainingRefused
from rhml.machine.learning.recipe import learn, observation_weights


def accuracy(model, cases):
    at = pd.Index(model.actions).get_indexer(cases["truth"])
    return (model.probabilities(cases).argmax(axis=1) == at).mean()


@pytest.fixture(scope="module")
def history(make):
    cases, calls = make(1200, 51, share=0.25)
    cases["bank"] = np.arange(1200) % 5 == 0
    return cases, calls


@pytest.fixture(scope="module")
def progress():
    return []


@pytest.fixture(scope="module")
def learned(history, domain, progress):
    return learn(*history, domain=domain, seed=1, progress=lambda share, words: progress.append(share))


def test_calls_bring_the_model_above_outcomes_only(learned, make):
    unseen = make(6000, 52)[0]
    twins = np.mean([accuracy(twin, unseen) for twin in learned.twins])
    assert accuracy(learned.challenger, unseen) > twins + 0.003
    assert learned.card["posterior_labels"] > 500


def test_the_bank_is_never_learned_from(history, domain, learned):
    cases, calls = history
    other = {"lend": "decline", "decline": "lend"}
    lied = cases.assign(
        right_action=cases["right_action"].mask(cases["bank"], cases["right_action"].map(other))
    )
    assert learn(lied, calls, domain=domain, seed=1).challenger.version == learned.challenger.version
    assert set(learned.case_ids) == set(cases.loc[~cases["bank"], "case_id"])
    assert learned.oof.shape == (len(learned.case_ids), 2)


def test_twins_are_five_seeds_that_know_no_call(history, domain, learned):
    cases, calls = history
    assert len({twin.version for twin in learned.twins}) == 5
    silent = learn(cases, calls.iloc[:0], domain=domain, seed=1)
    assert [t.version for t in silent.twins] == [t.version for t in learned.twins]
    assert silent.card["posterior_labels"] == 0


def test_siblings_share_the_twins_seeds_and_stand_only_where_calls_were_used(learned):
    assert len(learned.siblings) == 5
    assert {s.version for s in learned.siblings}.isdisjoint(t.version for t in learned.twins)


def test_twin_scores_are_means_of_each_twins_own(history, learned):
    cases = history[0].iloc[:50]
    scores = learned.twin_scores(cases)
    proved = cases["right_action"].notna()
    right = [
        pd.Series(np.array(t.actions)[t.probabilities(cases).argmax(axis=1)] == cases["right_action"])
        for t in learned.twins
    ]
    np.testing.assert_allclose(scores["twin_right"][proved], np.mean(right, axis=0)[proved])
    assert scores["twin_right"][~proved].isna().all()
    np.testing.assert_allclose(scores[["twin_p_lend", "twin_p_decline"]].sum(axis=1), 1)


def test_the_card_is_plain_and_counts_what_was_learned_from(history, learned):
    card = json.loads(json.dumps(learned.card, allow_nan=False))
    cases = history[0]
    assert card["outcomes"] == int((cases["right_action"].notna() & ~cases["bank"]).sum())
    assert card["cases"] == card["outcomes"] + card["posterior_labels"]
    assert card["window"]["since"] == "2024-01-01T01:00:00"
    assert card["importance"][0]["feature"] in ("income", "debt")
    assert 0.7 < card["out_of_fold"]["accuracy"] < 0.95
    assert not card["imitates"]


def test_progress_goes_up_to_the_end(learned, progress):
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda rng, right, advice, who, honest: 1 - advice,
        lambda rng, right, advice, who, honest: advice,
        lambda rng, right, advice, who, honest: rng.integers(0, 2, len(right)),
    ],
    ids=["always opposite", "always agreeing", "guessing"],
)
def test_adversarial_managers_do_not_hurt(make, domain, call):
    cases, calls = make(800, 53, share=0.25, call=call)
    calls.loc[0, "final_action"] = calls.loc[0, "recommended_action"]
    unseen = make(4000, 54)[0]
    learned = learn(cases, calls, domain=domain, seed=1)
    twins = np.mean([accuracy(twin, unseen) for twin in learned.twins])
    assert accuracy(learned.challenger, unseen) > twins - 0.01


def refusal(cases, calls, domain):
    with pytest.raises(TrainingRefused) as refused:
        learn(cases, calls, domain=domain, seed=1)
    return str(refused.value)


def test_overrides_only_are_refused(make, domain):
    cases, calls = make(400, 55)
    overrides = calls[calls["final_action"] != calls["recommended_action"]]
    assert "overrides only" in refusal(cases, overrides, domain)
    few = overrides.iloc[:15]
    alone = cases[cases["case_id"].isin(few["case_id"])]
    assert "overrides only" in refusal(alone, few, domain)


def test_cases_that_one_overrides_and_another_agrees_on_are_no_overrides_only(make, domain):
    cases, calls = make(300, 60)
    overrides = calls[calls["final_action"] != calls["recommended_action"]]
    agreed = overrides.assign(
        decision_id="x" + overrides["decision_id"],
        manager="m9",
        final_action=overrides["recommended_action"],
    )
    held = cases[cases["case_id"].isin(overrides["case_id"])].assign(bank=False)
    both = pd.concat([overrides, agreed], ignore_index=True)
    assert learn(held, both, domain=domain, seed=1).card["outcomes"] == len(held)
    assert "overrides only" in refusal(held, overrides, domain)


def test_a_few_overrides_beside_many_outcomes_are_not_refused(make, domain):
    cases, calls = make(200, 56)
    overrides = calls[calls["final_action"] != calls["recommended_action"]].iloc[:10]
    assert learn(cases, overrides, domain=domain, seed=1).card["outcomes"] == 200


def test_one_class_too_few_and_no_features_are_refused(make, domain):
    cases, calls = make(200, 57)
    assert "only repeat it" in refusal(cases.assign(right_action="lend"), calls, domain)
    assert "30 more" in refusal(cases.iloc[:20], calls.iloc[:20], domain)
    bare = parse_domain("bare", 'title = "Bare"\n[actions]\nlend = "L"\ndecline = "D"\n[outcome]')
    assert "no features" in refusal(cases, calls, bare)


def test_without_outcomes_the_model_imitates_final_decisions(make, domain):
    silent = domain.model_copy(update={"outcome": None})
    cases, calls = make(500, 58, share=0.0)
    second = calls.assign(decision_id="x" + calls["decision_id"], manager="m9", final_action="lend")
    learned = learn(cases, pd.concat([calls, second]), domain=silent, seed=1)
    assert learned.card["imitates"]
    assert learned.twins == ()
    assert "usually decides" in learned.card["about"]
    assert learned.oof[:, 0].mean() > 0.7
    assert learned.twin_scores(cases).empty


def test_where_decisions_choose_the_outcomes_the_card_states_no_accuracy(make, domain):
    selective = domain.model_copy(
        update={"outcome": domain.outcome.model_copy(update={"observed_after": ("lend",)})}
    )
    cases, calls = make(300, 61)
    lent = calls.loc[calls["final_action"] == "lend", "case_id"]
    cases["right_action"] = cases["right_action"].where(cases["case_id"].isin(lent), None)
    card = learn(cases, calls, domain=selective, seed=1).card
    assert card["out_of_fold"]["accuracy"] is None
    assert card["out_of_fold_outcomes_only"]["accuracy"] is None
    assert card["calibration"] == []
    assert "because of what was decided" in card["calls"]["said"]


def test_labels_of_many_callers_survive_a_noisy_check(make, domain):
    """Twenty people a case know nearly all; few held-out outcomes must not talk the model out of it."""
    for seed in (62, 63, 64):
        cases = make(300, seed, share=0.25)[0]
        rng = np.random.default_rng(seed)
        crowd = cases.loc[np.repeat(np.arange(300), 20), ["case_id", "truth"]].reset_index(drop=True)
        other = crowd["truth"].map({"lend": "decline", "decline": "lend"})
        crowd["first_action"] = crowd["truth"].where(rng.random(6000) < 0.65, other)
        crowd = crowd.drop(columns="truth").assign(
            manager=np.tile([f"m{k}" for k in range(20)], 300), mode="first_call", recommended_action=None,
            final_action=None, decided_at=pd.NaT, decision_id=[f"d{k}" for k in range(6000)],
        )  # fmt: skip
        assert learn(cases, crowd, domain=domain, seed=1).card["posterior_labels"] > 150


def test_an_explored_decline_stands_for_those_declined_like_it(make, domain):
    selective = domain.model_copy(
        update={"outcome": domain.outcome.model_copy(update={"observed_after": ("lend",), "explore": 0.2})}
    )
    cases, calls = make(100, 59)
    cases["explore"] = np.arange(100) < 50
    weights = observation_weights(cases, calls, domain=selective)
    declined = (calls["final_action"] == "decline").to_numpy()
    np.testing.assert_array_equal(weights, np.where(declined & (np.arange(100) < 50), 5.0, 1.0))
    assert (observation_weights(cases, calls, domain=domain) == 1).all()


def test_a_late_outcome_replaces_the_label_that_calls_had_given(history, domain, learned):
    cases, calls = history
    late = cases["right_action"].isna() & ~cases["bank"] & (cases["fold"] == 0)
    resolved = cases.assign(right_action=cases["right_action"].mask(late, cases["truth"]))
    again = learn(resolved, calls, domain=domain, seed=1)
    assert again.card["outcomes"] == learned.card["outcomes"] + late.sum()
    assert again.card["posterior_labels"] == learned.card["posterior_labels"] - late.sum()


def test_an_outcome_against_every_call_is_what_counts(history, domain):
    """Two resolved cases of the same facts and calls, but opposite outcomes, are labelled oppositely."""
    cases, calls = history
    other = {"lend": "decline", "decline": "lend"}
    resolved = cases["right_action"].notna() & ~cases["bank"]
    swapped = cases.assign(right_action=cases["right_action"].mask(resolved, cases["truth"].map(other)))
    model = learn(swapped, calls, domain=domain, seed=1).challenger
    at = pd.Index(model.actions).get_indexer(cases["truth"])
    assert (model.probabilities(cases).argmax(axis=1) == at).mean() < 0.35


def test_the_card_says_which_part_of_the_population_its_labels_come_from(make, domain):
    selective = domain.model_copy(
        update={"outcome": domain.outcome.model_copy(update={"observed_after": ("lend",), "explore": 0.3})}
    )
    cases, calls = make(900, 63)
    lent = cases["case_id"].isin(calls.loc[calls["final_action"] == "lend", "case_id"])
    cases["explore"] = np.arange(900) % 10 < 3
    cases["right_action"] = cases["right_action"].where(lent | cases["explore"], None)
    card = learn(cases, calls, domain=selective, seed=1).card
    assert card["outcomes"] == int((lent | cases["explore"]).sum())
    assert card["explored_outcomes"] == 270
    assert card["cases"] == card["outcomes"] + card["posterior_labels"]
    assert card["taught_nothing"] == 900 - card["cases"]
    assert f"{card['outcomes']:,} from an outcome" in card["labels"]
    assert "270 of them by chance" in card["labels"]
    assert "30%" in card["population"]


def test_twins_of_many_cases_are_the_models_of_the_folds(make, domain, monkeypatch):
    monkeypatch.setattr("rhml.machine.learning.recipe.FEW_ROWS", 100)
    cases, calls = make(600, 64, share=0.4)
    learned = learn(cases, calls, domain=domain, seed=1)
    assert len({twin.version for twin in learned.twins}) == 5
    unseen = make(2000, 65)[0]
    assert np.mean([accuracy(twin, unseen) for twin in learned.twins]) > 0.75
    silent = learn(cases, calls.iloc[:0], domain=domain, seed=1)
    assert silent.siblings == ()


def test_with_many_outcomes_the_final_model_sizes_itself_on_cases_it_did_not_learn_from(
    make, domain, monkeypatch
):
    monkeypatch.setattr("rhml.machine.learning.fitting.FOLD_OUTCOMES", 400)
    cases, calls = make(1500, 66, share=0.9)
    one, two = (learn(cases, calls, domain=domain, seed=1).challenger for _ in range(2))
    unseen = make(2000, 67)[0]
    assert one.version == two.version
    assert accuracy(one, unseen) > 0.78
    p = one.probabilities(unseen)[:, 0]
    assert abs(p.mean() - (unseen["truth"] == "lend").mean()) < 0.04
