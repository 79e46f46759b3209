"""What the report found in a planted organization, beside what was planted."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.proof.plant import Plant
from rhml.stats.measure import Measure
from rhml.ui import charts, measured, words
from rhml.ui.charts import WHO

CLAIMS = {"improved": 1, "fell": -1}
MATTERS = 0.05
"""The smallest change that matters in a planted organization, as in a domain file that names none."""
NONE = 5e-4
"""A change that is none, to the digits shown."""


def told(plant: Plant, line: dict[str, Any]) -> None:
    """The plant and the findings in a sentence each, then each side's course."""
    course = line["course"]
    st.header("Planted, and found", anchor=False)
    for who, subject in SUBJECTS.items():
        icon, said = against(subject, course, who)
        st.markdown(f":material/{icon}: {said}")
    cards(course, f"told{line['seed']}")
    _table(course, plant)


SUBJECTS = {"human": "People", "model": "The model", "team": "The team"}


def against(subject: str, course: list[dict[str, Any]], who: str) -> tuple[str, str]:
    """An icon and a sentence: what is true, what the last report says, and when it first said so.

    >>> look = {"resolved": 900, "human": {"verdict": "improved"}, "truth": {"human": 0.08}}
    >>> against("People", [look], "human")
    ('check_circle', 'People truly gained 8 points, and the report found it: *improved*, first said after 900 outcomes.')
    """
    last = course[-1]
    said, true = last[who]["verdict"], last["truth"][who]
    planted = f"{subject} truly {_changed(true)}"
    wrong = next((look for look in course if _false(look[who]["verdict"], look["truth"][who])), None)
    if wrong:
        return "cancel", (
            f"{planted}, but the report said *{wrong[who]['verdict']}* after {words.number(wrong['resolved'])} outcomes: "
            "a false verdict. At most 1 organization in 20 may meet one."
        )
    if said in CLAIMS:
        first = next(look for look in course if look[who]["verdict"] == said)
        when = words.number(first["resolved"])
        return (
            "check_circle",
            f"{planted}, and the report found it: *{said}*, first said after {when} outcomes.",
        )
    if said == "no change shown" or abs(true) < NONE:
        return "check_circle", f"{planted}, and the report claims no change that matters: *{said}*."
    return "hourglass_empty", f"{planted}; the report does not claim it yet: *{said}*."


def _false(said: str, true: float) -> bool:
    return (said in CLAIMS and CLAIMS[said] * true <= 1e-9) or (
        said == "no change shown" and abs(true) > MATTERS
    )


def _changed(share: float) -> str:
    if abs(share) < NONE:
        return "did not change"
    return f"{'gained' if share > 0 else 'lost'} {words.number(abs(share) * 100, 1)} points"


def cards(course: list[dict[str, Any]], key: str) -> None:
    """A card a side: what the report says now, and how its estimate came to it."""
    last = course[-1]
    for column, (who, mark) in zip(st.columns(3), WHO.items(), strict=True):
        with column.container(border=True, key=f"{key}_{who}", height="stretch"):
            st.html(f"<div>{mark.html}<strong>{mark.name}</strong></div>")
            said = last[who]["verdict"]
            st.html(f'<div style="font-size:1.35rem;font-weight:600">{said[0].upper()}{said[1:]}</div>')
            charts.draw(
                course_of(course, who),
                key=f"{key}_{who}_course",
                alt=f"{mark.name}: found {_found(last, who)}.",
            )


def course_of(course: list[dict[str, Any]], who: str) -> go.Figure:
    """The estimated change at each reading with its interval, and the planted change as a dashed line."""
    known = [look for look in course if look[who]["value"] is not None]
    x = [look["resolved"] for look in known]
    value, low, high = ([100 * look[who][k] for look in known] for k in ("value", "low", "high"))
    figure = go.Figure()
    figure.add_trace(go.Scatter(
        x=[look["resolved"] for look in course], y=[100 * look["truth"][who] for look in course], mode="lines",
        name="planted", line={"color": charts.NEUTRAL, "dash": "dash", "width": 2}, hovertemplate="planted %{y:+.1f}<extra></extra>",
    ))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=x, y=value, mode="lines+markers", name="found", hovertemplate="found %{y:+.1f}<extra></extra>",
        marker={"color": WHO[who].colour, "symbol": WHO[who].symbol, "size": 8}, line={"color": WHO[who].colour, "width": 1.5},
        error_y={"array": [h - v for h, v in zip(high, value, strict=True)], "symmetric": False,
                 "arrayminus": [v - lo for v, lo in zip(value, low, strict=True)],
                 "color": WHO[who].colour, "thickness": 1.2, "width": 3},
    ))  # fmt: skip
    figure.update_xaxes(title="Outcomes known", rangemode="tozero")
    figure.update_yaxes(title="Change in points", zeroline=True, zerolinecolor=charts.NEUTRAL)
    return charts.laid_out(figure, 260)


def _found(look: dict[str, Any], who: str) -> str:
    side = look[who]
    found = Measure(side["value"], side["low"], side["high"], side["n"], "nothing yet")
    return measured.difference(found) if found.known else "nothing yet"


def _table(course: list[dict[str, Any]], plant: Plant) -> None:
    rows = [
        {"Reading": str(look["look"]), "Outcomes known": words.number(look["resolved"])}
        | {
            mark.name: f"truly {_changed(look['truth'][who])}; said {look[who]['verdict']}; {_found(look, who)}"
            for who, mark in WHO.items()
        }
        for look in course
    ]
    measured.how(
        f"{words.number(plant.managers)} simulated managers call {words.number(2 * plant.calls)} cases unaided and decide as "
        "many assisted. Whoever learns does so from the middle of the log on. The dashed line is the change that is true of "
        "the very halves a reading compares, on like cases, so it may be smaller than what was planted while the log is "
        "young. Bars are 95 % intervals; the verdict asks for more, because the report is read again and again. The team’s "
        "truth follows from how often people follow the model.",
        key="proof", table=pd.DataFrame(rows),
    )  # fmt: skip


def many() -> None:
    """One organization proves nothing: how to run a thousand."""
    st.markdown(
        "One organization shows how it works; a thousand show how often it holds. On the command line, resumable and on "
        "every core:"
    )
    st.code("python -m rhml prove --organizations 1000 --seed 1", language="bash")
