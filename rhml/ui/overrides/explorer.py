"""What is looked at on the Overrides page: every dimension of the log as a filter that the URL keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rhml.core.domain import DecisionDomain
from rhml.loop.looked_at import ignored, shown_as
from rhml.printed.dimension_words import label, named
from rhml.store import organization
from rhml.store.dimensions import dimensions
from rhml.store.explorer import MOST_NAMES, Filters
from rhml.ui import computed, computed_readings, filters, measured, saved, veiled, words
from rhml.ui.shell import Here

__all__ = ["bank_left_out", "chosen", "label", "looking_at", "named", "narrow", "offered", "own", "said"]

MOST_SAID = 4


def offered(here: Here) -> tuple[str, ...]:
    """The dimensions this person may use: a manager sees no split by people."""
    without = {"manager"} if here.role in organization.OWN_ONLY else set()
    without |= set() if here.domain.has_order else {"direction"}
    return tuple(by for by in dimensions(here.domain) if by not in without)


def chosen(here: Here) -> Filters:
    """What the reader looks at, from the widgets that the URL keeps; to single one person out is a look."""
    _unknown(here)
    with filters.bar():
        since, until = filters.span(
            here.domain, UTC
        )  # as the log counts months, so that a link is one number
        wanted = st.text_input("Words in the rationale", key="words", bind="query-params", type="search",
                               max_chars=200, placeholder="contract renewal")  # fmt: skip
        found = _more_filters(here)
        saved.control(here, "overrides")
    parts = tuple(part for part in found if part[1])
    veiled.looked(here, dict(parts).get("manager", ()), "overrides of one person")
    looked_at = Filters(parts, since, until, wanted.strip(), veiled.veil(here), bank=not _restricted(here))
    # To search other people's words is to read them.
    return computed_readings.meaning(here.domain.name, own(here, looked_at)) if looked_at.words else looked_at


def own(here: Here, looked_at: Filters) -> Filters:
    """What of it this person may read one by one: those who decide read their own decisions alone."""
    return replace(looked_at, author=here.person) if _restricted(here) else looked_at


def _restricted(here: Here) -> bool:
    return here.role in organization.OWN_ONLY


def _unknown(here: Here) -> None:
    """Says which values of the address the log does not have; the widgets look past them."""
    names = computed.override_names(here.domain.name, veiled.veil(here))
    params = {key: st.query_params.get_all(key) for key in st.query_params}
    mine = {by: names[by] for by in offered(here)}
    if strange := ignored(here.domain, params, mine, computed.months(here.domain.name)):
        said = "; ".join(f"{called}: {', '.join(values)}" for called, values in strange.items())
        st.warning(
            f"The address asks for what is not in this log, which is ignored: {words.plain(said[:300])}."
        )


def _more_filters(here: Here) -> list[tuple[str, tuple[str, ...]]]:
    """A filter for each dimension that has something to choose; before the first decision none has."""
    names = computed.override_names(here.domain.name, veiled.veil(here))
    useful = [by for by in offered(here) if names[by]]
    if not useful:
        return []
    with st.popover("More filters", icon=":material/filter_list:", width="content"):
        left, right = st.columns(2)
        return [_names(here, by, names[by], (left, right)[at % 2]) for at, by in enumerate(useful)]


def _names(here: Here, by: str, options: list[str], column: DeltaGenerator) -> tuple[str, tuple[str, ...]]:
    many = len(options) >= MOST_NAMES
    picked = column.multiselect(
        label(here.domain, by), options, key=f"in_{by}", bind="query-params", accept_new_options=many,
        format_func=lambda name: shown_as(here.domain, by, name),
        placeholder="Type a name" if many else "All",
    )  # fmt: skip
    return by, tuple(picked)


def said(domain: DecisionDomain, looked_at: Filters) -> str:
    """The filters in a sentence."""
    parts = [
        f"{label(domain, by)}: {', '.join(named(domain, by, name) for name in names)}"
        for by, names in looked_at.chosen
    ]
    if looked_at.words:
        parts.append(f"rationale mentions {looked_at.words}")
    return "; ".join([*_months_said(looked_at), *parts]) or "everything in the log"


def _months_said(looked_at: Filters) -> list[str]:
    """The months looked at; months of UTC, which readers elsewhere are told."""
    since, until = looked_at.since, looked_at.until
    if not (since or until):
        return []
    first, last = (
        at and measured.period(f"{at:%Y-%m}") for at in (since, until and until - timedelta(days=1))
    )
    told = first if first == last else f"{first or 'the beginning'} to {last or 'today'}"
    return [told if str(words.zone()) in ("UTC", "Etc/UTC") else f"{told}, UTC"]


def looking_at(looked_at: Filters, domain: DecisionDomain) -> None:
    """The filters in words, also those that the popover hides, each with a way to remove it, and all at once."""
    if looked_at == Filters():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="looking_at"):
        st.markdown("Looking at:", width="content")
        for keys, name in _active(domain, looked_at).items():
            st.button(words.plain(name), key=f"off_{keys[0]}", type="tertiary", icon=":material/close:",
                      help="Remove this filter", on_click=_clear, args=(keys,))  # fmt: skip
        st.button("Clear filters", key="clear", icon=":material/filter_list_off:", on_click=_clear)


def _active(domain: DecisionDomain, looked_at: Filters) -> dict[tuple[str, ...], str]:
    """Each filter in words, by the widgets behind it."""
    found = {}
    if looked_at.since or looked_at.until:
        found["since", "until"] = _months_said(looked_at)[0]
    for by, names in looked_at.chosen:
        shown = [named(domain, by, name) for name in names[:MOST_SAID]]
        more = [f"{words.number(len(names) - MOST_SAID)} more"] if len(names) > MOST_SAID else []
        found[(f"in_{by}",)] = f"{label(domain, by)}: {', '.join(shown + more)}"
    if looked_at.words:
        found["words",] = f"Rationale mentions {looked_at.words}"
    return found


def _clear(keys: tuple[str, ...] | None = None) -> None:
    every = ["since", "until", "words", *(str(k) for k in st.session_state if str(k).startswith("in_"))]
    for key in keys or every:
        st.session_state[key] = [] if key.startswith("in_") else "" if key == "words" else None


def narrow(by: str, name: str) -> None:
    """Look at one name of a dimension alone from the next run on; a month is a span."""
    if by != "period":
        st.session_state[f"in_{by}"] = [name]
    elif name[:1].isdigit():
        st.session_state.update({"since": name, "until": name, "in_period": []})
    else:  # decisions without a date
        st.session_state.update({"since": None, "until": None, "in_period": [name]})


def bank_left_out(looked_at: Filters, domain: DecisionDomain) -> None:
    """Tells those who decide which cases are not counted here, and why."""
    if not looked_at.bank:
        many = words.plain(domain.terms.many)
        st.caption(
            f"Without the {many} of the bank: they judge people and models, so their outcomes are not told."
            + (
                " By words you find your own decisions alone: what others wrote is theirs."
                if looked_at.author
                else ""
            )
        )
