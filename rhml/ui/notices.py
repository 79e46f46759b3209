"""News for a person about the decisions they made: listed on My learning, counted beside Pending."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.human.notices import BY_PEOPLE, Notice, counts, notices
from rhml.store import hindsight, organization
from rhml.ui import resources, words
from rhml.ui.shell import Here, staying_in

SHOWN = 5
MANY = 99


def since(here: Here, seen: datetime | None) -> tuple[Notice, ...]:
    """What became of the person's decisions since a moment."""
    return notices(hindsight.news(here.store, here.domain, here.person, since=seen))


def draw(here: Here, found: tuple[Notice, ...]) -> None:
    """What somebody did about the person's decisions; what outcomes said of overrides leads the list of outcomes."""
    people = [one for one in found if one.kind in BY_PEOPLE]
    if not people:
        return
    st.markdown(f":material/notifications: **News of your decisions:** {words.plain(counts(people))}")
    for one in people[:SHOWN]:
        with st.container(border=True):
            case, news = st.columns([1, 4], vertical_alignment="center")
            case.page_link(
                "pages/decide.py", label=words.plain(one.case_id), icon=":material/open_in_new:",
                query_params={"case": one.case_id, **staying_in(here.domain)},
            )  # fmt: skip
            news.markdown(told(here.domain, one))
    if len(people) > SHOWN:
        with st.expander(f"All {words.number(len(people))} as a table"):
            st.dataframe(
                pd.DataFrame([_row(here.domain, one) for one in people]), hide_index=True, key="notices",
                alt="What became of your decisions",
            )  # fmt: skip


def told(domain: DecisionDomain, one: Notice) -> str:
    """One notice in words: who did what to which decision, when and why."""
    mine, other = (words.plain(domain.label(action)) for action in (one.mine, one.other))
    who = words.plain(one.by_whom)
    then = f" and it was decided **{other}**" if one.other else ""
    said = {
        "reversed": f"**{who}** took back your decision, **{mine}**{then}.",
        "contradicted by a lead": f"**{who}** decided **{other}** where you had called **{mine}** and asked a lead.",
        "answered": f"**{who}** decided **{other}**: you had asked a lead.",
        "settled": _settled(one, who, mine, other),
        "not signed": f"**{who}** did not sign your decision, **{mine}**: it is in the conflict room.",
        "second opinion": f"A second opinion on your decision, **{mine}**, asked blind: "
        + ("the same." if one.mine == one.other else f"**{other}**. A lead settles it."),
        "withdrawn": f"**{who}** withdrew the outcome you were told, **{mine}**: what proves right is open again.",
        "corrected": f"**{who}** corrected the outcome you were told: not **{mine}** but **{other}** proved right.",
        "contradicted": f"You decided **{mine}** against the model, and **{other}** proved right.",
        "rescued": f"You decided **{mine}** against the model, and it proved right.",
    }[one.kind]
    why = f" “{words.plain(one.why)}”" if one.why else ""
    return f"{said}{why}  \n:small[{words.plain(words.when(one.happened_at))}]"


def _settled(one: Notice, who: str, mine: str, other: str) -> str:
    """How a conflict ended in which the reader has a side."""
    if not one.other:
        return f"**{who}** settled a conflict that you have a side in: it is decided anew."
    if not one.mine:
        return f"**{who}** settled a conflict that you have a side in: **{other}**."
    same = "as you had said" if one.mine == one.other else f"you had said **{mine}**"
    return (
        f"**{who}** settled a conflict about this: **{other}**, {same}. Your own call stays as you made it."
    )


def _row(domain: DecisionDomain, one: Notice) -> dict[str, str]:
    return {
        domain.terms.case.capitalize(): one.case_id,
        "News": one.counted[0],
        "Yours, or told you": domain.label(one.mine),
        "Now": domain.label(one.other),
        "By": one.by_whom,
        "Why": one.why,
        "When": words.when(one.happened_at),
    }


def beside_the_queue(here: Here) -> None:
    """In the sidebar of Pending: on how many cases there is news, and how much waits for a second person, with the way to
    it. Never while a case is open."""
    seen = organization.last_visit(here.store, here.person, here.domain.name)
    many = resources.news_count(here.domain.name, here.person, seen)
    if many:
        shown = words.number(many) if many <= MANY else f"more than {words.number(MANY)}"
        with st.sidebar:
            st.page_link(
                "pages/my_learning.py", label=f"News of your decisions: {shown}", icon=":material/notifications:",
                query_params=staying_in(here.domain), width="stretch",
            )  # fmt: skip
    if waits := resources.to_review(here.domain.name, here.person, here.role).to_act_on:
        with st.sidebar:
            st.page_link(
                "pages/review.py", label=f"To review: {words.number(waits)}", icon=":material/rule:",
                query_params=staying_in(here.domain), width="stretch",
            )  # fmt: skip
