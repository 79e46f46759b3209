"""The Improvement page's findings in words and pictures: the claim first, then what it rests on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.improvement import Improvement, Side
from rhml.reports.report import SPEAKS_FOR, Report
from rhml.ui import charts, filters, measured, words
from rhml.ui.charts import WHO

ARROWS = {"improved": "↗", "fell": "↘", "no change shown": "→"}
SUBJECTS = {
    "human": ("People", "people"),
    "model": ("The model", "the model"),
    "team": ("The team", "the team"),
}
CLAIMS = {
    "improved": "{0} improved",
    "fell": "{0} got worse",
    "no change shown": "{0}: no change that matters is shown",
    "too few to say": "{0}: too few cases to say",
    "cannot be known": "{0}: cannot be known here",
}
ABOUT = {
    "human": "First calls that people made before they saw anything of the model; each person’s earlier against own "
    "later calls.",
    "model": "Recommendations as they were shown.",
    "team": "Final decisions, made by people who may have seen a recommendation.",
}
ROWS = {"human": "resolved unaided calls", "model": "resolved recommendations", "team": "resolved decisions"}


def claim(found: Improvement) -> str:
    """Who improved and how sure that is, in one line.

    >>> from rhml.reports.improvement import Side
    >>> from rhml.stats.measure import Measure
    >>> from rhml.stats.verdicts import Verdict
    >>> none = Measure.unknown("")
    >>> side = Side(Verdict("too few to say", none), none, none, none)
    >>> claim(Improvement(side, side, side, None, None, None, (), 0.05, ())).split(" · ")[0]
    'People: too few cases to say'
    """
    return " · ".join(_claimed(who, getattr(found, who)) for who in WHO)


def claimed(report: Report, domain: DecisionDomain) -> None:
    """The claim of the page and the three verdicts it is made of."""
    if domain.outcome is None:
        st.info(
            f"{words.plain(domain.title)} has no outcomes, so nobody can say who was right: this page shows who agrees "
            "with whom, and nothing about improvement."
        )
        return
    st.markdown(f"**{claim(report.improvement)}**")
    verdicts(report.improvement)


def nothing(report: Report, domain: DecisionDomain, *, filtered: bool) -> bool:
    """Says why there is nothing to report, and what to do; False if there is something."""
    if report.reliance.decisions or report.reliance.with_both_calls:
        return False
    if filtered:
        st.info("No decision was made in this span. Choose other dates.")
        return True
    st.info(
        f"Here you will see whether people, the model and the team improve. Nothing is here yet, because no "
        f"{words.plain(domain.terms.case)} has been decided."
    )
    st.page_link("pages/pending.py", label=f"Decide the first {domain.terms.case}", icon=":material/inbox:")
    return True


def _claimed(who: str, side: Side) -> str:
    said = side.verdict.words
    text = CLAIMS.get(said, "{0}: not enough data yet").format(SUBJECTS[who][0])
    if said in ("improved", "fell"):
        text += f" by {words.number(abs(side.verdict.change.value) * 100, 1)} points"
        text += ", though one version was shown throughout" if side.note else ""
    return text


def verdicts(found: Improvement) -> None:
    """The three verdict cards."""
    stripes = "".join(
        f".st-key-verdict_{who} {{ border-top: 5px solid {mark.colour}; }}" for who, mark in WHO.items()
    )
    st.html(f"<style>{stripes}</style>")
    for column, who in zip(st.columns(3), WHO, strict=True):
        with column.container(border=True, key=f"verdict_{who}", height="stretch"):
            _verdict(who, getattr(found, who))
    _periods(found)


def _verdict(who: str, side: Side) -> None:
    mark, change = WHO[who], side.verdict.change
    st.html(f"<div>{mark.html}<strong>{mark.name}</strong></div>")
    first, _, rest = side.verdict.words.partition(" (")
    said = f"{ARROWS.get(side.verdict.words, '')} {first[0].upper()}{first[1:]}"
    st.html(f'<div style="font-size:1.6rem;font-weight:600">{said}</div>')
    if rest:
        st.markdown(f"{rest[:1].upper()}{rest[1:-1]} {ROWS[who]} would tell.")
    st.markdown(measured.difference(side.change) if change.known else words.plain(change.why))
    if side.earlier.known and side.later.known:
        st.markdown(
            f"Right in {measured.share(side.earlier)} before, in {measured.share(side.later)} after; "
            "these two are as counted, the change above is for like cases."
        )
    st.caption(f"{ABOUT[who]} {_shown(side)}")


def _shown(side: Side) -> str:
    listed = ", ".join(words.plain(v) for v in side.versions)
    return f"{f'Versions: {listed}.' if listed else ''} {side.note}"


def _periods(found: Improvement) -> None:
    if found.cut is None:
        return
    st.caption(
        f"Compared: {words.day(found.start)} to {words.day(found.cut)} with {words.day(found.cut)} to "
        f"{words.day(found.end)}, two halves with equally many resolved decisions."
    )
    measured.how(
        f"Each card compares the earlier with the later half, as if both had had like cases. Taken out: "
        f"{words.plain('; '.join(found.adjusted_for))}.\n\n"
        f"**Improved** or **got worse**: chance alone would show this in fewer than 1 report in 20, over the three "
        f"cards together. For that the words ask more than the 95 % intervals shown: they rest on wider ones "
        f"({words.percent(found.level, 1)}). **No change shown**: the whole of those lies "
        f"within ±{words.number(found.smallest_change * 100, 1)} points, the smallest change that matters here. "
        "Otherwise there is **not enough data yet**: that is no sign of standing still.\n\n"
        "Look once a month rather than daily: who waits for a verdict to appear sees false ones more often.",
        key="verdicts",
    )


def course(found: Improvement) -> None:
    """Share right by period."""
    st.header("Over time", anchor=False)
    figure = charts.course(found.series, found.cut)
    if figure is None:
        st.markdown("Too few periods with enough resolved cases for a course over time.")
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
        "have no mark. The dotted line parts the halves that the verdicts compare. The course is as counted, not "
        "adjusted for harder or easier cases: the verdicts are. The scale does not begin at zero.",
        key="course",
        table=table,
    )


def segments(found: Report, domain: DecisionDomain) -> None:
    """Human, model and team in each segment of a chosen column."""
    columns = list(dict.fromkeys(s.column for s in found.segments))
    if not columns:
        return
    st.header("By segment", anchor=False)
    by = columns[0]
    if len(columns) > 1:
        by = st.selectbox("Split by", columns, key="by", bind="query-params", width=300,
                          format_func=lambda c: filters.label(domain, c))  # fmt: skip
    chosen = [s for s in found.segments if s.column == by]
    figure = charts.segments(chosen)
    if figure is not None:
        said = "; ".join(f"{s.segment}: {s.words}" for s in chosen)
        charts.draw(figure, key="segments", alt=f"Share right by segment. {said}.")
    st.dataframe(
        _segment_table(chosen, found.reliance.unit),
        hide_index=True,
        column_config={"Segment": st.column_config.Column(pinned=True)},
        alt="People, model and team in each segment",
    )
    measured.how(
        "**Decisions − recommendations** compares final decision and recommendation on the same cases: above 0 people "
        "added something to the model. The words are tested over all segments together, so that a difference found by "
        "searching many is not taken for one. Differences between segments are differences of cases too: nobody is "
        "ranked by them.",
        key="segments",
    )


def _segment_table(chosen: list, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Segment": [s.segment for s in chosen],
            "Decisions": [s.decisions for s in chosen],
            "Resolved": [s.resolved for s in chosen],
            "In words": [s.words for s in chosen],
            **{charts.SIDES[who]: [measured.share(getattr(s, who)) for s in chosen] for who in WHO},
            "Decisions − recommendations": [measured.difference(s.team_minus_model) for s in chosen],
            "Overrides were worth": [measured.amount(s.override_value, unit) for s in chosen],
        }
    )


def speaks_for() -> None:
    """For whom the intervals speak."""
    st.caption(SPEAKS_FOR)
