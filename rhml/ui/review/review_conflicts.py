"""Conflicts: what each side said, without names, and the settlement by a lead who has none; below, what came of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.governance import OTHER, SENT_BACK, STANDS
from rhml.loop.review import conflict, review, review_card
from rhml.loop.review.review_card import Dispute, Heard
from rhml.ui import cards, contrast, resources, words
from rhml.ui.keys import button, choice
from rhml.ui.review import review_desk, review_settled
from rhml.ui.shell import Here

WHY = "settle_why"


def draw(here: Here) -> None:
    """The list, or the conflict that the address names; below the list those that are settled."""
    waiting = review_desk.mine(here).conflicts
    opened = review_desk.worked(
        [one.conflict_id for one in waiting], one=partial(_one, here), rows=lambda: [_row(here, one) for one in waiting],
        nothing=partial(nothing, here), start="Start with the first" if here.leads else "Open the first",
        alt="Conflicts that nobody has settled",
    )  # fmt: skip
    if opened:
        return
    if waiting:
        _nobody_left(here, waiting)
    review_settled.draw(here)


def _row(here: Here, one: review.ToSettle) -> dict[str, Any]:
    return {
        here.domain.terms.case.capitalize(): one.case_id,
        "Why it is here": review_desk.KINDS[one.kind],
        "Raised": review_desk.ago(here, one.raised_at),
        "At stake": review_desk.stake(here.domain, one.value),
        "You": "have a side" if here.person in one.parties else None,
    }


def nothing(here: Here) -> str:
    """What belongs here, and why it is empty."""
    if here.leads:
        return (
            "No disagreement waits to be settled. Refused signatures, second opinions that differ, and decisions somebody "
            "disputes on their page come here."
        )
    return "No disagreement that you have a side in waits to be settled. A lead who has none settles it."


def _nobody_left(here: Here, waiting: tuple[review.ToSettle, ...]) -> None:
    """Where every lead has a side: say so, and how it can go on."""
    leads = {person for person, role in resources.standing().people.items() if role == "lead"}
    stuck = sum(leads <= set(one.parties) for one in waiting)
    if here.leads and stuck:
        some = "1 of them" if stuck == 1 else f"{words.number(stuck)} of them"
        st.caption(f"Every lead has a side in {some}: name another lead on the page Organization.")


def _one(here: Here, conflict_id: str) -> None:
    found = review_card.to_settle(
        here.store, here.domain, conflict_id, person=here.person, role=here.role,
        words_of=partial(resources.model_words, here.domain.name),
    )  # fmt: skip
    left, right = st.columns([2, 3], gap="large")
    with left:
        review_desk.headed(
            here, found.decision["case_id"], f"Here because {review_desk.KINDS[found.conflict['kind']]}"
        )
        cards.facts(here.domain, found.card)
    with right:
        st.markdown("### What each said")
        said = [heard(here.domain, one) for one in found.heard] + [model(here.domain, found)]
        st.markdown("\n".join(f"- {line}" for line in said))
        _outcome(here.domain, found)
        _settling(here, found, review_desk.lying(here, conflict_id))
        if found.card.recommendation:
            with st.expander("The model’s reasons"):
                cards.suggestion(here.domain, found.card, contrast.told(here.domain, found.card))


def heard(domain: DecisionDomain, one: Heard) -> str:
    """One side in one line: who without a name, what, how sure, in which words."""
    said = f"**{words.plain(one.who)}**{' (you)' if one.mine else ''} {one.said}"
    if one.action:
        said += f" **{words.plain(domain.label(one.action))}**"
    if one.confidence is not None:
        said += f", sure of {words.number(10 * one.confidence)} in 10"
    return said + (f": “{words.plain(one.words)}”" if one.words else "")


def model(domain: DecisionDomain, found: Dispute) -> str:
    """What the model had suggested, in the same line as people."""
    shown = found.card.recommendation
    if shown is None:
        return "**The model** had suggested nothing"
    given = "" if shown.probability is None else f", {words.number(100 * shown.probability)} of 100"
    return f"**The model** suggested **{words.plain(domain.label(shown.action))}**{given}"


def _outcome(domain: DecisionDomain, found: Dispute) -> None:
    if found.outcome:
        right = words.plain(domain.label(found.outcome))
        st.info(f"Known meanwhile: **{right}** proved right.", icon=":material/fact_check:")


def _settling(here: Here, found: Dispute, held: dict[str, Any]) -> None:
    """How it was settled; else the form for a lead who has no side, or who it waits for."""
    if found.resolution:
        said = review_settled.in_words(here.domain, found.resolution["result"], found.resolution["action"])
        st.success(f"Settled: **{said}**. “{words.plain(found.resolution['why'])}”")
    elif found.conflict["reversed"]:
        st.info("The decision was taken back, so there is nothing to settle.")
    elif found.side or not here.leads:
        side = f"You {found.side}. " if found.side else ""
        st.info(
            f"{side}A lead who has no side settles it; you are told on *My learning*.",
            icon=":material/gavel:",
        )
    else:
        _form(here.domain, found, held)


def _form(domain: DecisionDomain, found: Dispute, held: dict[str, Any]) -> None:
    """Three results, the action where it takes another's place, and why; then one commitment."""
    conflict_id, decided = found.conflict["conflict_id"], found.decision["final_action"]
    st.markdown("### How do you settle it?")
    options = {STANDS: f"It stands: {words.plain(domain.label(decided))}"}
    others = [key for key in domain.action_keys if key != decided]
    options |= {f"{OTHER}:{key}": f"Instead: {words.plain(domain.label(key))}" for key in others}
    if found.outcome is None:
        options[SENT_BACK] = "To be decided anew"
    choice(options, held["result"], "settle_result", conflict_id)
    st.text_area(
        "Why?", key=f"{WHY}-{conflict_id}", height=68, placeholder="everyone who has a side reads this"
    )
    chosen = options.get(held["result"] or "", "")
    button(
        f"Settle: {chosen}" if chosen else "Settle", "settle", conflict_id, shortcut="Ctrl+Enter", type="primary",
        disabled=not chosen, help=None if chosen else "Choose how first.",
    )  # fmt: skip


def choose(here: Here, conflict_id: str, result: str) -> None:
    """The press of a result."""
    review_desk.lying(here, conflict_id)["result"] = result


def settle(here: Here, conflict_id: str) -> None:
    """The press of *Settle*."""
    waiting = review_desk.mine(here).conflicts
    result, _, action = (review_desk.lying(here, conflict_id)["result"] or "").partition(":")
    done = conflict.settle(
        here.store, here.domain, conflict_id, result, by=here.person, at=here.now, action=action or None,
        why=st.session_state.get(f"{WHY}-{conflict_id}") or "",
    )  # fmt: skip
    said = review_settled.in_words(here.domain, done.result, done.action)
    review_desk.tell(
        here, f"**Settled**: {words.plain(done.case_id)}, {said}. Everyone who has a side is told."
    )
    review_desk.go(review_desk.following([one.conflict_id for one in waiting], conflict_id))


ACTS = {"settle": settle, "settle_result": choose}
