"""Every version of the model on the same bank cases."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.printed.marks import NEUTRAL, WHO
from rhml.reports.version_rows import Against, VersionRow, Versions
from rhml.stats.looks import bar_of
from rhml.stats.measure import Measure
from rhml.ui import cases_behind, charts, measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

SERIES = {
    "bank": ("On the bank", "diamond", WHO["model"].colour),
    "live": ("As shown, live", "diamond-open", NEUTRAL),
}
SHIFT = 0.14


def draw(here: Here, span: Span) -> None:
    """How often each version is right, and the comparisons."""
    found: Versions = reported.part(
        "versions", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.header(words.own("Every version on the same cases"), anchor=False)
    if found.why or not found.rows:
        st.info(words.told(found.why or "There is no version of the model yet."))
        st.page_link("pages/models.py", label="See the models", icon=":material/arrow_forward:",
                     query_params=staying_in(here.domain))  # fmt: skip
        return
    left, right = st.columns([3, 4])
    with left:
        st.markdown(f"**{words.plain(found.sentence)}**")
        _asked(found)
        with st.container(horizontal=True, vertical_alignment="center", key="versions_behind"):
            _behind(here, span, found)
            _how(found)
    with right:
        figure = points(found.rows)
        if figure is not None:
            said = "; ".join(f"{row.known.version} {measured.share(row.bank.accuracy)}" for row in found.rows)
            charts.draw(figure, key="versions", alt=f"Share right on the bank: {said}.")
    measured.table_of(_comparisons(found.rows), alt="Every version against the one before and the first")
    if len(found.cycles) > 1:
        st.page_link("pages/improvement.py", label="By learning cycle", icon=":material/arrow_forward:",
                     query_params={"course_by": "Learning cycle", **staying_in(here.domain)})  # fmt: skip


def points(rows: tuple[VersionRow, ...]) -> go.Figure | None:
    """The share right of each version, on the bank and live; None where none is known."""
    figure = go.Figure()
    for shift, (side, (name, symbol, colour)) in zip((SHIFT, -SHIFT), SERIES.items(), strict=True):
        known = [(k, getattr(row, side).accuracy) for k, row in enumerate(reversed(rows))]
        known = [(k, m) for k, m in known if m.known]
        if known:
            figure.add_trace(
                go.Scatter(
                    x=[m.value for _, m in known], y=[k + shift for k, _ in known], mode="markers", name=name,
                    marker={"color": colour, "symbol": symbol, "size": 9}, error_x=_bars(known, colour),
                    hovertext=[measured.share(m) for _, m in known], hoverinfo="text+name",
                )
            )  # fmt: skip
    if not figure.data:
        return None
    labels = [_name(row) for row in reversed(rows)]
    figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=labels, showgrid=False)
    figure.update_xaxes(tickformat=".0%", title="Share right")
    return charts.laid_out(figure, 110 + 44 * len(rows))


def _bars(known: list[tuple[int, Measure]], colour: str) -> dict[str, object]:
    above = [0.0 if m.high is None else m.high - m.value for _, m in known]
    below = [0.0 if m.low is None else m.value - m.low for _, m in known]
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": colour,
            "thickness": 1.5, "width": 3}  # fmt: skip


def _asked(found: Versions) -> None:
    lot = f", drawn by lot from {words.number(found.bank_cases)}" if found.replayed < found.bank_cases else ""
    st.caption(
        f"{words.number(found.replayed)} bank {words.own('cases')} that no version learned from{lot}. The bank has been used for "
        f"{words.number(found.uses)} verdicts so far."
    )


def _behind(here: Here, span: Span, found: Versions) -> None:
    """The cases that only a newer version gets right, or only the live one; else the live one and the first."""
    live, newest = found.live, found.rows[-1]
    row, against = (
        (newest, newest.against_live) if newest.against_live else (live, live and live.against_first)
    )
    if row and against:
        this, other = row.known.version, against.other
        cases_behind.link(
            here, span, f"versions:{this}:{other}", f"Only {this} right ({words.number(against.only_this)})"
        )
        cases_behind.link(
            here, span, f"versions:{other}:{this}", f"Only {other} right ({words.number(against.only_other)})"
        )


def _comparisons(rows: tuple[VersionRow, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Version": _name(row),
                "Right on the bank": _share(row.bank.accuracy),
                "Against the one before": _said(row.against_before),
                "Against the first": _said(row.against_first),
            }
            for row in rows
        ]
    )


def _name(row: VersionRow) -> str:
    return row.known.version + (
        " (live)" if row.known.is_live else " (elsewhere)" if row.known.imported else ""
    )


def _share(found: Measure) -> str:
    if not found.known or found.low is None:
        return measured.share(found)
    return (
        f"{words.percent(found.value)} ({words.number(100 * found.low)} to {words.number(100 * found.high)})"
    )


def _said(found: Against | None) -> str:
    if found is None:
        return "—"
    gap = found.accuracy
    if not gap.known:
        return found.verdict.words
    between = f" ({measured.signed(gap.low)} to {measured.signed(gap.high)})" if gap.low is not None else ""
    return f"{measured.signed(gap.value)}{between}: {found.verdict.words.partition(' (')[0]}"


def _how(found: Versions) -> None:
    measured.how(
        "**On the bank** every version is asked anew about the same cases, without corrections, so two versions differ only "
        "where just one of them is right; the exact McNemar test (p below) asks whether that split could be chance. **As "
        "shown** is what it recommended while it was live, before the outcome was known: other cases, so no comparison.\n\n"
        "**Area** is the chance that a case of the first action is given a higher probability than another (0.5: a coin), with "
        "DeLong’s error (1988) and an interval on the logit scale. **Brier**: 0 is best.\n\n"
        f"Intervals are 95 %; the words rest on wider ones ({words.number(bar_of(found.level), 1)} standard errors for the live version "
        "against the first and the newest against it, more for the rest). So all comparisons together, however often one looks at "
        "these versions, say a false word in at most 1 log in 20; each new version asks anew. The live version was chosen on this "
        "very bank, and judging many on it uses it up: the best looks a little better than it is.",
        key="versions",
        table=_details(found.rows),
    )


def _details(rows: tuple[VersionRow, ...]) -> pd.DataFrame:
    listed = []
    for row in rows:
        first = row.against_first
        split = f"{words.number(first.only_this)} to {words.number(first.only_other)}, {_p(first.p)}" if first else "—"  # fmt: skip
        listed.append(
            {
                "Version": row.known.version,
                "Cases more to tell": _more(row),
                "As shown, live": measured.share(row.live.accuracy),
                "Area, bank": measured.coefficient(row.bank.auc),
                "Area, live": measured.coefficient(row.live.auc),
                "Brier, bank": measured.coefficient(row.bank.brier),
                "Only it right to only the first": split,
                "Area against the first": _area(first),
            }
        )
    return pd.DataFrame(listed)


def _more(row: VersionRow) -> str:
    """About how many more bank cases would tell it from the one before."""
    more = row.against_before.verdict.more if row.against_before else None
    return f"about {words.number(more)}" if more else "—"


def _p(value: float) -> str:
    return "p below 0.001" if value < 0.001 else f"p {words.number(value, 3)}"


def _area(found: Against | None) -> str:
    if found is None:
        return "—"
    p = "" if found.auc_p is None else f", {_p(found.auc_p)}"
    return measured.coefficient(found.auc) + p
