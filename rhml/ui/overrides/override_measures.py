"""What the Overrides page can say of any part of the log: one measure at a time, chosen by the reader."""

from __future__ import annotations

from dataclasses import dataclass

from rhml.core.domain import DecisionDomain
from rhml.printed.dimension_words import label
from rhml.reports.exploration import ONLY_OVERRIDES
from rhml.reports.exploration_parts import Names
from rhml.stats.intervals import wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.store.explorer import OF_OVERRIDES_ONLY, Filters
from rhml.ui import computed, measured, words
from rhml.ui.shell import Here

LABELS = {
    "rate": "Override rate",
    "count": "Overrides",
    "worth": "Worth, rescued minus spoiled",
    "right": "Right when they differed",
    "seconds": "Time taken (median)",
    "unknowable": "Cannot be known",
}
SAID = {
    "rate": "The share of recommendations that were decided against (Wilson's interval; decisions on one case go together). A high rate is not bad in itself: "
    "judge by outcome.",
    "count": "How many recommendations were decided against, of how many.",
    "worth": "What overrides saved minus what they lost, in the domain's unit, over those whose outcome may speak.",
    "right": "The share of overrides that proved right, among those whose outcome may speak; intervals hold for these "
    "managers.",
    "seconds": "The median time per decision, overridden or not. Intervals by order statistics (Price & Bonett 2001); "
    "decisions without a time are left out.",
    "unknowable": "The share of overrides after which no outcome is ever seen.",
}


@dataclass(frozen=True)
class Chosen:
    """One measure of each part, by the part's names; `left_out` names of each dimension are not among them.

    `margins`: the same of each name's whole and of everything, where None stands for all names of a dimension.
    """

    wanted: str
    cells: dict[Names, Measure]
    left_out: tuple[int, ...]
    unit: str
    margins: dict[Names, Measure]
    of_how_many: bool

    @property
    def signed(self) -> bool:
        """Whether numbers below zero mean the opposite."""
        return self.wanted == "worth"


def no_rate(domain: DecisionDomain, by: tuple[str, ...], looked_at: Filters) -> str:
    """Why there is no override rate to show, in a sentence; empty where there is one."""
    alone = [label(domain, one).lower() for one in by if one in OF_OVERRIDES_ONLY]
    if alone:
        return f"Only overrides have a {' and a '.join(alone)}, so there is no rate by it. Choose another measure."
    return f"{ONLY_OVERRIDES} Choose another measure." if looked_at.overrides_only else ""


def of(here: Here, looked_at: Filters, by: tuple[str, ...], wanted: str, most: tuple[int, ...]) -> Chosen:
    """The measure that the reader wants, of each part under the filters."""
    name = here.domain.name
    found = computed.explored(name, looked_at, by, most=most, valued=wanted == "worth", margins=True)
    cells, whole = found.cells(), {**found.margins, (None,) * len(by): found.total}
    if wanted == "seconds":
        times = {one.names: one.every for one in computed.times(name, looked_at, by, margins=True)}
        told = [{names: times[names] for names in held if names in times} for held in (cells, whole)]
    else:
        told = [{names: _measure(part, wanted) for names, part in held.items()} for held in (cells, whole)]
    rated = not (looked_at.overrides_only or set(by) & set(OF_OVERRIDES_ONLY))
    return Chosen(wanted, told[0], found.left_out, found.total.unit, told[1], rated)


def _measure(part, wanted: str) -> Measure:
    match wanted:
        case "rate":
            return part.rate
        case "count":
            return Measure(float(part.overridden), None, None, part.advised)
        case "worth":
            return part.value
        case "right":
            return part.precision
        case _:
            return unknowable(part.cannot_be_known, part.overridden)


def unknowable(never: int, overridden: int) -> Measure:
    """The share of overrides whose outcome is never seen, from counts alone (Wilson)."""
    if overridden < MINIMUM:
        return Measure.unknown(too_few(overridden), overridden)
    return Measure.of(never / overridden, *wilson(never, overridden), overridden)


def short(found: Chosen, one: Measure) -> tuple[str, str]:
    """A measure in as few signs as a cell takes: its value, and its interval with its count."""
    n = f"n {words.number(one.n)}"
    match found.wanted:
        case "count":
            return words.number(one.value), f"of {words.number(one.n)}" if found.of_how_many else ""
        case "seconds":
            return measured.took(one.value), _between(one, measured.took, n)
        case "worth":
            return f"{_signed(one.value)} {found.unit}", _between(one, _signed, n)
        case _:
            return words.percent(one.value), _between(one, words.percent, n)


def _between(one: Measure, said, n: str) -> str:
    return n if one.low is None else f"{said(one.low)} to {said(one.high)} · {n}"


def _signed(value: float) -> str:
    sign = "+" if value >= 0.5 else "−" if value <= -0.5 else ""
    return sign + words.number(abs(value))
