"""After a call: what proved right, what spoke for it, and the nearest case that went the other way."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.drill_told import Factor, Told
from rhml.store.drills import Drill
from rhml.ui import cards, drill_card, reasons, words
from rhml.ui.grid import grid
from rhml.ui.keys import button
from rhml.ui.shell import Here, staying_in

DIFFERING = 6
"""Facts in which two cases differ that are set side by side."""


def draw(here: Here, drill: Drill, found: Told) -> None:
    """The outcome of one case."""
    domain, answer = here.domain, found.answer
    st.header(verdict(here, found), anchor=False)
    st.caption(_where(here, drill, found))
    st.markdown("  \n".join(to_take(here, found)))
    after = answer.place + 1 < len(drill.plan["places"]) and not drill.ended
    button(
        "Next" if after else "To the summary", "drill_next", domain.name, drill.drill_id, answer.place,
        shortcut="N", type="primary",
    )  # fmt: skip
    left, right = st.columns([4, 3], gap="large")
    with left:
        drill_card.facts(here, found.facts)
        st.page_link(
            "pages/decide.py", label=f"{words.plain(domain.terms.case.capitalize())} {words.plain(answer.case_id)}",
            icon=":material/open_in_new:", query_params={"case": answer.case_id, **staying_in(domain)},
        )  # fmt: skip
    with right:
        opposite(here, found)
        drill_card.leave(here, drill)


def verdict(here: Here, found: Told) -> str:
    """Right or not, and what proved right."""
    right = words.plain(here.domain.label(found.answer.right_action))
    if found.answer.right:
        return f":material/check_circle: Right: {right}"
    called = words.plain(here.domain.label(found.answer.action))
    return f":material/cancel: {right} proved right, not {called}"


def _where(here: Here, drill: Drill, found: Told) -> str:
    """'Request 3 of 10, and you said 8 in 10.'"""
    answer = found.answer
    number = 1 + sum(place not in drill.left_out for place in range(answer.place))
    of = len(drill.plan["places"]) - len(drill.left_out)
    said = f"; you said {round(10 * answer.confidence)} in 10" if answer.confidence is not None else ""
    return f"{words.plain(here.domain.terms.case.capitalize())} {number} of {of}{said}."


def to_take(here: Here, found: Told) -> list[str]:
    """What to take from this case, a line each."""
    domain = here.domain
    lines = [_factor(here, found)]
    if found.model_action:
        was = "rightly" if found.model_action == found.answer.right_action else "wrongly"
        lines.append(f"The model had {was} suggested **{words.plain(domain.label(found.model_action))}**.")
    if found.own_action:
        lines.append(f"At the time you called **{words.plain(domain.label(found.own_action))}**.")
    if found.lesson:
        lines.append(f":material/menu_book: A case of the lesson *{words.plain(found.lesson)}*.")
    if found.back:
        what = "The lesson" if found.answer.lesson_id else "This one"
        lines.append(f":small[{what} comes back on {words.plain(words.day(found.back))}.]")
    return lines


def _factor(here: Here, found: Told) -> str:
    """'**Late payments: 3** (typical 0) spoke most for Decline: 11 points.'"""
    right = words.plain(here.domain.label(found.answer.right_action))
    if not found.explained:
        return f"What spoke for **{right}** is not stored with this {words.plain(here.domain.terms.case)}."
    if found.factor is None:
        return f"Nothing that the model saw spoke for **{right}** by half a point."
    points = max(1, round(100 * found.factor.points))
    said = factor_words(here.domain, found.factor, found.facts)
    return f"{said} spoke most for **{right}**: {points}\u00a0point{'s' if points > 1 else ''}."


def factor_words(domain: DecisionDomain, factor: Factor, facts: dict[str, Any]) -> str:
    """'**Late payments: 3** (typical 0)'; features that say the same with *and*."""
    return reasons.listed([_fact(domain, factor, facts, name) for name in factor.features])


def _fact(domain: DecisionDomain, factor: Factor, facts: dict[str, Any], name: str) -> str:
    feature = reasons.feature_of(domain, name)
    value = reasons.shown_value(feature, facts.get(name))
    usual = factor.typical.get(name)
    said = f"**{words.plain(feature.label)}: {value}**"
    if usual is None:
        return said
    typical = reasons.shown_value(feature, usual)
    return f"{said} (typical)" if typical == value else f"{said} (typical {typical})"


def opposite(here: Here, found: Told) -> None:
    """The nearest case with another outcome, and in which facts the two differ."""
    many, other = words.plain(here.domain.terms.case), found.opposite
    if other is None:
        st.caption(f"No {many} that went the other way is near enough to show.")
        return
    st.markdown(
        f"**Nearest {many} that went the other way** ({words.plain(other['case_id'])}): "
        f"{words.plain(here.domain.label(other['right_action']))}"
    )
    rows = _apart(here, found, other)
    if rows:
        grid(["Differs in", "Here", "There"], rows, name="apart")
    else:
        st.caption("The two do not differ in any fact on record.")


def _apart(here: Here, found: Told, other: dict[str, Any]) -> list[list[str]]:
    """Facts side by side: the factor that spoke for the outcome first, what no model reads last."""
    one, spoke = found.facts, found.factor.features if found.factor else ()
    told = [f for f in here.domain.features if f.kind != "text"]
    differ = [f for f in told if not cards.alike(one.get(f.name), other.get(f.name))]
    read = sorted(differ, key=lambda f: (f.name not in spoke, not f.use))[:DIFFERING]
    return [
        [f.label, reasons.told_value(f, one.get(f.name)), reasons.told_value(f, other.get(f.name))]
        for f in read
    ]
