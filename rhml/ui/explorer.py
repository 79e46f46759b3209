"""The Overrides page: filters in the URL, counts and worth, a split by one dimension, what managers wrote."""

from __future__ import annotations

from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.exploration import Exploration
from rhml.reports.overrides import Overrides
from rhml.store import explorer, organization
from rhml.store.dimensions import dimensions
from rhml.store.explorer import Filters
from rhml.ui import computed, exports, filters, measured, shell, veiled, words
from rhml.ui.shell import Here

LABELS = {
    "manager": "Manager",
    "reason": "Reason",
    "direction": "Direction",
    "mode": "Card",
    "model_version": "Model version",
    "period": "Month",
    "verdict": "Verdict",
}
MODES = {
    "assisted": "recommendation at once",
    "first_call": "own call first",
    "evidence_only": "evidence, no recommendation",
}
VERDICTS = ("rescued", "spoiled", "both wrong", "not yet known", "cannot be known")


def offered(here: Here) -> tuple[str, ...]:
    """The dimensions this person may use: a manager sees no split by people."""
    without = {"manager"} if here.role in organization.OWN_ONLY else set()
    without |= set() if here.domain.has_order else {"direction"}
    return tuple(by for by in dimensions(here.domain) if by not in without)


def chosen(here: Here) -> Filters:
    """What the reader looks at, from the widgets that the URL keeps; to single one person out is a look."""
    with filters.bar():
        since, until = filters.span(here.domain)
        wanted = st.text_input("Words in the rationale", key="words", bind="query-params", type="search",
                               max_chars=200, placeholder="contract renewal")  # fmt: skip
        found = _more_filters(here)
    parts = tuple(part for part in found if part[1])
    veiled.looked(here, dict(parts).get("manager", ()), "overrides of one person")
    restricted = here.role in organization.OWN_ONLY
    return Filters(parts, since, until, wanted.strip(), veiled.veil(here), bank=not restricted)


def _more_filters(here: Here) -> list[tuple[str, tuple[str, ...]]]:
    """A filter for each dimension that has something to choose; before the first override none has."""
    names = computed.override_names(here.domain.name, veiled.veil(here))
    useful = [by for by in offered(here) if by != "period" and names[by]]
    if not useful:
        return []
    with st.popover("More filters", icon=":material/filter_list:"):
        return [_names(here, by) for by in useful]


def _names(here: Here, by: str) -> tuple[str, tuple[str, ...]]:
    options = computed.override_names(here.domain.name, veiled.veil(here))[by]
    picked = st.multiselect(label(here.domain, by), options, key=f"in_{by}", bind="query-params",
                            format_func=lambda name: named(here.domain, by, name))  # fmt: skip
    return by, tuple(picked)


def label(domain: DecisionDomain, by: str) -> str:
    """What a dimension is called."""
    return LABELS.get(by) or filters.label(domain, by)


def named(domain: DecisionDomain, by: str, name: str) -> str:
    """One name of a dimension in the domain's words."""
    if by == "mode":
        return MODES.get(name, name)
    if by == "period" and name[:1].isdigit():
        return measured.period(name)
    if by == "direction" and len(domain.actions) == 2:
        first, second = (action.label for action in domain.actions)
        return {"high-side": f"{second} instead of {first}", "low-side": f"{first} instead of {second}"}.get(
            name, name
        )
    return name


def said(domain: DecisionDomain, looked_at: Filters) -> str:
    """The filters in a sentence."""
    parts = [
        f"{label(domain, by)}: {', '.join(named(domain, by, name) for name in names)}"
        for by, names in looked_at.chosen
    ]
    if looked_at.words:
        parts.append(f"rationale mentions {looked_at.words}")
    return filters.said(looked_at.since, looked_at.until, parts)


def looking_at(looked_at: Filters, domain: DecisionDomain) -> None:
    """The filters in words, also those that the popover hides, and the way back to everything."""
    if looked_at != Filters():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Looking at: {words.plain(said(domain, looked_at))}.", width="content")
            st.button("Clear filters", key="clear", icon=":material/filter_list_off:", on_click=_clear)


def _clear() -> None:
    st.session_state.update({"since": None, "until": None, "words": ""})
    for key in [k for k in st.session_state if str(k).startswith("in_")]:
        st.session_state[key] = []


def bank_left_out(looked_at: Filters, domain: DecisionDomain) -> None:
    """Tells those who decide which cases are not counted here, and why."""
    if not looked_at.bank:
        many = words.plain(domain.terms.many)
        st.caption(
            f"Without the {many} of the bank: they judge people and models, so their outcomes are not told."
        )


def nothing(total: Overrides, looked_at: Filters, domain: DecisionDomain) -> bool:
    """Says why there are no overrides to explore, and what to do; False if there are some."""
    if total.overridden:
        return False
    if looked_at != Filters():
        st.info("No override is left under these filters. Clear or widen them.")
    elif total.advised:
        st.info(f"Every one of {words.number(total.advised)} decisions follows its recommendation so far.")
    else:
        st.info("Here you will see where managers decide differently from the model, and what came of it. Nothing is "
                "here yet, because no recommendation has been decided on.")  # fmt: skip
        st.page_link(
            "pages/pending.py", label=f"Decide the first {domain.terms.case}", icon=":material/inbox:"
        )
    return True


def summary(total: Overrides, domain: DecisionDomain) -> None:
    """How many, what came of them, and whether the rate deserves a look."""
    look, act = domain.override.look_above, domain.override.act_above
    said = total.rate.why
    if total.rate.known:
        said = (
            f"Override rate {measured.share(total.rate)}: **{total.words}**. A high rate is not bad in itself: judge "
            "by outcome."
        )
    st.markdown(f"**{words.number(total.overridden)} overrides.** {said}")
    shown = (total.rescued, total.spoiled, total.both_wrong, total.not_yet_known, total.cannot_be_known)
    possible = {
        "both wrong": len(domain.actions) > 2,
        "cannot be known": domain.selective or not domain.outcome,
    }
    with st.container(horizontal=True, key="tally"):
        for name, count in zip(VERDICTS, shown, strict=True):
            if possible.get(name, True):
                st.metric(name[0].upper() + name[1:], words.number(count), border=True, width=150)
    st.markdown(f"Right when they differed: **{measured.share(total.precision)}**")
    st.markdown(f"Worth, rescued minus spoiled: **{measured.amount(total.value, words.plain(total.unit))}**")
    measured.how(
        "*Rescued*: the decision proved right and the recommendation wrong. *Spoiled*: the other way round. *Both wrong*: a "
        "third action was right. *Not yet known*: the outcome is still to come. *Cannot be known*: after this decision no "
        "outcome is ever seen.\n\n95 % intervals in brackets, for these managers; n counts the overrides that can be judged.\n\n"
        f"The domain looks at rates above {words.percent(look)} and acts above {words.percent(act)}. The rate is the share "
        "of recommendations decided against.",
        key="summary",
    )


def split_by(here: Here) -> str:
    """The dimension of the table."""
    options = offered(here)
    return st.selectbox("Split by", options, index=options.index("reason"), key="split", bind="query-params",
                        format_func=lambda by: label(here.domain, by), width=300)  # fmt: skip


def listed(here: Here, looked_at: Filters, total: Overrides) -> None:
    """One page of overrides with what managers wrote, each with a way to its case."""
    st.header("What managers wrote", anchor=False)
    pages = max(1, ceil(total.overridden / explorer.PAGE))
    page = st.pagination(pages, key="sheet") if pages > 1 else 1
    order = "those with most of your words first" if looked_at.words else "the newest first"
    st.caption(f"{words.number(total.overridden)} overrides, {order}.")
    for row in explorer.listed(here.store, here.domain, looked_at, page):
        _row(here, row)


def _row(here: Here, row: dict[str, Any]) -> None:
    domain, plain = here.domain, words.plain
    facts = (f"**{plain(domain.label(row['final_action']))}** instead of "
             f"**{plain(domain.label(row['recommended_action']))}**", row["status"],
             plain(row["reason"] or "no reason stated"), plain(row["manager"]), words.day(row["decided_at"]))  # fmt: skip
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.page_link("pages/decide.py", label=f"{domain.terms.case} {plain(row['case_id'])}", width=190, icon=":material/open_in_full:",
                     query_params={"case": row["case_id"], **shell.staying_in(domain)})  # fmt: skip
        said = f"“{plain(row['rationale'])}”" if row["rationale"] else "No rationale written."
        st.markdown(f"{said}  \n{' · '.join(facts)}", width="stretch")


def downloads(here: Here, looked_at: Filters, found: Exploration) -> None:
    """The overrides under the filters as files."""
    store, domain = here.store, here.domain
    print_ = exports.about(
        f"Overrides: {domain.title}",
        filters=said(domain, looked_at),
        rows=found.total.overridden,
        what="overrides",
        versions=computed.override_names(domain.name)["model_version"],
        at=here.now,
    )

    def read() -> pd.DataFrame:
        table = explorer.exported(store, domain, looked_at)
        veiled.looked(here, table["manager"].unique(), "export of overrides", said(domain, looked_at))
        return table.drop(columns=["manager"] if here.role in organization.OWN_ONLY else [])

    exports.override_buttons(read, domain, print_, here.now)
