"""What is found of growth: people's part, the model's, their sum, and the sentences that say so."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rhml.reports.combiner import Combiner
from rhml.stats.measure import Measure
from rhml.stats.verdicts import Verdict

ALPHA = 0.05 / 3
"""People, model and their sum are three claims: at most one report in twenty has a false one (Bonferroni), however often
one pair of versions is looked at (`stats.looks`, `stats.anytime`)."""

MOVED = ("improved", "fell")


@dataclass(frozen=True)
class Part:
    """What one of the two brought, or both: the change with its 95 % interval, and the words for it."""

    verdict: Verdict
    change: Measure
    level: float = 1 - ALPHA

    def as_dict(self) -> dict[str, object]:
        """The words, the change, and what the words rest on."""
        rests_on = self.verdict.change
        return {
            **self.verdict.as_dict(),
            **self.change.as_dict(),
            "rests_on": {"low": rests_on.low, "high": rests_on.high, "level": self.level},
        }


@dataclass(frozen=True)
class Growth:
    """People's part and the model's, which add up to the total; the interaction is a memo, half of it in each.

    values: V by people's period and the model's, "10" is later people with the earlier model. in_value: the same
    three in the domain's unit, a case, where it states one.
    """

    people: Part
    model: Part
    total: Part
    interaction: Measure
    values: dict[str, float]
    why: str = ""
    versions: tuple[str, str] | None = None
    times: tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp] | None = None
    counts: dict[str, int] | None = None
    combiner: Combiner | None = None
    in_value: dict[str, Measure] | None = None
    unit: str = ""
    adjusted_for: tuple[str, ...] = ()

    @classmethod
    def unknown(cls, why: str, n: int = 0) -> Growth:
        """No parts, and the sentence that says why."""
        none = Measure.unknown(why, n)
        part = Part(Verdict("cannot be known" if "annot be" in why else "too few to say", none), none)
        return cls(part, part, part, none, {}, why)

    @property
    def same_version(self) -> bool:
        """Whether one version advised in both halves."""
        return self.versions is not None and self.versions[0] == self.versions[1]

    @property
    def headline(self) -> str:
        """Who brought how much, in one sentence; nothing where no part of it is shown."""
        sides = (("people", self.people), ("the model", self.model))
        moved = [(who, part) for who, part in sides if part.verdict.words in MOVED]
        grown = self.total.verdict.words in MOVED
        if self.why or not (moved or grown):
            return ""
        total = self.total.change
        what = f"{_signed(total.value)} points {'growth' if total.value > 0 else 'change'}" if grown else ""
        if not moved:
            return f"{what} {_between(total)}: who brought it is not sure yet. {self._rest(sides)}".strip()
        said = ", ".join(
            f"{who}{' brought' if k == 0 else ''} {_points(part.change, unit='' if grown or k else ' points')}"
            for k, (who, part) in enumerate(moved)
        )
        text = f"Of {what}, {said}" if grown else f"{said[:1].upper()}{said[1:]}"
        rest = self._rest([side for side in sides if side not in moved])
        return f"{text}. {rest}".strip()

    def _rest(self, sides) -> str:
        """The parts that are not shown, a sentence each."""
        return " ".join(
            "The model stayed the same."
            if who == "the model" and self.same_version
            else f"{who[:1].upper()}{who[1:]}: {part.verdict.words}, {_points(part.change)}."
            for who, part in sides
        )

    @property
    def sentence(self) -> str:
        """The headline; else why there is none, or that nothing is shown."""
        if self.why or self.headline:
            return self.why or self.headline
        still = all(part.verdict.words == "no change shown" for part in (self.people, self.model))
        said = "No growth that matters is shown." if still else "Who brought growth cannot be told yet."
        return f"{said} {self._rest((('people', self.people), ('the model', self.model)))}"

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; times in ISO format."""
        start, cut, end = (t.isoformat() for t in self.times) if self.times else (None,) * 3
        in_value = {name: m.as_dict() for name, m in self.in_value.items()} if self.in_value else None
        return {
            "headline": self.headline,
            "sentence": self.sentence,
            "why": self.why,
            "measure": "accuracy",
            **{name: getattr(self, name).as_dict() for name in ("people", "model", "total", "interaction")},
            "values": self.values,
            "in_value": in_value and {"unit": self.unit, **in_value},
            "versions": dict(zip(("earlier", "later"), self.versions, strict=True))
            if self.versions
            else None,
            "same_version": self.same_version,
            **{"start": start, "cut": cut, "end": end},
            "counts": self.counts or {},
            "combiner": self.combiner.as_dict() if self.combiner else None,
            "adjusted_for": list(self.adjusted_for),
        }


def _points(found: Measure, unit: str = "") -> str:
    return f"{_signed(found.value)}{unit} {_between(found)}".strip() if found.known else "—"


def _between(found: Measure) -> str:
    if found.low is None or found.low == found.high:
        return ""
    return f"[{100 * found.low:.1f}, {100 * found.high:.1f}]".replace("-", "−")


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")
