"""What each kind of decision taught the model: leave it out, learn again, compare on cases nobody learned from.

Same window, same parameters, same five seeds; only the decisions with one reason, or on the cases of one
segment, are taken out of what people taught. Such prices are marginal and do not add up: two reasons that say
the same thing are each worth nothing while the other is there.

Only what at least three people took part in is priced, so that no price is one person's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import TrainingRefused
from rhml.machine.judging.comparison import FALSE_ALARMS
from rhml.machine.learning.recipe import Learned, learn
from rhml.stats.bands import MISSING, OTHER, segment_names
from rhml.stats.measure import MINIMUM, Measure
from rhml.stats.multiplicity import benjamini_hochberg, p_value
from rhml.stats.paired import difference

PEOPLE = 3
EACH = 5
"""Decisions that each of at least three people must have made."""
MOST = 24
"""Parts priced in one go, the reasons and then the largest segments: each costs a retraining."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Part:
    """Some of the decisions: those with a reason (column 'reason') or on the cases of a segment."""

    column: str
    name: str
    decisions: int
    managers: int


@dataclass(frozen=True)
class Price:
    """What a part of the decisions added: by how much more is right, and how much the Brier score falls.

    `brier` is the change that the part brought: below 0 it made the probabilities better. `shown`: the
    difference in accuracy is more than chance explains, with all prices tested together. `decisive`: without
    the part the rest is not shown to foretell outcomes, so no call is used at all and the price is that of all.
    """

    column: str
    name: str
    decisions: int
    managers: int
    accuracy: Measure
    brier: Measure
    shown: bool = False
    decisive: bool = False


@dataclass(frozen=True)
class Prices:
    """The prices, the parts too few people took part in, and why there is none where there is none."""

    prices: tuple[Price, ...]
    too_few: tuple[Part, ...]
    cases: int
    why: str = ""
    hash: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def parts(
    cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain
) -> tuple[list[Part], list[Part]]:
    """What can be priced, reasons first and most decisions first, and what too few people took part in."""
    found = []
    for column, rows in _columns(cases, calls, domain).items():
        for name, some in calls.groupby(rows.to_numpy(), sort=True):
            each = some["manager"].value_counts()
            enough = int((each >= EACH).sum()) >= PEOPLE and len(some) >= MINIMUM
            found.append((enough, Part(column, str(name), len(some), int(some["manager"].nunique()))))
    found.sort(key=lambda pair: (pair[1].column != "reason", -pair[1].decisions))
    return [p for enough, p in found if enough][:MOST], [p for enough, p in found if not enough]


def _columns(cases: pd.DataFrame, calls: pd.DataFrame, domain: DecisionDomain) -> dict[str, pd.Series]:
    """The name of each decision's part by reason and by segment, as text; None where it has none."""
    columns = {"reason": calls["reason"].astype(object)} if "reason" in calls else {}
    for column in domain.segment_columns:
        if column in cases and domain.feature(column).kind != "text":
            names = segment_names(cases, column, domain).to_numpy()
            columns[column] = calls["case_id"].map(pd.Series(names, index=cases["case_id"]))
    return {
        name: values.where(values.notna() & ~values.isin((MISSING, OTHER)), None)
        for name, values in columns.items()
    }


def prices(
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    progress: Progress = lambda share, words: None,
    nthread: int = 1,
    taught: Mapping[str, np.ndarray] | None = None,
    marks: pd.DataFrame | None = None,
) -> Prices:
    """Price every part with enough decisions; `cases` holds the bank, on which models are compared.

    `taught` are the lessons that the version was taught, and `marks` what decisions marked, as `learn` takes them.
    """
    chosen, too_few = parts(cases, calls, domain=domain)
    bank = cases[cases["bank"].fillna(False).to_numpy(dtype=bool) & cases["right_action"].notna()]
    if domain.selective and "explore" in bank:
        bank = bank[bank["explore"].fillna(False).to_numpy(dtype=bool)]
    why = _why_not(domain, chosen, bank)
    if why:
        return Prices((), tuple(too_few), len(bank), why)

    def learned_from(said: pd.DataFrame) -> Learned:
        return learn(cases, said, domain=domain, seed=seed, nthread=nthread, taught=taught, marks=marks)

    progress(0.0, "Learning from everything people called")
    whole = learned_from(calls)
    if not whole.siblings:
        said = "What people called was left out of this version, so no part of it has a price."
        return Prices((), tuple(too_few), len(bank), said, whole.challenger.version)
    with_all = _scores(whole, bank)
    found = []
    for at, part in enumerate(chosen):
        progress((at + 1) / (len(chosen) + 1), f"Leaving out {part.name}: {at + 1} of {len(chosen)}")
        rows = (_columns(cases, calls, domain)[part.column] == part.name).to_numpy()
        found.append(_price(part, with_all, learned_from, _without(calls, rows, domain), bank))
    return Prices(_tested(found), tuple(too_few), len(bank), hash=whole.challenger.version)


def _tested(found: list[Price]) -> tuple[Price, ...]:
    """The prices, with those marked that stand out of all of them together (Benjamini–Hochberg)."""
    adjusted = benjamini_hochberg([_p(price.accuracy) for price in found])
    return tuple(
        replace(price, shown=bool(q < FALSE_ALARMS)) for price, q in zip(found, adjusted, strict=True)
    )


def _p(found: Measure) -> float:
    """1 where no case is answered differently: an interval without width would divide by zero."""
    return 1.0 if found.low == found.high == 0 else p_value(found)


def _why_not(domain: DecisionDomain, chosen: list[Part], bank: pd.DataFrame) -> str:
    if domain.outcome is None:
        return "Without outcomes the model imitates what people decide, so no part of it can be priced."
    if not chosen:
        return (
            f"No reason and no segment has {MINIMUM} decisions of at least {PEOPLE} people, {EACH} of each, so a "
            "price would be one person's."
        )
    if len(bank) < MINIMUM:
        return f"The bank holds {len(bank)} {domain.terms.many} with an outcome; a price needs {MINIMUM}."
    return ""


def _without(calls: pd.DataFrame, rows: np.ndarray, domain: DecisionDomain) -> pd.DataFrame:
    """The calls without those of a part.

    Where decisions choose which outcomes are seen, a refusal taken out still tells what an explored outcome
    stands for: it stays as a decision whose action teaches nothing.
    """
    if not domain.selective or domain.outcome is None:
        return calls[~rows]
    silent = rows & ~calls["final_action"].isin(domain.outcome.observed_after).to_numpy()
    kept = calls.assign(
        **{
            column: calls[column].astype(object).mask(silent, empty)
            for column, empty in (("first_action", None), ("recommended_action", None), ("final_action", ""))
        }
    )
    return kept[~rows | silent]


def _scores(learned: Learned, bank: pd.DataFrame) -> pd.DataFrame:
    """Mean right and Brier of five seeds on each bank case; of the twins where the calls were left out."""
    scores = learned.twin_scores(bank)
    who = "sibling" if learned.siblings else "twin"
    return scores[[f"{who}_right", f"{who}_brier"]].set_axis(["right", "brier"], axis=1)


def _price(
    part: Part,
    with_all: pd.DataFrame,
    learned_from: Callable[[pd.DataFrame], Learned],
    said: pd.DataFrame,
    bank: pd.DataFrame,
) -> Price:
    try:
        rest = learned_from(said)
    except TrainingRefused as refused:
        unknown = Measure.unknown(f"Without it no model can be trained: {refused}", len(bank))
        return Price(**vars(part), accuracy=unknown, brier=unknown)
    less = _scores(rest, bank)
    return Price(
        **vars(part),
        decisive=not rest.siblings,
        accuracy=_paired(with_all["right"], less["right"]),
        brier=_paired(with_all["brier"], less["brier"]),
    )


def _paired(whole: pd.Series, less: pd.Series) -> Measure:
    found = difference(whole, less)
    if found.known and found.low is None and not (whole - less).any():
        return Measure(0.0, 0.0, 0.0, found.n, "No case is answered differently without it.")
    return found
