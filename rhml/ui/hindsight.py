"""One outcome as its author reads it: the calls, the factor that set them apart, the case that went the other way."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import Feedback
from rhml.human.set_apart import CORRECTION, Apart
from rhml.loop.teach import Hindsight, Opposite
from rhml.ui import reasons, words
from rhml.ui.shell import staying_in

PARTS = {
    "seen": "What the model saw",
    "misled": "What misled the model",
    "misled both": "What misled you and the model",
    "apart": "What set you apart",
}
"""How the sentence about the one factor begins."""

LINK = 170


def draw(domain: DecisionDomain, one: Feedback, taught: Hindsight | None) -> None:
    """One outcome in words, with the ways to its case and to the nearest one that went the other way."""
    said = [f"{_sign(one)} {words.plain(one.words)}", f":small[{calls(domain, one)}]"]
    if taught and taught.apart:
        said.append(apart_sentence(domain, taught, taught.apart))
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="top"):
            _link(domain, one.case_id)
            st.markdown("  \n".join(said), width="stretch")
        if taught and taught.opposite:
            with st.container(horizontal=True, vertical_alignment="center"):
                _link(domain, taught.opposite.case_id)
                st.markdown(opposite_sentence(domain, taught, taught.opposite), width="stretch")


def _link(domain: DecisionDomain, case_id: str) -> None:
    st.page_link(
        "pages/decide.py", label=words.plain(case_id), icon=":material/open_in_new:", width=LINK,
        query_params={"case": case_id, **staying_in(domain)},
    )  # fmt: skip


def _sign(one: Feedback) -> str:
    right = one.final_action == one.right_action
    return ":material/check_circle:" if right else ":material/cancel:"


def calls(domain: DecisionDomain, one: Feedback) -> str:
    """'your own call: Lend (9 in 10) · the model's: Decline (7 in 10) · your decision: Lend · proved right: Decline'."""
    own = one.first_action is not None
    named = (
        ("your own call", one.first_action, one.said),
        ("the model's", one.recommended_action, one.model_said),
        ("your decision", one.final_action, None if own else one.said),
        ("proved right", one.right_action, None),
    )
    return " · ".join(
        f"{words.plain(what)}: **{words.plain(domain.label(action))}**{_sure(said)}"
        for what, action, said in named
        if action
    )


def _sure(said: float | None) -> str:
    return "" if said is None else f" ({words.number(10 * said, 1)} in 10)"


def apart_sentence(domain: DecisionDomain, taught: Hindsight, apart: Apart) -> str:
    """'What the model saw: **Late payments: 3** (typical 0) spoke for **Decline** by **11 points**.'"""
    towards = f"**{words.plain(domain.label(apart.towards))}**"
    if not apart.factors:
        return f"No single factor spoke for {towards} by half a point: the average case already does."
    factor = named(domain, apart.factors, taught.facts, taught.typical)
    count = round(100 * apart.points)
    points = f"**{count} point{'' if count == 1 else 's'}**" if count else "**less than 1 point**"
    spoke = (
        f"weighs {points} more for {towards} with the model than with this team"
        if apart.by_team
        else f"spoke for {towards} by {points}"
    )
    return f"{PARTS[apart.part]}: {factor} {spoke}."


def named(
    domain: DecisionDomain, factors: tuple[str, ...], facts: dict[str, Any], typical: dict[str, Any]
) -> str:
    """'**Late payments: 3** (typical 0)'; several that say the same with *together*."""
    if factors == (CORRECTION,):
        return "**the team’s correction**"
    features = [reasons.feature_of(domain, name) for name in factors]
    here = [f"{words.plain(f.label)}: {reasons.shown_value(f, facts.get(f.name))}" for f in features]
    usual = [
        reasons.shown_value(f, typical[f.name]) if typical.get(f.name) is not None else "—" for f in features
    ]
    said = f"**{reasons.listed(here)}{' together' if len(here) > 1 else ''}**"
    if len(features) == 1 and usual == [reasons.shown_value(features[0], facts.get(factors[0]))]:
        return f"{said} (typical)"
    return said if set(usual) == {"—"} else f"{said} (typical {reasons.listed(usual)})"


def opposite_sentence(domain: DecisionDomain, taught: Hindsight, other: Opposite) -> str:
    """'is the nearest that went the other way: **Lend** proved right. There **Late payments: 0** (here 3).'"""
    right = words.plain(domain.label(other.right_action))
    return f":small[is the nearest that went the other way: **{right}** proved right.{_there(domain, taught, other)}]"


def _there(domain: DecisionDomain, taught: Hindsight, other: Opposite) -> str:
    """The factor in which the two differ most in the model's eyes and in what is shown."""
    for factors in other.differs:
        told = []
        for name in factors:
            feature = reasons.feature_of(domain, name)
            here, there = (
                reasons.shown_value(feature, facts.get(name)) for facts in (taught.facts, other.facts)
            )
            if here != there:
                told.append(f"{words.plain(feature.label)}: **{there}** (here {here})")
        if told:
            return f" There {reasons.listed(told)}."
    return ""
