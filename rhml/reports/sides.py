"""One side of the report on improvement: people, the model or the team, measured and put into words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.like_cases import like_cases, one_version, versions
from rhml.reports.parting import CALL, VERSIONS, Parted
from rhml.reports.unaided import by_lot
from rhml.stats.change import changes, wider
from rhml.stats.compared import Compared
from rhml.stats.intervals import share
from rhml.stats.looks import Looks
from rhml.stats.measure import Measure
from rhml.stats.periods import CALENDAR
from rhml.stats.verdicts import Verdict, verdict

NO_LOOKS = Looks(0, (), False)
ALPHA = 0.05 / len(CALL)
"""The chance of a false word that each of the three sides may spend, over all looks."""

ONE_VERSION = "One version was shown throughout: it is the same, so what changed is the cases or the world, not the model."
SEVERAL = "{newer} compared with {older}."


@dataclass(frozen=True)
class Side:
    """One of human, model and team: the verdict, and the plain share right in each half.

    `change` is the standardized change with its 95 % interval; the verdict rests on the wider one of its own, which
    holds at `level` because of the `looks` so far.
    """

    verdict: Verdict
    change: Measure
    earlier: Measure
    later: Measure
    versions: tuple[str, ...] = ()
    note: str = ""
    cut: str = CALENDAR
    looks: Looks = NO_LOOKS

    @property
    def level(self) -> float:
        """The level of the interval that the words rest on."""
        return self.looks.level(ALPHA)

    @property
    def bar(self) -> float:
        """The standard errors that a change must show for the words *improved* and *fell*."""
        return self.looks.bar(ALPHA)

    def as_dict(self) -> dict[str, object]:
        """Verdict and change first, then the halves, not adjusted."""
        rests_on = self.verdict.change
        return {
            **self.verdict.as_dict(),
            **self.change.as_dict(),
            "verdict_rests_on": {
                "low": rests_on.low,
                "high": rests_on.high,
                "level": self.level,
                "bar": self.bar,
                "look": self.looks.number,
            },
            "cut": self.cut,
            "earlier": self.earlier.as_dict(),
            "later": self.later.as_dict(),
            "versions": list(self.versions),
            "note": self.note,
        }


def machine_side(calls: Calls, who: str, part: Parted, given: dict[str, pd.DataFrame | None]) -> Side:
    """Model or team; `given` says how hard cases are."""
    at = by_lot(calls, part.rows)
    own, later = calls.take(at), part.later[np.searchsorted(part.rows, at)]
    looks = looks_of(calls, part.rows)
    mix, kinds = like_cases(own, who, **given)
    plain, wide = _changes(own, who, later, mix.readings, None if who == "model" else kinds, looks)
    halves = [right_share(calls, who, part.rows[rows]) for rows in (~part.later, part.later)]
    found = Side(
        verdict(wide, smallest=calls.domain.report.smallest_change, level=looks.level(ALPHA)),
        plain, *halves, cut=part.cut, looks=looks,
    )  # fmt: skip
    return _of_versions(found, own, part) if who == "model" else found


def _changes(
    own: Calls,
    who: str,
    later: np.ndarray,
    mix: tuple[np.ndarray, ...],
    kinds: np.ndarray | None,
    looks: Looks,
) -> list[Measure]:
    """The change with its plain interval, and with the one that the words rest on."""
    readings = [
        changes(
            own.hits(CALL[who]),
            later,
            mix=columns,
            cases=own.case,
            managers=None if who == "model" else own.manager,
            kinds=kinds,
            levels=(0.95, looks.level(ALPHA)),
        )
        for columns in mix
    ]
    return [wider(list(at_level)) for at_level in zip(*readings, strict=True)]


def _of_versions(side: Side, own: Calls, part: Parted) -> Side:
    """What named versions allow to be said: one alone is the same function, and that never improves or falls."""
    names = (*part.older, *part.newer) or versions(own)
    if part.cut == VERSIONS:
        told = SEVERAL.format(newer=", ".join(part.newer), older=", ".join(part.older))
        return replace(side, versions=names, note=told)
    if not one_version(own):
        return replace(side, versions=names)
    said = side.verdict
    if said.change.known:
        said = Verdict("no change shown", said.change)
    return replace(side, verdict=said, versions=names, note=ONE_VERSION)


def looks_of(calls: Calls, rows: np.ndarray) -> Looks:
    """The looks that the arrival of these rows' outcomes has allowed; one where the log does not say."""
    if "arrived_at" not in calls.frame:
        return Looks.of(np.zeros(len(rows)))
    arrived = calls.column("arrived_at").iloc[rows]
    return Looks.of(arrived.to_numpy("datetime64[us]").astype(np.int64))


def right_share(calls: Calls, who: str, rows: np.ndarray) -> Measure:
    of = calls.take(rows)
    keep = np.ones(len(rows), bool)
    return share(of.hits(CALL[who]), of.sample(keep, managers=who != "model"))


def people_side(calls: Calls, own: np.ndarray, people: Compared) -> Side:
    """own: positions of the calls compared."""
    cut = people.cut
    halves = [
        share(people.right[rows], calls.sample(own[rows]))
        for rows in (cut.placed & ~cut.later, cut.placed & cut.later)
    ]
    looks = looks_of(calls, own[cut.placed])
    level = looks.level(ALPHA)
    plain, found = people.changes(cut, levels=(0.95, level))
    said = verdict(found, smallest=calls.domain.report.smallest_change, level=level)
    return Side(said, plain, *halves, note=people.why if found.known else "", cut=cut.name, looks=looks)
