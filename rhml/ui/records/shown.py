"""The screen as it was for one decision: read only, for its author, for leads on record, for analysts under a veil."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.errors import NotPermitted
from rhml.loop.card import Card
from rhml.loop.records.shown import NEVER, Shown, shown
from rhml.store import moments
from rhml.ui import cards, contrast, reasons, resources, veiled, waterfall, words
from rhml.ui.grid import grid
from rhml.ui.shell import Here, staying_in

PARAMETER = "decision"
"""The name of the decision in the address."""


def address(here: Here, decision_id: str) -> dict[str, str]:
    """What a link to the screen of a decision adds to the page Decide."""
    return {PARAMETER: veiled.veil(here).of_id(decision_id), **staying_in(here.domain)}


def draw(here: Here, shown_id: str) -> None:
    """The banner, what was on the left and on the right, what was entered, and what the log cannot know."""
    found = _permitted(here, shown_id)
    author = _author(here, found)
    _banner(here, found, author)

    left, right = st.columns([2, 3], gap="large")
    with left:
        cards.head(found.domain, found.card, found.at, None)
        cards.facts(found.domain, found.card)
    with right:
        _screens(found)
        _entered(found, author)
        cards.peers(found.domain, found.card)
    _in_force(found)


def _permitted(here: Here, shown_id: str) -> Shown:
    """The screen, if this reader may see it; a look at another's is on record first."""
    veil = veiled.veil(here)
    decision_id = moments.under_veil(here.store, here.domain, shown_id, veil)
    made = moments.decision(here.store, here.domain, decision_id)
    own = made["manager"] == here.person
    if not own and not (here.leads or here.role == "analyst"):
        raise NotPermitted(
            f"Only who made a decision, leads and analysts see its screen again. Open the {here.domain.terms.case} instead."
        )
    if not own:
        veiled.looked(here, [veil.of(made["manager"])], f"the screen of a decision on {made['case_id']}")
    held_of = partial(resources.own_way, here.domain.name, here.person) if own else None
    return shown(here.store, here.domain, decision_id, held_of=held_of)


def _author(here: Here, found: Shown) -> str:
    manager = found.decision["manager"]
    return "you" if manager == here.person else veiled.veil(here).of(manager)


def _banner(here: Here, found: Shown, author: str) -> None:
    made = found.decision
    when = words.when(made["decided_at"] or found.at)
    live = words.plain(made["live_version"]) if made["live_version"] else "none"
    st.info(
        f"**As it was on {words.plain(when)}**, when {words.plain(author)} decided. Nothing here can be changed; "
        f"what became known later is left out. Live version: {live}; {_file(found)}.",
        icon=":material/history:",
    )
    with st.container(horizontal=True):
        st.page_link(
            "pages/decide.py", label=f"The {words.plain(here.domain.terms.case)} as it is now", icon=":material/article:",
            query_params={"case": made["case_id"], **staying_in(here.domain)},
        )  # fmt: skip
        if here.leads or here.role == "analyst":
            st.page_link(
                "pages/organization.py", label="Its audit trail", icon=":material/list_alt:",
                query_params={"section": "Audit trail", "about": made["case_id"], **staying_in(here.domain)},
            )  # fmt: skip


def _file(found: Shown) -> str:
    held = found.file
    return (
        f"domain file version {words.number(held['number'])} ({held['hash'][:8]})"
        if held
        else "no domain file is on record"
    )


def _screens(found: Shown) -> None:
    """What was asked first, if anything, and then what was shown of the model."""
    if found.called_on is not None:
        st.markdown("### First: the own call")
        st.caption(cards.MODES[found.called_on.mode])
        if found.called_on.stage == "evidence":
            reasons.evidence(found.domain, found.called_on)
        st.markdown(_call(found))
        st.markdown("### Then: what the model suggested")
    if found.card.recommendation is None:
        st.markdown("### No recommendation was on the card")
        return
    _suggested(found.domain, found.card)


def _suggested(domain: DecisionDomain, card: Card) -> None:
    cards.suggestion(domain, card, reasons.told(domain, card))
    reasons.contrasted(domain, card)
    contrast.draw(domain, card)
    with st.expander("All factors, as *Why* showed them"):
        waterfall.draw(domain, replace(card, waiting=None))


def _call(found: Shown) -> str:
    first = found.card.first_call
    said = f"Called **{words.plain(found.domain.label(first.action))}**"
    said += f", {_confident(first.confidence)}" if first.confidence is not None else ""
    said += f", after {_seconds(first.seconds)}" if first.seconds is not None else ""
    return said + (f". Marked {words.plain(_marks(found, found.own_marks))}." if found.own_marks else ".")


def _entered(found: Shown, author: str) -> None:
    """What the person entered in the form."""
    made = found.decision
    rows = [["Decided", found.domain.label(made["final_action"] or made["first_action"])]]
    if made["final_confidence"] is not None:
        rows.append(["Confidence", _confident(made["final_confidence"])])
    if made["reason"]:
        rows.append(["Reason", made["reason"]])
    if made["rationale"]:
        rows.append(["In their own words", made["rationale"]])
    if made["marks"]:
        rows.append(["Marked", _marks(found, made["marks"])])
    if made["seconds"] is not None:
        rows.append(["The card was open", _seconds(made["seconds"])])
    grid(["What", "Entered"], rows, name="entered", caption=f"What {author} entered")


def _marks(found: Shown, marks: tuple[tuple[str, str], ...]) -> str:
    named = [
        (reasons.feature_of(found.domain, f.partition(":")[0]).label, f.partition(":")[2], m)
        for f, m in marks
    ]
    return "; ".join(f"{label}{f' “{text}”' if text else ''}: {mark}" for label, text, mark in named)


def _confident(share: float) -> str:
    return f"sure in {words.number(10 * share, 1)} of 10"


def _seconds(held: float) -> str:
    return f"{words.number(held)} seconds" if held < 120 else f"{words.number(held / 60)} minutes"


def _in_force(found: Shown) -> None:
    """The rules of that day, and what no log can tell."""
    domain = found.domain
    with st.expander("What was in force, and what the log cannot know"):
        actions = ", ".join(words.plain(a.label) for a in domain.actions)
        said = [
            f"**Actions:** {actions}",
            f"**Reasons offered:** {words.plain(', '.join(domain.override.reasons))}",
        ]
        said += [
            f"**Policy:** {words.plain(one.why)} → {words.plain(domain.label(one.action))}"
            for one in domain.policy
        ]
        said += [f"- {words.plain(sentence)}" for sentence in found.missing]
        said += [f"- Not on record: {one}." for one in NEVER]
        st.markdown("\n\n".join(said))
