"""The answer of the Improvement page: five sentences, the three verdicts behind them, their course over time."""

from __future__ import annotations

from html import escape

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.report import PARTS
from rhml.printed import own_words
from rhml.printed.marks import WHO
from rhml.reports.answer import Answer, Sentence, answer
from rhml.reports.report import SPEAKS_FOR, Report
from rhml.ui import alarms, exports, findings, measured, over_time, reported, verdict_cards, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

SIGNS = {"because": "⇄", "sure": "±", "next": "➜"}
READS = ("growth", "ledger", "versions", "found_segments", "late_outcomes")
STYLE = """<style>
.answer { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; line-height: 1.45; }
.answer dt, .answer dd { margin: 0; }
.answer dt { font-weight: 600; white-space: nowrap; }
.answer dt i { display: inline-block; width: 1.6em; font-style: normal; text-align: center; }
.answer b { font-weight: 700; }
@media (max-width: 640px) { .answer { grid-template-columns: 1fr; gap: 0; } .answer dd { margin: 0 0 .6rem 1.3em; } }
</style>"""


def draw(here: Here, span: Span) -> None:
    """Did people, the model and the team improve, because of whom, how sure is that, and what next."""
    domain = here.domain
    report = reported.report(domain.name, since=span.since, until=span.until, segment=span.segment)
    if findings.nothing(report, domain, filtered=span.dated):
        return
    parts = {
        name: reported.part(name, domain.name, since=span.since, until=span.until, segment=span.segment)
        for name in READS
        if name in PARTS
    }
    found = answer(report, parts, domain=domain, number=words.number)
    with st.container(gap="xsmall"):
        _sentences(found)
        with st.container(horizontal=True, vertical_alignment="center", key="next_step"):
            _links(found.next, domain)
            _how(report)
        if report.improvement.cut is not None:
            verdict_cards.draw(report.improvement, here, span)
            over_time.draw(report.improvement, here, span)
    alarms.line(report.alarms, here)
    exports.report_buttons(here, span)


def _sentences(found: Answer) -> None:
    """Five lines: what each answers, its verdict as a word, and what that means."""
    marks = {
        "people": WHO["human"].html,
        "model": WHO["model"].html,
        **SIGNS,
    }
    rows = "".join(
        f'<dt><i aria-hidden="true">{marks[name]}</i>{escape(getattr(found, name).title)}</dt><dd>{_said(getattr(found, name))}</dd>'
        for name in ("people", "model", "because", "sure", "next")
    )
    st.html(f'{STYLE}<dl class="answer" style="padding:0">{rows}</dl>')


def _said(sentence: Sentence) -> str:
    mark = f"<b>{escape(sentence.mark[:1].upper() + sentence.mark[1:])}.</b> " if sentence.mark else ""
    return mark + escape(own_words.own(sentence.text))


def _links(sentence: Sentence, domain: DecisionDomain) -> None:
    """The ways to what is to be done next."""
    for link in sentence.links:
        st.page_link(
            f"pages/{link.page}.py", label=link.label, icon=":material/arrow_forward:", width="content",
            query_params={**dict(link.query), **staying_in(domain)},
        )  # fmt: skip


def _how(report: Report) -> None:
    """Every caveat of the page once, for who wants to know."""
    found = report.improvement
    if found.cut is None:
        return
    measured.how(
        f"Compared: {words.day(found.start)} to {words.day(found.cut)} with {words.day(found.cut)} to "
        f"{words.day(found.end)}, two halves with equally many resolved decisions, as if both had had like cases. "
        f"Taken out: {words.plain('; '.join(found.adjusted_for))}.\n\n"
        "**Improved** or **fell**: at most one organization in twenty ever reads a false one, over the three verdicts and "
        f"however often it looks; this is look {words.number(found.looks.number)}. For that the words rest on wider "
        f"intervals than the 95 % ones shown. **No change shown**: the whole of those lies within "
        f"±{words.number(found.smallest_change * 100, 1)} points, the smallest change that matters here. Otherwise there "
        "is **not enough data yet**: that is no sign of standing still. Spans and segments are read at the same bars; "
        f"choosing among many of them is not allowed for.\n\n{SPEAKS_FOR}",
        key="answer",
    )
