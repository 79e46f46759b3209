"""How much of the growth people brought and how much the model: two parts that add up to the whole.

Growth is by how much more often a person's own call and a model, combined in one unchanging way, would be right on
the same bank cases: with the people of the later period and its newest model, against those of the earlier one and
its first. Both models are asked anew about the very same cases; people's calls come from each period's unaided first
calls, held alike in their cases and taken within the same people (`stats.attribution`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.combiner import Combiner
from rhml.reports.grown import ALPHA, MOVED, Growth, Part
from rhml.reports.replayed import Replayed
from rhml.reports.unaided import by_lot, compared, rows_of
from rhml.reports.worth import unit
from rhml.stats import anytime, attribution
from rhml.stats.attribution import INTERACTION, MODEL, PEOPLE, TOTAL, Split, combined, shapley
from rhml.stats.change import NOT_SEPARABLE
from rhml.stats.compared import Compared
from rhml.stats.looks import Looks
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.periods import ENOUGH_SHARED, FIXED_ORDER, middle
from rhml.stats.verdicts import Verdict, verdict

OTHER_PEOPLE = (
    "The earlier and the later half hold mostly different people, so growth of people cannot be told from a change of "
    "people: not separable."
)
SAME_MODEL = "The same version advised in both halves, so by definition it brought nothing."

MOST = 30_000
"""Unaided calls that are compared; of more, those on cases drawn by lot: they tell half a point already."""

NAMES = {"people": PEOPLE, "model": MODEL, "total": TOTAL}

__all__ = ["MOVED", "Growth", "Part", "growth", "shapley", "values"]


def growth(calls: Calls, replayed: Replayed, *, difficulty: pd.DataFrame | None = None) -> Growth:
    """The parts between the earlier and the later half of the decisions.

    replayed: what the first version of the earlier half and the newest of the later one say of the same bank cases.
    difficulty: the yardsticks of how hard each case is, as for people's verdict.
    """
    at, why = rows_of(calls)
    at = by_lot(calls, at, MOST)
    if why or min(len(at), len(replayed)) < MINIMUM:
        people = len(at) < MINIMUM
        what, n, least = (
            ("Unaided calls", len(at), 2 * MINIMUM) if people else ("Bank cases", len(replayed), MINIMUM)
        )
        return Growth.unknown(why or f"{what}: {too_few(n)} At least {least - n} more are needed.", n)
    judged, _ = calls.judged()
    times = pd.to_datetime(calls.column("decided_at"))
    timed = judged & times.notna().to_numpy()
    cut = middle(times[timed])
    found, words = compared(calls, at, moment=cut, difficulty=difficulty)
    if found.one_order or found.by_calendar.shared < ENOUGH_SHARED:
        return Growth.unknown(f"Cannot be known: {FIXED_ORDER if found.one_order else OTHER_PEOPLE}", len(at))
    own = calls.take(at)
    given = _given(own, found, replayed)
    seen = [(given.at[side] >= 0).sum() for side in (given.later, ~given.later)]
    combiner = Combiner.of(calls, times.notna().to_numpy(), banded=bool(min(seen) >= MINIMUM))
    parts = attribution.split(given, _bank(given, replayed, replayed.hits, combiner))
    if isinstance(parts, str):
        return Growth.unknown(f"Cannot be known: {parts}" if parts == NOT_SEPARABLE else parts, len(at))
    return replace(
        _told(parts, replayed, calls.domain, _levels(own, replayed)),
        versions=replayed.versions,
        times=(times[timed].min(), cut, times[timed].max()),
        counts=_counts(parts, replayed, given),
        combiner=combiner,
        in_value=_in_value(given, own, replayed, combiner),
        unit=unit(calls),
        adjusted_for=(*words, "the same people in both halves"),
    )


def values(
    right: np.ndarray, actions: np.ndarray, confidence: np.ndarray, people: np.ndarray, combiner: Combiner
) -> dict[str, float]:
    """V of the four combinations where people's chances to be right are known, as in a simulation.

    right (n,): the action that proved right. actions, confidence (2, n): what either model says. people (2, n): the
    chance of an unaided call to be right in either period.
    """
    return combined((actions == right).astype(float), combiner.follows(confidence), people)


def _given(own: Calls, found: Compared, replayed: Replayed) -> attribution.Own:
    """People's calls with the place of each case among those that the versions were asked about."""
    place = replayed.places(own.column("case_id"))
    right, later = found.right.astype(float), found.by_calendar.later
    return attribution.Own(own.case, right, later, found.manager, found.kinds, found.mix[0], place, own.right)


def _bank(
    given: attribution.Own, replayed: Replayed, score: np.ndarray, combiner: Combiner
) -> attribution.Bank:
    """The versions' scores, with the codes that the calls' cases have."""
    known = given.at >= 0
    case = int(given.case.max()) + 1 + np.arange(len(replayed))
    case[given.at[known]] = given.case[known]
    return attribution.Bank(case, score, combiner.follows(replayed.confidence), replayed.right)


def _told(parts: Split, replayed: Replayed, domain: DecisionDomain, levels: dict[str, float]) -> Growth:
    """levels: what the words of each part rest on, by how often it could be looked at."""
    told = {}
    for name, part in NAMES.items():
        n, level = len(replayed) if part == MODEL else parts.calls, levels[name]
        plain, wide = (_measure(parts, part, n, at) for at in (0.95, level))
        said = verdict(wide, smallest=domain.report.smallest_change, level=level)
        told[name] = Part(said, plain, level)
    if replayed.versions[0] == replayed.versions[1]:
        none = Measure(0.0, 0.0, 0.0, len(replayed), SAME_MODEL)
        told["model"] = Part(Verdict("no change shown", none), none)
    return Growth(**told, interaction=_measure(parts, INTERACTION, parts.calls, 0.95), values=parts.values)


def _levels(own: Calls, replayed: Replayed) -> dict[str, float]:
    """The level each part's words rest on: wider, the more often there was something new to look at.

    However often one looks: at one pair of versions. Another pair asks anew.
    """
    arrived = np.zeros(len(own))
    if "arrived_at" in own.frame:
        arrived = own.column("arrived_at").to_numpy("datetime64[us]").astype(np.int64)
    by_people = Looks.of(arrived).level(ALPHA)
    return {"people": by_people, "model": anytime.level(len(replayed), ALPHA), "total": by_people}


def _measure(parts: Split, part: int, n: int, level: float) -> Measure:
    value, error = float(parts.parts[part]), parts.error(part)
    half = stats.t.ppf((1 + level) / 2, max(parts.cases(part) - 1, 1)) * error
    return Measure.of(value, value - half, value + half, n)


def _in_value(given, own: Calls, replayed: Replayed, combiner: Combiner) -> dict[str, Measure] | None:
    """The parts in what mistakes cost, a case; above zero is saved. Cases without a value are left out."""
    stated = own.domain.value
    if not (stated.column or stated.cost) or replayed.saved is None:
        return None
    known, there = ~np.isnan(replayed.saved).any(axis=0), -own.costs(own.first)
    bank = replayed.take(np.flatnonzero(known))
    keep = ~np.isnan(there)
    kept = attribution.Own(*(getattr(given, name)[keep] for name in attribution.Own.__dataclass_fields__))
    kept = replace(kept, score=there[keep], at=bank.places(own.column("case_id")[keep]))
    if len(bank) < MINIMUM or len(kept.score) < MINIMUM:
        return None
    parts = attribution.split(kept, _bank(kept, bank, bank.saved, combiner))
    if isinstance(parts, str):
        return None
    sizes = {name: len(bank) if part == MODEL else parts.calls for name, part in NAMES.items()}
    return {name: _measure(parts, part, sizes[name], 0.95) for name, part in NAMES.items()}


def _counts(parts: Split, replayed: Replayed, given: attribution.Own) -> dict[str, int]:
    return {
        "bank_cases": replayed.of,
        "bank_replayed": len(replayed),
        "calls": parts.calls,
        "bank_calls": int((given.at >= 0).sum()),
        "managers": parts.managers,
    }
