"""The form under a card: the own call, agreeing, deciding differently with a reason, and its draft.

Every widget carries the case in its key, so that nothing typed for one case can be saved for another.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.records import MARKS
from rhml.loop.card import Card
from rhml.ui import message, word_marks, words
from rhml.ui.account import strongest_first
from rhml.ui.keys import button, choice
from rhml.ui.reasons import feature_of

WRITTEN = ("rationale", "marks", "words", "confidence", "own", "own_marks", "own_words")
"""What widgets hold; the action, the reason and whether the form is open lie in the desk."""

OWN, OWN_MARKS = "own", "own_marks"
"""The confidence in the own call and its marks: apart, because the final decision may name another action."""

WORDS = {"marks": "words", OWN_MARKS: "own_words"}
"""Beside the marks on factors those on single words, chosen by themselves."""


def key(name: str, case_id: str) -> str:
    """A widget's key."""
    return f"{name}-{case_id}"


def restore(card: Card) -> dict[str, Any]:
    """Put a kept draft back into the form's widgets; returns the choices the desk holds."""
    for name in WRITTEN:
        if card.draft.get(name):
            st.session_state[key(name, card.case_id)] = card.draft[name]
    return {name: card.draft.get(name) for name in ("differing", "action", "reason")}


def content(card: Card, form: dict[str, Any], put_by: dict[str, Any]) -> dict[str, Any]:
    """What has been filled in so far, also in a form that is closed again, without what is empty."""
    return {name: value for name, value in {**form, **put_by, **written(card.case_id)}.items() if value}


def written(case_id: str) -> dict[str, Any]:
    """What the widgets hold; Streamlit forgets it with the widgets, when the form is closed."""
    held = {name: st.session_state.get(key(name, case_id)) for name in WRITTEN}
    return {name: value for name, value in held.items() if value}


def put_back(case_id: str, kept: dict[str, Any]) -> None:
    """Fill the widgets of a form that is opened again."""
    for name, value in kept.items():
        st.session_state[key(name, case_id)] = value


def draw(domain: DecisionDomain, card: Card, form: dict[str, Any]) -> None:
    """The form that this stage of the card asks for."""
    match card.stage:
        case "first call" | "evidence":
            _own_call(domain, card, form, act="call", label="This is my call", marked=True)
        case "no model":
            _own_call(domain, card, form, act="settle", label="Save my decision")
        case "decide" if form["differing"]:
            _differing(domain, card, form)
        case "decide":
            _agreeing(domain, card)


def _own_call(
    domain: DecisionDomain, card: Card, form: dict[str, Any], *, act: str, label: str, marked: bool = False
) -> None:
    """Action, confidence and what the call rests on, then one commitment."""
    st.markdown(f"**{words.plain(domain.question) or 'What is your call?'}**")
    choice(_actions(domain), form["action"], "action", card.case_id)
    confidence(domain, card.case_id, OWN)
    if marked:
        word_marks.draw(domain, card, key(WORDS[OWN_MARKS], card.case_id))
        _marks(domain, card, OWN_MARKS)
    chosen = words.plain(domain.label(form["action"])) if form["action"] else ""
    button(
        f"{label}: {chosen}" if chosen else label, act, card.case_id,
        shortcut="M", type="primary", disabled=not chosen,
        help=None if chosen else "Choose an action first.",
    )  # fmt: skip


def _agreeing(domain: DecisionDomain, card: Card) -> None:
    """Agree with one key, or open the form for another decision; neither is the wrong one."""
    suggested, first = card.recommendation.action, card.first_call
    keeps = first is not None and first.action != suggested
    others = [action for action in domain.action_keys if action != suggested]
    other = first.action if keeps else others[0] if len(others) == 1 else None
    confidence(domain, card.case_id, lowest=_lowest(card))
    with st.container(horizontal=True, gap="small"):
        button(
            f"{'Change to' if keeps else 'Agree'}: {words.plain(domain.label(suggested))}", "agree", card.case_id,
            shortcut="A", type="primary",
        )  # fmt: skip
        button(
            f"Keep my call: {words.plain(domain.label(first.action))}" if keeps else "Decide differently",
            "differ", card.case_id, other, shortcut="D",
        )  # fmt: skip


def _differing(domain: DecisionDomain, card: Card, form: dict[str, Any]) -> None:
    """Another action with its reason, in words the next model and the next manager can use."""
    suggested = card.recommendation.action
    others = {k: label for k, label in _actions(domain).items() if k != suggested}
    chosen = words.plain(domain.label(form["action"])) if form["action"] else ""
    if len(others) > 1:
        st.markdown("**Which action?**")
        choice(others, form["action"], "action", card.case_id, numbered=not chosen)
    st.markdown(f"**{chosen} instead. Why?**" if chosen else "**Why?**")
    reasons = {reason: words.plain(reason) for reason in domain.override.reasons}
    # The number keys choose the action until there is one, then the reason.
    choice(reasons, form["reason"], "reason", card.case_id, numbered=bool(chosen))
    st.text_area(
        "… because the model does not know that …", key=key("rationale", card.case_id), height=68,
        placeholder="a sentence the next model and your colleagues can learn from",
    )  # fmt: skip
    word_marks.draw(domain, card, key(WORDS["marks"], card.case_id))
    wide, narrow = st.columns([3, 4])
    with wide:
        _marks(domain, card)
    with narrow:
        confidence(domain, card.case_id, lowest=_lowest(card))
    with st.container(horizontal=True, gap="small"):
        button(
            f"Save: {chosen}" if chosen else "Save", "save", card.case_id,
            shortcut="Ctrl+Enter", type="primary", disabled=not (chosen and form["reason"]),
        )  # fmt: skip
        # Without a key: Escape closes a list that is open, and must not close the form with it.
        button("Back", "back", card.case_id, type="tertiary")


def _marks(domain: DecisionDomain, card: Card, name: str = "marks") -> None:
    """Marks on factors, strongest factor first where the model may speak; one list instead of a menu for each."""
    order = _order(domain, card)
    labels: dict[str, str] = {}
    for feature in (feature_of(domain, name) for name in order if name in _declared(domain)):
        labels[feature.name] = feature.label
        for phrase in message.strongest(card, feature.name) if card.recommendation else ():
            labels[f"{feature.name}:{phrase.text}"] = f"{feature.label} “{phrase.text}”"
    if not labels:
        return
    options = [f"{label}: {mark}" for label in labels for mark in MARKS]
    kept = st.session_state.get(key(name, card.case_id))
    if set(kept or ()) - set(options):  # a draft may name words that a newer recommendation does not
        st.session_state[key(name, card.case_id)] = [pair for pair in kept if pair in options]
    own = name == OWN_MARKS
    st.multiselect(
        "Mark factors or words (optional)" if len(labels) > len(order) else "Mark factors (optional)", options,
        key=key(name, card.case_id), select_all=False,
        placeholder="what your call rests on, and what not" if own else "which, and what is wrong",
        format_func=lambda pair: f"{labels[pair.rpartition(': ')[0]]}: {pair.rpartition(': ')[2]}",
    )  # fmt: skip


def _order(domain: DecisionDomain, card: Card) -> list[str]:
    """The factors as a list names them: before the own call in the order of the facts, which tells nothing."""
    if card.recommendation is None:
        return [feature.name for feature in domain.inputs]
    return [card.features[i] for i in strongest_first(card.recommendation.points)]


def _declared(domain: DecisionDomain) -> set[str]:
    return {feature.name for feature in domain.features}


def marks(case_id: str, name: str = "marks") -> tuple[tuple[str, str], ...]:
    """The marks as the log keeps them, on words and on factors; the last one on a factor counts."""
    on_words = word_marks.marked(st.session_state.get(key(WORDS[name], case_id)) or ())
    pairs = (pair.rpartition(": ") for pair in st.session_state.get(key(name, case_id)) or ())
    return tuple({**dict(on_words), **{name: mark for name, _, mark in pairs}}.items())


def confidence(
    domain: DecisionDomain, case_id: str, name: str = "confidence", *, lowest: int | None = None
) -> None:
    """In how many of ten cases like this the manager expects to be right; from an even chance on, unless told."""
    lowest = -(-10 // len(domain.actions)) if lowest is None else lowest
    st.pills(
        f"Of 10 {words.plain(domain.terms.many)} like this, in how many would you be right? (optional)",
        [*range(lowest, 11)], key=key(name, case_id),
    )  # fmt: skip


def _lowest(card: Card) -> int | None:
    """Where what matters now asks for the less likely action, one may follow it and expect to be wrong."""
    return 0 if card.recommendation.likeliest_action else None


def stated(case_id: str, name: str = "confidence") -> float | None:
    """The confidence as a probability; None where the manager gave none."""
    tenths = st.session_state.get(key(name, case_id))
    return None if tenths is None else tenths / 10


def _actions(domain: DecisionDomain) -> dict[str, str]:
    return {action.key: words.plain(action.label) for action in domain.actions}
