"""What a statement promised beside what the log shows, and what outcomes have said of it since."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent import kinds
from rhml.loop.intent.kept import Kept, Line, kept
from rhml.ui import words
from rhml.ui.grid import grid
from rhml.ui.intent.expected import amount
from rhml.ui.shell import Here

NAMES = {
    "waiting": "Recommendations that waited",
    "hidden": "of them asking for the own call first: in no line below",
    "changed": "Recommendations that changed",
    "changed_hidden": "of them asking for the own call first",
    "cost before": "Expected cost of mistakes, before",
    "cost after": "Expected cost of mistakes, after",
}
SURE = 100


def open_by(here: Here, intent_id: str, *, withdrawal: bool = False) -> None:
    """A button that opens the comparison; the log is asked when somebody looks."""
    key = f"kept_{'withdrawn' if withdrawal else 'stated'}_{intent_id}"
    look = st.popover(
        "Promised, and in the log", icon=":material/fact_check:", type="tertiary", key=key, on_change="rerun"
    )
    with look:
        if look.open:
            _draw(here.domain, kept(here.store, here.domain, intent_id, withdrawal=withdrawal))


def _draw(domain: DecisionDomain, found: Kept) -> None:
    rows = [[named(domain, line), _number(domain, line, line.promised), _number(domain, line, line.in_log)]
            for line in found.lines]  # fmt: skip
    grid(["", "Promised", "In the log"], rows, name="promised")
    st.caption(f"{words.plain(found.sentence)}  \n{words.plain(found.outcomes.sentence)}")


def named(domain: DecisionDomain, line: Line) -> str:
    """A line of the comparison in the domain's words."""
    if line.what in NAMES:
        return NAMES[line.what]
    if " → " in line.what:
        first, then = line.what.split(" → ", 1)
        return f"from “{domain.label(first)}” to “{domain.label(then)}”"
    _, kind, when = line.what.split(" ", 2)
    return f"{dict(kinds(domain)).get(kind, kind)}, {when}"


def _number(domain: DecisionDomain, line: Line, value: float) -> str:
    if not line.what.startswith("cost "):
        return words.number(value)
    unit = domain.value.priced_in
    return amount(value, unit) if abs(value) < SURE else words.money(value, unit)
