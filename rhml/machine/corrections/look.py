"""One look for corrections: is the model off anywhere, on the cases resolved since it was trained?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.corrections.boundaries import Drawn, draw
from rhml.machine.corrections.cases import Cases
from rhml.machine.corrections.correction import Correction, corrected
from rhml.machine.corrections.fit import apply, fit, scores, softmax
from rhml.machine.corrections.rounding import readable
from rhml.machine.corrections.search import Grid
from rhml.machine.corrections.segments import Facts, read_facts
from rhml.machine.corrections.threshold import Chance, best_drawn, chance, share, starts_of

MOST_FOUND = 3
"""Corrections that one look may propose; a model that needs more needs a retraining."""


HOPELESS = 3.0
"""A gain in log likelihood that no look could take for more than chance: the permutations are spared."""

SURE, CERTAIN = 60.0, Chance(20.0, ())
"""A gain that no look could take for chance, and a law far beyond any that was ever measured (−4 to 1)."""

LEAST_MOVE = 0.04
"""A correction that moves probabilities by less than this on average is not worth anyone's reading."""

MOVED = 0.3
"""A standing correction with the same segment is renewed where a or b moved by more, in log odds."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Resolved cases in the order their outcomes came: facts, the model's own probabilities (n, K) of cases it
    did not know (test-then-train), and labels (n, K): what proved right, or a posterior with its weight."""

    cases: pd.DataFrame
    probabilities: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.cases)

    def first(self, count: int) -> Seen:
        """Those that came first."""
        return self.where(np.arange(len(self)) < count)

    def where(self, chosen: np.ndarray) -> Seen:
        """Some of them, in the same order."""
        return Seen(
            self.cases[chosen].reset_index(drop=True), self.probabilities[chosen], self.labels[chosen]
        )


@dataclass(frozen=True)
class Looked:
    """What a look found: new corrections, sharper versions of standing ones, the chance p of as much, and the
    part of α that it spent."""

    found: tuple[Correction, ...]
    revised: tuple[Correction, ...]
    cases: int
    p: float
    level: float


def look(
    seen: Seen,
    *,
    domain: DecisionDomain,
    looks: int = 0,
    seed: int = 7,
    before: Seen | None = None,
    standing: Sequence[Correction] = (),
) -> Looked:
    """Search the whole of what was seen for segments where the model is off; `looks` were made before.

    `before` are cases of the time of training with out-of-fold probabilities: what was off then is no news.
    """
    level = share(looks)
    facts, grid = _read(seen, before, domain)
    if not grid.features:
        return Looked((), (), len(seen), 1.0, level)
    kinds = {f.name: f.kind for f in domain.inputs}
    then = _cases(before, facts, kinds, len(seen), None) if before is not None and len(before) else None
    base = _cases(seen, facts, kinds, 0, then)

    revised = tuple(_sharper(standing, seen, base, domain.action_keys))
    known = [next((r for r in revised if r.correction_id == c.correction_id), c) for c in standing]
    law: Chance | None = None
    found: list[Correction] = []
    lowest = 1.0
    for _ in range(MOST_FOUND):
        now = replace(base, z=scores(corrected(seen.probabilities, [*known, *found], seen.cases)))
        best = best_drawn(starts_of(grid, now.z, now.labels[:, None, :])[0], now)
        if best is None or best.profit < HOPELESS:
            break
        if best.profit > SURE:
            p = CERTAIN.p_value(best.profit)
        else:
            law = law or chance(grid, now, seed=seed)
            p = law.p_value(best.profit)
        lowest = min(lowest, p)
        if p > level:
            break
        correction = _settled(best, now, domain.action_keys)
        held = correction.segment.within(now.facts)
        if not held.any() or moved(correction, now.z[held]) < LEAST_MOVE:
            break
        found.append(correction)
    return Looked(tuple(found), revised, len(seen), lowest, level)


def _read(seen: Seen, before: Seen | None, domain: DecisionDomain) -> tuple[dict[str, Facts], Grid]:
    """Features of all cases, those from before last, and their bins for the cases seen since."""
    kinds = {f.name: f.kind for f in domain.inputs}
    names = ["case_id", *(f for f in kinds if f in seen.cases)]
    together = [
        part.cases.reindex(columns=names) for part in (seen, before) if part is not None and len(part)
    ]
    facts = read_facts(pd.concat(together, ignore_index=True) if together else seen.cases, domain)
    now = np.arange(len(seen))
    return facts, Grid.of({name: f.rows(now) for name, f in facts.items()}, kinds)


def _cases(
    part: Seen, facts: dict[str, Facts], kinds: dict[str, str], start: int, then: Cases | None
) -> Cases:
    own = {name: f.rows(np.arange(start, start + len(part))) for name, f in facts.items()}
    return Cases.of(own, kinds, scores(part.probabilities), part.labels, then)


def _settled(drawn: Drawn, cases: Cases, actions: Sequence[str]) -> Correction:
    """A drawn segment with round boundaries, and the correction fitted once more within them."""
    segment = readable(drawn, cases)
    held = segment.within(cases.facts)
    return Correction.of(segment, actions, fit(cases.z[held], cases.labels[held]))


def moved(correction: Correction, z: np.ndarray) -> float:
    """By how much the correction moves probabilities, on average, of the action it moves most."""
    moves = softmax(apply(correction.parameters, z)) - softmax(z)
    return float(np.abs(moves).mean(axis=0).max())


def _sharper(
    standing: Sequence[Correction], seen: Seen, base: Cases, actions: Sequence[str]
) -> list[Correction]:
    """Standing corrections drawn again on all that was seen since, where that moves them."""
    found = []
    for correction in standing:
        others = [c for c in standing if c is not correction]
        now = replace(base, z=scores(corrected(seen.probabilities, others, seen.cases)))
        drawn = draw(correction.segment.conditions, now)
        if drawn is None:
            continue
        again = replace(_settled(drawn, now, actions), correction_id=correction.correction_id)
        if (
            again.segment != correction.segment
            or np.abs(again.parameters - correction.parameters).max() > MOVED
        ):
            found.append(again)
    return found
