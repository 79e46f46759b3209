"""Second opinions: a case from its facts alone; what was decided is told once the opinion is on record."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.review import blind, opinion, review, review_card
from rhml.loop.review.opinion import Given
from rhml.ui import cards, decision_form, words
from rhml.ui.keys import button, choice
from rhml.ui.review import review_desk
from rhml.ui.shell import Here

WHY, SURE = "opinion_why", "opinion_sure"


def draw(here: Here) -> None:
    """The list, or the case that the address names."""
    waiting = review_desk.mine(here).opinions
    opened = review_desk.worked(
        [one.case_id for one in waiting], one=partial(_one, here), rows=lambda: [_row(here, one) for one in waiting],
        nothing=partial(nothing, here), start="Start with the first", alt="Cases on which a second opinion is asked",
    )  # fmt: skip
    if waiting and not opened:
        _how(here)


def _row(here: Here, one: review.ToJudge) -> dict[str, Any]:
    return {
        here.domain.terms.case.capitalize(): one.case_id,
        "Why it is here": "drawn by lot for a second opinion",
        "Asked": review_desk.ago(here, one.asked_at),
        "At stake": review_desk.stake(here.domain, one.value),
    }


def nothing(here: Here) -> str:
    """What belongs here, and why it is empty."""
    share, domain = here.domain.governance.second_opinion, here.domain
    if not share:
        return (
            f"No second opinions are asked in {words.plain(domain.title)}: its domain file draws none by lot "
            "([governance] second_opinion)."
        )
    if here.role != blind.GIVES:
        return (
            f"Of {words.percent(share)} of {words.plain(domain.terms.many)}, drawn by lot, another "
            f"{words.plain(domain.terms.manager)} is asked for a second opinion, blind. {words.plain(domain.terms.manager)}s "
            "give it: to you, other people’s decisions show."
        )
    return (
        f"No second opinion is asked of you. The lot draws {words.percent(share)} of decided "
        f"{words.plain(domain.terms.many)}; those you have not had before you come here."
    )


def _how(here: Here) -> None:
    st.caption(
        "You see the facts and nothing else: not what was decided, nor what the model suggests. Both of you learn what "
        "the other said once your opinion is on record. If they differ, a lead settles it; nobody counts it as a mistake."
    )


def _one(here: Here, case_id: str) -> None:
    card = review_card.to_judge(here.store, here.domain, case_id, person=here.person)
    held = review_desk.lying(here, case_id)
    left, right = st.columns([2, 3], gap="large")
    with left:
        stake = card.facts.get(here.domain.value.column) if here.domain.value.column else None
        said = (
            f"**{words.plain(words.money(stake, here.domain.value.unit))}** at stake"
            if stake is not None
            else ""
        )
        review_desk.headed(here, case_id, said or "Drawn by lot for a second opinion")
        cards.facts(here.domain, card)
    with right:
        st.markdown("### Your opinion, from the facts alone")
        _how(here)
        _form(here.domain, case_id, held)


def _form(domain: DecisionDomain, case_id: str, held: dict[str, Any]) -> None:
    """Action, confidence and a sentence, then one commitment."""
    st.markdown(f"**{words.plain(domain.question) or 'What would you decide?'}**")
    labels = {action.key: words.plain(action.label) for action in domain.actions}
    choice(labels, held["action"], "opinion_action", case_id)
    decision_form.confidence(domain, case_id, SURE)
    st.text_area(
        "What does it rest on?", key=f"{WHY}-{case_id}", height=68,
        placeholder="a sentence, for the first of you and, if you differ, for who settles it",
    )  # fmt: skip
    chosen = labels.get(held["action"], "")
    button(
        f"This is my opinion: {chosen}" if chosen else "This is my opinion", "opinion", case_id, shortcut="Ctrl+Enter",
        type="primary", disabled=not chosen, help=None if chosen else "Choose an action first.",
    )  # fmt: skip


def choose(here: Here, case_id: str, action: str) -> None:
    """The press of an action."""
    review_desk.lying(here, case_id)["action"] = action


def give(here: Here, case_id: str) -> None:
    """The press of *This is my opinion*."""
    ids, held = [one.case_id for one in review_desk.mine(here).opinions], review_desk.lying(here, case_id)
    done = opinion.give(
        here.store, here.domain, case_id, held["action"] or "", manager=here.person, at=here.now,
        rationale=st.session_state.get(f"{WHY}-{case_id}") or "", confidence=decision_form.stated(case_id, SURE),
        seconds=review_desk.seconds(here, case_id),
    )  # fmt: skip
    review_desk.tell(here, told(here.domain, done))
    review_desk.go(review_desk.following(ids, case_id))


def told(domain: DecisionDomain, done: Given) -> str:
    """What the first manager had decided, now that it may be known."""
    mine, theirs = (words.plain(domain.label(a)) for a in (done.opinion.action, done.decided))
    case = words.plain(done.opinion.case_id)
    if not done.differs:
        return f"**On record**: {case}. You say **{mine}**, and so it was decided."
    after = (
        "A lead settles it: see *Conflicts*."
        if done.disputed
        else "A lead has settled or is settling it already."
    )
    return f"**On record**: {case}. You say **{mine}**; it was decided **{theirs}**. {after}"


ACTS = {"opinion": give, "opinion_action": choose}
