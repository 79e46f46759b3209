"""What people's marks and words propose to change, what each would cost or gain, and a lead's answer."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.loop import collect, propose, settle
from rhml.loop.settle import Settled
from rhml.stats.measure import Measure
from rhml.store import frames, proposals
from rhml.store.proposals import Proposal
from rhml.ui import measured, resources, watched, words
from rhml.ui.shell import Here

KINDS = {"yes_no": "yes or no", "number": "a number", "category": "one of a few words", "date": "a date"}
"""What a collected field may hold, in the lead's words."""

HOW = {
    "trained": "A challenger was trained with the edit and one without it, from the same cases with the same seed.",
    "said": (
        "Counts only what somebody wrote while overriding, on bank cases, which the words were not found on: had the "
        "model known, it would have decided as they did. A field filled in for every case may bring more, or less."
    ),
    "policy": "In the cases under the rule the policy's action stands in for the model's; elsewhere nothing changes.",
}


def draw(here: Here) -> None:
    """The view *Proposals* of the Models page."""
    _told()
    found = proposals.everything(here.store, here.domain.name)
    busy = watched.job(here, "propose", domain=here.domain.name)
    _look(here, busy)
    waiting = [one for one in found if one.decided is None]
    for one in waiting:
        _card(here, one)
    if waiting:
        _how()
    elif not busy:
        _nothing(here, looked=bool(found))
    _collected(here)
    _earlier(here, [one for one in found if one.decided])


def _told() -> None:
    """What came of the answer just given, once."""
    if said := st.session_state.pop("proposal_told", None):
        st.success(words.plain(said), icon=":material/check_circle:")


def _look(here: Here, busy: bool) -> None:
    if not here.leads:
        st.caption("A lead may look for proposals, and accept or decline them. You can read everything here.")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="looking"):
        if st.button("Look for proposals", key="propose", icon=":material/lightbulb:", disabled=busy):
            resources.ask_for("propose", domain=here.domain.name, by=here.person)
            st.rerun()
        st.caption(
            "Reads marks, reasons and rationales of overrides, and tries what they ask for. Nothing is changed."
        )


def _nothing(here: Here, *, looked: bool) -> None:
    overrides = frames.totals(here.store, here.domain)["overrides"]
    said = "No proposal is waiting for an answer." if looked else "Nothing has been proposed yet."
    st.info(
        f"{said} When several people mark the same factor, write of the same thing that the card does not show, or make "
        f"the same exception again and again, and turn out right, it becomes a proposal here. The log holds "
        f"{words.number(overrides)} overrides; a handful by one person is not enough."
    )


def _card(here: Here, one: Proposal) -> None:
    """One proposal: what, who asks for it and how, what it would cost or gain, and the lead's answer."""
    with st.container(border=True, key=f"proposal_{one.proposal_id}"):
        st.markdown(f"**{words.plain(propose.title(one, here.domain))}**")
        st.markdown(words.plain(one.sentence))
        st.markdown(_gain(one))
        st.caption(HOW[one.evidence["how"]])
        if one.evidence["examples"]:
            with st.expander("In their words"):
                for example in one.evidence["examples"]:
                    st.markdown(f"“{words.plain(example)}”")
        if here.leads:
            _answer(here, one)


def _gain(one: Proposal) -> str:
    """What the edit would have cost or gained, or why that is not known."""
    found = Measure(**one.evidence["gain"])
    if not found.known:
        return f"What it would cost or gain is not known: {words.told(found.why)}"
    sure = "no difference is shown"
    if found.low is not None and found.low > 0:
        sure = "a gain"
    elif found.high is not None and found.high < 0:
        sure = "a cost"
    unit = " of what is at stake" if one.evidence["measure"] == "cost" else ""
    split = (
        f"better in {words.number(one.evidence['won'])} and worse in {words.number(one.evidence['lost'])} of "
        f"{words.number(one.evidence['cases'])} cases"
    )
    return f"**{measured.difference(found)}{unit}**: {sure}; {split}."


def _answer(here: Here, one: Proposal) -> None:
    key = one.proposal_id
    given: dict[str, str] = {}
    if one.kind == "collect":
        left, right = st.columns(2)
        with left:
            given["label"] = st.text_input(
                "What the card calls it", one.content["label"], key=f"label_{key}", max_chars=60
            )
        with right:
            given["kind"] = st.selectbox("It holds", list(KINDS), key=f"kind_{key}", format_func=KINDS.get)
    why = st.text_input(
        "Why", key=f"why_{key}", max_chars=500, placeholder="Stays beside the proposal for good"
    )
    with st.container(horizontal=True, gap="small"):
        # Neither answer is the expected one where nothing is gained.
        kind = "primary" if (Measure(**one.evidence["gain"]).low or 0) > 0 else "secondary"
        yes = st.button("Accept", key=f"accept_{key}", type=kind, icon=":material/check:")
        no = st.button("Decline", key=f"decline_{key}", icon=":material/close:")
    if (yes or no) and not why.strip():
        st.error("Say why: the reason stays beside the proposal for good.")
    elif yes:
        settled = settle.accept(here.store, here.domain, key, by=here.person, why=why, at=here.now, **given)
        _next(here, settled)
    elif no:
        _next(here, settle.decline(here.store, here.domain, key, by=here.person, why=why, at=here.now))


def _next(here: Here, settled: Settled) -> None:
    """Tell what follows; what a model has to learn begins at once, in the background."""
    said = settled.message
    if settled.retrain:
        resources.ask_for("retrain", domain=here.domain.name, by=here.person)
        said = "Accepted: the domain file says so now, and a challenger is being trained with it, under Versions."
    elif settled.kind == "policy" and settled.decided == "accepted":
        resources.ask_for("recommend", domain=here.domain.name, by=here.person)
    st.session_state["proposal_told"] = said
    st.rerun()


def _how() -> None:
    measured.how(
        "*Points* are cases decided right of 100 (or of what is at stake, where the domain prices mistakes), with the edit "
        "minus without it, above 0 speaks for it. The interval is 90 %, so that each end alone holds at 95 %; n is the "
        "number of cases, none of which the compared models had learned from. A proposal is told only if enough "
        "overrides by at least two people speak for it, more than chance would bring about among everything tested. "
        "People may be right to want a factor gone although the model loses by it: a person decides.",
        key="proposals",
    )


def _collected(here: Here) -> None:
    """How far the fields being collected have come."""
    fields = collect.collecting(here.store, here.domain)
    if not fields:
        return
    st.header("Being collected", anchor=False)
    for field in fields:
        many = words.plain(here.domain.terms.many)
        state = "the live model reads it"
        if not field.read:
            enough = field.known >= field.needed
            state = "the next retraining reads it" if enough else "not used yet"
        st.markdown(
            f"**{words.plain(field.label)}**: {state}; {words.number(field.known)} of {words.number(field.needed)} values "
            f"needed among {many} with an outcome, {words.number(field.everywhere)} values in all."
        )


def _earlier(here: Here, decided: list[Proposal]) -> None:
    """What was accepted and declined, by whom and why."""
    if not decided:
        return
    st.header("Decided earlier", anchor=False)
    measured.table_of(
        pd.DataFrame(
            {
                "When": [words.when(one.decided_at) for one in decided],
                "Proposal": [propose.title(one, here.domain) for one in decided],
                "Answer": [one.decided for one in decided],
                "By": [one.decided_by for one in decided],
                "Why": [one.why for one in decided],
                "Cost or gain": [measured.difference(Measure(**one.evidence["gain"])) for one in decided],
            }
        ),
        alt="Proposals that were accepted or declined, newest first",
    )
