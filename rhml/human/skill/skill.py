"""What people can do without the model, and how it changes: one verdict first, then by whom, where and with practice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from rhml.human.skill.curve import LEAST_POINTS, Curve, curve
from rhml.human.skill.many import FALSE_DISCOVERIES, Part, by_person, by_segment, tested_segments
from rhml.human.skill.transfer import Taught, Transfer, transfers
from rhml.stats.compared import Compared
from rhml.stats.measure import MINIMUM, Measure
from rhml.stats.periods import PRACTICE, Cut, same_moves
from rhml.stats.verdicts import Verdict, verdict

ONE_AND_THE_SAME = 0.9
INTERVALS = (
    "Plain 95 % intervals, each for itself; for these managers, on one mix of cases. The team's words rest on wider ones, "
    "as one of three verdicts that may be looked at again and again; those of people and segments on all of them together."
)
ONE_OF_THREE = 1 - 0.05 / 3
"""The level of the team's words at a single look, as one of three verdicts in the report on improvement."""


@dataclass(frozen=True)
class Skill:
    """The standardized change of unaided accuracy, under both cuts, and what it is made of.

    `cut` names the one that can answer. `apart` is the change with practice at like dates and with the calendar at
    like practice, as far as the data can tell them apart; `apart_words` says how far that is.
    """

    cut: str
    why: str
    verdict: Verdict
    practice: Verdict
    calendar: Verdict
    apart: dict[str, Measure]
    apart_words: str
    people: tuple[Part, ...]
    segments: tuple[Part, ...]
    curve: Curve
    transfer: tuple[Transfer, ...]
    transfer_why: str
    adjusted_for: tuple[str, ...]
    smallest: float
    courses: dict[str, Curve] = field(default_factory=dict)

    def as_dict(self, *, people: bool = False) -> dict[str, object]:
        """Plain values for JSON; single people only where asked for."""
        plain = {
            "cut": self.cut,
            "cut_why": self.why,
            "intervals": INTERVALS,
            **self.verdict.as_dict(),
            "practice": self.practice.as_dict(),
            "calendar": self.calendar.as_dict(),
            "apart": {name: found.as_dict() for name, found in self.apart.items()}
            | {"words": self.apart_words},
            "by_segment": [part.as_dict() for part in self.segments],
            "curve": self.curve.as_dict(),
            "transfer": [one.as_dict() for one in self.transfer] or None,
            "transfer_why": self.transfer_why,
            "adjusted_for": list(self.adjusted_for),
        }
        return plain | ({"by_manager": [part.as_dict() for part in self.people]} if people else {})


def skill(
    compared: Compared,
    *,
    names: np.ndarray,
    segments: dict[str, pd.Series],
    smallest: float,
    adjusted_for: tuple[str, ...] = (),
    lessons: tuple[Taught, ...] = (),
    courses: bool = False,
    level: float = ONE_OF_THREE,
    seed: int,
) -> Skill:
    """Everything about skill that unaided calls can tell.

    names: of the codes of manager. segments: a name a call for each segment column. courses: whether each
    person's own course is wanted too. level: of the interval that the team's words rest on. seed: draws the curves' bands.
    """
    said = {
        cut.name: _said(compared, cut, smallest, level)
        for cut in (compared.by_calendar, compared.by_practice)
    }
    chosen = compared.cut
    like = compared.standardized(chosen)
    parts = [part for column, named in segments.items()
             for part in by_segment(compared, like, chosen, named, column)]  # fmt: skip
    apart, apart_words = _apart(compared)
    false = (
        FALSE_DISCOVERIES * (1 - level) / (1 - ONE_OF_THREE)
    )  # what this look may spend, as the team's words do
    shown, why = transfers(compared, like, names, lessons, smallest=smallest)
    return Skill(
        chosen.name, compared.why, said[chosen.name], said[PRACTICE], said["calendar"], apart, apart_words,
        by_person(compared, like, chosen, names, smallest=smallest, false=false),
        tested_segments(parts, smallest=smallest, false=false),
        curve(like, compared.times, compared.manager, compared.case, seed=seed),
        shown, why, adjusted_for, smallest, _courses(compared, like, names, seed) if courses else {},
    )  # fmt: skip


def _said(compared: Compared, cut: Cut, smallest: float, level: float) -> Verdict:
    """The words that the wider interval allows, beside the change with its plain one."""
    plain, wide = compared.changes(cut, levels=(0.95, level))
    return replace(verdict(wide, smallest=smallest, level=level), change=plain)


def _courses(compared: Compared, like: np.ndarray, names: np.ndarray, seed: int) -> dict[str, Curve]:
    """Each person's own points and curve, where there are calls enough for some points."""
    order = np.argsort(compared.manager, kind="stable")
    counts = np.bincount(compared.manager, minlength=len(names))
    ends = np.cumsum(counts)
    found = {}
    for code in np.flatnonzero(counts >= LEAST_POINTS * MINIMUM):
        rows = order[ends[code] - counts[code] : ends[code]]
        found[str(names[code])] = curve(
            like[rows], compared.times.iloc[rows].reset_index(drop=True), compared.manager[rows],
            compared.case[rows], seed=seed, people=1,
        )  # fmt: skip
    return found


def none(why: str, smallest: float) -> Skill:
    """Where nothing can be compared, with the reason."""
    said = Verdict("cannot be known" if "annot be" in why else "too few to say", Measure.unknown(why))
    return Skill("calendar", why, said, said, said, {}, why, (), (), Curve((), None, (), None, why), (), why, (),
                 smallest)  # fmt: skip


def _apart(compared: Compared) -> tuple[dict[str, Measure], str]:
    """What practice does at like dates, and the calendar at like practice."""
    both = compared.by_calendar.placed & compared.by_practice.placed
    if not both.any():
        return {}, "Nobody has earlier and later calls of their own yet."
    calendar, own = (cut.later[both] for cut in (compared.by_calendar, compared.by_practice))
    shared = same_moves(calendar, own, compared.manager[both])
    if shared > ONE_AND_THE_SAME:
        return {}, (
            "Practice and calendar cannot be told apart here: everybody's earlier calls are also those of the earlier "
            "months."
        )
    if compared.by_calendar.shared < 1 - ONE_AND_THE_SAME:
        return {}, "The halves of the calendar hold different people, so only practice within people is seen."
    found = {
        "practice": compared.beside(compared.by_practice, compared.by_calendar),
        "calendar": compared.beside(compared.by_calendar, compared.by_practice),
    }
    known = all(measure.known for measure in found.values())
    return (
        found,
        "Told apart by people who began at different dates." if known else "Too alike to tell apart.",
    )
