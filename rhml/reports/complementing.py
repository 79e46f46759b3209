"""What is found of deciding together, and the sentences that say so.

People are measured by their first call, made before the recommendation was seen; in the mode *evidence only* with the
model's evidence in view, so it is never called theirs alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from rhml.stats.measure import Measure

FIRST, MODEL = "people’s first calls", "the model alone"
NARROW = 0.1
"""The whole interval of φ lies within this where mistakes are said to fall together as by chance."""

GAINS = (
    ("gained by following", "right advice followed"),
    ("gained against both", "right against both"),
    ("lost by following", "wrong advice followed"),
    ("lost against both", "wrong against both"),
)


@dataclass(frozen=True)
class InValue:
    """The same in what mistakes cost, a case; above zero is saved."""

    unit: str
    team_minus_human: Measure
    team_minus_model: Measure
    headroom: Measure
    realised: Measure


@dataclass(frozen=True)
class Complementarity:
    """T − H and T − M hold together at 95 %; `realised` is the share of the headroom that deciding together reaches."""

    why: str
    human: Measure
    model: Measure
    team: Measure
    oracle: Measure
    oracle_by_chance: Measure
    team_minus_human: Measure
    team_minus_model: Measure
    smaller: Measure
    headroom: Measure
    realised: Measure
    error_correlation: Measure
    breakdown: dict[str, Measure]
    in_value: InValue | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, most important first."""
        said = (self.together, self.allows, self.reached, self.breakdown_sentence)
        return tuple(one for one in said if one)

    @property
    def headline(self) -> str:
        """Whether the team beats, or falls short of, the better of the two; nothing where neither is shown."""
        return self.together if self.smaller.known and not _around_zero(self.smaller) else ""

    @property
    def together(self) -> str:
        """The team against the better of the two."""
        if not self.smaller.known:
            return self.why
        by = f"{_points(self.smaller)} points against the better of the two"
        if self.smaller.low is not None and self.smaller.low > 0:
            return f"Deciding together beats both {FIRST} and {MODEL}: {by}."
        if self.smaller.high is not None and self.smaller.high < 0:
            sides = ((FIRST, self.team_minus_human), (MODEL, self.team_minus_model))
            beyond = [who for who, found in sides if found.high is not None and found.high < 0]
            return f"Deciding together falls short of {' and of '.join(beyond)}: {by}."
        return (
            f"That deciding together beats the better of the two is not shown, nor that it falls short: {by}."
        )

    @property
    def allows(self) -> str:
        """What the way mistakes fall together allows."""
        phi = self.error_correlation
        if not self.oracle.known or not phi.known:
            return ""
        if phi.low is None or phi.low <= 0 <= phi.high:
            if phi.low is None or max(-phi.low, phi.high) > NARROW:
                return "Whether their mistakes fall together more or less often than by chance cannot be told yet."
            how = "about as often as by chance"
        else:
            how = "more often than by chance" if phi.low > 0 else "less often than by chance"
        return (
            f"Their mistakes fall together {how}: a perfect chooser could be right in {_percent(self.oracle)} "
            f"({_percent(self.oracle_by_chance)} if they fell by chance), you are at {_percent(self.team)}."
        )

    @property
    def reached(self) -> str:
        """How much of the headroom is reached, where that can be said."""
        found = self.realised
        if not found.known or found.low is None:
            return ""
        ends = f"[{100 * found.low:.0f}, {100 * found.high:.0f}]".replace("-", "−")
        if found.low <= 0 <= found.high:
            return f"How much of what a perfect chooser would gain is reached cannot be told yet: {_plain(found.value)} {ends}."
        if found.high < 0:
            lost = f"[{-100 * found.high:.0f}, {-100 * found.low:.0f}]"
            return f"Nothing of what a perfect chooser would gain is reached: {_plain(-found.value)} as much is lost {lost}."
        return f"Of what a perfect chooser would gain, {_plain(found.value)} is reached {ends}."

    @property
    def breakdown_sentence(self) -> str:
        """The exact parts of team minus first call, in cases of 100, where their sum is told from nothing."""
        found = self.team_minus_human
        if not self.breakdown or _around_zero(found):
            return ""
        words = ", ".join(
            f"{'+' if k < 2 else '−'}{100 * self.breakdown[key].value:.1f} {said}"
            for k, (key, said) in enumerate(GAINS)
            if self.breakdown[key].value
        )
        return f"In 100 cases, against {FIRST}: {words}; in all {_points(found)}."

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        found = {f.name: _plain_values(getattr(self, f.name)) for f in fields(self)}
        sentences = {
            "headline": self.headline,
            "sentences": list(self.sentences),
            "allows": self.allows,
            "breakdown_sentence": self.breakdown_sentence,
        }
        return {**sentences, **found}


def _around_zero(found: Measure) -> bool:
    return found.low is None or found.high is None or found.low <= 0 <= found.high


def _points(found: Measure) -> str:
    text = f"{100 * found.value:+.1f}"
    if found.low is not None:
        text += f" [{100 * found.low:.1f}, {100 * found.high:.1f}]"
    return text.replace("-", "−")


def _percent(found: Measure) -> str:
    return f"{100 * found.value:.0f} %"


def _plain(value: float) -> str:
    return f"{100 * value:.0f} %".replace("-", "−")


def _plain_values(value: object) -> object:
    if isinstance(value, Measure):
        return value.as_dict()
    if isinstance(value, InValue):
        return {f.name: _plain_values(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {key: _plain_values(part) for key, part in value.items()}
    return value
