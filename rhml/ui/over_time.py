"""The course of people, model and team: by month, by learning cycle or by version."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.printed.marks import WHO, Mark
from rhml.reports.improvement import Improvement
from rhml.reports.versions import Cycle, Versions
from rhml.stats.measure import Measure
from rhml.ui import charts, measured, reported, versions, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here

BY = ("Month", "Learning cycle", "Version")
AS_SHOWN = Mark("As shown", WHO["model"].colour, "diamond-open", "dot", "")


def draw(found: Improvement, here: Here, span: Span) -> None:
    """Share right over time, by what the address says."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Over time", anchor=False, width="content")
        by = st.segmented_control("By", BY, key="course_by", bind="query-params", default=BY[0], required=True,
                                  label_visibility="collapsed")  # fmt: skip
    if by == BY[0]:
        _months(found, here)
        return
    part = reported.part(
        "versions", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    if by == BY[1]:
        _cycles(part)
    else:
        _versions(part)


def _cycles(part: Versions) -> None:
    """From one promotion to the next: people, model and team as counted."""
    labels = [_cycle(one) for one in part.cycles]
    _steps(
        labels,
        [(mark.name, mark, [getattr(one, who) for one in part.cycles]) for who, mark in WHO.items()],
        "A learning cycle lasts from one promotion to the next: what people decided taught the next version, and the next "
        "version advised them. Each mark is a share of calls in it that proved right, the bar its 95 % interval; as "
        "counted, not adjusted for harder or easier cases.",
        none="A course by learning cycle needs two cycles with at least 20 resolved cases each: promote a second version.",
    )


def _versions(part: Versions) -> None:
    """Each version on the same bank cases, and as it was shown."""
    _steps(
        [words.plain(row.known.version) for row in part.rows],
        [
            ("On the bank", WHO["model"], [row.bank.accuracy for row in part.rows]),
            ("As shown", AS_SHOWN, [row.live.accuracy for row in part.rows]),
        ],
        "**On the bank**: every version asked anew about the same cases, which none of them learned from. **As shown**: its "
        "recommendations on whatever cases came while it advised, so versions met different cases. Bars are 95 % intervals.",
        none="A course by version needs two versions with at least 20 resolved cases: retrain.",
    )


def _cycle(one: Cycle) -> str:
    since = f" (from {words.day(one.since)})" if one.since else ""
    return f"{one.version or 'before the first'}{since}"


def _steps(labels: list[str], sides: list[tuple[str, Mark, list[Measure]]], about: str, *, none: str) -> None:
    figure = charts.steps(labels, sides)
    if figure is None:
        st.markdown(words.own(none))
        st.page_link("pages/models.py", label="See the versions", icon=":material/arrow_forward:")
        return
    table = pd.DataFrame(
        {"Step": labels, **{name: [measured.share(m) for m in found] for name, _, found in sides}}
    )
    first, last = table.iloc[0], table.iloc[-1]
    alt = "; ".join(
        f"{name} {first[name]} in {first['Step']}, {last[name]} in {last['Step']}" for name, _, _ in sides
    )
    charts.draw(figure, key="course", alt=f"Share right. {alt}.")
    measured.how(about, key="course", table=table)


def _months(found: Improvement, here: Here) -> None:
    promoted = tuple((p.version, pd.Timestamp(p.promoted_at)) for p in versions.held(here).promotions)
    figure = charts.course(found.series, found.cut, promoted)
    if figure is None:
        st.markdown(
            words.own("A course needs two weeks, months or quarters with at least 20 resolved cases each.")
        )
        return
    table = pd.DataFrame(
        [
            {"Period": measured.period(str(p["period"]))} | {WHO[w].name: measured.share(p[w]) for w in WHO}
            for p in found.series
        ]
    )
    first, last = table.iloc[0], table.iloc[-1]
    alt = "; ".join(f"{m.name} {first[m.name]} in {first['Period']}, {last[m.name]} in {last['Period']}"
                    for m in WHO.values())  # fmt: skip
    charts.draw(figure, key="course", alt=f"Share right by period. {alt}.")
    measured.how(
        "Each mark is a share of calls that proved right, the bar its 95 % interval. Periods with fewer than 20 cases "
        "have no mark. The dotted line parts the halves that the verdicts compare; a dashed one is a version that went "
        "live. The course is as counted, not adjusted for harder or easier cases: the verdicts are. The scale does not "
        "begin at zero.",
        key="course",
        table=table,
    )
