"""How people and model decide together: whether it beats first call and model, who follows whom, what overrides were worth."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.printed import claims
from rhml.reports.complementarity import Complementarity
from rhml.reports.overrides import Overrides
from rhml.reports.reliance import Reliance
from rhml.stats.measure import Measure
from rhml.ui import charts, findings, measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

ALONE = {
    "human": "People’s first call",
    "model": "The model alone",
    "team": "Together",
    "oracle": "A perfect chooser between the two",
    "oracle_by_chance": "The same, if mistakes fell together by chance alone",
}
GAPS = {
    "team_minus_human": "Together − people’s first call",
    "team_minus_model": "Together − the model alone",
    "smaller": "Against the better of the two",
    "headroom": "Headroom: a perfect chooser − the better of the two",
}


def draw(here: Here, span: Span) -> None:
    """Whether deciding together beats first call and model, who follows whom, and what the overrides were worth."""
    domain = here.domain
    report = reported.report(domain.name, since=span.since, until=span.until, segment=span.segment)
    if findings.nothing(report, domain, filtered=span.dated):
        return
    if domain.outcome:
        together(
            reported.part(
                "complementarity_detail",
                domain.name,
                since=span.since,
                until=span.until,
                segment=span.segment,
            ),
            domain,
        )
    reliance(report.reliance, domain)
    worth(report.overrides[0], report.reliance.override_value, report.reliance.unit)


def together(found: Complementarity, domain: DecisionDomain) -> None:
    """Whether deciding together beats first call and model, what stands in the way, and what it is made of."""
    st.header("Better together?", anchor=False)
    if not found.smaller.known:
        st.markdown(words.told(found.why or found.smaller.why))
        st.page_link("pages/team.py", label="Ask for own calls first", icon=":material/arrow_forward:",
                     query_params=staying_in(domain, view="Modes"))  # fmt: skip
        return
    first, *rest = found.sentences
    left, right = st.columns([2, 3])
    with left:
        claim, _, by = first.partition(":")
        st.markdown(f"**{words.plain(claim)}**{words.plain(f':{by}' if by else '')}")
        for sentence in rest:
            st.markdown(words.plain(sentence))
    with right:
        _breakdown(found)
    measured.how(
        "Over resolved decisions with first call, recommendation and final decision. The *first call* is made before the "
        "recommendation is seen; in the mode *evidence only* the model’s evidence was in view, so it is not people all by "
        "themselves. *Better together* must hold against the first call **and** against the model alone; both intervals are wider (97.5 %) so that they hold together at "
        "95 %. *Headroom* is what a perfect chooser, always following whoever was right, would gain over the better of the "
        "two; nobody can reach all of it. The share reached is given only where the headroom is surely above 2 points "
        "(Fieller’s interval).\n\nThe bars add up exactly to the difference between together and first call: two gains and "
        "two losses (hatched). They are put in words only where their sum is told from nothing.",
        key="together",
        table=_numbers(found),
    )


def _breakdown(found: Complementarity) -> None:
    if not found.breakdown:
        return
    parts = {name: (found.breakdown[key], sign) for key, (name, sign) in claims.PARTS.items()}
    said = "; ".join(f"{name} {measured.difference(m, sign)}" for name, (m, sign) in parts.items())
    charts.draw(
        charts.breakdown(parts, found.team_minus_human),
        key="breakdown",
        alt=f"What makes deciding together differ from people’s first call: {said}; in all "
        f"{measured.difference(found.team_minus_human)}.",
    )


def _numbers(found: Complementarity) -> pd.DataFrame:
    """Every number of this part with its interval and count."""
    rows = [(said, measured.share(getattr(found, name))) for name, said in ALONE.items()]
    rows += [(said, measured.difference(getattr(found, name))) for name, said in GAPS.items()]
    rows += [("Share of the headroom reached", measured.share(found.realised)),
             ("Mistakes in common (φ)", measured.coefficient(found.error_correlation))]  # fmt: skip
    for key, (name, sign) in claims.PARTS.items():
        if key in found.breakdown:
            rows.append((name, measured.difference(found.breakdown[key], sign)))
    if found.in_value is not None:
        value = found.in_value
        rows += [(f"{GAPS[name]}, a case", measured.amount(getattr(value, name), value.unit))
                 for name in ("team_minus_human", "team_minus_model", "headroom")]  # fmt: skip
    return pd.DataFrame(rows, columns=["Measure", "Value"])


def reliance(found: Reliance, domain: DecisionDomain) -> None:
    """Taking right advice and keeping a right call in a sentence; every measure of reliance below."""
    st.header("Who follows whom", anchor=False)
    if found.rair.known and found.rsr.known:
        st.markdown(
            f"Where people were wrong at first and the model right, they followed it in **{words.percent(found.rair.value)}**. "
            f"Where they were right and the model wrong, they stayed with their call in **{words.percent(found.rsr.value)}**."
        )
    rows = [
        (
            name,
            (measured.coefficient if key == "error_correlation" else measured.share)(getattr(found, key)),
            words.own(about),
        )
        for key, (name, about) in claims.reliance_shown(domain).items()
    ]
    measured.table_of(
        pd.DataFrame(rows, columns=["Measure", "Value", "What it says"]), alt="Who follows whom"
    )
    measured.how(
        "Each number is over the decisions for which it can be told, 95 % intervals in brackets, n the count. "
        "Where a first call was asked for, the card showed no recommendation until it was made.\n\n"
        "RAIR and RSR follow Schemmer et al. (2023). Relying well means both are high: taking good advice *and* keeping "
        "one's own right call. One of them alone can be had by always following, or never.",
        key="reliance",
    )


def worth(total: Overrides, found: Measure, unit: str) -> None:
    """What the overrides were worth in the domain's unit."""
    st.header("What overrides were worth", anchor=False)
    if not total.overridden:
        st.markdown("No decision differs from its recommendation so far.")
        return
    if found.known:
        st.markdown(
            f"{claims.counted(total)} **{claims.worth(found)}** Net: {measured.amount(found, words.plain(unit))}."
        )
    else:
        st.markdown(f"{words.number(total.overridden)} overrides. {words.told(found.why)}")
    if also := claims.uncounted(total):
        st.caption(also)
    st.page_link("pages/overrides.py", label="See the overrides", icon=":material/arrow_forward:")
    measured.how(
        "*Rescued*: the decision was right and the recommendation wrong. *Spoiled*: the other way round. Net value is what "
        "the recommendations' mistakes would have cost minus what the decisions' mistakes did, by the domain's cost table. "
        "What overrides taught the model is another question: see *Who taught whom*.",
        key="worth",
    )
