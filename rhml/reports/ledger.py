"""The two-way ledger: who taught whom, line by line, each with its before, after, interval, count and cases.

A claim needs a comparison that rules other causes out: *taught* is said of a version against its twins without what
people called, and of a lesson whose start was drawn by lot against places where nothing was taught. All else that
got better is an *association*. All lines are tested together, so that on average at most one claim in twenty is
chance (Benjamini & Hochberg); one ledger may hold more of them, another none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg, p_value
from rhml.stats.verdicts import more_needed, verdict

TO_MODEL = "people taught the model"
TO_PEOPLE = "the model taught people"
DIRECTIONS = (TO_MODEL, TO_PEOPLE)
TAUGHT, ASSOCIATION, NO_CHANGE, FELL = "taught", "association", "no change shown", "fell"
FALSE = 0.05
LOOKED = 0.99
"""About the level that the words of a line rest on, which is looked at again and again."""


@dataclass(frozen=True)
class Entry:
    """One line: what was taught, by whom since when, and what is seen on cases that came later.

    kind: version, marks, lesson, reason, segment, correction, proposal, own lessons or drills; `about` is the id of what
    taught. `apart`: whether the comparison sets other causes apart, so that more than an association may be said.
    beside: further numbers in words, such as that of the bank. cases: ids for a reader, never of the bank;
    `counted` is how many there are.
    """

    direction: str
    kind: str
    about: str
    what: str
    who: str
    when: datetime | None
    before: Measure
    after: Measure
    change: Measure
    apart: bool
    why: str
    p: float = float("nan")
    claim: str = ""
    more: int | None = None
    beside: tuple[tuple[str, Measure], ...] = ()
    cases: tuple[str, ...] = ()
    counted: int = 0
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def n(self) -> int:
        """The cases or calls that the change rests on."""
        return self.change.n

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "direction": self.direction,
            "kind": self.kind,
            "about": self.about,
            "what": self.what,
            "who": self.who,
            "when": self.when.isoformat() if self.when else None,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            "change": self.change.as_dict(),
            "n": self.n,
            "claim": self.claim,
            "more": self.more,
            "why": self.why,
            "p": None if np.isnan(self.p) else self.p,
            "beside": {name: found.as_dict() for name, found in self.beside},
            "cases": list(self.cases),
            "counted": self.counted,
        }


@dataclass(frozen=True)
class Total:
    """What one side taught the other in all, in one sentence."""

    words: str
    change: Measure
    claim: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"words": self.words, "claim": self.claim, "change": self.change.as_dict()}


@dataclass(frozen=True)
class Ledger:
    """Every line both ways, the total of each way, and what the log cannot tell."""

    entries: tuple[Entry, ...]
    totals: dict[str, Total]
    left_out: tuple[str, ...] = ()

    def of(self, direction: str) -> tuple[Entry, ...]:
        """The lines of one direction, in the order in which they happened, newest first."""
        return tuple(entry for entry in self.entries if entry.direction == direction)

    def headlines(self) -> tuple[str, str]:
        """One short sentence each way: people to model, then model to people."""
        first, second = (self.totals[direction].words for direction in DIRECTIONS)
        return first, second

    def headline(self) -> str:
        """Both sentences in one line."""
        return " ".join(self.headlines())

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "entries": [entry.as_dict() for entry in self.entries],
            "totals": {direction: total.as_dict() for direction, total in self.totals.items()},
            "headline": self.headline(),
            "false_discovery": FALSE,
            "left_out": list(self.left_out),
        }


def p_of(change: Measure) -> float:
    """The chance of so much if there were nothing; 1 where nothing differed at all, NaN where nothing is known."""
    if change.low is not None and change.low == change.high:
        return 1.0 if change.value == 0 else 0.0
    return p_value(change)


def judged(entries: Iterable[Entry], *, smallest: float) -> tuple[Entry, ...]:
    """The lines with their claims, all tested together."""
    found = tuple(entries)
    passed = benjamini_hochberg([entry.p for entry in found]) < FALSE
    return tuple(_claimed(one, bool(ok), smallest) for one, ok in zip(found, passed, strict=True))


def _claimed(entry: Entry, passed: bool, smallest: float) -> Entry:
    said = verdict(entry.change, smallest=smallest)
    if said.words not in ("improved", "fell"):
        return replace(entry, claim=said.words, more=said.more)
    if not passed:
        return _unsure(entry, smallest)
    if said.words == "fell":
        return replace(entry, claim=FELL)
    return replace(entry, claim=TAUGHT if entry.apart else ASSOCIATION)


def _unsure(entry: Entry, smallest: float) -> Entry:
    """A line whose own interval leaves out zero while all lines and looks together do not let it count.

    It is asked again when as many cases have come again.
    """
    more = max(more_needed(entry.change, smallest=smallest, level=LOOKED), entry.n)
    return replace(entry, claim=f"not enough data yet (about {more:,} more)", more=more)


def ledger_of(
    entries: Iterable[Entry], *, domain: DecisionDomain, live: str | None, left_out: tuple[str, ...] = ()
) -> Ledger:
    """The whole ledger of a domain's lines; `live` is the version that recommends."""
    found = judged(entries, smallest=domain.report.smallest_change)
    totals = {TO_MODEL: _to_model(found, domain, live), TO_PEOPLE: _to_people(found, domain)}
    return Ledger(found, totals, left_out)


def _to_model(entries: tuple[Entry, ...], domain: DecisionDomain, live: str | None) -> Total:
    """What people taught: the live version against its twins, or the newest where none is live."""
    if domain.outcome is None:
        why = "without outcomes it imitates them, and whether that is right cannot be known."
        return _total(TO_MODEL, why, Measure.unknown(why), "cannot be known")
    versions = [entry for entry in entries if entry.kind == "version"]
    one = next((entry for entry in versions if entry.about == live), versions[0] if versions else None)
    if one is None:
        why = "there is no version of it yet."
        return _total(TO_MODEL, why, Measure.unknown(why), "too few to say")
    if not one.apart:
        return _total(TO_MODEL, f"nothing was used so far. {one.why}", one.change, one.claim)
    many = domain.terms.many
    on = f"later {many}" if one.before.known else f"{many} of the bank"
    return _total(TO_MODEL, _worth(one.change, one.claim, on), one.change, one.claim)


def _to_people(entries: tuple[Entry, ...], domain: DecisionDomain) -> Total:
    """What the model taught: the team's lessons together, or the one there is; else what people took up."""
    lines = [entry for entry in entries if entry.direction == TO_PEOPLE]
    if not lines:
        why = "no lesson has been taught yet."
        if domain.outcome is None:
            why = "without outcomes nobody can know whether people got better."
        return _total(
            TO_PEOPLE,
            why,
            Measure.unknown(why),
            "cannot be known" if domain.outcome is None else "too few to say",
        )
    one = lines[0]
    if not one.change.known:
        return _total(TO_PEOPLE, one.change.why, one.change, one.claim)
    return _total(
        TO_PEOPLE, _worth(one.change, one.claim, "unaided calls inside lessons"), one.change, one.claim
    )


def _total(direction: str, said: str, change: Measure, claim: str) -> Total:
    return Total(f"{direction[0].upper()}{direction[1:]}: {said}", change, claim)


def _worth(change: Measure, claim: str, on: str) -> str:
    """The verdict with its number, interval and count in a phrase.

    >>> _worth(Measure(0.018, 0.004, 0.032, 612), "taught", "later cases")
    'worth +1.8 points on 612 later cases (+0.4 to +3.2).'
    """
    low, high = change.low, change.high
    points = f"{_points(change.value)} points on {change.n:,} {on}"
    between = "" if low is None else f" ({_points(low)} to {_points(high)})"
    begin = {
        TAUGHT: "worth ",
        ASSOCIATION: "an association only, ",
        FELL: "it made things worse, ",
        NO_CHANGE: "no change shown, ",
    }.get(claim, f"{claim}, " if claim else "")
    return f"{begin}{points}{between}."


def _points(share: float) -> str:
    sign = "±" if abs(share) < 0.0005 else "+" if share > 0 else "−"
    return f"{sign}{abs(share) * 100:.1f}"
