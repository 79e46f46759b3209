"""Outcomes come in, looks are made, corrections are proposed, sharpened and tested on what comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.machine.corrections.correction import Correction, corrected
from rhml.machine.corrections.gate import Gate, gate
from rhml.machine.corrections.look import Looked, Seen, look
from rhml.machine.corrections.threshold import due


@dataclass(frozen=True)
class Line:
    """One correction from its proposal on: how it stood from which number of seen cases (`since`), in order."""

    stood: tuple[tuple[int, Correction], ...]

    @property
    def now(self) -> Correction:
        """As it stands now."""
        return self.stood[-1][1]

    @property
    def since(self) -> int:
        """How many cases had been seen when it was proposed."""
        return self.stood[0][0]


@dataclass(frozen=True)
class Standing:
    """Where the search is: cases at the last look, looks made, and the corrections that stand."""

    looked_at: int = 0
    looks: int = 0
    lines: tuple[Line, ...] = ()


def follow(
    seen: Seen,
    standing: Standing,
    *,
    domain: DecisionDomain,
    name: Callable[[], str],
    seed: int = 7,
    before: Seen | None = None,
) -> tuple[Looked | None, Standing]:
    """Look at all that was seen, if a look is due, and say what stands then; `name` gives a new correction its id.

    A large batch is looked at once, as a whole: were it split, its one half would prove what the other proposes,
    and a file of wrong outcomes would vouch for itself.
    """
    if not due(len(seen), standing.looked_at):
        return None, standing
    looked = look(
        seen, domain=domain, looks=standing.looks, seed=seed, before=before,
        standing=[line.now for line in standing.lines],
    )  # fmt: skip
    looked = replace(looked, found=tuple(replace(c, correction_id=name()) for c in looked.found))
    return looked, _after(standing, looked, len(seen))


def _after(standing: Standing, looked: Looked, count: int) -> Standing:
    revised = {c.correction_id: c for c in looked.revised}
    lines = [
        Line((*line.stood, (count, revised[line.now.correction_id])))
        if line.now.correction_id in revised
        else line
        for line in standing.lines
    ]
    lines += [Line(((count, c),)) for c in looked.found]
    return Standing(count, standing.looks + 1, tuple(lines))


def judged(line: Line, seen: Seen) -> Gate:
    """A correction held against the cases since its proposal, each by the correction as it stood before it."""
    before, after, labels = [], [], []
    ends = [*(count for count, _ in line.stood[1:]), len(seen)]
    for (start, correction), end in zip(line.stood, ends, strict=True):
        rows = np.arange(start, end)
        held = rows[correction.segment.holds(seen.cases.iloc[rows])]
        plain = seen.probabilities[held]
        before.append(plain)
        after.append(corrected(plain, (correction,), seen.cases.iloc[held]))
        labels.append(seen.labels[held])
    return gate(np.concatenate(before), np.concatenate(after), np.concatenate(labels))
