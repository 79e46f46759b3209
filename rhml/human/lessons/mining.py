"""Where is one of the two reliably right and the other reliably wrong? Found on earlier cases, held up by later ones.

The team and each person are looked at, at several points in time: what stands out before such a point is asked of
the decisions after it, which no rule was drawn on. Over all questions chance is held to account at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.lessons.calls import Duels, duels
from rhml.human.lessons.confirming import Evidence, confirmed, enough, evidence
from rhml.stats.rules.choosing import overlap, stand_out
from rhml.stats.rules.refining import refined
from rhml.stats.rules.rule import Rule
from rhml.stats.rules.search import Ground
from rhml.stats.rules.space import axes

EARLIER = (0.5, 0.65, 0.8)
"""Shares of the decisions on which rules are looked for, when all come at once: what is found in half of them has
the other half to prove itself, what needs more to be seen has less."""

PRIOR, SHARPNESS = 2.0, 1.5
"""How a score becomes the weight of a question: about one half at `PRIOR`, by what simulated scores turned out to be
worth (`tests/benchmarks/lessons.py`)."""

LEVEL = 0.10
"""False discoveries among confirmed lessons, on average and at most."""

FEWEST = 200
"""Judged decisions below which nothing is looked for."""

LEAST, TAUGHT = 0.10, 0.15
"""A lead smaller than these, on later decisions against elsewhere and on all there, is not worth teaching."""

ALONE = 0.03
"""No rule passes above this by the company of many sure ones, which may all say the same."""

SAME = 0.5
"""Rules that share so much of their cases (Jaccard) say the same."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A rule that later decisions are asked about: of the team (`manager` None) or of one person.

    `sign` is 1 where the model leads and people learn, −1 where people lead and the model learns; `found` and
    `later` are what the decisions before and after say; `where` the judged decisions that it covers; `drawn_on` the
    ids of all decisions before.
    """

    rule: Rule
    sign: int
    manager: str | None
    score: float
    found: Evidence
    later: Evidence
    where: np.ndarray
    drawn_on: np.ndarray

    @property
    def learner(self) -> str:
        """Who learns from it: 'people' or 'model'."""
        return "people" if self.sign > 0 else "model"


@dataclass(frozen=True, eq=False)
class Mined:
    """The lessons confirmed, how many rules were asked about, the judged decisions, and why there can be none."""

    lessons: tuple[Asked, ...]
    asked: int
    duels: Duels
    why: str = ""


@dataclass(frozen=True)
class Known:
    """A lesson that there is already: it is not found a second time."""

    rule: Rule
    learner: str
    manager: str | None


def mine(
    cases: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    level: float = LEVEL,
    used: Collection[str] = (),
    known: Sequence[Known] = (),
) -> Mined:
    """Every lesson of the team and of each person. `used`: ids of decisions that an earlier look has seen judged.

    Used decisions only ever help to find a rule; none confirms one.
    """
    all_of = duels(cases, decisions, domain=domain)
    if all_of.why or len(all_of) < FEWEST:
        few = f"{len(all_of)} judged decisions so far; lessons need {FEWEST}."
        return Mined((), 0, all_of, all_of.why or few)
    people = [m for m in pd.unique(all_of.manager) if (all_of.manager == m).sum() >= FEWEST]
    groups = [None, *people] if pd.unique(all_of.manager).size > 1 else people
    asked = [a for who in groups for a in _asked(all_of, who, domain, used) if enough(a.later)]
    holds = confirmed(np.array([a.later.p for a in asked]), _weights(asked), level)
    held = [a for a, kept in zip(asked, holds, strict=True) if kept and _worth(a) and _shared(a, all_of)]
    return Mined(_distinct(held, all_of, known), len(asked), all_of)


def _asked(all_of: Duels, who: str | None, domain: DecisionDomain, used: Collection[str]) -> list[Asked]:
    """What stands out for the team or one person before each point in time, and what is said of it after."""
    own = all_of if who is None else all_of.rows(all_of.manager == who)
    seen = np.isin(own.decision, list(used)) if used else np.zeros(len(own), bool)
    own = own.rows(np.argsort(~seen, kind="stable"))
    before, n = int(seen.sum()), len(own)
    points = (before,) if before >= FEWEST / 2 else tuple(max(before, int(n * share)) for share in EARLIER)
    return [a for point in dict.fromkeys(points) for a in _at(own, point, who, domain, all_of)]


def _at(own: Duels, point: int, who: str | None, domain: DecisionDomain, all_of: Duels) -> list[Asked]:
    early, late = own.rows(np.arange(point)), own.rows(np.arange(point, len(own)))
    space, beyond = axes(early.facts, domain), early.beyond
    found, taken_early, taken_late = [], np.zeros(len(early), bool), np.zeros(len(late), bool)
    for one in stand_out(Ground.of(space, beyond, early.lead))[0]:
        rule, sign = refined(one.candidate.rule(space), early.facts, beyond, ~taken_early), one.candidate.sign
        inside, later = rule.covers(early.facts), rule.covers(late.facts)
        said = (_besides(early, inside, taken_early, sign), _besides(late, later, taken_late, sign))
        found.append(
            Asked(rule, sign, who, one.candidate.score, *said, rule.covers(all_of.facts), early.decision)
        )
        taken_early |= inside
        taken_late |= later
    return found


def _besides(some: Duels, inside: np.ndarray, taken: np.ndarray, sign: int) -> Evidence:
    """What decisions say about a rule where no stronger rule speaks already."""
    return evidence(some.rows(~taken), inside[~taken], sign)


def _weights(asked: list[Asked]) -> np.ndarray:
    """How much each question counts, from the earlier decisions alone; none is hopeless."""
    scores = np.array([a.score for a in asked])
    return 0.03 + 1 / (1 + np.exp(-(scores - PRIOR) / SHARPNESS))


def _worth(asked: Asked) -> bool:
    """Whether the rule is sure by itself, and its lead large enough there and beyond that elsewhere."""
    n = asked.found.n + asked.later.n
    lead = (asked.found.inside * asked.found.n + asked.later.inside * asked.later.n) / n
    beyond = asked.later.inside - asked.later.outside
    return asked.later.p <= ALONE and lead * asked.sign >= TAUGHT and beyond * asked.sign >= LEAST


def _shared(asked: Asked, all_of: Duels) -> bool:
    """Whether a lesson of the team holds without the person in whom it shows most: else it is that person's."""
    if asked.manager is not None:
        return True
    lead = all_of.lead[asked.where] * asked.sign
    code, names = pd.factorize(all_of.manager[asked.where])
    sums, counts = np.bincount(code, lead, len(names)), np.bincount(code, minlength=len(names))
    if len(names) < 2:
        return False
    most = int(np.argmax(sums))
    rest = (sums.sum() - sums[most]) / max(counts.sum() - counts[most], 1)
    return rest >= max(LEAST / 2, 0.4 * lead.mean())


def _distinct(held: list[Asked], all_of: Duels, known: Sequence[Known]) -> tuple[Asked, ...]:
    """Each lesson once: the team's before a person's, the clearer before one that says nearly the same."""
    standing = [(k.manager, k.learner, k.rule.covers(all_of.facts)) for k in known]
    kept: list[Asked] = []
    for one in sorted(held, key=lambda a: (a.manager is not None, -a.score)):
        rivals = [
            where for who, learner, where in standing if who in (None, one.manager) and learner == one.learner
        ]
        mostly = any((one.where & where).sum() > SAME * one.where.sum() for where in rivals)
        if not mostly and all(overlap(one.where, where) < 0.3 for where in rivals):
            kept.append(one)
            standing.append((one.manager, one.learner, one.where))
    return tuple(kept)
