"""Which cases a manager wants to see and in which order: kept in the URL of Pending and of Decide."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent, queue_order
from rhml.core.policy import ORDERS, WHAT_MATTERS
from rhml.store.waiting import Queue
from rhml.ui import resources, words
from rhml.ui.reasons import feature_of

ANY = "Any"
LABELS = {**ORDERS, WHAT_MATTERS: "What matters now"}
"""Every order by its name; the last is offered while something is stated."""
SEGMENT = "only_"
"""Prefix of a segment's name in the URL, so that it cannot meet one of ours or of another page's."""


def packed(queue: Queue) -> str:
    """The queue as one value of Decide's URL; the filters' own names belong to the widgets on Pending."""
    parts = {"order": queue.order, "action": queue.action, "mine": queue.mine, "snoozed": queue.snoozed}
    parts |= {SEGMENT + column: value for column, value in queue.segment}
    return urlencode({name: value for name, value in parts.items() if value})


def address(domain: DecisionDomain, queue: Queue) -> dict[str, str]:
    """The same queue as Pending's own URL says it: the way back from a case with its filters.

    >>> from rhml.core.domain import parse_domain
    >>> loans = parse_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"\\nwait = "Wait"')
    >>> address(loans, Queue("m1", "oldest_first", action="lend", mine=True))
    {'domain': 'loans', 'order': 'Oldest first', 'action': 'Lend', 'mine': 'true'}
    """
    return {
        "domain": domain.name,
        "order": LABELS[queue.order],
        **({"action": domain.label(queue.action)} if queue.action else {}),
        **{SEGMENT + column: value for column, value in queue.segment},
        **({"mine": "true"} if queue.mine else {}),
        **({"snoozed": "true"} if queue.snoozed else {}),
    }


def orders(matters: Intent | None) -> dict[str, str]:
    """The orders to choose from, by their names; by what matters only while something is stated."""
    return LABELS if matters else ORDERS


def unpacked(domain: DecisionDomain, person: str, url: str | None, matters: Intent | None = None) -> Queue:
    """The queue that Decide's URL names; what it does not name, or names wrongly, is as the domain, or what matters now,
    has it.

    >>> from rhml.core.domain import parse_domain
    >>> loans = parse_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"\\nwait = "Wait"')
    >>> unpacked(loans, "m1", packed(Queue("m1", "oldest_first", mine=True)))
    Queue(manager='m1', order='oldest_first', segment=(), action=None, snoozed=False, mine=True)
    """
    said = dict(parse_qsl(url or ""))
    order, action = said.get("order"), said.get("action")
    return Queue(
        manager=person,
        order=order if order in orders(matters) else queue_order(domain, matters),
        segment=tuple((c, said[SEGMENT + c]) for c in narrowing(domain) if SEGMENT + c in said),
        action=action if action in domain.action_keys else None,
        snoozed="snoozed" in said,
        mine="mine" in said,
    )


def narrowing(domain: DecisionDomain) -> tuple[str, ...]:
    """The columns by which the list may be narrowed; protected ones are watched in reports, not sorted by."""
    return tuple(c for c in domain.segments.columns if c not in domain.segments.protected)


def filters(domain: DecisionDomain, person: str, matters: Intent | None = None) -> Queue:
    """The filters as widgets, each in the URL; `matters` is what is stated to matter now."""
    offered, usual = orders(matters), queue_order(domain, matters)
    _follow(LABELS[usual])
    actions = {a.label: a.key for a in domain.actions}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        order = st.selectbox(
            "Order", list(offered.values()), index=list(offered).index(usual), key="order",
            bind="query-params", on_change=first_page, width=210,
        )  # fmt: skip
        action = st.selectbox(
            "Suggested", [ANY, *actions], key="action", bind="query-params", on_change=first_page, width=150
        )
        segments = [(column, _segment(domain, column)) for column in narrowing(domain)]
        mine = st.toggle("Assigned to me", key="mine", bind="query-params", on_change=first_page)
        snoozed = st.toggle("Snoozed", key="snoozed", bind="query-params", on_change=first_page)
    return Queue(
        manager=person,
        order={label: key for key, label in offered.items()}[order],
        segment=tuple((column, value) for column, value in segments if value != ANY),
        action=actions.get(action),
        snoozed=snoozed,
        mine=mine,
    )


def _follow(usual: str) -> None:
    """Let an order that nobody chose change with what matters."""
    before = st.session_state.get("usual_order", usual)
    if before != usual and st.session_state.get("order") == before:
        del st.session_state["order"]
    st.session_state["usual_order"] = usual


def _segment(domain: DecisionDomain, column: str) -> str:
    return st.selectbox(
        words.plain(feature_of(domain, column).label), [ANY, *resources.segment_values(domain.name, column)],
        key=SEGMENT + column, bind="query-params", on_change=first_page, width=150,
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
