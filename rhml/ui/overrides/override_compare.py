"""The Overrides page's view of two periods: what changed, all together and by one dimension."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from rhml.printed.dimension_words import label, named
from rhml.reports.exploration import Exploration
from rhml.reports.exploration_parts import Names
from rhml.reports.period_change import HIGHER, LOWER, Change, a_month, changed
from rhml.stats.measure import Measure, too_few
from rhml.store import explorer as log
from rhml.store.dimensions import in_order
from rhml.store.explorer import Filters
from rhml.ui import computed, grid, measured, veiled, words
from rhml.ui.overrides import explorer, override_measures
from rhml.ui.overrides.override_periods import Period, periods, within
from rhml.ui.shell import Here

LABELS = {
    "rate": "Override rate",
    "count": "Overrides a month",
    "right": "Right when they differed",
    "worth": "Worth of one override",
    "seconds": "Time taken (median)",
}
MARK = {HIGHER: "▲", LOWER: "▼"}


def draw(here: Here, looked_at: Filters) -> None:
    """Two periods under the same filters: everything together, then one measure by one dimension."""
    months = within(computed.months(here.domain.name), looked_at)
    if len(months) < 2:
        st.info(
            "Two periods need at least two months with decisions. Widen the months above, or come back later."
        )
        return
    earlier, later = periods(months)
    if min(earlier.months, later.months) < 1:
        st.info("A period ends before it begins. Change one of its months.")
        return
    if later.first <= earlier.last:
        st.info(
            "The two periods overlap, so their difference would be blurred. Let the later one begin after the other."
        )
        return
    above = st.container()
    by, wanted = _asked(here)
    ends = log.span(here.store, here.domain)
    sides = [_side(here, period, looked_at, by, wanted, period.lasted(*ends)) for period in (earlier, later)]
    with above:
        _together(earlier, later, sides)
    if wanted == "rate" and (why := override_measures.no_rate(here.domain, (by,), looked_at)):
        st.info(why)
    else:
        _table(here, by, wanted, sides)


def _asked(here: Here) -> tuple[str, str]:
    options = [by for by in explorer.offered(here) if by != "period"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox("Split by", options, index=options.index("recommended_confidence"), key="compared_by", bind="query-params",
                          format_func=lambda one: label(here.domain, one), width=300)  # fmt: skip
        wanted = st.selectbox("Measure", list(LABELS), key="compared", bind="query-params",
                              format_func=LABELS.get, width=250)  # fmt: skip
    return by, wanted


@dataclass(frozen=True)
class Side:
    """One period: its overrides all together and by a dimension, and how long its decisions took."""

    months: float
    found: Exploration
    whole_time: Measure
    times: dict[Names, Measure]

    def together(self, wanted: str) -> Measure:
        """A measure of everything in the period."""
        return self.whole_time if wanted == "seconds" else _measure(self.found.total, wanted, self.months)

    def parts(self, wanted: str) -> dict[Names, Measure]:
        """A measure of each part."""
        if wanted == "seconds":
            return {names: self.times[names] for names in self.found.cells() if names in self.times}
        return {names: _measure(part, wanted, self.months) for names, part in self.found.cells().items()}


def _side(here: Here, period: Period, looked_at: Filters, by: str, wanted: str, months: float) -> Side:
    name, within = here.domain.name, period.of(looked_at)
    whole = computed.times(name, within)
    timed = computed.times(name, within, (by,)) if wanted == "seconds" else []
    found = computed.explored(name, within, by, valued=wanted == "worth")
    times = {one.names: one.every for one in timed}
    return Side(months, found, whole[0].every if whole else Measure.unknown(too_few(0)), times)


def _measure(part, wanted: str, months: float) -> Measure:
    match wanted:
        case "rate":
            return part.rate
        case "count":
            return a_month(part.overridden, months)
        case "right":
            return part.precision
        case _:
            return part.value.scaled(1 / part.value.n) if part.value.known else part.value


def _together(earlier: Period, later: Period, sides: list[Side]) -> None:
    st.markdown(f"**{words.plain(earlier.said)}** beside **{words.plain(later.said)}**, everything together:")
    before, after = sides
    asked = {(name,): (before.together(name), after.together(name)) for name in LABELS}
    found = changed({n: pair[0] for n, pair in asked.items()}, {n: pair[1] for n, pair in asked.items()})
    unit = before.found.total.unit
    rows = [[LABELS[one.names[0]], *_row(one, one.names[0], unit)] for one in found]
    grid.stacked(_head("Measure"), rows, name="together", alt="Both periods, everything together")


def _head(first: str) -> list[str]:
    return [first, "Earlier", "Later", "Difference", "Shown"]


def _table(here: Here, by: str, wanted: str, sides: list[Side]) -> None:
    domain, name = here.domain, label(here.domain, by)
    before, after = (side.parts(wanted) for side in sides)
    found = {one.names: one for one in changed(before, after)}
    if not found:
        st.info("Nothing is left to compare under these filters. Clear or widen them.")
        return
    if by == "manager":
        veiled.looked(here, (names[0] for names in found), "overrides by person")
    unit = sides[0].found.total.unit
    ordered = [(one,) for one in in_order(by, (names[0] for names in found))]
    rows = [[named(domain, by, names[0]), *_row(found[names], wanted, unit)] for names in ordered]
    grid.stacked(_head(name), rows, name="compared", alt=f"{LABELS[wanted]} by {name} in both periods")
    left = max(side.found.left_out[0] for side in sides)
    if left:
        st.caption(f"{words.number(left)} more with fewer overrides are not shown; filter to see them.")
    _how(here, by, wanted)


def _row(one: Change, wanted: str, unit: str) -> list[str]:
    earlier, later = (_said(found, wanted, unit) for found in (one.earlier, one.later))
    return [
        earlier,
        later,
        _difference(one.difference, wanted, unit),
        f"{MARK.get(one.words, '')} {one.words}".strip(),
    ]


def _said(found: Measure, wanted: str, unit: str) -> str:
    match wanted:
        case "rate" | "right":
            return measured.share(found)
        case "seconds":
            return measured.time(found)
        case "count":
            return _amount(found, "a month")
        case _:
            return _amount(found, unit)


def _difference(found: Measure, wanted: str, unit: str) -> str:
    match wanted:
        case "rate" | "right":
            return measured.difference(found)
        case "seconds":
            return measured.time(found, signed=True)
        case "count":
            return _amount(found, "a month", signed=True)
        case _:
            return _amount(found, unit, signed=True)


def _amount(found: Measure, unit: str, *, signed: bool = False) -> str:
    if not found.known:
        return words.own(found.why)

    def said(value: float) -> str:
        sign = "+" if signed and value > 0 else "−" if value < 0 else ""
        return sign + words.number(abs(value), 1 if abs(value) < 100 else 0)

    between = "" if found.low is None else f"{said(found.low)} to {said(found.high)}; "
    return f"{said(found.value)} {unit} ({between}n {words.number(found.n)})"


def _how(here: Here, by: str, wanted: str) -> None:
    measured.how(
        "Each difference is later minus earlier, with a 95 % interval from the two periods' own intervals (MOVER: Zou & "
        "Donner 2008; for shares Newcombe 1998, method 10). Overrides a month take exact Poisson limits (Garwood 1936), each counted "
        "by itself, and months that the log covers in part count in part; "
        "medians of time order statistics (Price & Bonett 2002).\n\n"
        "*Higher* and *lower* are said where the difference still stands after all rows of a table are counted as asked at "
        "once (at most 5 % of such words false on average: Benjamini & Hochberg 1995). *May be chance*: one of "
        "as many would differ so much by itself. *No change shown* does not say that there is none; *cannot be told*: no interval can be given. The periods may differ in their cases: a difference is not yet anybody's doing, and higher is not "
        "better in itself.\n\nThe decisions of one period are taken as independent of those of the other."
        + (f"\n\n{veiled.said(here)}" if by == "manager" else ""),
        key="compare",
    )
