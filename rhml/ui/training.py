"""Team → Training: what the courses changed, where, whether it holds in live work, and what no model learned."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.human.course.team_gain import FEWEST_PEOPLE, Gained
from rhml.loop.training import ASSOCIATION, Training
from rhml.ui import charts, computed, filters, measured, words
from rhml.ui.charts import WHO
from rhml.ui.shell import Here, staying_in

SAID = {
    "improved": "improved, more than chance explains",
    "fell": "fell, more than chance explains",
    "no change shown": "did not change by as much as matters",
}
UNSURE = "moved, but chance alone may explain it"
AT_ONE_LOOK = "moved, but asked again as each course ends, chance alone may show that"


def draw(here: Here) -> None:
    """The team's courses, for everyone; a single person's result stands on the person's own Practice page alone."""
    found = computed.training(here.domain.name)
    if not found.finished:
        _nothing(here, found)
        return
    st.header("What the courses changed", anchor=False)
    st.markdown(sentence(found, here.domain.terms.many))
    said = [f"{words.number(found.open)} open now" if found.open else "",
            f"{words.number(found.stopped)} ended early, which count nowhere" if found.stopped else ""]  # fmt: skip
    if any(said):
        st.caption(
            f"Courses: {words.number(found.finished)} finished, {', '.join(one for one in said if one)}."
        )
    if found.gain.verdict.change.known:
        rows = [found.gain, *found.segments]
        charts.draw(
            figure(rows, here),
            key="training",
            alt="Share right in the test before and the test after, by segment",
        )
        _how(here, rows)
        _results(here, found)
    _live(here, found)
    _machine(here, found)


def sentence(found: Training, many: str) -> str:
    """Both tests of the team and what they let one say, in a line."""
    gain, change = found.gain, found.gain.verdict.change
    if not change.known:
        return words.plain(change.why)
    unsure = AT_ONE_LOOK if change.low > 0 or change.high < 0 else UNSURE
    said = SAID.get(gain.verdict.words, unsure)
    return (
        f"**Together, the {words.number(gain.people)} who finished {said}.** Of 100 past {words.plain(many)} they called "
        f"{words.number(100 * gain.before.value)} right before practice and {words.number(100 * gain.after.value)} after: "
        f"{measured.difference(change)}."
    )


def figure(rows: list[Gained], here: Here) -> go.Figure:
    """Before and after with their intervals, one line each: all, then the segments."""
    drawn, mark = go.Figure(), WHO["human"]
    labels = [_name(row, here) for row in reversed(rows)]
    for side, symbol, shift in (("before", "circle-open", 0.12), ("after", "circle", -0.12)):
        found = [getattr(row, side) for row in reversed(rows)]
        bars = {"type": "data", "symmetric": False, "color": mark.colour, "thickness": 1.5, "width": 3,
                "array": [m.high - m.value for m in found], "arrayminus": [m.value - m.low for m in found]}  # fmt: skip
        drawn.add_trace(
            go.Scatter(
                x=[m.value for m in found], y=[i + shift for i in range(len(rows))], error_x=bars, mode="markers",
                name=f"Test {side}", marker={"symbol": symbol, "size": 10, "color": mark.colour, "line": {"width": 2}},
                hovertext=[f"{side}: {measured.share(m)}" for m in found], hoverinfo="text",
            )
        )  # fmt: skip
    drawn.update_yaxes(tickvals=list(range(len(labels))), ticktext=labels, showgrid=False)
    drawn.update_xaxes(tickformat=".0%", title="Share right")
    return charts.laid_out(drawn, 110 + 42 * len(rows))


def _name(row: Gained, here: Here) -> str:
    if not row.column:
        return "All"
    return f"{filters.label(here.domain, row.column)}: {row.name}"


def _how(here: Here, rows: list[Gained]) -> None:
    measured.how(
        f"Each person sat two tests of matched pairs of past {words.plain(here.domain.terms.many)}: a coin said which of a pair "
        "came before and which after, so the tests differ by chance alone. No outcome of a test was told before both were "
        "done. Of each person the first finished course counts. Intervals: 95 %, for these people.\n\n"
        f"The question is asked again as each course ends; this is look {words.number(rows[0].looks.number)}. So the words rest on wider intervals, which hold "
        "over all looks (Lan & DeMets 1983): however many courses end, of twenty teams that learned nothing at most one "
        "ever reads *improved* or *fell* of the whole team, and at most one of any segment. A pair counts in a segment where "
        "both its cases are in it. It speaks for calls without a model's help, shortly after practice.\n\n"
        f"Nothing is shown of fewer than {FEWEST_PEOPLE} people: two would read each other's.",
        key="training",
        table=pd.DataFrame(
            {
                "": [_name(row, here) for row in rows],
                "Before": [measured.share(row.before) for row in rows],
                "After": [measured.share(row.after) for row in rows],
                "Change": [measured.difference(row.verdict.change) for row in rows],
                "In words, resting on": [_rests(row) for row in rows],
            }
        ),
    )


def _rests(row: Gained) -> str:
    """The words without their count, and the wider interval under them."""
    low, high = row.rests_on.low, row.rests_on.high
    between = "" if low is None or high is None else f" ({measured.signed(low)} to {measured.signed(high)})"
    return row.verdict.words.partition(" (")[0] + between


def _results(here: Here, found: Training) -> None:
    """For a lead: how many certificates say what; never whose."""
    if not here.leads or found.people <= FEWEST_PEOPLE:
        return
    said = ", ".join(f"{words.number(count)} {name}" for name, count in sorted(found.results.items()))
    st.caption(
        f"Single results, told to leads as counts: {said}. Whose they are stands on each person's own Practice page, and "
        "the person shows the certificate to whom they like."
    )


def _live(here: Here, found: Training) -> None:
    st.header("In live work since", anchor=False)
    newcomers, others = found.newcomers, found.others
    if not newcomers.known:
        st.info(
            f"Own calls of those who finished a course, before any recommendation: {words.plain(newcomers.why)}"
        )
        return
    compared = (
        f"All others, meanwhile: {measured.share(others)}." if others.known else words.plain(others.why)
    )
    st.markdown(
        f"Deciding alone on real {words.plain(here.domain.terms.many)}, those who finished a course are right in "
        f"**{measured.share(newcomers)}**. {compared}"
    )
    st.caption(ASSOCIATION.format(many=words.plain(here.domain.terms.many)))


def _machine(here: Here, found: Training) -> None:
    """What the other learner got from it: nothing, and why."""
    st.header("And the model?", anchor=False)
    st.markdown(
        f"It learned nothing from the {words.number(found.answers)} answers in practice and tests: practice is never mixed into "
        f"live work. It is taught by the decisions of those who decide real {words.plain(here.domain.terms.many)}, and by outcomes."
    )
    st.page_link(
        "pages/improvement.py", label="What people taught the model", icon=":material/arrow_forward:", width="content",
        query_params=staying_in(here.domain, view="Who taught whom"),
    )  # fmt: skip


def _nothing(here: Here, found: Training) -> None:
    many = words.plain(here.domain.terms.many)
    st.info(
        f"What courses on past {many} changed belongs here. "
        + (
            f"{words.number(found.open)} open now; none is finished."
            if found.open
            else "Nobody has begun one so far."
        )
    )
    st.page_link(
        "pages/practice.py", label="To the course", icon=":material/fitness_center:", width="content",
        query_params=staying_in(here.domain, view="Course"),
    )  # fmt: skip
