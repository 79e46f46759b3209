"""The routing simulator: what it would have meant to let the model decide alone in some segments."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop import routing
from rhml.loop.routing import SURENESS, Routed
from rhml.stats.measure import Measure
from rhml.ui import computed, measured, words
from rhml.ui.reasons import feature_of
from rhml.ui.shell import Here

SHARES = (0.1, 0.2, 0.3, 0.5)
SURE = {"clear": "the model is clear", "leaning": "the model is leaning", "toss-up": "it is a toss-up"}


def draw(here: Here) -> None:
    """Choose segments and see what past decisions say; the product's own proposal below."""
    domain, many = here.domain, words.plain(here.domain.terms.many)
    st.header("Where the model could decide alone", anchor=False)
    if domain.outcome is None:
        st.info("Without outcomes nobody can say what would be lost: there is nothing to replay.")
        return
    decisions = computed.replayable(domain.name)
    if decisions.empty:
        st.info(
            f"Past decisions are replayed here with the model alone. None of the {many} decided so far had a "
            "recommendation; decide some on Pending first."
        )
        return
    st.markdown(
        "Past decisions, replayed: in the segments you choose, the recommendation stands in for what people "
        "decided. **This changes nothing**: it is a what-if for a conversation, and the product never lets the "
        "model decide by itself."
    )
    choice = _choice(decisions, domain)
    if choice:
        _result(routing.replay(decisions, domain, choice), domain, named(domain, choice))
    _proposal(here)
    measured.how(
        "Only decisions that had a recommendation and whose outcome is known can tell what would change; where outcomes "
        "are seen only after some decisions, only the explored ones count. Several values of one column add up, several "
        "columns narrow. *Share right* and *value* compare the same decisions with themselves, so their intervals (95 %) are paired, "
        "and speak for these managers. *Hours* are the time cards were open, at most one hour each. The past recommendations "
        "came from the versions live then. What nobody decides by hand any more is no longer measured either: keep a "
        "random share for people.",
        key="routing",
    )


def _choice(decisions: pd.DataFrame, domain: DecisionDomain) -> routing.Choice:
    offered = routing.segments(decisions, domain)
    labels = {_label(domain, *segment): segment for segment in offered}
    picked = st.multiselect(
        "Let the model decide alone where", list(labels), key="route", placeholder="Choose segments",
    )  # fmt: skip
    return [labels[label] for label in picked]


def _label(domain: DecisionDomain, column: str, value: str) -> str:
    if column == SURENESS:
        return SURE.get(value, value)
    return f"{feature_of(domain, column).label}: {value}"


def named(domain: DecisionDomain, choice: routing.Choice) -> str:
    """A choice in words: 'the model is clear, and Sector is retail or farming'."""
    parts = []
    for column in dict.fromkeys(c for c, _ in choice):
        values = [v for c, v in choice if c == column]
        if column == SURENESS:
            parts.append(" or ".join(SURE.get(v, v) for v in values))
        else:
            parts.append(f"{feature_of(domain, column).label} is {' or '.join(values)}")
    return ", and ".join(parts)


def _result(found: Routed, domain: DecisionDomain, where: str) -> None:
    st.markdown(f"**{words.plain(sentence(found, domain, where))}**")
    unit = domain.value.unit
    rows = [
        (
            "Decided by the model",
            f"{words.percent(found.share)} of {words.number(found.decisions)} decisions",
        ),
        ("Hours saved, per 1,000 decisions", _hours(found.hours)),
        ("Share right, of all decisions", measured.difference(found.accuracy)),
        ("Share right, in these segments", measured.difference(found.inside)),
        ("Value, per 1,000 decisions", measured.amount(found.value, unit)),
        (
            "Overrides there",
            f"{words.number(found.rescued)} rescued would be lost, {words.number(found.spoiled)} spoiled would be saved",
        ),
    ]
    measured.table_of(
        pd.DataFrame(rows, columns=["If so", "Expected"]),
        alt="What letting the model decide alone would mean",
    )


def sentence(found: Routed, domain: DecisionDomain, where: str) -> str:
    """What it comes to, in one sentence that says no more than the interval does."""
    many = domain.terms.many
    if not found.routed:
        return f"No past decision falls where {where}."
    head = f"Where {where}, the model would decide {words.percent(found.share)} of the {many}"
    hours = (
        f" and save about {words.number(found.hours.value, 1)} hours in 1,000 decisions"
        if found.hours.known
        else ""
    )
    change = found.accuracy
    if not change.known or change.low is None or change.high is None:
        return f"{head}{hours}; what that does to the share right: {change.why or 'not known'}"
    if change.high < 0:
        said = "people's look there is worth keeping: the share right would fall"
    elif change.low > 0:
        said = "the share right would rise"
    elif change.low > -domain.training.margin:
        said = "nothing that matters would be lost"
    else:
        said = "whether that costs right decisions cannot be told yet"
    return f"{head}{hours}; {said}: {measured.difference(change)}."


def _hours(found: Measure) -> str:
    if not found.known:
        return words.own(found.why)
    between = "" if found.low is None else f"{words.number(found.low, 1)} to {words.number(found.high, 1)}; "
    return f"{words.number(found.value, 1)} ({between}n {words.number(found.n)})"


def _proposal(here: Here) -> None:
    """The product's own proposal, measured on the half of the log that had no part in finding it."""
    st.subheader("A proposal", anchor=False)
    at_most = st.segmented_control(
        "Decided by the model, at most", SHARES, default=SHARES[2], key="route_most", required=True,
        format_func=words.percent,
    )  # fmt: skip
    found = computed.proposed(here.domain.name, float(at_most))
    if found is None:
        st.markdown(
            f"No segment within {words.percent(at_most)} can be shown to lose nothing by doing without a look. "
            "That is the usual answer while outcomes are few."
        )
        return
    _result(found.found, here.domain, named(here.domain, found.choice))
    st.caption(
        f"Found in one half of the {words.plain(here.domain.terms.many)}, measured on the other "
        f"({words.number(found.found.inside.n)} resolved decisions there). A person decides whether to change "
        "how work is shared; nothing is applied."
    )
