"""Every assumption of the report in plain words, beside what this log says about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import NO_OUTCOMES, SELECTIVE, Calls
from rhml.reports.method_notes import NOTES, Note
from rhml.reports.report import SPEAKS_FOR
from rhml.reports.unaided import MOST
from rhml.stats.counted import FEWEST_PEOPLE, in_general
from rhml.stats.looks import Looks
from rhml.stats.measure import Measure

WHO = {"human": "People, unaided", "team": "Team"}
LATE_ALIKE = "Here no known outcome is left out for that."
IN_GENERAL = (
    f"For managers in general, not these alone: people vary too, so these intervals are wider. From {FEWEST_PEOPLE} "
    "people on; with fewer no such claim is made."
)


@dataclass(frozen=True)
class Entry:
    """A method, and what this log says about it."""

    note: Note
    here: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        note = asdict(self.note)
        return {
            **note,
            "assumes": list(note["assumes"]),
            "where": list(note["where"]),
            "here": list(self.here),
        }


@dataclass(frozen=True)
class Methods:
    """All entries, for whom the intervals speak, managers in general, and what can be known in this domain."""

    entries: tuple[Entry, ...]
    intervals: str
    selective: str
    in_general: str
    managers_in_general: dict[str, Measure]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "entries": [entry.as_dict() for entry in self.entries],
            "intervals": self.intervals,
            "selective": self.selective,
            "in_general": self.in_general,
            "managers_in_general": {who: found.as_dict() for who, found in self.managers_in_general.items()},
        }


def methods(
    decisions: pd.DataFrame, *, domain: DecisionDomain, calls: Calls | None = None, late: str = ""
) -> Methods:
    """The methods beside the facts of these decisions; `late` says which outcomes do not count yet."""
    calls = calls or Calls.of(decisions, domain)
    judged, why = calls.judged()
    selective = _selective(calls, judged, why)
    facts = _facts(calls, judged) | {"selective": (selective,), "late": (late or LATE_ALIKE,)}
    return Methods(
        tuple(Entry(note, facts.get(note.key, ())) for note in NOTES),
        SPEAKS_FOR,
        selective,
        IN_GENERAL,
        {who: _in_general(calls, rows, call, why) for who, rows, call in (
            ("human", judged & calls.unaided, "first"), ("team", judged & (calls.final >= 0), "final"))},
    )  # fmt: skip


def _in_general(calls: Calls, rows: np.ndarray, call: str, why: str) -> Measure:
    if why:
        return Measure.unknown(why)
    who = calls.manager[rows]
    return in_general(np.bincount(who), np.bincount(who, calls.hits(call)[rows], minlength=0))


def _facts(calls: Calls, judged: np.ndarray) -> dict[str, tuple[str, ...]]:
    """What this log says, by key of the note."""
    domain = calls.domain
    own = int((judged & calls.unaided).sum())
    mode = calls.column("mode")
    drawn = int((mode == "first_call").sum())
    people, cases = (int(codes.max()) + 1 if len(codes) else 0 for codes in (calls.manager, calls.case))
    again = len(calls) - cases
    smallest = domain.report.smallest_change
    protected = ", ".join(domain.feature(c).label or c for c in domain.segments.protected) or "none declared"
    sampled = f"{MOST:,} of them, drawn by lot, are compared on like cases." if own > MOST else ""
    return {
        "own_calls": (
            f"{own:,} unaided calls with an outcome; {_share(drawn, len(calls))} of decisions asked for the own call first, "
            f"{domain.modes.first_call * 100:.0f} % are meant to.", *([sampled] if sampled else ()),
        ),
        "clusters": (f"{len(calls):,} decisions by {people:,} {_plural(domain.terms.manager, people)} on {cases:,} "
                     f"{domain.terms.many}; {again:,} of them on one that was judged before.",),
        "intervals": (f"{int(judged.sum()):,} decisions may speak about right and wrong.",),
        "verdicts": (f"The smallest change that matters here: {smallest * 100:g} points.",),
        "looks": (_looks(calls, judged),),
        "treatment": (f"Protected columns: {protected}.",),
        "together": (f"{int((judged & calls.three).sum()):,} judged decisions have all three calls.",),
        "mcnemar": (f"{int((judged & calls.column('bank').fillna(False).to_numpy(bool)).sum()):,} judged decisions are on "
                    "bank cases.",),
        "intent": (_intent(calls),),
        "like_cases": (f"{int((calls.final >= 0).sum()):,} final decisions.",),
    }  # fmt: skip


def _intent(calls: Calls) -> str:
    moved = int(calls.moved.sum())
    if not moved:
        return "Here no intent moved a recommendation that was decided on."
    followed = int((calls.moved & (calls.final == calls.recommended) & (calls.final >= 0)).sum())
    return f"An intent moved the recommendation of {moved:,} decisions; {followed:,} of them followed it."


def _looks(calls: Calls, judged: np.ndarray) -> str:
    if "arrived_at" not in calls.frame or not judged.any():
        return "Outcomes came in once."
    number = Looks.of(calls.column("arrived_at").to_numpy()[judged]).number
    return f"Outcomes came in at {number:,} {_plural('moment', number)}; each counts as a look."


def _selective(calls: Calls, judged: np.ndarray, why: str) -> str:
    """What can and cannot be known in this domain, with the random share."""
    domain = calls.domain
    if domain.outcome is None:
        return f"{NO_OUTCOMES} Agreement is all that can be measured."
    if not domain.selective:
        return f"Every {domain.terms.case} shows its outcome whatever was decided, so no decision hides whether it was right."
    seen = " or ".join(f"“{domain.label(key)}”" for key in domain.outcome.observed_after)
    first = f"An outcome shows only after {seen}."
    if why == SELECTIVE:
        return f"{first} {why}"
    return (
        f"{first} A random {domain.outcome.explore * 100:.0f} % of {domain.terms.many} shows it whatever was decided: who was right is "
        f"told from its {int(judged.sum()):,} judged decisions alone. Of all others it cannot be known."
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
