"""One case on screen: its head, its facts, the suggestion, its peers and what would change it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain, Feature
from rhml.loop.card import Card
from rhml.ui import card_heading, contrast, correction_line, limits, message, reasons, words
from rhml.ui.account import strongest_first
from rhml.ui.grid import grid
from rhml.ui.intent import card_line

MODES = {
    "assisted": "The model's recommendation and its reasons are shown at once.",
    "first_call": "Your own call first, from the facts alone; then the model's recommendation appears.",
    "evidence_only": "Your own call first, with what the factors speak for; then the model's recommendation.",
}
"""Each mode in one line; which case gets which is drawn by lot when it arrives."""

POLICY = "Policy: "
"""How a note begins that states a policy rather than a doubt."""

FEW = 20
"""Below this many similar cases a frequency says too little."""

SHORT = 16
"""Action names of at most so many letters stay on one line among the similar cases."""


def head(domain: DecisionDomain, card: Card, now: datetime, place: tuple[int, int] | None) -> None:
    """Which case, how urgent, how much, where in the queue, and how this card works."""
    st.header(f"{words.plain(domain.terms.case.capitalize())} {words.plain(card.case_id)}", anchor=False)
    said = []
    if card.waiting:
        said.append(urgency(card.facts["due_at"], now))
    stake = card.facts.get(domain.value.column) if domain.value.column else None
    if stake is not None:
        said.append(f"**{words.plain(words.money(stake, domain.value.unit))}** at stake")
    if place:
        said.append(
            f"{words.plain(domain.terms.case)} {words.number(place[0])} of {words.number(place[1])} today"
        )
    if card.waiting and card.waiting["assigned_to"]:
        said.append(f"assigned to {words.plain(card.waiting['assigned_to'])}")
    works = "" if card.stage in ("closed", "no model") else f"  \n:small[{how_it_works(domain, card)}]"
    st.markdown((" · ".join(said) or "\u00a0") + works)
    if card.waiting and card.waiting["escalated_by"]:
        st.info(
            f"{words.plain(card.waiting['escalated_by'])} asks: {words.plain(card.waiting['escalation'])}",
            icon=":material/flag:",
        )


def how_it_works(domain: DecisionDomain, card: Card) -> str:
    """The card's mode in one line, and why it is not the one that was drawn."""
    late = f" Your own call first was drawn; this {words.plain(domain.terms.case)} is overdue and does not wait for it."
    return MODES[card.mode] + (late if card.overdue else "")


def urgency(due_at: datetime | None, now: datetime) -> str:
    """'due in 3 days' or '**3 days late**'."""
    said = words.due(due_at, now)
    if "late" in said:
        return f"**{said}**"
    return said if due_at is None else f"due {said}"


def facts(domain: DecisionDomain, card: Card) -> None:
    """What is known about the case; texts that the model reads above the table, others below it."""
    read = [f for f in domain.features if f.kind == "text" and f.use]
    for feature in read:
        message.draw(domain, card, feature, _label(feature, card.features))
    short = [f for f in domain.features if f.kind != "text"]
    rows = [[_label(f, card.features), reasons.told_value(f, card.facts.get(f.name))] for f in short]
    if card.facts["received_at"] is not None:
        rows.append(["Received", words.day(card.facts["received_at"])])
    grid(["Fact", "Value"], rows, name="facts")
    for feature in domain.features:
        if feature.kind == "text" and feature not in read:
            message.draw(domain, card, feature, _label(feature, card.features))


def _label(feature: Feature, read: tuple[str, ...]) -> str:
    if feature.collect and feature.use and feature.name not in read:
        return f"{feature.label} (being collected; no model reads it yet)"
    return feature.label + ("" if feature.use else " (the model does not read this)")


def suggestion(domain: DecisionDomain, card: Card, told: str) -> None:
    """What the model suggests, how often that proved right, when not to trust it, its reasons, what would change it."""
    shown = card.recommendation
    lead = f"{card_heading.heading(domain, card)} {frequency(domain, card)} {limits.possible(domain, shown)}"
    policies = [note for note in shown.notes if note.startswith(POLICY)]
    remarks = [shown.unlike] if shown.unlike else []
    remarks += [note for note in shown.notes if note not in policies]
    why = "\n\n".join(filter(None, (told, change(domain, card))))
    between = bool(shown.corrections or policies or remarks or domain.outcome is None)
    # One element, not two: each costs the browser time before the next case is on screen.
    st.markdown(lead if between else f"{lead}\n\n{why}")
    if shown.corrections:
        st.info(correction_line.on_card(domain, shown), icon=":material/edit_note:")
    if domain.outcome is None:
        st.caption("No outcomes are known here: this is what this team usually decides, not what is right.")
    for note in policies:
        st.info(words.plain(note), icon=":material/gavel:")
    if remarks:
        st.warning("  \n".join(words.plain(note) for note in remarks), icon=":material/warning:")
    if between and why:
        st.markdown(why)


def frequency(domain: DecisionDomain, card: Card) -> str:
    """The chance as a frequency: how often the suggested action proved right among similar cases."""
    shown, many = card.recommendation, words.plain(domain.terms.many)
    if shown.probability is None:
        return ""
    action, about = _action(domain, shown.action), words.number(100 * shown.probability)
    does, did = ("proves right", "proved right") if domain.outcome else ("is the team's choice", "was chosen")
    if not shown.similar_n or shown.low is None or shown.similar_n < FEW:
        seen = f" Only {shown.similar_n} similar {many} so far; too few to check." if shown.similar_n else ""
        return f"The model gives **{action}** {about} of 100.{seen}"
    low, high, similar = (words.number(n) for n in (100 * shown.low, 100 * shown.high, shown.similar_n))
    # As the reader sees them: 96 is not between 97 and 100, however close the unrounded shares are.
    if round(100 * shown.low) <= round(100 * shown.probability) <= round(100 * shown.high):
        return (
            f"Of 100 {many} like this, **{action}** {does} in about **{about}** "
            f"(between {low} and {high}; {similar} similar {many})."
        )
    return (
        f"The model gives **{action}** {about} of 100, but among {similar} similar {many} "
        f"it {did} in {low} to {high} of 100."
    )


def _words_explained(domain: DecisionDomain) -> str:
    even = 1 / len(domain.actions)
    leaning, clear = (words.number(100 * (even + part * (1 - even))) for part in (0.15, 0.5))
    return (
        f"*Clear*: the model gives its suggestion {clear} of 100 or more. "
        f"*Leaning*: {leaning} or more. *Toss-up*: less."
    )


def how_to_read(domain: DecisionDomain, card: Card) -> None:
    """What the numbers on the card mean."""
    with st.expander("How to read this"):
        st.markdown(
            "**Of 100 like this** counts resolved cases that got about the same estimate from a model that did not "
            "know them; the range holds in 95 of 100 such counts.  \n"
            "**Points** say how each factor raised or lowered the model's estimate against the average "
            f"{words.plain(domain.terms.case)}. They are rescaled from the model's own scale so that they add up to "
            "the estimate; a factor that moves the estimate need not be the cause of anything.  \n"
            f"{message.how_to_read(domain)}"
            f"{contrast.how_to_read(card)}"
            f"{card_line.how_to_read(card)}"
            f"**Cannot rule out**: in at least {words.percent(domain.training.sets)} of resolved cases the action that "
            "proved right was among those that remain possible.  \n"
            f"{_words_explained(domain)}"
        )


def change(domain: DecisionDomain, card: Card) -> str:
    """What would tip the recommendation, or that nothing small would; nothing where no factor can be changed, or while
    the case is recommended for anew and nobody knows yet, as on a card that was answered then."""
    if not any(f.changeable for f in domain.inputs) or not card.tips_known:
        return ""
    return f"**What would change it?** {change_sentence(domain, card)}"


def change_sentence(domain: DecisionDomain, card: Card) -> str:
    """'It would tip to Lend (58 of 100) if late payments were 0 (now 3).'"""
    found = card.changes
    if not found:
        return "No small change would tip it."
    parts = []
    for step in found["steps"]:
        feature = reasons.feature_of(domain, step["feature"])
        now, then = (reasons.shown_value(feature, step[key]) for key in ("now", "then"))
        if now == then:  # closer than a card shows numbers
            now, then = (words.plain(f"{step[key]:.10g}") for key in ("now", "then"))
        parts.append(f"**{words.plain(feature.label)}** were **{then}** (now {now})")
    return (
        f"It would tip to **{_action(domain, found['action'])}** "
        f"({words.number(100 * found['probability'])} of 100) if {' and '.join(parts)}."
    )


def peers(domain: DecisionDomain, card: Card) -> None:
    """Similar decided cases: what was decided, what came of it, what differs."""
    if not card.peers:
        return
    rows = [
        [domain.terms.case.capitalize(), "Decided", "Proved right", "What differs"],
        *(
            [peer["case_id"], domain.label(peer["final_action"]) or "—", _came_of(domain, peer),
             differs(domain, card, peer)]
            for peer in card.peers
        ),
    ]  # fmt: skip
    if domain.outcome is None:  # a column of "not known" tells nothing
        rows = [[*cells[:2], *cells[3:]] for cells in rows]
    short = all(len(action.label) <= SHORT for action in domain.actions)
    name = "peers short" if short else "peers"
    grid(rows[0], rows[1:], name=name, caption=f"Similar decided {domain.terms.many}")


def _came_of(domain: DecisionDomain, peer: dict[str, Any]) -> str:
    right = peer["right_action"]
    if right is None:
        return "not known"
    return f"{'✓' if right == peer['final_action'] else '✗'} {domain.label(right)}"


def differs(domain: DecisionDomain, card: Card, peer: dict[str, Any], most: int = 2) -> str:
    """The weightiest factors in which a peer is noticeably unlike this case."""
    order = [card.features[i] for i in strongest_first(card.recommendation.points)]
    found = []
    for feature in (reasons.feature_of(domain, name) for name in order):
        here, there = card.facts.get(feature.name), peer.get(feature.name)
        if not alike(here, there):
            found.append(f"{feature.label} {reasons.told_value(feature, there)}")
    return "; ".join(found[:most]) or "nothing of weight"


def alike(here: Any, there: Any, share: float = 0.1) -> bool:
    """Equal, or numbers within a tenth of the larger one."""
    if isinstance(here, float) and isinstance(there, float):
        return abs(here - there) <= share * max(abs(here), abs(there))
    return here == there


def _action(domain: DecisionDomain, key: str | None) -> str:
    return words.plain(domain.label(key))
