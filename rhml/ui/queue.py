"""Which cases a manager wants to see and in which order: kept in the URL, the same for Pending and Decide."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.policy import ORDERS
from rhml.store.waiting import Queue
from rhml.ui import resources, words
from rhml.ui.reasons import feature_of

ANY = "Any"
SEGMENT = "in_"
"""Prefix of a segment's name in the URL, so that it cannot meet one of ours."""


def from_url(domain: DecisionDomain, person: str, url: Mapping[str, str]) -> Queue:
    """The queue that the URL names; what it does not name, or names wrongly, is the domain's default."""
    orders = {label: key for key, label in ORDERS.items()} | {key: key for key in ORDERS}
    actions = {a.label: a.key for a in domain.actions} | {key: key for key in domain.action_keys}
    segments = tuple(
        (column, url[SEGMENT + column])
        for column in domain.segment_columns
        if url.get(SEGMENT + column, ANY) != ANY
    )
    return Queue(
        manager=person,
        order=orders.get(url.get("order", ""), domain.pending.order),
        segment=segments,
        action=actions.get(url.get("action", "")),
        snoozed=url.get("snoozed") == "true",
        mine=url.get("mine") == "true",
    )


def filters(domain: DecisionDomain, person: str) -> Queue:
    """The filters as widgets, each in the URL."""
    orders = list(ORDERS.values())
    actions = {a.label: a.key for a in domain.actions}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        order = st.selectbox(
            "Order", orders, index=orders.index(ORDERS[domain.pending.order]), key="order",
            bind="query-params", on_change=first_page, width=190,
        )  # fmt: skip
        action = st.selectbox(
            "Suggested", [ANY, *actions], key="action", bind="query-params", on_change=first_page, width=170
        )
        segments = [(column, _segment(domain, column)) for column in domain.segment_columns]
        mine = st.toggle("Assigned to me", key="mine", bind="query-params", on_change=first_page)
        snoozed = st.toggle("Snoozed", key="snoozed", bind="query-params", on_change=first_page)
    return Queue(
        manager=person,
        order={label: key for key, label in ORDERS.items()}[order],
        segment=tuple((column, value) for column, value in segments if value != ANY),
        action=actions.get(action),
        snoozed=snoozed,
        mine=mine,
    )


def _segment(domain: DecisionDomain, column: str) -> str:
    return st.selectbox(
        words.plain(feature_of(domain, column).label), [ANY, *resources.segment_values(domain.name, column)],
        key=SEGMENT + column, bind="query-params", on_change=first_page, width=170,
    )  # fmt: skip


def narrowed(queue: Queue) -> bool:
    """Whether anything but the order was chosen."""
    return bool(queue.segment or queue.action or queue.snoozed or queue.mine)


def first_page() -> None:
    """Another filter, another list: it starts at its first page."""
    st.query_params.pop("page", None)


def clear() -> None:
    """Let go of every filter; the order stays."""
    first_page()
    for name in list(st.session_state):
        if name in ("mine", "snoozed"):
            st.session_state[name] = False
        elif name == "action" or str(name).startswith(SEGMENT):
            st.session_state[name] = ANY
