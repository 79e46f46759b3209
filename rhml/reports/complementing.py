"""What is found of deciding together, and the sentences that say so."""

from __future__ import annotations

from dataclasses import dataclass, fields

from rhml.stats.measure import Measure

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
        best = "the model alone" if self.model.value > self.human.value else "people alone"
        by = f"{_points(self.smaller)} points against the better of the two"
        if self.smaller.low is not None and self.smaller.low > 0:
            return f"Together people and model are better than either alone: {by}."
        if self.smaller.high is not None and self.smaller.high < 0:
            return f"Deciding together falls short of {best}: {by}."
        return (
            f"That deciding together beats the better of the two is not shown, nor that it falls short: {by}."
        )

    @property
    def allows(self) -> str:
        """What the way mistakes fall together allows."""
        phi = self.error_correlation
        if not self.oracle.known or not phi.known:
            return ""
        how = "about as often as by chance"
        if phi.low is not None and phi.low > 0:
            how = "more often than by chance"
        elif phi.high is not None and phi.high < 0:
            how = "less often than by chance"
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
        """The exact parts of team minus people, in cases of 100."""
        if not self.breakdown:
            return ""
        words = ", ".join(
            f"{'+' if k < 2 else '−'}{100 * self.breakdown[key].value:.1f} {said}"
            for k, (key, said) in enumerate(GAINS)
            if self.breakdown[key].value
        )
        total = f"{100 * (self.team.value - self.human.value):+.1f}".replace("-", "−")
        return f"In 100 cases, against people alone: {words or 'nothing'}; together {total}."

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
