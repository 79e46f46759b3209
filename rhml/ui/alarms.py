"""Whether people still decide for themselves: the team's alarms and what they propose, and one's own reliance."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.human.feedback import without_bank
from rhml.human.reliance.alarm import Alarm, Looked
from rhml.human.reliance.discrimination import Discrimination, discrimination
from rhml.loop import alarms as loop_alarms
from rhml.stats.measure import Measure
from rhml.ui import charts, computed, measured, words
from rhml.ui.charts import WHO
from rhml.ui.shell import Here, staying_in

TITLES = {
    "deskilling": "Deferring instead of learning",
    "automation bias": "Following the model into its mistakes",
}
STATES = {
    "raised": ("Alarm", ":material/notifications_active:"),
    "quiet": ("Quiet", ":material/check_circle:"),
    "too few to say": ("Too few to say", ":material/hourglass_empty:"),
}
ALONE = {"deskilling": "Right alone", "automation bias": "Followed where wrong"}
HOW = {
    "deskilling": (
        "**Right alone** is the change of the share right among calls made before any recommendation, against the "
        "baseline, the first calls. **Following** is the change of the share of final decisions that follow the model. "
        "The alarm needs both: people alone fall *and* they follow more, each with its whole interval, in every way we "
        "have of taking out that cases became harder or the model better. One reading alone raises nothing. Each look's "
        "bars are long enough for looking again and again: of 100 teams in which nothing changes, at most 5 get any "
        "alarm within their baseline and the thousand calls after it."
    ),
    "automation bias": (
        "Only decisions whose recommendation proved wrong, and in which nobody had called the same before. The alarm "
        "needs that the model is followed more often there than at first, with the whole interval. Each look's bars are "
        "long enough for looking again and again."
    ),
}


def team(here: Here) -> None:
    """The view *Alarms* of the Team page."""
    if said := st.session_state.pop("alarm_told", None):
        st.success(words.plain(said), icon=":material/check_circle:")
    for alarm in computed.alarms(here.domain.name):
        _alarm(here, alarm)
    st.header("Does the team know when the model is right?", anchor=False)
    _reliance(computed.team_reliance(here.domain.name), key="team_reliance")


def mine(here: Here) -> None:
    """The view *Reliance* of My learning: whether you follow the model when it is right, and only then."""
    own = without_bank(computed.own_decisions(here.domain.name, here.person))
    st.header("Do you know when the model is right?", anchor=False)
    _reliance(discrimination(own, domain=here.domain), key="my_reliance")


def line(alarms: tuple[dict, ...], here: Here) -> None:
    """On Improvement: one line for each raised alarm, and the way to it; nothing while all is quiet."""
    for one in alarms:
        if one["state"] == "raised":
            st.warning(words.told(str(one["sentence"])), icon=":material/notifications_active:")
            st.page_link(
                "pages/team.py", label="See the alarm", icon=":material/groups:",
                query_params=staying_in(here.domain, view="Alarms"),
            )  # fmt: skip


def _alarm(here: Here, alarm: Alarm) -> None:
    """One alarm: its state and sentence, the two changes, the looks over time, and what it proposes."""
    state, icon = STATES[alarm.state]
    with st.container(border=True, key=f"alarm_{alarm.kind.replace(' ', '_')}"):
        st.header(TITLES[alarm.kind], anchor=False)
        since = f" since {words.day(alarm.since)}" if alarm.since else ""
        st.markdown(f"{icon} **{state}{since}.** {words.told(alarm.sentence)}")
        if alarm.state == "too few to say":
            return
        for place, (label, found) in zip(
            st.columns(2),
            ((ALONE[alarm.kind], alarm.change), ("Following", alarm.agreement)),
            strict=True,
        ):
            place.markdown(f"**{label}**  \n{_change(found)}")
        figure = _figure(alarm)
        if figure is not None:
            charts.draw(
                figure, key=f"looks_{alarm.kind}", alt=f"{ALONE[alarm.kind]}: the change at each look so far"
            )
        measured.how(HOW[alarm.kind], key=f"alarm_{alarm.kind}", table=_table(alarm.looks))
        if alarm.proposal:
            _proposal(here, alarm)


def _change(found: Measure) -> str:
    return measured.difference(found) if found.known else words.told(found.why)


def _figure(alarm: Alarm) -> go.Figure | None:
    """The change at each look with the interval of that look, and the line that a fall must stay below."""
    looks = [look for look in alarm.looks if look.change.known and look.change.low is not None]
    if len(looks) < charts.LEAST_POINTS:
        return None
    mark = WHO["human" if alarm.kind == "deskilling" else "team"]
    values = [look.change.value for look in looks]
    figure = go.Figure(
        go.Scatter(
            x=[look.calls for look in looks], y=values, mode="lines+markers", name=ALONE[alarm.kind],
            line={"color": mark.colour, "dash": mark.dash, "width": 1.5},
            marker={"color": mark.colour, "size": 10, "symbol": [("x" if look.raised else mark.symbol) for look in looks]},
            error_y={"type": "data", "symmetric": False, "color": mark.colour, "thickness": 1.5, "width": 3,
                     "array": [look.change.high - look.change.value for look in looks],
                     "arrayminus": [look.change.value - look.change.low for look in looks]},
            hovertext=[f"{words.day(look.at)}: {_change(look.change)}" for look in looks], hoverinfo="text",
        )
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": charts.NEUTRAL, "width": 1, "dash": "dot"})
    figure.update_xaxes(title=f"Calls after the first {alarm.looks[0].baseline:,}", showgrid=False)
    figure.update_yaxes(tickformat="+.0%", title="Change since the baseline")
    return charts.laid_out(figure, 300)


def _table(looks: tuple[Looked, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Look": [words.day(look.at) for look in looks],
            "Later calls": [look.calls for look in looks],
            "Change": [_change(look.change) for look in looks],
            "Alarm": ["raised" if look.raised else "—" for look in looks],
        }
    )


def _proposal(here: Here, alarm: Alarm) -> None:
    """What to do about it: a lead does it in one press, with a reason."""
    found = alarm.proposal
    st.markdown(f"**What helps.** {words.told(found['sentence'])}")
    if found["drills"]:
        fell = ", ".join(
            words.plain(f"{here.domain.feature(d['feature']).label}: {d['value']}")
            for d in found["drills"][:3]
        )
        st.markdown(f"Skill fell most in {fell}: practise there.")
    st.page_link(
        "pages/practice.py",
        label="Practise",
        icon=":material/exercise:",
        query_params=staying_in(here.domain),
    )
    if found["kind"] != "first_call" or not here.leads:
        return
    why = st.text_input("Why", f"{TITLES[alarm.kind]}: the alarm of {words.day(alarm.since)}", key=f"why_{alarm.kind}", max_chars=500)  # fmt: skip
    share = words.percent(found["to"])
    if st.button(f"Ask first on {share} of new {words.plain(here.domain.terms.many)}", key=f"raise_{alarm.kind}",
                 type="primary", icon=":material/psychology:"):  # fmt: skip
        done = loop_alarms.raise_first_call(
            here.store, here.domain, found["to"], by=here.person, why=why, at=here.now
        )
        st.session_state["alarm_told"] = done.message
        st.rerun()


def _reliance(found: Discrimination, *, key: str) -> None:
    """Following where the model was right and where it was wrong, and the same by stated confidence."""
    if not found.difference.known:
        st.info(f"{words.told(found.sentence)} Only calls made before the recommendation was seen can tell.")
        return
    st.markdown(f"**{words.told(found.sentence)}**")
    for place, (label, one) in zip(
        st.columns(3),
        (("Followed, model right", found.right), ("Followed, model wrong", found.wrong), ("Difference", found.difference)),
        strict=True,
    ):  # fmt: skip
        shown = words.percent(one.value) if label != "Difference" else f"{words.points(one.value)} points"
        place.metric(label, shown)
        place.caption(measured.difference(one) if label == "Difference" else measured.share(one))
    st.markdown(_by_confidence(found.by_confidence))
    measured.how(
        "Only cases whose own call differed from the recommendation, with an outcome. Following the model where it is "
        "right and keeping the own call where it is wrong gives +100 points; doing either whatever the case gives 0. "
        "*By confidence* asks the same in advance: of two own calls, one that was right against the model and one that "
        "was not, how often the right one had been made more surely (50 in 100 is chance).",
        key=key,
    )


def _by_confidence(found: Measure) -> str:
    if not found.known:
        return words.told(found.why)
    if found.low > 0.5:
        end = "confidence tells when to hold on to a call."
    elif found.high < 0.5:
        end = "the surer call is the wrong one more often."
    else:
        end = "chance alone may explain it."
    return (
        f"By stated confidence: the call that was right against the model had been the surer one in "
        f"{words.number(found.value * 100)} of 100 pairs ({words.number(found.low * 100)} to "
        f"{words.number(found.high * 100)}; n {words.number(found.n)}): {end}"
    )
