"""The Segments view: a map of where who is better, what was found without being asked for, the domain's own segments."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.found.result import FoundSegment, FoundSegments
from rhml.stats.measure import Measure
from rhml.ui import cases_behind, charts, filters, findings, measured, reported, segments_chart, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here

SHOWN = ("Accuracy", "Cost", "Value")
MEANING = {
    "people beat the model": "people − model, first calls made before the recommendation was seen",
    "the model beats people": "people − model, first calls made before the recommendation was seen",
    "both weak": "both wrong here − both wrong elsewhere",
    "decisions beat recommendations": "final decision − recommendation, which people had seen",
    "recommendations beat decisions": "final decision − recommendation, which people had seen",
    "both weak, with the recommendation in view": "both wrong here − both wrong elsewhere",
}


def draw(here: Here, span: Span) -> None:
    """What was found in a sentence, the map, each found segment with its cases, then the domain's own."""
    domain = here.domain
    given = {"since": span.since, "until": span.until, "segment": span.segment}
    found: FoundSegments = reported.part("found_segments", domain.name, **given)
    st.header("Who is better where", anchor=False)
    if found.why:
        st.info(words.told(found.why))
    else:
        st.markdown(_sentence(found))
        _map(found, domain)
        for number, segment in enumerate(found.segments, 1):
            _segment(here, span, found, segment, number)
        _how(found, domain)
    findings.segments(reported.report(domain.name, **given), domain)


def _sentence(found: FoundSegments) -> str:
    many, claim = len(found.segments), found.claims
    held = (
        f"**{words.number(many)} segment{'' if many == 1 else 's'} found**"
        if many
        else "**No segment stands out**"
    )
    tried = (
        f"{held}, of {words.number(found.searched)} rules searched on earlier {words.own('cases')} and {words.number(found.asked)} "
        "asked of later ones."
    )
    if many or claim is None:
        return tried
    return (
        f"{tried} With {words.number(claim.cases)} {words.own('cases')}, one of {words.percent(claim.share)} of them with a gap of "
        f"{words.number(100 * claim.gap)} points would be found four times in five; a smaller one may well be missed."
    )


def _map(found: FoundSegments, domain: DecisionDomain) -> None:
    view = "Accuracy"
    if domain.value.column or domain.value.cost:
        view = st.segmented_control("Shown as", SHOWN, key="shown_as", bind="query-params", default=SHOWN[0],
                                    required=True)  # fmt: skip
    points = segments_chart.points(found, lambda column: filters.label(domain, column))
    unit = words.plain(found.unit)
    figure = (
        segments_chart.saved(points, unit) if view == "Value" else segments_chart.map_of(points, view, unit)
    )
    if figure is None:
        st.markdown("Too few cases in every segment for a map.")
        return
    said = "; ".join(segments_chart.said(point, view, unit) for point in points)
    charts.draw(figure, key="segments_map", alt=f"{view} of people and model by segment. {said}.")


def _segment(here: Here, span: Span, found: FoundSegments, segment: FoundSegment, number: int) -> None:
    sign, plain = segments_chart.MARKS[segment.question].sign, words.plain
    many = f"{words.number(segment.n)} {plain(here.domain.terms.many)}, {words.percent(segment.share)} of those judged"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"found_{segment.key}"):
        st.markdown(f"{number} {sign} {_in_a_word(segment)}  \n:small[{many}]", width="stretch")
        with st.popover("Numbers", icon=":material/numbers:", type="tertiary", key=f"numbers_{segment.key}"):
            _numbers(segment, found)
        cases_behind.link(here, span, f"found:{segment.key}", words.own("Cases"))


def _in_a_word(segment: FoundSegment) -> str:
    """The question, its answer by the shrunk gap (else that of the later cases), and the rule."""
    best, rule = segment.shrunk if segment.shrunk.known else segment.later, words.plain(segment.rule)
    if segment.weak:
        people = "decisions" if segment.of_decisions else "people"
        right = f"{people} right {words.percent(segment.told.people.value)}, the model {words.percent(segment.told.model.value)}"
        return f"**{segment.title}** when {rule}: {right}"
    return f"**{segment.title}** by {_points(best)} when {rule}"


def _chance(p: float) -> str:
    return words.number(p, 4) if p >= 0.0001 else f"below {words.number(0.0001, 4)}"


def _points(found: Measure) -> str:
    return f"{words.number(100 * abs(found.value))} points"


def _numbers(segment: FoundSegment, found: FoundSegments) -> None:
    unit = words.plain(found.unit)
    rows = {
        "Later cases, asked once": measured.difference(segment.later),
        "Drawn towards the other rules": measured.difference(segment.shrunk),
        "Elsewhere, later": (measured.share if segment.weak else measured.difference)(segment.elsewhere),
        "Earlier cases, searched": measured.difference(segment.earlier),
        "Decisions right" if segment.of_decisions else "People right": measured.share(segment.told.people),
        "Model right": measured.share(segment.told.model),
        "Chance of so much if nothing were there": f"{_chance(segment.p)}; over all rules {_chance(segment.adjusted_p)}",
    }
    if segment.told.saved.known:
        rows["Saved against the model, later"] = measured.amount(segment.told.saved, unit)
    st.markdown(f"Points: {MEANING[segment.question]}.")
    table = pd.DataFrame({"What": list(rows), "How much": list(rows.values())})
    measured.table_of(table, alt="The numbers of this segment")


def _how(found: FoundSegments, domain: DecisionDomain) -> None:
    split = f" (decided from {words.day(found.split)} on)" if found.split else ""
    claim = found.claims
    measured.how(
        f"Rules of one to three conditions, on every fact that is not protected and on the calls, were searched on the "
        f"earlier 60 % of the cases. What stood out was asked of the later ones{split}, each case once for a kind of question; "
        "several calls on one case count as one case. A rule is shown if later cases bear it out beyond chance **over all rules asked** "
        f"(Benjamini–Hochberg, weighted by the earlier cases: Genovese, Roeder & Wasserman 2006; at most {words.percent(found.level)} "
        f"false ones on average, at each reading: looking again as the log grows is a new search) and the gap is "
        f"{words.number(100 * domain.report.smallest_change)} points or more.\n\n"
        "**Points drawn towards the other rules** are the honest ones to expect: empirical Bayes (Efron & Morris 1975, intervals "
        "by Morris 1983) takes off what luck adds; these intervals cover on average over segments, not each. Earlier cases flatter: the rule was chosen on them.\n\n"
        "**Decisions** against recommendations are of cases in which people saw the recommendation first: who is overridden was "
        "their choice, so this says where overrides won or lost, not who is better alone.\n\n"
        "On the map the line means equally good; filled marks are found segments (their numbers below, later cases), hollow "
        f"ones the domain’s own, larger ones have more cases. With {words.number(claim.cases)} cases a segment of "
        f"{words.percent(claim.share)} with a gap of {words.number(100 * claim.gap)} points is found four times in five. "
        "A segment says where, not why.",
        key="found_segments",
    )
