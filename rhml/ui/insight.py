"""The Models page's *Explanation*: what moves a version over all its cases, and what changed with it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.insight import VIEW
from rhml.stats.measure import Measure
from rhml.store import jobs, studies
from rhml.store.studies import Study
from rhml.ui import (
    charts,
    evidence,
    insight_charts,
    measured,
    resources,
    version_change,
    versions,
    watched,
    words,
)
from rhml.ui.insight_charts import label
from rhml.ui.reasons import feature_of
from rhml.ui.shell import Here

MOST = 12
PAIRS = 8


def draw(here: Here) -> None:
    """Everything known of how one version weighs its factors; worked out in a job, read here."""
    found = versions.held(here)
    if versions.nothing(here, found):
        return
    version = evidence.pick(found).version
    known = studies.newest(here.store, here.domain.name, VIEW, version)
    if not ready(here, version, known):
        return
    view = known.content
    many = words.plain(here.domain.terms.many)
    st.caption(
        f"Worked out {words.when(known.made_at)} on {words.number(view['n'])} {many} outside the bank."
    )
    moves(here.domain, view)
    bears(here.domain, view)
    together(here.domain, view)
    in_segments(here.domain, view)
    version_change.draw(here, found, version)


def ready(here: Here, version: str, known: Study | None) -> bool:
    """Whether there is something to show; asks for it where nobody has, and watches the work."""
    newest = [
        job for job in jobs.latest(here.store, kind="insight", domain=here.domain.name)
        if job.arguments.get("version") == version
    ]  # fmt: skip
    if newest and newest[0].state in jobs.OPEN:
        watched.running("insight", here.domain.name)
    elif known is None and not newest:
        ask(here, version)
        st.rerun()
    elif newest and newest[0].state != "done":
        st.warning(f"Explaining {words.plain(version)} did not end well: {words.plain(newest[0].message)}")
        if st.button("Explain it again", key="explain"):
            ask(here, version)
            st.rerun()
    return known is not None


def ask(here: Here, version: str) -> None:
    """Let the worker explain a version, and compare it with the one before."""
    resources.ask_for("insight", domain=here.domain.name, by=here.person, arguments={"version": version})


def moves(domain: DecisionDomain, view: dict[str, Any]) -> None:
    """Which factors move an average case, and by how much."""
    st.header("What moves it", anchor=False)
    rows = [(label(domain, w["features"][0]), Measure(**w["points"])) for w in view["weights"]]
    known = [(name, m) for name, m in rows if m.known]
    if not known:
        st.markdown(rows[0][1].why if rows else "It uses no factor.")
        return
    said = ", ".join(f"{name} {words.number(100 * m.value, 1)}" for name, m in known[:3])
    charts.draw(
        insight_charts.weights(known[:MOST]), key="weights", alt=f"Strongest factors in points: {said}."
    )
    measured.how(
        "By how many points a factor raises or lowers the probability of the recommendation in an average case; bars "
        "show the 95 % interval over cases. It describes the model, not causes. Factors that say the same share their weight.",
        key="weights",
        table=pd.DataFrame([{"Factor": name, "Points": points(m)} for name, m in rows]),
    )


def points(found: Measure, *, counted: bool = True) -> str:
    """Points without a sign: value, interval and, unless it stands beside them, count; or why there are none."""
    if not found.known:
        return words.own(found.why)
    inside = [f"n {words.number(found.n)}"] if counted else []
    if found.low is not None:
        inside.insert(0, f"{measured.decimal(100 * found.low, 1)} to {measured.decimal(100 * found.high, 1)}")
    return f"{measured.decimal(100 * found.value, 1)}" + (f" ({'; '.join(inside)})" if inside else "")


def bears(domain: DecisionDomain, view: dict[str, Any]) -> None:
    """How the points of one factor go with its value, for an action the reader chooses."""
    found = {d["feature"]: d for d in view["dependence"]}
    strongest = [w["features"][0] for w in view["weights"] if w["features"][0] in found]
    if not strongest or not view["n"]:
        return
    st.header("How a factor bears on it", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="bearing"):
        name = st.selectbox("Factor", strongest, key="factor", bind="query-params", width=260,
                            format_func=lambda n: label(domain, n))  # fmt: skip
        place = 0
        if len(view["actions"]) > 2:
            action = st.selectbox(
                "Points for", view["actions"], key="action", width=220, format_func=domain.label
            )
            place = view["actions"].index(action)
    feature, action = feature_of(domain, name), domain.label(view["actions"][place])
    told = [p for p in found[name]["parts"] if p["middle"]]
    ends = [(insight_charts.part_name(feature, p), 100 * p["middle"][place]) for p in told]
    low, high = (pick(ends, key=lambda end: end[1], default=("", 0.0)) for pick in (min, max))
    said = f"Median points for {action}: {low[0]} {words.number(low[1], 1)}, {high[0]} {words.number(high[1], 1)}."
    charts.draw(insight_charts.dependence(feature, found[name], place, action), key="dependence", alt=said)
    measured.how(
        f"Each mark is a case: its value, and by how many points the factor raised or lowered the estimate of “{words.plain(action)}” "
        "there. The line is the median of a band of cases, half of them lie between the dotted lines (bars: between the "
        "ends of the stroke). Where marks of one value lie apart, other factors decide how much it matters.",
        key="dependence",
        table=pd.DataFrame([_part(feature, p, place) for p in found[name]["parts"]]),
    )


def _part(feature: Any, part: dict[str, Any], place: int) -> dict[str, Any]:
    row = {"Value": insight_charts.part_name(feature, part), words.own("Cases"): part["n"]}
    ends = [part[key] for key in ("middle", "quarter", "three_quarters")]
    if not part["middle"]:
        return row | {"Median points": "too few to say", "Half lie between": ""}
    middle, low, high = (words.number(100 * end[place], 1) for end in ends)
    return row | {"Median points": middle, "Half lie between": f"{low} and {high}"}


def together(domain: DecisionDomain, view: dict[str, Any]) -> None:
    """The pairs of factors that matter most in combination."""
    st.header("Two factors together", anchor=False)
    rows = [
        {"Factors": " and ".join(label(domain, name) for name in w["features"]), "Points": points(Measure(**w["points"]))}
        for w in view["pairs"]
        if w["points"]["value"] is not None
    ]  # fmt: skip
    if not rows:
        st.markdown("Each factor counts by itself: no two are seen to act together.")
        return
    measured.table_of(pd.DataFrame(rows[:PAIRS]), alt="Pairs of factors, strongest first")
    measured.how(
        "By how many points two factors in combination move an average case beyond what each does alone; 95 % interval "
        f"over {words.number(view['pairs_n'])} {words.plain(domain.terms.many)}.",
        key="pairs",
    )


def in_segments(domain: DecisionDomain, view: dict[str, Any]) -> None:
    """What moves the cases of each segment."""
    if not view["segments"]:
        return
    st.header("In each segment", anchor=False)
    columns = list(dict.fromkeys(s["column"] for s in view["segments"]))
    column = st.selectbox("Split by", columns, key="split", width=260, format_func=lambda n: label(domain, n))
    first = domain.label(view["actions"][0])
    rows = [
        {
            label(domain, column): s["name"],
            f"Probability of “{first}”": measured.share(Measure(**s["first_action"])),
            "Moved most by": "; ".join(
                f"{label(domain, w['features'][0])} {points(Measure(**w['points']), counted=False)}"
                for w in s["weights"][:3]
            ),
        }
        for s in view["segments"]
        if s["column"] == column
    ]
    measured.table_of(pd.DataFrame(rows), alt="Segments and the factors that move them most")
    measured.how(
        "The average probability that the model gives, and the three factors that move an average case there, in points "
        "with 95 % intervals. Segments of fewer than 30 cases are left out.",
        key="split",
    )
