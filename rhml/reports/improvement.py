"""Did people, the model and the team each get better? A verdict in words, and the numbers behind it.

Decisions with a known outcome are cut at the median of their times into an earlier and a later half, the
same cut for all three. Human: unaided first calls. Model: recommendations as shown. Team: final decisions.
Where the halves of the calendar hold mostly different people, as in a study in which everybody sits once, people's
own earlier calls are compared with their own later ones instead (`stats.periods.answering`; settled by who decided
when, never by what came of it), and the side says so. Each change is taken on the same case mix, people's within
the same managers. The intervals shown hold at 95 %; the words are chosen by wider ones that hold at 1 − .05/3, so
that at most one report in twenty has any false *improved* or *fell* (Bonferroni). That is for one look: who reads
the verdicts daily until one changes sees false ones more often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.case_mix import CaseMix, case_mix
from rhml.reports.unaided import compared, rows_of
from rhml.stats.bands import month_names
from rhml.stats.change import changes, wider
from rhml.stats.compared import Compared
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.stats.periods import CALENDAR, middle
from rhml.stats.verdicts import Verdict, verdict

WHO = {"human": "first", "model": "recommended", "team": "final"}
LEVEL = 1 - 0.05 / len(WHO)
ONE_VERSION = "One version was shown throughout, so a change here is one of the cases or of the world, not of the model."
NO_TIMES = "The decisions carry no times, so earlier and later cannot be told apart."


@dataclass(frozen=True)
class Side:
    """One of human, model and team: the verdict, and the plain share right in each half.

    `change` is the standardized change with its 95 % interval; the verdict rests on the wider one of its own.
    """

    verdict: Verdict
    change: Measure
    earlier: Measure
    later: Measure
    versions: tuple[str, ...] = ()
    note: str = ""
    cut: str = CALENDAR

    def as_dict(self) -> dict[str, object]:
        """Verdict and change first, then the halves, not adjusted."""
        rests_on = self.verdict.change
        return {
            **self.verdict.as_dict(),
            **self.change.as_dict(),
            "verdict_rests_on": {"low": rests_on.low, "high": rests_on.high, "level": LEVEL},
            "cut": self.cut,
            "earlier": self.earlier.as_dict(),
            "later": self.later.as_dict(),
            "versions": list(self.versions),
            "note": self.note,
        }


@dataclass(frozen=True)
class Improvement:
    """The three verdicts, when the periods were, what was adjusted for, and the course over time."""

    human: Side
    model: Side
    team: Side
    start: pd.Timestamp | None
    cut: pd.Timestamp | None
    end: pd.Timestamp | None
    adjusted_for: tuple[str, ...]
    smallest_change: float
    series: tuple[dict[str, object], ...]
    level: float = LEVEL

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; times in ISO format."""
        times = {
            n: t.isoformat() if (t := getattr(self, n)) is not None else None for n in ("start", "cut", "end")
        }
        return {
            **{who: getattr(self, who).as_dict() for who in WHO},
            **times,
            "adjusted_for": list(self.adjusted_for),
            "smallest_change": self.smallest_change,
            "level": self.level,
            "series": [
                {k: v.as_dict() if isinstance(v, Measure) else v for k, v in point.items()}
                for point in self.series
            ],
        }


def improvement(
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    model_scores: pd.DataFrame | None = None,
    difficulty: pd.DataFrame | None = None,
) -> Improvement:
    """Verdicts on human, model and team between the earlier and the later half of the decisions.

    model_scores: case_id, p_<action> of one frozen model that did not learn from these cases; the better
    yardstick of how hard a case is. difficulty: the same with `people`, how often people's calls on like cases
    prove right, cross-fitted; for people's calls alone. Every report takes a seed; no step of this one is left to
    chance.
    """
    calls = Calls.of(decisions, domain)
    judged, why = calls.judged()
    timed = decisions["decided_at"].notna().to_numpy()
    if why or not (judged & timed).any():
        return _nothing(why or (NO_TIMES if judged.any() else "No outcomes so far."), domain)
    judged = judged & timed
    times = pd.to_datetime(decisions["decided_at"])
    cut = middle(times[judged])
    mix, later = _both(calls, model_scores, difficulty), (times >= cut).to_numpy()
    sides = {who: _side(calls, who, judged, later, mix) for who in ("model", "team")}
    own, _ = rows_of(calls)
    people, words = compared(calls, own, moment=cut, model_scores=model_scores, difficulty=difficulty)
    sides["human"] = _people(calls, own, people)
    return Improvement(
        **sides,
        start=times[judged].min(),
        cut=cut,
        end=times[judged].max(),
        adjusted_for=(*words, "people: the same managers in both halves"),
        smallest_change=domain.report.smallest_change,
        series=tuple(_series(calls, judged, times)),
    )


def _both(calls: Calls, model_scores: pd.DataFrame | None, difficulty: pd.DataFrame | None) -> CaseMix:
    """The case mix by what was shown and, where one is brought, by the reference alone: a change must hold in each.

    A better version that is named like the one before (an imported log names none) is surer of the same cases,
    which by what was shown alone would pass for easier cases.
    """
    mix = case_mix(calls, model_scores)
    if difficulty is None or model_scores is not None:
        return mix
    return CaseMix((*mix.readings, *case_mix(calls, difficulty).readings), mix.words)


def _rows(calls: Calls, who: str, judged: np.ndarray) -> np.ndarray:
    return judged & (calls.unaided if who == "human" else getattr(calls, WHO[who]) >= 0)


def _right(calls: Calls, who: str, keep: np.ndarray) -> Measure:
    return share(calls.hits(WHO[who])[keep], calls.sample(keep, managers=who != "model"))


def _side(calls: Calls, who: str, judged: np.ndarray, later: np.ndarray, mix: CaseMix) -> Side:
    keep = _rows(calls, who, judged)

    readings = [
        changes(
            calls.hits(WHO[who])[keep],
            later[keep],
            mix=columns[keep],
            cases=calls.case[keep],
            managers=None if who == "model" else calls.manager[keep],
            levels=(0.95, LEVEL),
        )
        for columns in mix.readings
    ]
    plain, found = (wider(list(at_level)) for at_level in zip(*readings, strict=True))
    versions = calls.rows["model_version"][keep].dropna().unique() if who == "model" else ()
    return Side(
        verdict(found, smallest=calls.domain.report.smallest_change, level=LEVEL),
        plain,
        earlier=_right(calls, who, keep & ~later),
        later=_right(calls, who, keep & later),
        versions=tuple(map(str, versions)),
        note=ONE_VERSION if len(versions) == 1 else "",
    )


def _people(calls: Calls, own: np.ndarray, people: Compared) -> Side:
    """own: positions of the calls compared."""
    cut = people.cut
    halves = [
        share(people.right[rows], calls.sample(own[rows]))
        for rows in (cut.placed & ~cut.later, cut.placed & cut.later)
    ]
    plain, found = people.changes(cut, levels=(0.95, LEVEL))
    said = verdict(found, smallest=calls.domain.report.smallest_change, level=LEVEL)
    return Side(said, plain, *halves, note=people.why if found.known else "", cut=cut.name)


def _series(calls: Calls, judged: np.ndarray, times: pd.Series) -> list[dict[str, object]]:
    """The share right by week, month or quarter, whichever gives a readable number of points."""
    days = (times[judged].max() - times[judged].min()).days
    names = month_names(times, "W" if days <= 60 else "M" if days <= 550 else "Q")
    codes, periods = pd.factorize(names.where(judged, None), sort=True)
    points = []
    for code, period in enumerate(periods):
        there = codes == code
        sides = {who: _right(calls, who, _rows(calls, who, judged & there)) for who in WHO}
        points.append({"period": period, **sides})
    return points


def _nothing(why: str, domain: DecisionDomain) -> Improvement:
    none = Measure.unknown(why)
    side = Side(Verdict("cannot be known" if "annot be" in why else "too few to say", none), *(none,) * 3)
    return Improvement(side, side, side, None, None, None, (), domain.report.smallest_change, ())
