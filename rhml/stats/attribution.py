"""How a gain is split between people and model so that the two parts add up to the whole.

V(h, m) is the mean score, over one mix of cases, of a combination of a person's call and a model's that does not change:
it takes the model's with the chance q of following a model so sure, else the person's own. With the same outcome
looked at, that is V(h, m) = E[q_m·score of m] + E[(1 − q_m)·score of h], for any number of actions. People's part is
½[(V₁₀−V₀₀)+(V₁₁−V₀₁)], the model's ½[(V₀₁−V₀₀)+(V₁₁−V₁₀)] (Shapley 1953 with two players), and V₁₁−V₁₀−V₀₁+V₀₀ how
much the two gained from each other, half of which sits in either part.

>>> people, model, both = shapley({"00": 0.70, "10": 0.73, "01": 0.72, "11": 0.76})
>>> round(people, 3), round(model, 3), round(both, 3)
(0.035, 0.025, 0.01)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rhml.stats.change import ENOUGH_LIKE, NOT_SEPARABLE, SEPARABLE, present_in_both
from rhml.stats.measure import MINIMUM, too_few
from rhml.stats.within import Rows, distinct, left_over

PEOPLE, MODEL, TOTAL, INTERACTION = range(4)


@dataclass(frozen=True, eq=False)
class Bank:
    """Cases on which both models were asked: the case's code (n,), each model's score there (2, n), how likely each is
    followed there when people see it otherwise (2, n), and a code of what kind of case it is (n,)."""

    case: np.ndarray
    score: np.ndarray
    follows: np.ndarray
    kind: np.ndarray


@dataclass(frozen=True, eq=False)
class Own:
    """People's own calls: whose, on which case, how good, in which period, and what the case is like.

    at: the place of the case in the bank, −1 where it is not there. group: codes within which managers are compared
    with themselves. kind: as in the bank.
    """

    case: np.ndarray
    score: np.ndarray
    later: np.ndarray
    manager: np.ndarray
    group: np.ndarray
    mix: np.ndarray
    at: np.ndarray
    kind: np.ndarray


@dataclass(frozen=True, eq=False)
class Split:
    """People's part, the model's, their sum and the interaction: values (4,) and what each case adds to their error (4, c).

    values: V(h, m) by its two digits. calls, managers: whom people's part speaks of.
    """

    parts: np.ndarray
    errors: np.ndarray
    values: dict[str, float]
    calls: int
    managers: int

    def error(self, part: int) -> float:
        """The standard error of a part, cases as clusters."""
        return float(np.sqrt((self.errors[part] ** 2).sum()))

    def cases(self, part: int) -> int:
        """How many cases the part rests on."""
        return int((self.errors[part] != 0).sum())


def shapley(values: dict[str, float]) -> tuple[float, float, float]:
    """People's part, the model's part and the interaction, of V by people's period and the model's."""
    v00, v10, v01, v11 = (values[key] for key in ("00", "10", "01", "11"))
    return ((v10 - v00) + (v11 - v01)) / 2, ((v01 - v00) + (v11 - v10)) / 2, v11 - v10 - v01 + v00


def combined(model: np.ndarray, follows: np.ndarray, people: np.ndarray) -> dict[str, float]:
    """V of all four combinations from scores a case: models' (2, n), chances to follow them (2, n), people's (2, n)."""
    return {
        f"{i}{j}": float((follows[j] * model[j] + (1 - follows[j]) * people[i]).mean())
        for i in (0, 1)
        for j in (0, 1)
    }


def split(own: Own, bank: Bank) -> Split | str:
    """The parts with their errors, or why they cannot be told.

    People's part is a regression of their scores on the period within managers and on like cases. Where the model's
    sureness enters, only calls on bank cases can say it: they are a random share, and count by its inverse (Horvitz
    & Thompson 1952).
    """
    keep, why = _comparable(own)
    if why:
        return why
    own = _on_like_cases(_taken(own, keep))
    width = int(max(own.case.max(), bank.case.max())) + 1
    trusted, apart = 1 - bank.follows.mean(axis=0), bank.follows[0] - bank.follows[1]
    scores = np.column_stack([_weighed(own, trusted), _weighed(own, apart)])
    (people, both), by_people, weight = _changes(own, scores, width)
    if weight < SEPARABLE * own.later.mean() * (1 - own.later.mean()) * len(own.later):
        return NOT_SEPARABLE
    model, by_model = _model(own, bank, apart, width)
    level = float((bank.follows * bank.score).sum(axis=0).mean() / 2 + _halves(own, scores[:, 0]))
    parts = np.array([people, model, people + model, both])
    errors = np.stack([by_people[0], by_model, by_people[0] + by_model, by_people[1]])
    return Split(parts, errors, _values(level, *parts), len(own.case), distinct(own.manager))


def _values(level: float, people: float, model: float, total: float, both: float) -> dict[str, float]:
    """The four V whose mean is `level` and whose parts these are."""
    apart = (people - model) / 2
    return {
        "00": level - total / 2 + both / 4,
        "10": level + apart - both / 4,
        "01": level - apart - both / 4,
        "11": level + total / 2 + both / 4,
    }


def _comparable(own: Own) -> tuple[np.ndarray, str]:
    """Calls of managers who called in both periods; and why they do not suffice."""
    keep = present_in_both(own.manager, own.later) if len(own.case) else np.zeros(0, bool)
    fewest = min(distinct(own.case[keep & side]) for side in (own.later, ~own.later)) if keep.any() else 0
    if fewest < MINIMUM:
        return (
            keep,
            f"Unaided calls of people who called in both periods, in one of the two: {too_few(fewest)}",
        )
    return keep, ""


def _on_like_cases(own: Own) -> Own:
    """The calls with the kinds of case within which people are compared; whole people where that leaves too few."""
    who = own.manager * (int(own.group.max()) + 1) + own.group
    keep = present_in_both(who, own.later)
    sides = [distinct(own.case[keep & side]) for side in (own.later, ~own.later)]
    if keep.mean() < ENOUGH_LIKE or min(sides) < MINIMUM:
        return replace(own, group=np.zeros_like(own.group))
    return _taken(own, keep)


def _taken(own: Own, keep: np.ndarray) -> Own:
    return Own(*(getattr(own, name)[keep] for name in Own.__dataclass_fields__))


def _weighed(own: Own, weight: np.ndarray) -> np.ndarray:
    """People's scores times a weight that only bank cases tell; the same in the mean, whatever the weight."""
    known, mean = own.at >= 0, float(weight.mean())
    found = mean * own.score
    if np.ptp(weight) == 0:
        return found
    level = own.score.mean()
    for side in (own.later, ~own.later):
        rows = known & side
        share = rows.sum() / max(side.sum(), 1)
        found[rows] += (weight[own.at[rows]] - mean) * (own.score[rows] - level) / max(share, 1e-9)
    return found


def _changes(own: Own, scores: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray, float]:
    """By how much each column of scores (n, k) rose: values (k,), what each case adds to their errors (k, c), weight."""
    rows = Rows.of(own.manager * (int(own.group.max()) + 1) + own.group, own.case)
    later, scores, rank = left_over(own.later.astype(float), scores, own.mix, rows)
    weight = float(later @ later)
    if weight <= 0:
        return np.zeros(2), np.zeros((2, width)), 0.0
    values = scores.T @ later / weight
    left = scores - later[:, None] * values
    free = max(len(later) - distinct(rows.who) - rank - 1, 1)
    cases = distinct(rows.case)
    corrected = np.sqrt(cases / max(cases - 1, 1) * (len(later) - 1) / free)
    parts = [np.bincount(own.case, later * column, minlength=width) for column in left.T]
    return values, np.stack(parts) / weight * corrected, weight


def _model(own: Own, bank: Bank, apart: np.ndarray, width: int) -> tuple[float, np.ndarray]:
    """What the later model adds with the people of both periods, and what each case adds to its error."""
    n = len(bank.case)
    usual = _usual(own, int(bank.kind.max()) + 1)
    gained = bank.follows[1] * bank.score[1] - bank.follows[0] * bank.score[0] + apart * usual[bank.kind]
    value, added = float(gained.mean()), np.zeros(width)
    if np.ptp(gained):
        # One case better and one worse added: where hardly any differ, their number is not known from those seen.
        spread = ((gained - value) ** 2).sum()
        wider = np.sqrt((spread + np.abs(gained).max() ** 2) / max(spread, 1e-12) * n / (n + 2))
        added += np.bincount(bank.case, (gained - value) / n * wider, minlength=width)
    if np.ptp(apart) == 0 and not apart.any():
        return value, added
    for side in (own.later, ~own.later):
        rows = (own.at >= 0) & side
        beyond = apart[own.at[rows]] * (own.score[rows] - usual[own.kind[rows]]) / 2
        if len(beyond):
            value += float(beyond.mean())
            added += np.bincount(own.case[rows], (beyond - beyond.mean()) / len(beyond), minlength=width)
    return value, added


def _usual(own: Own, kinds: int) -> np.ndarray:
    """People's mean score on each kind of case, both periods alike."""
    sums = np.bincount(own.kind, own.score, minlength=kinds) + own.score.mean()
    return sums / (np.bincount(own.kind, minlength=kinds) + 1)


def _halves(own: Own, scores: np.ndarray) -> float:
    return float((scores[own.later].mean() + scores[~own.later].mean()) / 2)
