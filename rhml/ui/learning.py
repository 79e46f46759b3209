"""A manager's own numbers: what came of the decisions, own calls beside the model's, strongest and weakest ground."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import Arrived, Feedback, duel, feedback
from rhml.human.strengths import Skill, strengths
from rhml.loop import teach
from rhml.store import organization
from rhml.ui import computed, hindsight, notices, words
from rhml.ui.shell import Here, staying_in

SHOWN = 5
"""Outcomes told one by one; the rest stands in a table below them."""


def since_last_visit(here: Here, own: pd.DataFrame) -> None:
    """What came of the person's decisions since they last said *Got it*: news about them, then outcomes."""
    seen = organization.last_visit(here.store, here.person, here.domain.name)
    found, news = feedback(own, since=seen), notices.since(here, seen)
    if own.empty and not news:
        nothing_yet(here)
        return
    notices.draw(here, news)
    if found.total:
        _outcomes(here, found, seen)
    elif not news:
        said = f"since {words.when(seen)}" if seen else "so far"
        why = "" if here.domain.outcome else " This domain has no outcomes."
        st.info(
            f"No outcome of the {words.plain(here.domain.terms.many)} you decided has arrived {said}.{why}"
        )
    until = [at for at in (found.until, *(one.happened_at for one in news)) if at is not None]
    if until and st.button("Got it", key="got_it", type="primary", icon=":material/done_all:"):
        teach.acknowledge(here.store, here.domain, here.person, until=max(until))
        st.rerun()


def _outcomes(here: Here, found: Arrived, seen: datetime | None) -> None:
    """The count, the kinds of decision in one line, what teaches most one by one, and all of it as a table."""
    kinds = " · ".join(
        f"{kind}: {words.number(right)} right, {words.number(wrong)} wrong"
        for kind, right, wrong in found.kinds
    )
    st.markdown(
        f"{'Since your last visit' if seen else 'So far'}, **{words.number(found.total)} "
        f"{'outcome' if found.total == 1 else 'outcomes'}**; your decision proved right in "
        f"**{words.number(found.right)}**.  \n:small[{words.plain(kinds[:1].upper() + kinds[1:])}]"
    )
    shown = found.told[:SHOWN]
    taught = computed.hindsight_of(here.domain.name, shown)
    for one in shown:
        hindsight.draw(here.domain, one, taught.get(one.decision_id))
    if not taught and any(one.recommended_action for one in shown):
        st.caption(
            "These decisions come from an older log, which does not hold what the model weighed: no factor can be named."
        )
    if found.total > SHOWN:
        listed = len(found.told)
        which = "All" if listed == found.total else "The most telling"
        with st.expander(f"{which} {words.number(listed)} as a table"):
            _table(found.told, here.domain)


def _table(found: tuple[Feedback, ...], domain: DecisionDomain) -> None:
    rows = [
        {
            domain.terms.case.capitalize(): f.case_id,
            "Open": "/decide?" + urlencode({"case": f.case_id, **staying_in(domain)}),
            "Your own call": domain.label(f.first_action),
            "The model's": domain.label(f.recommended_action),
            "Your decision": domain.label(f.final_action),
            "Proved right": domain.label(f.right_action),
            "In words": f.words,
        }
        for f in found
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="outcomes", alt="Outcomes that arrived, the most telling first",
        column_config={"Open": st.column_config.LinkColumn(display_text="Open")},
    )  # fmt: skip


def against_the_model(here: Here, own: pd.DataFrame) -> None:
    """Unaided calls and the model's on the same cases."""
    st.header("Your own calls beside the model's", anchor=False)
    if here.domain.selective:  # else far more outcomes than cases would look like a mistake
        st.caption(
            f"From here on only {words.own('cases')} drawn by lot for exploration count: an outcome that is seen only after some "
            "decisions would flatter whoever decided."
        )
    found = duel(own, domain=here.domain)
    if not found.mine.known:
        st.info(
            f"{words.own(found.mine.why)} Your own calls are those you make before you see the recommendation."
        )
        if found.mine_alone.known:
            st.markdown(f"All your own calls: {words.measure(found.mine_alone)}.")
        return
    rows = [
        ("You, unaided: share right", found.mine),
        (words.own("The model, same cases: share right"), found.model),
    ]
    for place, (label, measure) in zip(st.columns(2), rows, strict=True):
        place.metric(label, words.percent(measure.value))
        place.caption(f"between {words.percent(measure.low)} and {words.percent(measure.high)}; "
                      f"{words.number(measure.n)} calls")  # fmt: skip
    st.markdown(_gap(found.difference))
    _how("A call counts as yours alone when you made it before the recommendation appeared. Both are judged "
         "on the same cases. The true share lies in the span given in 95 of 100 such comparisons.")  # fmt: skip


def _gap(found) -> str:
    if not found.known:
        return words.own(found.why)
    who = "ahead of" if found.value > 0 else "behind" if found.value < 0 else "level with"
    sure = "" if found.low is None or found.low <= 0 <= found.high else " That is more than chance explains."
    note = "" if sure else " Chance alone may explain it."
    span = (
        f" (between {words.points(found.low)} and {words.points(found.high)})"
        if found.low is not None
        else ""
    )
    return (
        f"You are **{words.points(found.value, signed=False)} points {who}** the model{span}.{sure or note}"
    )


def segments(here: Here, own: pd.DataFrame) -> None:
    """Where the person's decisions prove right most and least often."""
    st.header("Your strongest and weakest ground", anchor=False)
    found = strengths(own, domain=here.domain)
    if found.strongest is None:
        st.info(words.own(found.why))
        return
    for place, (what, skill) in zip(
        st.columns(2), (("Strongest", found.strongest), ("Weakest", found.weakest)), strict=True
    ):
        place.metric(f"{what}: {_named(here.domain, skill)}", words.percent(skill.right.value))
        place.caption(
            f"between {words.percent(skill.right.low)} and {words.percent(skill.right.high)}; "
            f"{words.number(skill.right.n)} decisions. "
            + ("More than chance explains." if skill.beyond_chance else "Chance alone may explain it.")
        )
    _how(f"Share of your decisions that proved right, of the {found.compared} segments with at least 20 of them; "
         "each was compared with all your others, and the comparisons were counted.")  # fmt: skip


def _named(domain: DecisionDomain, skill: Skill) -> str:
    label = domain.feature(skill.column).label or skill.column
    return words.plain(f"{label}: {skill.segment}")


def _how(text: str) -> None:
    with st.expander("How to read this"):
        st.markdown(text)


def nothing_yet(here: Here) -> None:
    """A person without decisions: what belongs here, and the next step."""
    st.info(
        f"What came of your decisions appears here. You have decided no {here.domain.terms.case} yet "
        f"about {words.plain(here.domain.title)}."
    )
    st.page_link("pages/pending.py", label="See what waits", icon=":material/inbox:",
                 query_params=staying_in(here.domain))  # fmt: skip
