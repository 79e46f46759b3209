"""What is found of stated probabilities, and the sentences that say so."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from rhml.stats.measure import Measure

ONE, POOLED, ADJUSTED, MODEL, BOTH = "one", "people", "adjusted", "model", "together"
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Side:
    """One forecaster: scores over cases (smaller is better), how much too sure, the two parts of the Brier score that
    tell calibration from discrimination (Murphy 1973), and bands of what was said and how often it came true."""

    key: str
    brier: Measure
    log: Measure
    too_sure: Measure
    miscalibration: float | None
    discrimination: float | None
    bands: tuple[tuple[float, Measure], ...]


@dataclass(frozen=True)
class Gap:
    """The first's score less the second's on the same cases: below zero, the first foretold better.

    rests_on: the Brier scores' difference with the wider interval that words rest on, as it is asked each time outcomes
    arrive.
    """

    first: str
    second: str
    brier: Measure
    log: Measure
    rests_on: Measure

    @property
    def better(self) -> str:
        """Which of the two is shown to foretell better by the Brier score; empty where neither is."""
        low, high = self.rests_on.low, self.rests_on.high
        if low is None or high is None or low <= 0 <= high:
            return ""
        return self.first if high < 0 else self.second


@dataclass(frozen=True)
class Where:
    """People and the model in one segment; `apart` is people's Brier score less the model's, `adjusted_p` its chance
    between equals at any look so far, adjusted for all segments (Benjamini & Hochberg 1995)."""

    column: str
    segment: str
    people: Measure
    model: Measure
    together: Measure
    apart: Measure
    adjusted_p: float = 1.0

    @property
    def better(self) -> str:
        """Who is shown to foretell better there; empty where neither is."""
        if not self.adjusted_p < FALSE_DISCOVERIES:
            return ""
        return Gap(POOLED, MODEL, self.apart, self.apart, self.apart).better


@dataclass(frozen=True)
class Forecasts:
    """All of it. `without_model`: cases with people's probabilities and an outcome, but none of the model's."""

    why: str
    without_model: int
    cases: int
    people: int
    calls: int
    sides: tuple[Side, ...]
    gaps: tuple[Gap, ...]
    where: tuple[Where, ...]

    @classmethod
    def nothing(cls, why: str, *, without_model: int = 0) -> Forecasts:
        """No finding, and the sentence that says why."""
        return cls(why, without_model, 0, 0, 0, (), (), ())

    def side(self, key: str) -> Side | None:
        """One forecaster, if it is there."""
        return next((one for one in self.sides if one.key == key), None)

    def gap(self, first: str, second: str) -> Gap | None:
        """Two of them compared, if they are."""
        return next((one for one in self.gaps if (one.first, one.second) == (first, second)), None)

    @property
    def several(self) -> bool:
        """Whether most cases were judged by several people."""
        return self.side(POOLED) is not None

    @property
    def crowd(self) -> str:
        """The key of what stands for people: their mean where several judged a case."""
        return POOLED if self.several else ONE

    @property
    def together_best(self) -> bool:
        """Whether people and model averaged are shown to foretell better than people and than the model."""
        found = [self.gap(BOTH, one) for one in (self.crowd, MODEL)]
        return all(one is not None and one.better == BOTH for one in found)

    def sentences(self, person: str = "person", persons: str = "people") -> tuple[str, ...]:
        """What the numbers say, most important first, in the domain's word for who decides."""
        if self.why:
            return (self.why,)
        apart, both = self._apart(persons), self._both(persons)
        first, second = (both, apart) if self.together_best else (apart, both)
        return (
            f"{first[:-1]} (Brier score: 0 is perfect, .25 a coin’s).",
            second,
            self._sure(person, persons),
        )

    def _apart(self, persons: str) -> str:
        gap, crowd, model = self.gap(self.crowd, MODEL), self.side(self.crowd), self.side(MODEL)
        who = f"The mean of several {persons}" if self.several else f"What {persons} stated"
        scored = f"{who} scores {score(crowd.brier)}, the model {score(model.brier)}"
        if not gap.better:
            return f"{scored}: that either foretells better is not shown."
        return (
            f"{scored}: {'the model' if gap.better == MODEL else persons} foretold better by {by(gap.brier)}."
        )

    def _both(self, persons: str) -> str:
        names, against = {self.crowd: persons, MODEL: "the model"}, (self.crowd, MODEL)
        said = f"{persons.capitalize()} and model averaged score {score(self.side(BOTH).brier)}"
        if self.together_best:
            each = " and ".join(score(self.side(one).brier) for one in against)
            return f"{said}, better than either alone ({each})."
        gaps = [self.gap(BOTH, one) for one in against]
        worse = [names[gap.second] for gap in gaps if gap.better == gap.second]
        if worse:
            return f"{said}, worse than {' and than '.join(worse)} alone."
        beaten = [names[gap.second] for gap in gaps if gap.better == BOTH]
        if beaten:
            return f"{said}: better than {beaten[0]} alone; that it beats both is not shown."
        return f"{said}; that it beats either is not shown."

    def _sure(self, person: str, persons: str) -> str:
        names = {ONE: f"one {person} alone", POOLED: f"the mean of several {persons}", MODEL: "the model"}
        said = [f"{names[key]} is {sure(self.side(key).too_sure)}" for key in names if self.side(key)]
        text = "; ".join(said)
        return f"{text[:1].upper()}{text[1:]}."

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        found = asdict(self)
        found["sides"] = [
            {**asdict(one), "bands": [{"said": said, **came.as_dict()} for said, came in one.bands]}
            for one in self.sides
        ]
        for name in ("gaps", "where"):
            found[name] = [{**asdict(one), "better": one.better} for one in getattr(self, name)]
        return {**found, "together_best": self.together_best, "sentences": list(self.sentences())}


def score(found: Measure) -> str:
    """A score as statisticians write it: '.184'."""
    return f"{found.value:.3f}".lstrip("0")


def by(found: Measure) -> str:
    """How far two scores lie apart, without a sign: '.021 [.008, .034]'."""
    ends = sorted((abs(found.low), abs(found.high)))
    return f"{abs(found.value):.3f} [{ends[0]:.3f}, {ends[1]:.3f}]".replace("0.", ".")


def sure(found: Measure) -> str:
    """Too sure, too modest, or as sure as it may be, in points."""
    if found.low is None or found.low <= 0 <= found.high:
        return "not shown to be too sure or too modest"
    points = f"{abs(100 * found.value):.0f} points too"
    return f"{points} sure" if found.value > 0 else f"{points} modest"
