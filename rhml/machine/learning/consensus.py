"""What several people would agree on where no outcome exists, by how well each of them agrees with the rest.

Expectation–maximization after Dawid & Skene (1979): a person is a table of shares, P(call | right); what is
right in a case and the tables are estimated in turn. Two things are added. *Pooling*: a person's table leans
on the team's, the more the fewer calls there are (a Dirichlet prior whose strength the counts choose), for a
person of ten calls has no table of their own. *The model as one more voter*: its out-of-fold probability
stands in the place of the base rate, recalibrated in each round (Raykar et al. 2010, eq. 8 and 13).

>>> once = Votes(case=np.array([0, 0, 0]), person=np.arange(3), condition=np.zeros(3, int),
...              call=np.array([0, 0, 1]), conditions=1)
>>> consensus(once, cases=1, actions=2).probabilities.argmax(axis=1).tolist()
[0]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp, softmax

from rhml.core.domain import DecisionDomain
from rhml.machine.calibration import Calibration
from rhml.machine.learning.calls import read_calls
from rhml.machine.learning.tables import STRENGTHS, evidence

ROUNDS = 100
SETTLED = 1e-4
"""The estimates stop when no probability moves by more than this."""

PRIOR = 2.0
"""Pseudo-calls that a team's table starts with, more of them right than not."""


@dataclass(frozen=True)
class Votes:
    """Calls as indices: of the case, the person, the recommendation they saw (0: none), the action called."""

    case: np.ndarray
    person: np.ndarray
    condition: np.ndarray
    call: np.ndarray
    conditions: int


@dataclass(frozen=True)
class Consensus:
    """`probabilities` (n, K) that each action is what is right, `team` (condition, right, call) shares,
    `people` (person, condition, right, call), and `callers` (n,): how many people called a case."""

    probabilities: np.ndarray
    team: np.ndarray
    people: np.ndarray
    callers: np.ndarray


def votes(
    cases: pd.DataFrame, decisions: pd.DataFrame, *, domain: DecisionDomain, unaided: bool = False
) -> Votes:
    """Each person once a case: their own first call, or where there is none their decision given the advice.

    A final decision after an own first call repeats it, so it does not vote again. `unaided` leaves out whatever
    was called with the model's output in view.
    """
    contexts = ("unaided",) if unaided else ("unaided", "evidence", "aided")
    some = [c for c in read_calls(cases, decisions, domain=domain) if c.context in contexts]
    advised = [c.condition + 1 if c.context == "aided" else c.condition for c in some]
    return Votes(
        case=np.concatenate([c.case for c in some]),
        person=np.concatenate([c.manager for c in some]),
        condition=np.concatenate(advised),
        call=np.concatenate([c.action for c in some]),
        conditions=1 + len(domain.action_keys),
    )


def consensus(said: Votes, *, cases: int, actions: int, voter: np.ndarray | None = None) -> Consensus:
    """Estimate what is right in each case; `voter` (n, K) are out-of-fold probabilities of a model.

    A case that nobody called keeps the model's probability, or the base rate.
    """
    callers = np.bincount(said.case, minlength=cases)
    counted = np.zeros((cases, actions))
    np.add.at(counted, (said.case, said.call), 1.0)
    # The start is the softened vote, and for a model what people agree on without it: else it would begin by
    # agreeing with itself.
    belief, log_voter = (counted + 1 / actions) / (callers[:, None] + 1), None
    if voter is not None:
        belief = consensus(said, cases=cases, actions=actions).probabilities
        log_voter = np.log(np.clip(voter, 1e-6, 1))
    for _ in range(ROUNDS):
        team, people = _tables(said, belief, actions)
        prior = _prior(belief, callers > 0, log_voter)
        told = prior.copy()
        # E step (eq. 2.5): T_ij ∝ p_j ∏_k π(call_k | j, k).
        np.add.at(told, said.case, np.log(people[said.person, said.condition, :, said.call]))
        before, belief = belief, softmax(told, axis=1)
        if np.abs(belief - before).max() < SETTLED:
            break
    return Consensus(belief, team, people, callers)


def _prior(belief: np.ndarray, called: np.ndarray, log_voter: np.ndarray | None) -> np.ndarray:
    """Log chances before any call: the base rate p_j (eq. 2.4), or the model's, recalibrated."""
    if log_voter is None:
        rate = belief[called].sum(axis=0) + 1
        return np.tile(np.log(rate / rate.sum()), (len(belief), 1))
    scores = Calibration.fit(log_voter[called], belief[called]).scores(log_voter)
    return scores - logsumexp(scores, axis=1, keepdims=True)


def _tables(said: Votes, belief: np.ndarray, actions: int) -> tuple[np.ndarray, np.ndarray]:
    """M step (eq. 2.3): shares of calls given what is right, the team's and each person's leaning on it."""
    people = int(said.person.max(initial=0)) + 1
    counts = np.zeros((people, said.conditions, actions, actions))
    for right in range(actions):
        at = (said.person, said.condition, right, said.call)
        np.add.at(counts, at, belief[said.case, right])
    start = PRIOR * (np.eye(actions) + 1 / actions) / 2
    team = counts.sum(axis=0) + start
    team /= team.sum(axis=-1, keepdims=True)
    strength = max(STRENGTHS, key=lambda s: evidence(counts, s * team[None]))
    own = counts + strength * team
    return team, own / own.sum(axis=-1, keepdims=True)
