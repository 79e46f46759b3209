"""Waiting cases that ask for the own call first: what an intent would do there is told from past cases, never from them.

What the model holds of such a case enters no number of a preview, so nobody reads it out of one, nor out of how two
previews differ: what is told of them follows from how many they are, what is at stake in them, which lie in a protected
segment, and from what the model gave past cases that it did not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.loop.intent.cases import Held
from rhml.loop.intent.choosing import choose
from rhml.loop.intent.expecting import KindCost, per_unit
from rhml.loop.intent.shares import Histogram, Share, edges, placed

FEWEST = 20
"""Past cases below which a share says nothing."""


@dataclass(frozen=True)
class Unshown:
    """How many wait so, and what is expected of past cases in their place: the share (0 to 1) whose recommendation would
    change, None where too few are known; actions, costs and the picture as a preview tells them."""

    cases: int
    share: float | None = None
    shares: tuple[Share, ...] = ()
    costs: tuple[KindCost, ...] = ()
    histogram: Histogram | None = None

    def said(self, domain: DecisionDomain) -> str:
        """A sentence; nothing where no case waits so."""
        if not self.cases:
            return ""
        one = self.cases == 1
        start = f"{self.cases:,} {'asks' if one else 'ask'} for the own call first and {'is' if one else 'are'} not counted here"
        if self.share is None:
            return f"{start}."
        return f"{start}: of past {domain.terms.many} {100 * self.share:.0f} of 100 would change."


NONE = Unshown(0)


def unshown(held: Held, domain: DecisionDomain, intent: Intent | None) -> Unshown:
    """What an intent would do to the waiting cases that ask for the own call, as past cases would have it."""
    cases, past = int(held.hidden.sum()), held.past
    if not cases or len(past) < FEWEST or past.shape[1] > len(domain.action_keys):
        return Unshown(cases)
    size = len(domain.action_keys)
    given, known = np.zeros((len(past), size)), np.full(len(past), past.shape[1])
    given[:, : past.shape[1]] = past
    kinds = per_unit(domain, given)
    place, at = placed(given[:, 0]), np.arange(len(given))
    changed, costs = 0.0, np.zeros((len(kinds), 2))
    counts = np.zeros((2, size, len(edges()) - 1))
    for count, stake, inside in _alike(held, intent):
        sides = [
            choose(domain, of, given, known, np.full(len(given), protected))
            for of, protected in zip((held.intent, intent), inside, strict=True)
        ]
        changed += count * float((sides[0] != sides[1]).mean())
        for when, action in enumerate(sides):
            np.add.at(counts[when], (action, place), count / len(given))
            costs[:, when] += [stake * float(each[at, action].mean()) for _, _, each in kinds]
    told = tuple(KindCost(kind, said, *costs[i]) for i, (kind, said, _) in enumerate(kinds))
    drawn, shares = _drawn(domain, counts)
    return Unshown(cases, changed / cases, shares, told, drawn)


def _alike(held: Held, intent: Intent | None) -> Iterator[tuple[int, float, tuple[bool, bool]]]:
    """The cases by whether they lie in the segment protected now and in the one tried: how many, and what is at stake."""
    now, then = (held.inside(of)[held.hidden] for of in (held.intent, intent))
    stake = held.stake[held.hidden]
    for inside in ((False, False), (False, True), (True, False), (True, True)):
        these = (now == inside[0]) & (then == inside[1])
        if these.any():
            yield int(these.sum()), float(np.nansum(stake[these])), inside


def _drawn(domain: DecisionDomain, counts: np.ndarray) -> tuple[Histogram, tuple[Share, ...]]:
    """Expected counts (now and then, actions, bins) as whole cases: as many in a bin now as then, and all of them in all."""
    keys = domain.action_keys
    whole = _rounded(counts[0].sum(axis=0))
    sides = []
    for side in counts:
        among = side.sum(axis=0)
        parts = side / np.where(among > 0, among, 1.0) * whole
        sides.append(np.apply_along_axis(_rounded, 0, parts))
    now, then = ({key: tuple(int(n) for n in side[i]) for i, key in enumerate(keys)} for side in sides)
    shares = tuple(Share(key, sum(now[key]), sum(then[key])) for key in keys)
    return Histogram(keys[0], edges(), now, then), shares


def _rounded(expected: np.ndarray) -> np.ndarray:
    """Whole numbers of the same sum, none further than one from what it stands for."""
    return np.diff(np.round(np.cumsum(expected) + 1e-9), prepend=0.0)
