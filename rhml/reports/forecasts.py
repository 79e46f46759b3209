"""Probabilities that people stated beside the model's, on the same resolved cases: scored, compared, and put together.

People's are those stated before anything of the model was shown and before the outcome was known; the model's is the
last it gave before the log held the outcome. Every case counts once: where several people judged it, *one person alone*
is the mean of their scores, *people together* the score of their mean. Intervals are over cases. Where fewer than three
people stated them, or nearly all are one person's, nothing is told: it would be that person's score.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from rhml.core.domain import DecisionDomain
from rhml.reports.forecasting import (
    ADJUSTED,
    BOTH,
    MODEL,
    ONE,
    POOLED,
    Forecasts,
    Gap,
    Side,
    Where,
)
from rhml.stats import proper_scores as scores
from rhml.stats.bands import segment_names
from rhml.stats.calibration import brier as parts
from rhml.stats.calibration import calibration_table
from rhml.stats.intervals import fraction, mean
from rhml.stats.looks import Looks
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.multiplicity import benjamini_hochberg, p_value
from rhml.stats.sample import Sample

FOLDS = 5
SEVERAL = 1.5
"""People a case, on average, from which it says something to pool them."""

FEWEST_PEOPLE = 3
"""So many must have stated probabilities before a score is told: two would read each other's."""

TOGETHER = 0.975
"""Beating either side is said where both intervals of this level lie beyond zero: together they hold at 95 %."""

NOBODY = "Nobody has stated a probability of their own, before the model's, on a case whose outcome is known."
NO_MODEL = "The model gave no probability, before the outcome was known, on a case on which people had stated theirs."


@dataclass(frozen=True, eq=False)
class Stated:
    """One distribution over the actions a case (n, k) for each side, and those of single people with the case of each.

    arrived (n,): since when the log can judge each case.
    """

    right: np.ndarray
    alone: np.ndarray
    case: np.ndarray
    sides: dict[str, np.ndarray]
    arrived: np.ndarray


def forecasts(
    people: pd.DataFrame, model: pd.DataFrame, cases: pd.DataFrame, *, domain: DecisionDomain, seed: int
) -> Forecasts:
    """Scores of people, the model and both, on the cases on which all of them stated a probability.

    people: case_id, manager, action, confidence, one row a person and case. model: case_id, action, probability, one
    row a case. cases: those with an outcome that may speak: case_id, right_action and the segment columns; `arrived_at`
    says since when each can be judged, without it all came at one look.
    """
    # An action that left the domain since cannot prove right any more.
    people, model = (rows[rows["action"].isin(domain.action_keys)] for rows in (people, model))
    people = people[people["case_id"].isin(cases["case_id"])]
    if people.empty:
        return Forecasts.nothing(NOBODY)
    cases = cases[cases["case_id"].isin(people["case_id"])]
    told = len(cases)
    cases = cases[cases["case_id"].isin(model["case_id"])].reset_index(drop=True)
    if cases.empty:
        return Forecasts.nothing(NO_MODEL, without_model=told)
    people = people[people["case_id"].isin(cases["case_id"])]
    counts = (told - len(cases), len(cases), int(people["manager"].nunique()), len(people))
    if len(cases) < MINIMUM:
        return Forecasts(too_few(len(cases)), *counts, (), (), ())
    if not _of_several(people["manager"]):
        return Forecasts(_one_alone(domain, counts[2]), *counts, (), (), ())

    stated = _stated(people, model, cases, domain, seed)
    sides = tuple(_side(key, stated, domain) for key in stated.sides)
    who = people["manager"].to_numpy(object)
    return Forecasts("", *counts, sides, _gaps(stated), _where(stated, who, cases, domain))


def _of_several(who: pd.Series) -> bool:
    """Whether scores of these statements, by who made each, are no single person's."""
    made = who.value_counts()
    return len(made) >= FEWEST_PEOPLE and int(made.iloc[1:].sum()) >= MINIMUM


def _one_alone(domain: DecisionDomain, people: int) -> str:
    person = domain.terms.manager
    if people >= FEWEST_PEOPLE:
        return f"Nearly all probabilities so far are one {person}’s, whose own score this would be; it is told once others stated {MINIMUM}."
    many = f"one {person}" if people == 1 else f"{people} {person}s"
    return f"Probabilities of {many} so far; shown from {FEWEST_PEOPLE} on, so that nobody reads another’s score."


def _stated(
    people: pd.DataFrame, model: pd.DataFrame, cases: pd.DataFrame, domain: DecisionDomain, seed: int
) -> Stated:
    k, ids = len(domain.action_keys), pd.Index(cases["case_id"])
    case = ids.get_indexer(people["case_id"])
    alone = scores.spread(_codes(people["action"], domain), people["confidence"].to_numpy(float), k)
    said = model.set_index("case_id").loc[ids]
    of_model = scores.spread(_codes(said["action"], domain), said["probability"].to_numpy(float), k)
    right = _codes(cases["right_action"], domain)
    pooled = scores.pooled(alone, case)
    sides = {ONE: pooled, MODEL: of_model, BOTH: scores.together(pooled, of_model)}
    if len(people) >= SEVERAL * len(cases):
        fold = np.random.default_rng(seed).permutation(len(cases)) % FOLDS
        power = scores.sharpening(pooled, right, fold)
        sides = {
            ONE: pooled, POOLED: pooled, ADJUSTED: scores.sharpened(pooled, power),
            MODEL: of_model, BOTH: sides[BOTH],
        }  # fmt: skip
    return Stated(right, alone, case, sides, _arrived(cases))


def _arrived(cases: pd.DataFrame) -> np.ndarray:
    if "arrived_at" not in cases:
        return np.zeros(len(cases), np.int64)
    return cases["arrived_at"].to_numpy("datetime64[us]").astype(np.int64)


def _codes(actions: pd.Series, domain: DecisionDomain) -> np.ndarray:
    return pd.Index(domain.action_keys, dtype=object).get_indexer(actions.astype(object))


def _scored(stated: Stated, key: str, score) -> np.ndarray:
    """A score a case; one person's is the mean over those who judged it."""
    if key == ONE:
        return scores.by_case(score(stated.alone, stated.right[stated.case]), stated.case)
    return score(stated.sides[key], stated.right)


def _side(key: str, stated: Stated, domain: DecisionDomain) -> Side:
    n = len(stated.right)
    sample = Sample.rows(n)
    p, right, case = (
        (stated.alone, stated.right[stated.case], stated.case)
        if key == ONE
        else (stated.sides[key], stated.right, np.arange(n))
    )
    # With two actions the first one's probability tells all; with more, that of the likeliest.
    two = len(domain.action_keys) == 2
    named = np.zeros(len(p), np.int64) if two else p.argmax(axis=1)
    probability, came = p[np.arange(len(p)), named], named == right
    bins = 10 if n >= 200 else 5
    table = calibration_table(probability, came, cases=case, bins=bins)
    found = parts(probability, came, cases=case, bins=bins)
    return Side(
        key,
        fraction(_scored(stated, key, scores.brier), sample),
        mean(_scored(stated, key, scores.logarithmic), sample),
        mean(_scored(stated, key, scores.too_sure), sample),
        found.reliability,
        found.resolution,
        tuple(
            (row["said"], Measure.of(row["came_true"], row["low"], row["high"], row["n"]))
            for row in table.to_dict("records")
        ),
    )


def _gap(stated: Stated, first: str, second: str, level: float) -> Gap:
    """Words hold over all looks so far, with the chance of a false one that `level` leaves."""
    over_looks = Looks.of(stated.arrived, growing=True).level(1 - level)
    scored = ((scores.brier, level), (scores.logarithmic, level), (scores.brier, over_looks))
    found = [
        mean(_scored(stated, first, score) - _scored(stated, second, score), Sample.rows(len(stated.right)), level=at)
        for score, at in scored
    ]  # fmt: skip
    return Gap(first, second, *found)


def _gaps(stated: Stated) -> tuple[Gap, ...]:
    """Below zero: the first of the two foretold better."""
    people = POOLED if POOLED in stated.sides else ONE
    found = [_gap(stated, people, MODEL, 0.95)]
    found += [_gap(stated, BOTH, one, TOGETHER) for one in (people, MODEL)]
    if people == POOLED:
        found += [
            _gap(stated, POOLED, ONE, 0.95),
            _gap(stated, ADJUSTED, POOLED, 0.95),
            _gap(stated, ONE, MODEL, 0.95),
        ]
    return tuple(found)


def _where(stated: Stated, who: np.ndarray, cases: pd.DataFrame, domain: DecisionDomain) -> tuple[Where, ...]:
    """People against the model in each segment with enough cases and people; tested over all of them together."""
    people = POOLED if POOLED in stated.sides else ONE
    scored = {key: _scored(stated, key, scores.brier) for key in (people, MODEL, BOTH)}
    found, chances = [], []
    for column in domain.segments.columns:
        names = segment_names(cases, column, domain)
        for name in sorted(names.unique(), key=str):
            inside = (names == name).to_numpy(bool)
            if not MINIMUM <= inside.sum() < len(cases) or not _of_several(
                pd.Series(who[inside[stated.case]])
            ):
                continue
            sample = Sample.rows(int(inside.sum()))
            sides = (fraction(scored[key][inside], sample) for key in (people, MODEL, BOTH))
            found.append(Where(column, name, *sides, mean((scored[people] - scored[MODEL])[inside], sample)))
            chances.append(_over_looks(found[-1].apart, Looks.of(stated.arrived[inside], growing=True)))
    adjusted = benjamini_hochberg(chances)
    tested = [replace(where, adjusted_p=float(p)) for where, p in zip(found, adjusted, strict=True)]
    return tuple(sorted(tested, key=lambda where: where.apart.value))


def _over_looks(apart: Measure, looks: Looks) -> float:
    """The chance of so large a difference between equals at any look so far: an error is as much larger as the bar is."""
    return p_value(apart, level=1 - 2 * norm.sf(norm.isf(0.025) ** 2 / looks.bar(0.05)))
