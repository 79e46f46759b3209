"""What a lead is trying out and has not stated yet: kept in the session, never in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent import QUEUES, Intent, Protect, kinds, most, two_sided
from rhml.ui.intent.balance_picture import BALANCE, names

DRAFT = "intent_draft"
QUEUE, PROTECT, FACTOR, KIND = "intent_queue", "intent_protect", "intent_factor", "intent_kind"
APART = "\x1f"
FACTORS = (2.0, 4.0, 8.0)


def opened(domain: DecisionDomain, page: str) -> dict[str, Any] | None:
    """What is being tried in this domain on this page; None while the control is closed."""
    held = st.session_state.get(DRAFT)
    return held if held and (held["domain"], held["page"]) == (domain.name, page) else None


def begin(domain: DecisionDomain, page: str, stated: Intent | None, of: str) -> None:
    """Open the control on what is in force; `of` names that."""
    start = dict(stated.weights) if stated and not two_sided(domain) else {}
    if two_sided(domain):
        start = {BALANCE: stated.balance if stated else 0.0}
    st.session_state[DRAFT] = {
        "domain": domain.name, "page": page, "of": of, "start": start, "turned": dict(start), "which": False,
    }  # fmt: skip
    protect = stated.protect if stated else None
    st.session_state[QUEUE] = stated.queue if stated and stated.queue in QUEUES else ""
    st.session_state[PROTECT] = APART.join((protect.column, protect.value)) if protect else ""
    st.session_state[FACTOR] = protect.factor if protect else FACTORS[0]
    st.session_state[KIND] = protect.kind if protect and protect.kind else kinds(domain)[-1][0]


def end() -> None:
    """Close the control and forget what was tried."""
    st.session_state.pop(DRAFT, None)


def turn(turned: dict[str, float]) -> None:
    """The sliders were moved."""
    held = st.session_state.get(DRAFT)
    if held:
        held["turned"] = {**held["turned"], **turned}


def intent(domain: DecisionDomain, held: dict[str, Any]) -> Intent:
    """What is being tried, as it would be stated."""
    column, _, value = (st.session_state.get(PROTECT) or "").partition(APART)
    protect = None
    if column:
        protect = Protect(
            column, value, st.session_state.get(FACTOR) or FACTORS[0], st.session_state.get(KIND) or ""
        )
    limit, turned = most(domain), held["turned"]
    at = {name: min(max(turned.get(name, 0.0), -limit), limit) for name in names(domain)}
    queue = st.session_state.get(QUEUE) or ""
    if two_sided(domain):
        return Intent(balance=at[BALANCE], queue=queue, protect=protect)
    return Intent(weights=tuple((k, v) for k, v in at.items() if v), queue=queue, protect=protect)
