"""How people and model decide together, in words: reliance, what the team adds, what overrides were worth."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.overrides import Overrides
from rhml.reports.reliance import Reliance
from rhml.stats.measure import Measure
from rhml.ui import charts, measured, words

WITH_OUTCOMES = {
    "rair": ("Took right advice", "The first call was wrong and the recommendation right: how often the final decision "
             "followed it (RAIR). Higher is better."),
    "rsr": ("Kept a right call", "The first call was right and the recommendation wrong: how often people kept their own "
            "(RSR). Higher is better."),
    "override_precision_all": ("Overrides that were right", "Of the decisions against the recommendation, how many "
                               "proved right."),
    "error_correlation": ("Mistakes in common", "Whether people and model err on the same cases: 1 always, 0 no more than "
                          "chance. The lower, the more each can correct the other."),
}  # fmt: skip
ALWAYS = {
    "switch_fraction": ("Changed to the model's", "The first call differed from the recommendation: how often the final "
                        "decision was the model's. Neither high nor low is good in itself."),
    "weight_of_advice": ("Weight of advice", "How far the stated confidence moves from the first call towards the model's: "
                         "0 % not at all, 100 % all the way."),
    "agreement_first": ("Agreed before seeing it", "How often the first call was what the model then recommended."),
    "agreement_final": ("Agreed in the end", "How often the final decision was what the model recommended."),
}  # fmt: skip
PARTS = {
    "gained by following": ("Followed right advice", 1),
    "gained against both": ("Right against both", 1),
    "lost by following": ("Followed wrong advice", -1),
    "lost against both": ("Wrong against both", -1),
}


def reliance(found: Reliance, domain: DecisionDomain) -> None:
    """Each measure of reliance with one plain sentence, its interval and its count."""
    st.header("Who follows whom", anchor=False)
    shown = ALWAYS if domain.outcome is None else {**WITH_OUTCOMES, **ALWAYS}
    for start in range(0, len(shown), 4):
        for column, (key, (name, about)) in zip(
            st.columns(4), list(shown.items())[start : start + 4], strict=False
        ):
            with column.container(border=True, height="stretch"):
                _measure(name, about, getattr(found, key), plain=key == "error_correlation")
    measured.how(
        "Each number is over the decisions for which it can be told, 95 % intervals in brackets, n the count. "
        "Where a first call was asked for, the card showed no recommendation until it was made.\n\n"
        "RAIR and RSR follow Schemmer et al. (2023). Relying well means both are high: taking good advice *and* keeping "
        "one's own right call. One of them alone can be had by always following, or never.",
        key="reliance",
    )


def _measure(name: str, about: str, found: Measure, *, plain: bool) -> None:
    if found.known:
        value = measured.decimal(found.value, 2) if plain else words.percent(found.value)
        said = measured.coefficient(found) if plain else measured.share(found)
        st.metric(name, value)
        st.markdown(said.removeprefix(value).strip())
    else:
        st.markdown(f"**{name}**")
        st.markdown(words.plain(found.why))
    st.caption(about)


def together(found: Reliance) -> None:
    """Whether deciding together beats either alone, what it is made of, and what is left to gain."""
    st.header("Better together?", anchor=False)
    if not found.complementarity.known:
        st.markdown(words.plain(found.complementarity.why))
        return
    left, right = st.columns([2, 3])
    with left:
        st.markdown(_complementarity(found))
        st.markdown(_headroom(found))
        st.markdown(
            f"On the same cases: people {measured.share(found.human)}, model {measured.share(found.model)}, team "
            f"{measured.share(found.team)}."
        )
    parts = {name: (found.breakdown[key], sign) for key, (name, sign) in PARTS.items()}
    table = pd.DataFrame(
        [
            {"Part": name, "Points of all cases": measured.difference(m, sign)}
            for name, (m, sign) in parts.items()
        ]
        + [{"Part": "Team − people", "Points of all cases": measured.difference(found.team_minus_human)}]
    )
    with right:
        said = "; ".join(f"{row.iloc[0]} {row.iloc[1]}" for _, row in table.iterrows())
        charts.draw(
            charts.breakdown(parts, found.team_minus_human),
            key="breakdown",
            alt=f"What makes the team differ: {said}.",
        )
    measured.how(
        "Over resolved decisions with first call, recommendation and final decision. The four parts add up exactly to the "
        "difference between team and people, in points of all these cases: two gains and two losses (hatched).\n\n"
        "*Better together* must hold against people alone **and** against the model alone; the interval allows for asking "
        "twice. *Headroom* is what would be gained if always whoever was right had been followed; nobody can reach all of it.",
        key="together",
        table=table,
    )


def _complementarity(found: Reliance) -> str:
    gap = found.complementarity
    if gap.low is not None and gap.low > 0:
        first = "**Together people and model are better than either alone.**"
    elif gap.high is not None and gap.high < 0:
        best = "the model alone" if found.model.value > found.human.value else "people alone"
        first = f"**Deciding together falls short of {best}.**"
    else:
        first = (
            "**It is not shown that deciding together beats the better of the two, nor that it falls short.**"
        )
    return f"{first} Against the better of the two: {measured.difference(gap)}."


def _headroom(found: Reliance) -> str:
    if not found.headroom.known:
        return words.plain(found.headroom.why)
    return (
        f"Headroom: if always whoever was right had been followed, {measured.difference(found.headroom)} more than the "
        "better of the two."
    )


def worth(total: Overrides, found: Measure, unit: str) -> None:
    """What the overrides were worth in the domain's unit."""
    st.header("What overrides were worth", anchor=False)
    if not total.overridden:
        st.markdown("No decision differs from its recommendation so far.")
        return
    if found.known:
        st.markdown(
            f"Of {words.number(total.overridden)} overrides, {words.number(total.rescued)} rescued and "
            f"{words.number(total.spoiled)} spoiled. **{_worth(found)}** Net: {measured.amount(found, unit)}."
        )
    else:
        st.markdown(f"{words.number(total.overridden)} overrides. {words.plain(found.why)}")
    rest = [(total.both_wrong, "both wrong"), (total.not_yet_known, "not yet known"),
            (total.cannot_be_known, "cannot be known")]  # fmt: skip
    if also := ", ".join(f"{words.number(n)} {said}" for n, said in rest if n):
        st.caption(f"Also {also}.")
    measured.how(
        "*Rescued*: the decision was right and the recommendation wrong. *Spoiled*: the other way round. Net value is what "
        "the recommendations' mistakes would have cost minus what the decisions' mistakes did, by the domain's cost table. "
        "What overrides taught the model is another question: see Models.",
        key="worth",
    )


def _worth(found: Measure) -> str:
    if found.low is None or found.low <= 0 <= found.high:
        return "Whether they saved more than they cost cannot be told yet."
    return "They saved more than they cost." if found.value > 0 else "They cost more than they saved."
