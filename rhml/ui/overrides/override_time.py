"""The Overrides page's view of time: how long decisions take, agreed with or overridden, by anything and over months."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from rhml.printed.dimension_words import label, named
from rhml.printed.marks import NEUTRAL, WHO
from rhml.reports.durations import Times
from rhml.stats.measure import Measure
from rhml.store.dimensions import in_order
from rhml.store.explorer import Filters
from rhml.ui import charts, computed, grid, measured, veiled, words
from rhml.ui.overrides import explorer
from rhml.ui.shell import Here

MOST = 100
SIDES = {
    "agreed": ("Followed the recommendation", NEUTRAL, "circle-open", "dot"),
    "overrode": ("Decided differently", WHO["human"].colour, "circle", "solid"),
}


def draw(here: Here, looked_at: Filters) -> None:
    """The usual time, its course over the months, and a table by one dimension."""
    found = computed.times(here.domain.name, looked_at)
    if not found or not found[0].quartiles:
        _nothing(found)
        return
    _summary(found[0])
    _course(here, looked_at)
    _table(here, looked_at)


def _nothing(found: list[Times]) -> None:
    untimed = found[0].untimed if found else 0
    if untimed:
        st.info(
            f"None of these {words.number(untimed)} decisions has a time: they were imported without one. Decisions made on "
            "the card are timed from opening to saving."
        )
    else:
        st.info("Nothing is left to time under these filters. Clear or widen them.")


def _summary(found: Times) -> None:
    first, third = found.quartiles
    st.markdown(
        f"A decision usually takes **{measured.time(found.every)}**; the middle half takes {measured.took(first)} to "
        f"{measured.took(third)}."
    )
    if found.longer.known:
        st.markdown(
            f"To decide differently takes **{_longer(found.longer)}** than to follow the recommendation."
        )
    else:
        st.markdown(f"Whether deciding differently takes longer cannot be told: {_why_not(found)}.")
    left = [
        f"{words.number(found.untimed)} decisions without a time are left out" if found.untimed else "",
        f"{words.number(found.imported)} times were imported, as another system took them"
        if found.imported
        else "",
    ]
    if any(left):
        st.caption("; ".join(filter(None, left)) + ".")


def _why_not(found: Times) -> str:
    """Which of the two has too few times to be held against the other."""
    side = "followed the recommendation" if found.agreed.n <= found.overrode.n else "was decided differently"
    fewest = min(found.agreed.n, found.overrode.n)
    return f"under these filters {words.number(fewest) if fewest else 'none'} of the timed decisions {side}"


def _longer(found: Measure) -> str:
    if found.low is None or found.low <= 0 <= found.high:
        return f"no time that is shown longer or shorter ({measured.time(found, signed=True)})"
    more = "longer" if found.value > 0 else "shorter"
    between = sorted(abs(end) for end in (found.low, found.high))
    return f"{measured.took(abs(found.value))} {more} ({measured.took(between[0])} to {measured.took(between[1])})"


def _course(here: Here, looked_at: Filters) -> None:
    months = {one.names[0]: one for one in computed.times(here.domain.name, looked_at, ("period",))}
    shown = [month for month in sorted(months) if month[:1].isdigit()][-36:]
    figure = _figure([(measured.period(month), months[month]) for month in shown])
    if figure is not None:
        charts.draw(
            figure, key="course_of_time", alt="Median time per decision by month, followed and differently"
        )


def _figure(months: list[tuple[str, Times]]) -> go.Figure | None:
    """Medians by month with their intervals; None where fewer than two months say anything."""
    if sum(one.agreed.known or one.overrode.known for _, one in months) < charts.LEAST_POINTS:
        return None
    figure = go.Figure()
    for shift, (side, (name, colour, symbol, dash)) in zip((-0.06, 0.06), SIDES.items(), strict=True):
        points = [(at, one) for at, (_, times) in enumerate(months) if (one := getattr(times, side)).known]
        figure.add_trace(
            go.Scatter(
                x=[at + shift for at, _ in points], y=[one.value for _, one in points], name=name, mode="lines+markers",
                marker={"color": colour, "symbol": symbol, "size": 9}, line={"color": colour, "dash": dash, "width": 1.5},
                error_y={"type": "data", "symmetric": False, "color": colour, "thickness": 1.5, "width": 3,
                         "array": [(one.high or one.value) - one.value for _, one in points],
                         "arrayminus": [one.value - (one.low if one.low is not None else one.value) for _, one in points]},
                hovertext=[f"{months[at][0]}: {measured.time(one)}" for at, one in points], hoverinfo="text+name",
            )
        )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(months))), ticktext=[name for name, _ in months], showgrid=False
    )
    figure.update_yaxes(title="Median, seconds", rangemode="tozero")
    return charts.laid_out(figure, charts.COURSE)


def _table(here: Here, looked_at: Filters) -> None:
    domain, options = here.domain, [by for by in explorer.offered(here) if by != "seconds"]
    by = st.selectbox("Split by", options, index=options.index("recommended_confidence"), key="timed_by",
                      bind="query-params", format_func=lambda one: label(domain, one), width=300)  # fmt: skip
    found = {one.names[0]: one for one in computed.times(domain.name, looked_at, (by,))}
    most = sorted(found, key=lambda name: -found[name].every.n)[:MOST]
    if by == "manager":
        veiled.looked(here, most, "time per decision by person")
    untimed = any(found[name].untimed for name in most)
    rows = [
        _row(named(domain, by, name), found[name])[: None if untimed else -1] for name in in_order(by, most)
    ]
    head = [
        label(domain, by),
        "Median",
        "Middle half",
        "Followed",
        "Decided differently",
        "Difference",
        "Without a time",
    ]
    grid.wide(
        head if untimed else head[:-1], rows, name="times", alt=f"Time per decision by {label(domain, by)}"
    )
    if len(found) > MOST:
        st.caption(
            f"{words.number(len(found) - MOST)} more with fewer decisions are not shown; filter to see them."
        )
    measured.how(
        "Medians and quartiles, since a few times are an hour at lunch. They are read from counts of times (to a tenth of a "
        "second below 100 s, to the second below an hour, to the minute beyond), exact to that grain. 95 % intervals in "
        "brackets: order statistics (Price & Bonett 2001), differences Price & Bonett (2002); each decision counts as "
        "independent of the others.\n\nLonger is not better or worse: who decides differently often does so on the harder "
        "cases." + (f"\n\n{veiled.said(here)}" if by == "manager" else ""),
        key="time",
    )


def _row(name: str, one: Times) -> list[str]:
    middle = (
        f"{measured.took(one.quartiles[0])} to {measured.took(one.quartiles[1])}" if one.quartiles else "–"
    )
    return [
        name, measured.time(one.every), middle, measured.time(one.agreed), measured.time(one.overrode),
        measured.time(one.longer, signed=True), words.number(one.untimed),
    ]  # fmt: skip
