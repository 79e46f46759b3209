import numpy as np
import pandas as pd
import pytest

from rhml.machine.learning.consensus import Votes, consensus, votes


def crowd(actions, seed, cases=400, people=40, each=3):
    """What is right, and calls of people who know it or else follow a bias of their own."""
    rng = np.random.default_rng(seed)
    right = rng.integers(0, actions, cases)
    skill, bias = rng.beta(3, 2, people), rng.dirichlet(np.full(actions, 1.5), people)
    case = np.repeat(np.arange(cases), each)
    who = np.concatenate([rng.choice(people, each, replace=False) for _ in range(cases)])
    guess = (bias[who].cumsum(axis=1) > rng.random((len(case), 1))).argmax(axis=1)
    call = np.where(rng.random(len(case)) < skill[who], right[case], guess)
    return right, Votes(case, who, np.zeros(len(case), dtype=int), call, 1)


def vote(said, cases, actions):
    counted = np.zeros((cases, actions))
    np.add.at(counted, (said.case, said.call), 1.0)
    return counted / counted.sum(axis=1, keepdims=True)


def dawid_skene(said, cases, actions):
    """The method as it was published: a table for each person alone."""
    belief = vote(said, cases, actions)
    for _ in range(50):
        tables = np.full((said.person.max() + 1, actions, actions), 0.01)
        for right in range(actions):
            np.add.at(tables, (said.person, right, said.call), belief[said.case, right])
        tables /= tables.sum(axis=2, keepdims=True)
        told = np.tile(np.log(belief.mean(axis=0)), (cases, 1))
        np.add.at(told, said.case, np.log(tables[said.person, :, said.call]))
        belief = np.exp(told - told.max(axis=1, keepdims=True))
        belief /= belief.sum(axis=1, keepdims=True)
    return belief


def accuracy(belief, right):
    best = belief >= belief.max(axis=1, keepdims=True) - 1e-9
    return (best[np.arange(len(right)), right] / best.sum(axis=1)).mean()


@pytest.mark.parametrize("actions", [2, 4])
def test_pooled_people_and_a_model_beat_majority_and_dawid_skene(actions):
    found = []
    for seed in range(6):
        right, said = crowd(actions, seed)
        rng = np.random.default_rng(100 + seed)
        voter = np.where(np.eye(actions)[right] == 1, 2.5, 1.0) * rng.gamma(2.0, 1.0, (400, actions))
        voter /= voter.sum(axis=1, keepdims=True)
        beliefs = (
            vote(said, 400, actions),
            dawid_skene(said, 400, actions),
            consensus(said, cases=400, actions=actions).probabilities,
            consensus(said, cases=400, actions=actions, voter=voter).probabilities,
        )
        found.append([accuracy(belief, right) for belief in beliefs])
    majority, alone, pooled, both = np.mean(found, axis=0)
    assert pooled > alone
    assert pooled > majority - 0.01
    assert both > max(majority, alone) + 0.01


def test_a_person_of_few_calls_leans_on_the_team():
    right, said = crowd(2, 7, people=4)
    lone = Votes(
        np.append(said.case, 0), np.append(said.person, 4), np.append(said.condition, 0),
        np.append(said.call, 1 - right[0]), 1,
    )  # fmt: skip
    found = consensus(lone, cases=400, actions=2)
    assert np.abs(found.people[4] - found.team).max() < 0.15


def test_a_voter_that_knows_nothing_changes_little():
    lost = []
    for seed in range(5):
        right, said = crowd(2, seed)
        empty = np.random.default_rng(50 + seed).dirichlet(np.ones(2), 400)
        with_it, without = (
            consensus(said, cases=400, actions=2, voter=voter).probabilities for voter in (empty, None)
        )
        lost.append(accuracy(without, right) - accuracy(with_it, right))
    assert np.mean(lost) < 0.015


def test_a_case_nobody_called_keeps_what_the_model_says():
    _, said = crowd(2, 9)
    voter = np.full((401, 2), 0.5)
    voter[400] = (0.9, 0.1)
    assert consensus(said, cases=401, actions=2, voter=voter).probabilities[400, 0] > 0.5
    assert consensus(said, cases=401, actions=2).callers[400] == 0


def test_each_person_votes_once_and_advice_is_told_apart(domain):
    cases = pd.DataFrame({"case_id": ["1", "2"], "bank": False})
    decisions = pd.DataFrame(
        [
            ("1", "m1", "first_call", "lend", "decline", "decline"),
            ("1", "m2", "assisted", None, "decline", "decline"),
            ("2", "m1", "assisted", None, "lend", "lend"),
        ],
        columns=["case_id", "manager", "mode", "first_action", "recommended_action", "final_action"],
    )
    said = votes(cases, decisions, domain=domain)
    assert list(zip(said.case, said.condition, said.call, strict=True)) == [(0, 0, 0), (0, 2, 1), (1, 1, 0)]
    alone = votes(cases, decisions, domain=domain, unaided=True)
    assert list(alone.case) == [0]
