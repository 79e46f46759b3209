"""Did people, the model and the team each get better? A verdict in words, and the numbers behind it.

Decisions with a known outcome are cut at the median of their times into an earlier and a later half. Human: unaided
first calls. Model: recommendations as shown; where versions are named, newer ones against older ones, and one named version
neither improves nor falls, whatever its cases do. Team: final decisions. Where the halves of the calendar hold mostly
different people, as in a study in which everybody sits once, people's own earlier calls are compared with their own later
ones instead (`stats.periods.answering`; settled by who decided when, never by what came of it), and the side says so. Each
change is taken on like cases (`like_cases`), people's and the team's within the same managers.

The intervals shown hold at 95 %, each for itself. The words rest on wider ones, so wide that at most one organization in
twenty ever reads any false *improved* or *fell*, over all three sides (Bonferroni) and however often the report is read while
outcomes arrive (`stats.looks`). What parts a look from the next is in the log itself: the moment from which it could judge a
decision. Reading writes nothing, and a log imported in one go has been looked at once. A look's words are about the halves
of that look: a later look without them takes nothing back, it compares other halves. Spans and segments are read at the same
bars, but choosing among many of them is not allowed for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.parting import CALL as WHO
from rhml.reports.parting import parted
from rhml.reports.sides import ALPHA, Side, machine_side, people_side, right_share
from rhml.reports.unaided import compared, rows_of
from rhml.stats.bands import month_names
from rhml.stats.looks import Looks
from rhml.stats.measure import Measure
from rhml.stats.periods import middle
from rhml.stats.verdicts import Verdict

NO_TIMES = "The decisions carry no times, so earlier and later cannot be told apart."
SCHEDULE = (
    "A look is each moment at which outcomes arrived. The chance of any false improved or fell, 5 % over people, model and "
    "team, is spent as resolved calls come in: most of it at the first look of a log that begins with thousands, the rest "
    "bit by bit without end. Each look asks more than the one before."
)


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

    @property
    def level(self) -> float:
        """The level that people's words rest on; each side has its own."""
        return self.human.level

    @property
    def looks(self) -> Looks:
        """The looks of the side that the log could judge most often."""
        return max((getattr(self, who).looks for who in WHO), key=lambda looks: looks.number)

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; times in ISO format."""
        times = {
            n: t.isoformat() if (t := getattr(self, n)) is not None else None for n in ("start", "cut", "end")
        }
        spent = sum(getattr(self, who).looks.spent(ALPHA) for who in WHO)
        return {
            **{who: getattr(self, who).as_dict() for who in WHO},
            **times,
            "adjusted_for": list(self.adjusted_for),
            "smallest_change": self.smallest_change,
            "level": self.level,
            "looks": {
                "number": self.looks.number,
                "spent": spent,
                "of": ALPHA * len(WHO),
                "schedule": SCHEDULE,
            },
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
    calls: Calls | None = None,
) -> Improvement:
    """Verdicts on human, model and team between the earlier and the later half of the decisions.

    decisions: their `arrived_at` says since when each can be judged; without it all came at one look.
    model_scores: case_id, p_<action> of one frozen model that did not learn from these cases. difficulty: the same of a
    cross-fitted reference, with `people`, how often people's calls on like cases prove right, and the facts (`fact_…`).
    calls: of the decisions, where they are read already. Every report takes a seed; no step of this one is left to chance.
    """
    calls = calls or Calls.of(decisions, domain)
    judged, why = calls.judged()
    times = pd.to_datetime(calls.column("decided_at"))
    timed = judged & times.notna().to_numpy()
    if why or not timed.any():
        return _nothing(why or (NO_TIMES if judged.any() else "No outcomes so far."), domain)
    moment, given = middle(times[timed]), {"model_scores": model_scores, "difficulty": difficulty}
    own, _ = rows_of(calls)
    people, words = compared(calls, own, moment=moment, **given)
    sides = {
        who: machine_side(calls, who, parted(calls, who, timed, times, moment), given)
        for who in ("model", "team")
    }
    return Improvement(
        human=people_side(calls, own, people),
        **sides,
        start=times[timed].min(),
        cut=moment,
        end=times[timed].max(),
        adjusted_for=(*words, "people and team: the same managers in both halves"),
        smallest_change=domain.report.smallest_change,
        series=tuple(_series(calls, timed, times)),
    )


def _series(calls: Calls, judged: np.ndarray, times: pd.Series) -> list[dict[str, object]]:
    """The share right by week, month or quarter, whichever gives a readable number of points."""
    days = (times[judged].max() - times[judged].min()).days
    names = month_names(times, "W" if days <= 60 else "M" if days <= 550 else "Q")
    unaided, points = calls.unaided, []
    for period, rows in sorted(calls.split(names, judged)):
        sides = {
            who: right_share(
                calls, who, rows[unaided[rows] if who == "human" else getattr(calls, WHO[who])[rows] >= 0]
            )
            for who in WHO
        }
        points.append({"period": period, **sides})
    return points


def _nothing(why: str, domain: DecisionDomain) -> Improvement:
    none = Measure.unknown(why)
    side = Side(Verdict("cannot be known" if "annot be" in why else "too few to say", none), *(none,) * 3)
    return Improvement(side, side, side, None, None, None, (), domain.report.smallest_change, ())
