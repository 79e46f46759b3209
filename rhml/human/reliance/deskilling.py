"""Deferring, not learning: people alone are right less often than before while they follow the model more.

Raised at a look if the change of unaided accuracy lies below zero with its whole interval, in every reading of the
cases, while agreement rises with its whole interval. Or if right own calls are kept less often (RSR) and giving up
wrong ones (RAIR) does not make up for it, as RSR alone falls whenever people follow more. Not significant
is not flat: it raises nothing. The looks' intervals spend the chance of a false alarm between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import hypot

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.reliance.agreement import agreement, columns
from rhml.human.reliance.alarm import Alarm, Looked, nothing
from rhml.human.reliance.calls import Rows
from rhml.human.reliance.like_cases import readings, segments
from rhml.human.reliance.looking import PLAIN, Span, all_looks, changed, falls, level_of, rises, span
from rhml.human.reliance.rounds import Look, Round, rounds
from rhml.stats.change import change, wider
from rhml.stats.measure import Measure

KIND = "deskilling"
OF_ACCURACY, OF_RELIANCE, OF_AGREEMENT = 0.045, 0.0025, 0.05
"""What each may spend: with automation bias, stable teams get an alarm in at most 5 of 100 cases."""


@dataclass(frozen=True, eq=False)
class Watched:
    """A team's rows with what every look needs, computed once."""

    rows: Rows
    domain: DecisionDomain
    own: np.ndarray

    @classmethod
    def of(cls, rows: Rows, domain: DecisionDomain) -> Watched:
        """What the looks of the rounds need of the rows; `own` are the positions of the resolved unaided calls."""
        own = np.flatnonzero(rows.unaided & rows.judged)
        begun = rounds(len(own))
        return cls(*((rows, domain, own) if not begun else _near(rows, domain, own, begun)))

    @cached_property
    def mixes(self) -> dict[str, np.ndarray]:
        """What the cases are like, reading by reading."""
        return readings(self.rows, self.domain)

    @cached_property
    def judged_advice(self) -> np.ndarray:
        """Rows whose recommendation can be judged."""
        return self.rows.judged & (self.rows.shown >= 0)

    @cached_property
    def segments(self) -> np.ndarray:
        """The segments alone, which no version can move."""
        return segments(self.rows, self.domain)

    @cached_property
    def advice(self) -> list[np.ndarray]:
        """What was recommended to whom."""
        return columns(self.rows)

    def accuracy(self, at: Span, level: float, *, thrifty: bool = False) -> Measure:
        """The change of unaided accuracy; `thrifty` stops at the first reading that shows no fall."""
        right, found = self.rows.first == self.rows.right, []
        for mix in self.mixes.values():
            found.append(changed(self.rows, at.rows, at.later, right, [mix], level))
            if thrifty and found[-1].known and not falls(found[-1]):
                return found[-1]
        beside = self.beside_the_model(at, level)
        return wider([one for one in [*found, *beside] if one.known] or found[:1])

    def beside_the_model(self, at: Span, level: float) -> list[Measure]:
        """The change less the model's own, where the model fell too: then cases became harder than they look."""
        r = self.rows
        among, later = at.periods(r, self.judged_advice & (r.known <= at.seen))
        hits, plain = r.shown == r.right, self.segments
        if not falls(change(hits[among], later, mix=plain[among], cases=r.case[among])):
            return []
        model = change(hits[among], later, mix=plain[among], cases=r.case[among], level=level)
        people = changed(r, at.rows, at.later, r.first == r.right, [plain], level)
        if people.high is None or model.high is None:
            return [people]
        value = people.value - model.value
        half = hypot(people.high - people.value, model.high - model.value)
        return [Measure.of(value, value - half, value + half, people.n)]

    def reliance(self, at: Span, level: float) -> tuple[Measure, Measure]:
        """The changes of RSR (right own calls kept) and of RAIR (wrong ones given up for a right recommendation)."""
        r = self.rows
        three = r.advised[at.rows] & (r.first != r.shown)[at.rows]
        found = []
        for among in (r.first == r.right, r.shown == r.right):
            keep = three & among[at.rows]
            rows, later = at.rows[keep], at.later[keep]
            found.append(
                change(
                    (r.final == r.right)[rows],
                    later,
                    cases=r.case[rows],
                    managers=r.manager[rows],
                    level=level,
                )
            )
        return found[0], found[1]

    def agreement(self, at: Span, level: float) -> Measure:
        """The change of agreement between the two periods."""
        return agreement(self.rows, self.advice, at, level)


def _near(rows: Rows, domain: DecisionDomain, own: np.ndarray, begun: tuple[Round, ...]):
    some, places = rows.near(own, begun)
    return some, domain, places


def deskilling(rows: Rows, *, domain: DecisionDomain) -> Alarm:
    """The alarm as it stands, all its looks replayed in the order in which outcomes came."""
    watched = Watched.of(rows, domain)
    calls = len(watched.own)
    begun = rounds(calls)
    if rows.why or not begun or calls < begun[0].start + begun[0].step:
        return _too_few(rows, calls)
    raised = [(one, look, by) for one, look in all_looks(begun, calls, OF_ACCURACY)
              if (by := _raised(watched, one, look))]  # fmt: skip
    current = _current(begun, calls)
    at = span(rows, watched.own, current, len(watched.own[current.start : current.end]))
    shown = tuple(_looks(watched, current, calls, {(one, look) for one, look, _ in raised}))
    by = raised[0][2] if raised else ""
    return Alarm(
        KIND, "raised" if raised else "quiet",
        _moment(watched, raised[0][0], raised[0][1]) if raised else None,
        watched.accuracy(at, PLAIN), watched.agreement(at, PLAIN), shown, "",
        more=begun[-1].until_next(calls),
        detail={"calls": calls, "baseline": current.baseline, "by": by,
                "self_reliance": watched.reliance(at, PLAIN)[0]},
    )  # fmt: skip


def _raised(watched: Watched, one: Round, look: Look) -> str:
    """What raises the alarm at this look: 'accuracy', 'reliance', or nothing."""
    at = span(watched.rows, watched.own, one, look.calls)
    fallen = falls(watched.accuracy(at, level_of(look.bar), thrifty=True))
    if not fallen and not _yields(watched, at, one, look):
        return ""
    bar = one.looks(one.start + look.calls, OF_AGREEMENT)[-1].bar
    if not rises(watched.agreement(at, level_of(bar))):
        return ""
    return "accuracy" if fallen else "reliance"


def _yields(watched: Watched, at: Span, one: Round, look: Look) -> bool:
    """Whether right own calls are kept less often, and giving up wrong ones does not make up for it."""
    bar = one.looks(one.start + look.calls, OF_RELIANCE)[-1].bar
    kept, gave_up = watched.reliance(at, level_of(bar))
    if not falls(kept) or gave_up.high is None:
        return False
    return kept.value + gave_up.value + hypot(kept.high - kept.value, gave_up.high - gave_up.value) < 0


def _current(begun: tuple[Round, ...], calls: int) -> Round:
    """The newest round that has had a look."""
    return [one for one in begun if one.start + one.step <= calls][-1]


def _looks(watched: Watched, one: Round, calls: int, raised: set[tuple[Round, Look]]) -> Iterator[Looked]:
    for look in one.looks(calls, OF_ACCURACY):
        at = span(watched.rows, watched.own, one, look.calls)
        found = watched.accuracy(at, level_of(look.bar))
        yield Looked(look.calls, one.baseline, _moment(watched, one, look), found, (one, look) in raised)


def _moment(watched: Watched, one: Round, look: Look):
    return pd.Timestamp(watched.rows.known[watched.own[one.start + look.calls - 1]]).to_pydatetime()


def _too_few(rows: Rows, calls: int) -> Alarm:
    if rows.why:
        return nothing(KIND, rows.why)
    first = 300
    more = max(first - calls, 1)
    why = (
        f"{calls:,} calls made before any recommendation have an outcome. The first look comes at {first:,}: "
        f"about {more:,} more."
    )
    return nothing(KIND, why, more)
