"""The sentences of a change since the model learned: what moved, from where to where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rhml.core.domain import DecisionDomain, Feature
from rhml.machine.trust.drift import Look, Shift
from rhml.machine.trust.novelty import in_short

SUGGESTION = "the suggestions themselves"


@dataclass(frozen=True)
class Finding:
    """One change since the model learned: the sentence, what to do, and the test behind it.

    `since` is after how many new cases, or outcomes, it was first seen.
    """

    kind: str
    about: str
    sentence: str
    advice: str
    shift: Shift
    look: Look
    points: float | None = None
    since: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "kind": self.kind,
            "about": self.about,
            "sentence": self.sentence,
            "advice": self.advice,
            "size": self.shift.size.as_dict(),
            "p": self.shift.p,
            "look": self.look.number,
            "cases": [self.look.start + 1, self.look.stop],
            "points": self.points,
            "since": self.since,
        }


def of_population(shift: Shift, look: Look, domain: DecisionDomain, points: float | None) -> Finding:
    """A factor, or the suggestions themselves, moved; `points` is what the factor moves an average case by."""
    if shift.about == SUGGESTION:
        label, (sentence, advice) = SUGGESTION, _of_suggestions(shift, look, domain)
    else:
        feature = domain.feature(shift.about)
        label = feature.label or feature.name
        sentence, advice = _of_feature(shift, _span(look, domain), feature)
    return Finding("population", label, sentence, advice, shift, look, points)


def _of_suggestions(shift: Shift, look: Look, domain: DecisionDomain) -> tuple[str, str]:
    first = domain.label(domain.action_keys[0])
    return (
        f"The suggestions themselves have moved: the middle probability of “{first}” is {_of_100(shift.now)} in "
        f"{_span(look, domain)}, and was {_of_100(shift.then)} when the model learned; {_elsewhere(shift)}.",
        "Look at the factors below: where one of them moved, that is why.",
    )


def _of_feature(shift: Shift, span: str, feature: Feature) -> tuple[str, str]:
    label = feature.label or feature.name
    if shift.test == "gaps":
        now, then = (s if shift.level == "missing" else 1 - (s or 0.0) for s in (shift.now, shift.then))
        return (
            f"{label} is missing in {_of_100(now)} {span}, against {_of_100(then)} when the model learned.",
            "Ask where it gets lost: an import, a form, a source that stopped.",
        )
    if shift.test == "shares":
        return (
            f"{label} has moved: “{shift.level}” is {_of_100(shift.now)} {span}, against {_of_100(shift.then)} "
            f"when the model learned; {_elsewhere(shift)}.",
            "If such cases are here to stay, retrain when some of their outcomes are known.",
        )
    unit = " days old" if feature.kind == "date" else f" {feature.unit}".rstrip()
    return (
        f"{label} has moved: its middle value is {in_short(shift.now or 0.0)}{unit} in {span}, against "
        f"{in_short(shift.then or 0.0)}{unit} when the model learned; {_elsewhere(shift)}.",
        "Ask whether its source or its unit changed. If the world did, retrain when outcomes of such cases are known.",
    )


def _span(look: Look, domain: DecisionDomain) -> str:
    """'new requests (201 to 400)'."""
    return f"new {domain.terms.many} ({look.start + 1:,} to {look.stop:,})"


def of_calibration(shift: Shift, look: Look, _: DecisionDomain) -> Finding:
    """Suggestions prove right more or less often than they say."""
    gap, low, high = (100 * (x or 0.0) for x in (shift.size.value, shift.size.low, shift.size.high))
    count = f"Among new outcomes ({look.start + 1:,} to {look.stop:,}),"
    between = f"({low:+.0f} to {high:+.0f} points; n {shift.size.n:,})".replace("-", "−")
    if shift.test == "level":
        more = "less" if gap < 0 else "more"
        sentence = (
            f"{count} suggestions proved right {abs(gap):.0f} points {more} often than they said {between}: "
            f"in {_of_100(shift.now)}."
        )
    else:
        how = "overstated" if gap < 0 else "understated"
        sentence = f"{count} clear suggestions are {how} against leaning ones {between}."
    advice = (
        "Read the percentages with care until the next version: retrain now, and compare the two on the bank."
    )
    return Finding("calibration", shift.test, sentence, advice, shift, look)


def of_outcomes(shift: Shift, look: Look, domain: DecisionDomain) -> Finding:
    """Another share of cases has this action as the right one."""
    label = domain.label(shift.level)
    sentence = (
        f"“{label}” proved right in {_of_100(shift.now)} new outcomes ({look.start + 1:,} to {look.stop:,}), against "
        f"{_of_100(shift.then)} when the model learned; {_elsewhere(shift)}."
    )
    advice = "See whether quick outcomes differ from slow ones; if not, the world changed: retrain."
    return Finding("outcomes", label, sentence, advice, shift, look)


def _of_100(share: float | None) -> str:
    return f"{100 * (share or 0.0):.0f} of 100"


def _elsewhere(shift: Shift) -> str:
    low, high = (f"{100 * (x or 0.0):.0f}" for x in (shift.size.low, shift.size.high))
    return f"{_of_100(shift.size.value)} ({low} to {high}; n {shift.size.n:,}) would have to be others"
