"""The Overrides page's view of two dimensions at once: a table whose cells lead to what they count."""

from __future__ import annotations

import streamlit as st

from rhml.printed.dimension_words import label, named
from rhml.stats.measure import Measure
from rhml.store.dimensions import in_order
from rhml.store.explorer import Filters
from rhml.ui import measured, veiled, words
from rhml.ui.overrides import explorer, heat_table, override_measures
from rhml.ui.overrides.override_measures import Chosen
from rhml.ui.shell import Here

MOST = (25, 12)
ALL = "All"


def draw(here: Here, looked_at: Filters) -> None:
    """Rows, columns and what the cells say, then the table."""
    rows, columns, wanted = _asked(here)
    if rows == columns:
        st.info("Rows and columns are the same. Choose another dimension for one of them.")
        return
    if wanted == "rate" and (why := override_measures.no_rate(here.domain, (rows, columns), looked_at)):
        st.info(why)
        return
    found = override_measures.of(here, looked_at, (rows, columns), wanted, MOST)
    if not found.cells:
        st.info("Nothing is left to count under these filters. Clear or widen them.")
        return
    if why := _silent(found):
        st.info(why)
        return
    if "manager" in (rows, columns):
        place = (rows, columns).index("manager")
        veiled.looked(here, {names[place] for names in found.cells}, "overrides by person")
    _table(here, (rows, columns), found)
    _how(here, found, (rows, columns))


def _silent(found: Chosen) -> str:
    """Why no cell can ever say anything, if the reason is not that they are few."""
    if any(one.known or "too few" in one.why for one in found.cells.values()):
        return ""
    return next((one.why for one in found.cells.values() if one.n or "cannot" in one.why.lower()), "")


def _asked(here: Here) -> tuple[str, str, str]:
    options = explorer.offered(here)
    first = here.domain.segment_columns[0] if here.domain.segment_columns else "reason"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rows = _dimension(here, "Rows", "rows", options, first)
        columns = _dimension(here, "Columns", "columns", options, "recommended_confidence")
        wanted = st.selectbox("Cells say", list(override_measures.LABELS), key="cells", bind="query-params", width=250,
                              format_func=override_measures.LABELS.get)  # fmt: skip
    return rows, columns, wanted


def _dimension(here: Here, name: str, key: str, options: tuple[str, ...], first: str) -> str:
    return st.selectbox(name, options, index=options.index(first), key=key, bind="query-params", width=250,
                        format_func=lambda by: label(here.domain, by))  # fmt: skip


def _table(here: Here, by: tuple[str, str], found: Chosen) -> None:
    domain = here.domain
    rows, columns = (in_order(one, {names[place] for names in found.cells}) for place, one in enumerate(by))
    measures = [[found.cells.get((row, column)) for column in columns] for row in rows]
    heat = iter(heat_table.shaded([_value(one) for row in measures for one in row]))
    cells = [
        [*(_cell(found, one, next(heat)) for one in row), _cell(found, found.margins.get((name, None)))]
        for name, row in zip(rows, measures, strict=True)
    ]
    cells.append([_cell(found, found.margins.get((None, name))) for name in (*columns, None)])

    def narrow(row: int, column: int) -> None:
        for one, names, at in zip(by, (rows, columns), (row, column), strict=True):
            if at < len(names):
                explorer.narrow(one, names[at])
        st.session_state["view"] = "Overview"

    heat_table.draw(
        [*(named(domain, by[0], name) for name in rows), ALL],
        [*(named(domain, by[1], name) for name in columns), ALL],
        cells,
        corner=label(domain, by[0]),
        caption=f"{override_measures.LABELS[found.wanted]} by {label(domain, by[0])} (down) and {label(domain, by[1])} "
        "(across). Choose a cell to see its overrides.",
        key="pivot",
        on_chosen=narrow,
    )
    for one, left in zip(by, found.left_out, strict=True):
        if left:
            st.caption(
                f"{label(domain, one)}: {words.number(left)} more with fewer overrides are not shown; filter to see them."
                if one != "period" else f"The latest months; {words.number(left)} earlier ones are not shown."
            )  # fmt: skip


def _value(found: Measure | None) -> float | None:
    return found.value if found is not None and found.known else None


def _cell(found: Chosen, one: Measure | None, heat: float = 0.0) -> heat_table.Cell:
    if one is None or (not one.n and not one.known):
        return heat_table.Cell("–", "none")
    if not one.known:
        few = one.n and "too few" in one.why
        return heat_table.Cell("too few" if few else "?", f"n {words.number(one.n)}")
    text, more = override_measures.short(found, one)
    kind = "over" if not found.signed else "gain" if one.value >= 0 else "loss"
    return heat_table.Cell(text, more, heat, heat_table.HUES[kind])


WHOLE = {
    "count": "counts every override once, so rows and columns add up to it",
    "worth": "adds up its overrides, those in cells of too few as well",
    "seconds": "is the median of all its decisions; medians do not add up",
}


def _whole(found: Chosen) -> str:
    """What the margins hold, and whether the cells come to them."""
    told = WHOLE.get(found.wanted, "is the share of its whole row or column; shares do not add up")
    hidden = "; names that are not shown are in it, too" if any(found.left_out) else ""
    return f"*{ALL}* {told}{hidden}."


def _how(here: Here, found: Chosen, by: tuple[str, str]) -> None:
    measured.how(
        f"{override_measures.SAID[found.wanted]}\n\nBelow each number: its 95 % interval and how many rows it rests on (n); "
        "with fewer than 20, *too few*. The deeper the colour, the larger the number"
        + (", green above and orange below zero" if found.signed else "")
        + f".\n\n{_whole(found)} Cells differ in their cases, so they are no ranking. Of many cells one in twenty stands out by chance."
        + (f"\n\n{veiled.said(here)}" if "manager" in by else ""),
        key="pivot",
    )
