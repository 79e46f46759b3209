"""Skill without the model: one sentence first, then the course with practice, by segment, and what lessons did."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.human.skill.curve import Curve
from rhml.human.skill.many import Part
from rhml.human.skill.skill import Skill
from rhml.stats.measure import Measure
from rhml.stats.verdicts import Verdict
from rhml.ui import charts, computed, filters, measured, words
from rhml.ui.charts import WHO
from rhml.ui.shell import Here

PERIODS = {
    "calendar": "between the earlier and the later half of the log",
    "practice": "between the earlier and the later half of each person’s own calls",
}
CHANCE = "not beyond what chance shows among so many"


def mine(here: Here) -> None:
    """The person's own change on their own, their course with practice, and how many calls a verdict needs."""
    st.header("Your calls without the model", anchor=False)
    found = computed.skill(here.domain.name)
    part = next((one for one in found.people if one.name == here.person), None)
    if part is None:
        _nothing(here, found, "None of your calls can be compared yet.")
        return
    st.markdown(f"**{sentence('You', 'were', part.verdict, found.cut)}**")
    if part.earlier.known and part.later.known:
        st.markdown(
            f"On like {words.plain(here.domain.terms.many)} you were right in {measured.share(part.earlier)} of your earlier "
            f"and in {measured.share(part.later)} of your later calls."
        )
    own = found.courses.get(here.person)
    _course(own, "own", "you")
    _how(found, "Of all people compared, those who improved or fell are named so only where chance would show so much in at "
         "most one in twenty of those named. Nobody else is shown this page of yours.", "mine", own)  # fmt: skip


def team(here: Here) -> None:
    """The team's change, its course with practice, by segment, and whether lessons showed; never a person."""
    st.header("People without the model", anchor=False)
    found = computed.skill(here.domain.name)
    if not found.verdict.change.known:
        _nothing(here, found, "The team’s unaided calls cannot be compared yet.")
        return
    st.markdown(f"**{sentence('People', 'were', found.verdict, found.cut)}**")
    st.caption(f"{found.why} {found.apart_words}")
    _course(found.curve, "team", "people")
    _how(found, "One unusual person does not make the team’s course: every point is of two people at least.", "team",
         found.curve)  # fmt: skip
    _segments(here, found)
    _transfer(found)


def sentence(subject: str, were: str, said: Verdict, cut: str) -> str:
    """The verdict in one line.

    >>> change = Measure(0.06, 0.02, 0.1, 800)
    >>> sentence("People", "were", Verdict("improved", change), "calendar").split(" between")[0]
    'People improved: right more often by +6.0 points (+2.0 to +10.0; n 800)'
    """
    change = said.change
    if not change.known:
        return f"{subject}: {words.told(change.why)}"
    points, when, like = measured.difference(change), PERIODS[cut], words.own("on like cases")
    if said.words == "improved":
        return f"{subject} improved: right more often by {points} {when}, {like}."
    if said.words == "fell":
        return f"{subject} fell: right less often by {points} {when}, {like}."
    if said.words == "no change shown":
        return f"No change that matters is shown: {points} {when}, {like}."
    if said.words == CHANCE:
        return f"{points} {when}: no more than chance shows among so many people."
    more = (
        f" About {words.number(said.more)} more unaided calls with an outcome would tell."
        if said.more
        else ""
    )
    return f"Not enough data yet: {points} {when}.{more}"


def _nothing(here: Here, found: Skill, said: str) -> None:
    why = words.told(found.verdict.change.why) if not found.verdict.change.known else ""
    many = words.plain(here.domain.terms.many)
    st.info(
        f"{said} {why} Skill is read from calls made before anything of the model was shown, on {many} whose outcome is "
        "known: at least 20 earlier and 20 later ones."
    )


def _course(found: Curve | None, key: str, who: str) -> None:
    if found is None or len(found.points) < charts.LEAST_POINTS:
        st.caption("Too few calls so far for a course of practice.")
        return
    first, last = found.points[0], found.points[-1]
    charts.draw(
        _figure(found), key=f"course_{key}",
        alt=f"Share of {who} right {words.own('on like cases')} by own calls made: {measured.share(first.right)} at first, "
        f"{measured.share(last.right)} after about {words.number(last.after)}. {found.words}",
    )  # fmt: skip
    st.caption(words.plain(found.words))


def _figure(found: Curve) -> go.Figure:
    """Points with their intervals; a curve and its band where one says more than the points."""
    mark, figure = WHO["human"], go.Figure()
    places = [point.after + 1 for point in found.points]
    if found.line:
        line, low, high = (list(side) for side in zip(*found.line, strict=True))
        figure.add_trace(
            go.Scatter(x=places + places[::-1], y=high + low[::-1], fill="toself", mode="lines", hoverinfo="skip",
                       line={"width": 0}, fillcolor="rgba(42,111,181,.15)", showlegend=False)
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(x=places, y=line, mode="lines", name="Power law of practice", hoverinfo="skip",
                       line={"color": mark.colour, "dash": "dash", "width": 1.5})
        )  # fmt: skip
    values = [point.right for point in found.points]
    bars = {"type": "data", "symmetric": False, "color": mark.colour, "thickness": 1.5, "width": 3,
            "array": [m.high - m.value for m in values], "arrayminus": [m.value - m.low for m in values]}  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=places, y=[m.value for m in values], error_y=bars, mode="markers", name=words.own("Right, on like cases"),
            marker={"color": mark.colour, "symbol": mark.symbol, "size": 9}, hoverinfo="text",
            hovertext=[f"after about {words.number(p.after)} calls: {measured.share(p.right)}" for p in found.points],
        )
    )  # fmt: skip
    ticks = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    figure.update_xaxes(type="log", title="Own unaided calls made", showgrid=False, tickvals=ticks)
    figure.update_yaxes(tickformat=".0%", title="Share right")
    return charts.laid_out(figure, 340)


def _how(found: Skill, more: str, key: str, shown: Curve | None) -> None:
    points = shown.points if shown else ()
    measured.how(
        f"The same people’s calls are compared {PERIODS[found.cut]}, as if all had met like cases. Taken out: "
        f"{words.plain('; '.join(found.adjusted_for))}. What nobody recorded about a case cannot be taken out.\n\n"
        "Intervals hold in 95 of 100 such comparisons; the team’s words ask a little more, as on the Improvement page. "
        "**Not enough data yet** is no sign of standing still: the number says "
        "how many more calls would find the smallest change that matters four times in five. "
        "The curve is drawn only where it describes the points better than a straight level; the points count, not the "
        f"curve. {more}",
        key=f"skill_{key}",
        table=pd.DataFrame(
            {
                "Own calls made": [words.number(p.after) for p in points],
                words.own("Right, on like cases"): [measured.share(p.right) for p in points],
            }
        ),
    )  # fmt: skip


def _segments(here: Here, found: Skill) -> None:
    if not found.segments:
        return
    st.header("By segment", anchor=False)
    st.dataframe(
        pd.DataFrame([_row(here, part) for part in found.segments]),
        hide_index=True,
        column_config={
            "Segment": st.column_config.Column(pinned=True),
            "In words": st.column_config.Column(width=255),
            "Change": st.column_config.Column(width=185),
            "Earlier": st.column_config.Column(width=175),
            "Later": st.column_config.Column(width=175),
        },
        alt="The change of people’s unaided accuracy in each segment",
    )
    measured.how(
        "Each segment for itself, within people and on like cases. **Improved** and **fell** are said only of segments that "
        "stand out among all those listed: of what is called so, at most one in twenty is chance.",
        key="skill_segments",
    )


def _row(here: Here, part: Part) -> dict[str, str]:
    said = part.verdict.words if part.change.known else "too few to say"
    return {
        "Segment": f"{filters.label(here.domain, part.column)}: {part.name}",
        "In words": said[0].upper() + said[1:],
        "Change": _plain(part.change),
        "Earlier": _share(part.earlier),
        "Later": _share(part.later),
    }


def _share(found: Measure) -> str:
    return measured.share(found) if found.known else f"only {words.number(found.n)}"


def _plain(change: Measure) -> str:
    return measured.difference(change) if change.known else "—"


def _transfer(found: Skill) -> None:
    st.header("Do lessons show in others?", anchor=False)
    if not found.transfer:
        st.info(words.plain(found.transfer_why))
        return
    for one in found.transfer:
        change = f" {measured.difference(one.verdict.change)}." if one.verdict.change.known else ""
        st.markdown(f"{words.plain(one.sentence)}  \n**{words.plain(one.words)}**{change}")
    measured.how(
        "Calls of people other than the one the lesson was found in, inside its rule: right more often since the teaching began "
        "than before, beyond what changed where nothing was taught. Calls the rule was found on are left out of *before*. "
        "Where the start was not drawn by lot it is an association and may have other causes. With several lessons the intervals are wider, "
        "so that chance shows a false one in at most one in twenty such tables.",
        key="skill_transfer",
    )
