"""What has changed since a model learned, where it matters to the model, in words and with what to do.

Every look of the schedule is made again each time, so the same log always gives the same findings; a
finding stands from the look that made it until another version learns. What the model hardly reads is
counted but not reported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.trust.drift import (
    ALPHA,
    BLOCK,
    FLOOR,
    Look,
    Shift,
    alarms,
    looks,
    miscalibrated,
    moved,
    shares_moved,
    values_moved,
)
from rhml.machine.trust.drift_words import SUGGESTION, Finding, of_calibration, of_outcomes, of_population
from rhml.machine.trust.space import placed

MATTERS = 0.01
"""A factor that moves an average case by less than a point is left out of the report."""

RESOLVED_BLOCK = 100


@dataclass(frozen=True)
class Watched:
    """What a family of looks came to: the cases so far, the looks made, the next one, and the findings."""

    cases: int
    looks: int
    next_look: int
    findings: tuple[Finding, ...]
    unimportant: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "cases": self.cases,
            "looks": self.looks,
            "next_look": self.next_look,
            "findings": [finding.as_dict() for finding in self.findings],
            "unimportant": list(self.unimportant),
        }


def population(
    then: pd.DataFrame,
    now: pd.DataFrame,
    *,
    domain: DecisionDomain,
    points: dict[str, float],
    suggested: tuple[np.ndarray, np.ndarray] | None = None,
    skipped: int = 0,
) -> Watched:
    """Whether the cases that arrive are still those the model learned from.

    `then` is a sample of training cases, `now` the new ones in order of arrival, after `skipped` older new
    ones that are not looked at again. `points` says by how much each factor that the model reads moves an
    average case; no other is looked at.
    `suggested` are probabilities of the first action, of cases that the model did not learn from: some of
    then, and those of `now`, row for row.
    """
    features = placed(domain, tuple(points))
    standing: dict[tuple[str, str], tuple[Shift, Look, int]] = {}
    due = looks(skipped + len(now), block=BLOCK)
    for look in due:
        if look.start < skipped:
            continue
        part = now.iloc[look.start - skipped : look.stop - skipped]
        tests = [shift for feature in features for shift in moved(then, part, feature)]
        if suggested is not None:
            recent = suggested[1][look.start - skipped : look.stop - skipped]
            gap = values_moved(suggested[0], recent, about=SUGGESTION)
            tests += [gap] if gap else []
        for shift in alarms(tests, alpha=ALPHA["population"] * look.share, floor=FLOOR["population"]):
            _keep(standing, (shift.about, shift.test), shift, look)
    weighty = {about for about, _ in standing if about == SUGGESTION or points.get(about, 0.0) >= MATTERS}
    findings = [
        replace(of_population(shift, look, domain, points.get(about)), since=since)
        for (about, _), (shift, look, since) in standing.items()
        if about in weighty
    ]
    findings.sort(key=lambda f: -(f.points or 1.0) * (f.shift.size.value or 0.0))
    light = sorted({domain.feature(about).label or about for about, _ in standing if about not in weighty})
    total = skipped + len(now)
    return Watched(total, len(due), (total // BLOCK + 1) * BLOCK, tuple(findings), tuple(light))


def calibration(
    reference: tuple[np.ndarray, np.ndarray],
    shown: pd.DataFrame,
    *,
    domain: DecisionDomain,
    actions: tuple[str, ...] | None = None,
) -> Watched:
    """Whether suggestions still prove right as often as they say, and the same actions prove right as before.

    `reference` is the model's own out-of-fold (probabilities, right index) over its `actions`; `shown` the
    resolved cases whose stored suggestion came before the outcome, in order of resolution: probability,
    right (bool), right_action.
    """
    probabilities, right = reference
    chosen = probabilities.argmax(axis=1)
    before = probabilities.max(axis=1), (chosen == right).astype(float)
    usual = pd.Series([(actions or domain.action_keys)[k] for k in right], dtype=object)
    standing: dict[tuple[str, str], tuple[Shift, Look, int]] = {}
    due = looks(len(shown), block=RESOLVED_BLOCK) if len(right) >= RESOLVED_BLOCK else []
    for look in due:
        part = shown.iloc[look.start : look.stop]
        after = part["probability"].to_numpy(float), part["right"].to_numpy(float)
        found = {"calibration": miscalibrated(before, after)}
        base = shares_moved(usual, part["right_action"].reset_index(drop=True), about="outcomes")
        found["outcomes"] = [base] if base else []
        for kind, tests in found.items():
            for shift in alarms(tests, alpha=ALPHA[kind] * look.share, floor=FLOOR[kind]):
                _keep(standing, (kind, shift.test), shift, look)
    words = {"calibration": of_calibration, "outcomes": of_outcomes}
    findings = [
        replace(words[kind](shift, look, domain), since=since)
        for (kind, _), (shift, look, since) in standing.items()
    ]
    return Watched(len(shown), len(due), (len(shown) // RESOLVED_BLOCK + 1) * RESOLVED_BLOCK, tuple(findings))


def _keep(
    standing: dict[tuple[str, str], tuple[Shift, Look, int]], key: tuple[str, str], shift: Shift, look: Look
) -> None:
    """A finding is told as it was last seen, and from when it was first seen."""
    first = standing[key][2] if key in standing else look.stop
    standing[key] = (shift, look, first)
