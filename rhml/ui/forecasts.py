"""Probabilities that people stated beside the model's: who foretold better, how honest each is, and where."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.printed.marks import NEUTRAL, WHO
from rhml.reports.forecasting import ADJUSTED, BOTH, MODEL, ONE, POOLED, Forecasts, Side, Where
from rhml.reports.forecasts import FEWEST_PEOPLE
from rhml.stats.measure import MINIMUM, Measure
from rhml.ui import charts, measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

DRAWN = {ONE: "human", MODEL: "model", BOTH: "team"}
"""The three that have a curve each, in the three colours."""


def draw(here: Here, span: Span) -> None:
    """Who foretold better, in words; what was said against what came true; where each is better."""
    domain = here.domain
    found: Forecasts = reported.part(
        "forecasts", domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.header("Stated probabilities, and what came true", anchor=False)
    if found.why:
        _nothing(found, domain)
        return
    left, right = st.columns([3, 4])
    with left:
        first, *rest = found.sentences(*_who(domain))
        st.markdown(f"**{words.plain(first)}**")
        for sentence in rest:
            st.markdown(words.plain(sentence))
        st.caption(_counted(found, domain))
    with right:
        figure = reliability(found, domain)
        if figure is not None:
            charts.draw(
                figure, key="forecasts", alt=f"How often what was said came true. {_said(found, domain)}"
            )
    measured.table_of(_scores(found, domain), alt="Scores of people, the model and both")
    _how(found, domain)
    if found.where:
        st.subheader("Where each foretells better", anchor=False)
        measured.table_of(_segments(found.where, domain), alt="Scores by segment")


def reliability(found: Forecasts, domain: DecisionDomain) -> go.Figure | None:
    """What was said against how often it came true, one curve a side; None where no band has enough."""
    figure = go.Figure(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="said = came true", hoverinfo="skip",
                   line={"color": NEUTRAL, "dash": "dash", "width": 1})
    )  # fmt: skip
    for key, who in DRAWN.items():
        bands = _spoken(found.side(key))
        if bands:
            figure.add_trace(_curve(bands, name(key, domain), who))
    if len(figure.data) == 1:
        return None
    two = len(domain.action_keys) == 2
    about = f"“{domain.actions[0].label}”" if two else "the action named"
    figure.update_xaxes(tickformat=".0%", title=f"Probability of {about}, as said", range=[-0.02, 1.02])
    figure.update_yaxes(tickformat=".0%", title="How often it came true", range=[-0.02, 1.02])
    return charts.laid_out(figure, 380)


def _curve(bands: list[tuple[float, Measure]], label: str, who: str) -> go.Scatter:
    mark = WHO[who]
    values = [came.value for _, came in bands]
    return go.Scatter(
        x=[said for said, _ in bands], y=values, name=label, mode="lines+markers",
        error_y={"type": "data", "symmetric": False, "color": mark.colour, "thickness": 1, "width": 3,
                 "array": [came.high - came.value for _, came in bands],
                 "arrayminus": [came.value - came.low for _, came in bands]},
        marker={"color": mark.colour, "symbol": mark.symbol, "size": 8},
        line={"color": mark.colour, "dash": mark.dash, "width": 1.5},
        hovertext=[f"said {words.percent(said)}: came true {measured.share(came)}" for said, came in bands],
        hoverinfo="text+name",
    )  # fmt: skip


def _spoken(side: Side) -> list[tuple[float, Measure]]:
    return [(said, came) for said, came in side.bands if came.n >= MINIMUM]


def _who(domain: DecisionDomain) -> tuple[str, str]:
    return domain.terms.manager, f"{domain.terms.manager}s"


def name(key: str, domain: DecisionDomain) -> str:
    """What a side is called here, in the domain's word for who decides."""
    person, persons = _who(domain)
    return {
        ONE: f"One {person} alone",
        POOLED: f"Mean of several {persons}",
        ADJUSTED: "The same, as sure as other results allow",
        MODEL: "Model",
        BOTH: f"{persons.capitalize()} and model, averaged",
    }[key]


def _counted(found: Forecasts, domain: DecisionDomain) -> str:
    many = words.plain(domain.terms.many)
    without = (
        f" {words.number(found.without_model)} more {many} had their result before the model spoke of them."
        if found.without_model
        else ""
    )
    return (
        f"{words.number(found.cases)} {many} with an outcome, {words.number(found.calls)} probabilities of "
        f"{words.number(found.people)} people, stated before the suggestion was seen.{without}"
    )


def _said(found: Forecasts, domain: DecisionDomain) -> str:
    return " ".join(
        f"{name(key, domain)}: "
        + ", ".join(f"said {words.percent(said)}, came true {words.percent(came.value)}" for said, came in bands)
        + "."
        for key in DRAWN
        if (bands := _spoken(found.side(key)))
    )  # fmt: skip


def _scores(found: Forecasts, domain: DecisionDomain) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Who": name(side.key, domain),
                "Brier score": _score(side.brier),
                "Log score": _score(side.log),
                "Too sure by": measured.difference(side.too_sure),
            }
            for side in found.sides
        ]
    )


def _score(found: Measure) -> str:
    """A score with its interval."""
    if not found.known:
        return words.own(found.why)
    between = (
        ""
        if found.low is None
        else f" ({measured.decimal(found.low, 3)} to {measured.decimal(found.high, 3)})"
    )
    return f"{measured.decimal(found.value, 3)}{between}"


def _segments(where: tuple[Where, ...], domain: DecisionDomain) -> pd.DataFrame:
    persons = _who(domain)[1].capitalize()
    better = {POOLED: f"{persons} foretell better", MODEL: "The model foretells better", "": "Not shown"}
    return pd.DataFrame(
        [
            {
                "Segment": f"{domain.feature(one.column).label}: {one.segment}",
                "What it says": better[one.better],
                f"{persons} − model": f"{_signed(one.apart)}; n {words.number(one.apart.n)}",
                f"{persons}, model, averaged": ", ".join(
                    measured.decimal(found.value, 3) for found in (one.people, one.model, one.together)
                ),
            }
            for one in where
        ]
    )


def _signed(found: Measure) -> str:
    ends = [found.value] if found.low is None else [found.value, found.low, found.high]
    value, *between = (f"{'−' if end < 0 else '+'}{measured.decimal(abs(end), 3)}" for end in ends)
    return f"{value} ({between[0]} to {between[1]})" if between else value


def _nothing(found: Forecasts, domain: DecisionDomain) -> None:
    st.info(words.told(found.why))
    if domain.outcome and "annot be known" not in found.why:
        st.markdown(
            "Probabilities come with own calls, asked for before the suggestion is seen, or with an older log that "
            "has the columns first_action and first_confidence; several people may have judged one "
            f"{words.plain(domain.terms.case)}."
        )
        st.page_link("pages/team.py", label="Ask for own calls first", icon=":material/arrow_forward:",
                     query_params=staying_in(domain, view="Modes"))  # fmt: skip


def _how(found: Forecasts, domain: DecisionDomain) -> None:
    many, persons = words.plain(domain.terms.many), words.plain(_who(domain)[1])
    more = (
        ""
        if len(domain.action_keys) == 2
        else "With more than two actions what is left of a probability is spread evenly over the others, for people and model alike. "
    )
    measured.how(
        f"**What is compared.** On the same {many}: probabilities that people stated before anything of the model was shown and "
        "before the outcome was known, and the last one that the model gave before the log held the outcome. Every one "
        f"of the {many} counts once; intervals (95 %) are over them, for these people.\n\n"
        "**Scores.** Brier (1950): the squared distance of a probability from what happened, 0 perfect, .25 a coin’s. Log: minus "
        "the logarithm of what was given to what happened, .69 a coin’s; nobody is taken to be surer than 99 %. Both are proper: "
        f"saying what one holds scores best. {more}*Too sure*: what was given to the likelier side less how often it came "
        "true.\n\n"
        "**Together.** The mean of several people never scores worse than they do one by one on average; that is arithmetic, not "
        "skill. *As sure as other results allow*: the mean drawn away from or towards even odds, by what was best on other "
        f"{many} (five folds). People and model are averaged on the scale of log-odds at equal weights, fitted to "
        "nothing; *better than either* must hold against both (97.5 % each).\n\n"
        "**Words.** Outcomes keep arriving and the question is asked each time, so *foretold better* rests on wider intervals than "
        "those shown, which hold over all looks so far (Lan & DeMets 1983): one that just leaves zero out says nothing yet.\n\n"
        f"**Whose.** Nothing is told of fewer than {FEWEST_PEOPLE} {persons}, or where nearly all is one’s: it would be that one’s own score.\n\n"
        f"**Where.** Segments with {MINIMUM} or more; the words are tested over all segments and looks together (Benjamini–Hochberg, 5 %). "
        "The curve’s bands with fewer are left out.",
        key="forecasts",
        table=_parts(found, domain),
    )


def _parts(found: Forecasts, domain: DecisionDomain) -> pd.DataFrame:
    """Differences between sides, and what calibration and discrimination add to each score."""
    rows = [
        {
            "What": f"{name(gap.first, domain)} − {name(gap.second, domain)}, Brier",
            "Value": _signed(gap.brier),
        }
        for gap in found.gaps
    ]
    for side in found.sides:
        if side.miscalibration is not None and side.discrimination is not None:
            rows.append({
                "What": f"{name(side.key, domain)}: miscalibration, discrimination (Murphy 1973)",
                "Value": f"{measured.decimal(side.miscalibration, 3)}, {measured.decimal(side.discrimination, 3)}",
            })  # fmt: skip
    return pd.DataFrame(rows)
