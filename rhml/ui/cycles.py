"""The learning cycles on one page: both learners' curves, and what each gave the other from one training to the next."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.printed.marks import WHO
from rhml.reports.cycles import Cycle, Cycles, Given
from rhml.stats.measure import Measure
from rhml.ui import charts, measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

STYLE = """<style>
.cycles { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem; margin: 0; padding: 0; line-height: 1.4; }
.cycles dt, .cycles dd { margin: 0; }
.cycles dt { white-space: nowrap; }
.cycles dt span { opacity: .75; }
@media (max-width: 640px) { .cycles { grid-template-columns: 1fr; gap: 0; } .cycles dd { margin: 0 0 .7rem; } }
</style>"""
SIDES = (("human", "People, own calls"), ("model", "Model, on the bank"))


def draw(here: Here, span: Span) -> None:
    """Whether each learned, in words; the two curves; the exchange of each cycle."""
    found: Cycles = reported.part(
        "cycles", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.header("Both learners, cycle by cycle", anchor=False)
    if found.why:
        _nothing(found, here)
        return
    _sentences(found)
    figure = curves(found)
    if figure is None:
        st.info(
            "Two cycles with at least 20 resolved own calls each, or two versions with 20 bank "
            f"{words.plain(here.domain.terms.many)}, make a curve. So far there are too few to say."
        )
    else:
        said = "; ".join(
            f"{name} {', '.join(measured.share(getattr(one, who)) for one in found.cycles)}"
            for who, name in SIDES
        )
        charts.draw(figure, key="cycles", alt=f"Share right by learning cycle. {said}.")
    st.caption(counted(found, here.domain))
    st.html(f"{STYLE}{listed(found.cycles)}")
    _how(found, here.domain)


def curves(found: Cycles) -> go.Figure | None:
    """People's own calls and the model on the bank, one mark a cycle with its interval; None where too few speak."""
    labels = [f"{one.number}<br>{one.version}" for one in found.cycles]
    return charts.steps(
        labels, [(name, WHO[who], [getattr(one, who) for one in found.cycles]) for who, name in SIDES]
    )


def exchanged(given: Given) -> tuple[str, str]:
    """What people gave the model, and what they were given, in a line each.

    >>> exchanged(Given(decisions=90, overrides=12, marks=30, words=28, outcomes=80, shown=88))
    ('90 decisions, 12 of them overrides; 28 marked words, 2 marked factors; 80 outcomes', '88 suggestions')
    """
    to_model = [f"{_many(given.decisions, 'decision')}, {words.number(given.overrides)} of them overrides"]
    marked = ((given.words, "marked word"), (given.marks - given.words, "marked factor"))
    if given.marks:
        to_model.append(", ".join(_many(count, name) for count, name in marked if count))
    to_model.append(_many(given.outcomes, "outcome"))
    if given.taught_model:
        to_model.append(_many(given.taught_model, "lesson"))
    to_people = [_many(given.shown, "suggestion")]
    if given.taught_people:
        to_people.append(_many(given.taught_people, "lesson"))
    if given.drills:
        to_people.append(_many(given.drills, "lesson practised", "lessons practised"))
    return "; ".join(to_model), "; ".join(to_people)


def _many(count: int, one: str, many: str = "") -> str:
    return f"{words.number(count)} {one if count == 1 else many or f'{one}s'}"


def _sentences(found: Cycles) -> None:
    for who, said in (("human", found.people_sentence), ("model", found.model_sentence)):
        st.html(f'<div style="font-weight:600">{WHO[who].html}{escape(said)}</div>')


def counted(found: Cycles, domain: DecisionDomain) -> str:
    """What the curves rest on: the calls within the cycles drawn, and how many the sentence tells of where those are more."""
    some = (
        f" The newest {words.number(len(found.cycles))} cycles; {words.number(found.left_out)} earlier ones are not shown."
        if found.left_out
        else ""
    )
    inside = sum(one.human.n for one in found.cycles)
    of = f" (the sentence tells of all {words.number(found.calls)})" if inside < found.calls else ""
    return (
        f"A cycle lasts from one training to the next. People: {words.number(inside)} own calls made before any "
        f"suggestion{of}, as if on the same {words.plain(domain.terms.many)}. Model: every version on the same "
        f"{words.number(found.replayed)} bank {words.plain(domain.terms.many)}, which none learned from; *Answer* counts what it "
        f"suggested to people, so its number is another.{some}"
    )


def listed(found: tuple[Cycle, ...]) -> str:
    """What was exchanged, a line a cycle, as HTML: read aloud as a list of cycles with what each holds."""
    rows = []
    for one in found:
        to_model, to_people = exchanged(one.given)
        rest = "" if one.live else f" {escape(one.version)} has not been live."
        rows.append(
            f"<dt><b>{one.number} · {escape(one.version)}</b> <span>from {words.day(one.since)}</span></dt>"
            f"<dd>People gave {escape(to_model)}. The model gave {escape(to_people)}.{rest}</dd>"
        )
    return f'<dl class="cycles" style="padding:0">{"".join(rows)}</dl>'


def _share(found: Measure) -> str:
    if not found.known or found.low is None:
        return "not enough data"
    return (
        f"{words.percent(found.value)} ({words.number(100 * found.low)} to {words.number(100 * found.high)})"
    )


def _nothing(found: Cycles, here: Here) -> None:
    st.info(words.told(found.why))
    st.page_link("pages/models.py", label="See the models", icon=":material/arrow_forward:",
                 query_params=staying_in(here.domain))  # fmt: skip


def _how(found: Cycles, domain: DecisionDomain) -> None:
    measured.how(
        "**People.** Own calls made before any output of the model, with a known outcome. A cycle's share is what would have "
        "been right of all these calls, had all been made in that cycle by the same people on like "
        f"{words.plain(domain.terms.many)}: a regression with everybody's own level and what each case is like taken out. "
        f"Taken out: {words.plain('; '.join(found.adjusted_for) or 'nothing')}. Calls on one case count together.\n\n"
        "**Model.** The version trained at the cycle's beginning, asked anew about the same bank "
        f"{words.plain(domain.terms.many)}; Wilson's interval. It may not have gone live: its line says so.\n\n"
        "**How sure.** Bars are 95 % intervals, each for itself; of twelve marks one may well lie outside. Whether they "
        "touch is no test. The words are: people's are the report's verdict on the earlier and the later half of all "
        "these calls, those before the first training too; the model's come from Versions; both hold over many looks. "
        "A cycle with fewer than 20 "
        f"{words.plain(domain.terms.many)} has no mark.",
        key="cycles",
        table=_table(found.cycles),
    )


def _table(found: tuple[Cycle, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Cycle": f"{one.number} · {one.version}",
                "People, own calls": f"{_share(one.human)}; {words.number(one.human.n)} calls",
                "Model, on the bank": _share(one.model),
                "Team’s decisions, as counted": _share(one.team),
            }
            for one in found
        ]
    )
