"""Erasing a person or a case in two steps, and what a domain's retention period comes to; leads only."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.errors import RhmlError
from rhml.loop import erase, retention
from rhml.store import organization
from rhml.store.schema import ORGANIZATION
from rhml.ui import words
from rhml.ui.shell import Here

GOES = {
    "person": (
        "their name in every fact, of every domain: one alias stands in its place",
        "what they typed: rationales, notes, reasons given in words",
        "their drafts, visits, saved views and questions",
    ),
    "case": (
        "its number: an alias stands in its place, also where it was somebody's peer",
        "its facts, but for what the domain keeps",
        "every text about it, and what its recommendation told of it",
    ),
}
STEP = "erasing"
DONE = "erased"


def section(here: Here) -> None:
    """What to erase; then what goes and what stays; then for good."""
    if done := st.session_state.pop(DONE, None):
        st.success(words.plain(done), icon=":material/done:")
        st.caption("The log's file is written anew, without what was erased, when the app is next started.")
    if st.session_state.get(STEP) is None:
        _ask(here)
    else:
        _confirm(here, *st.session_state[STEP])
    _retention(here)


def _ask(here: Here) -> None:
    case = words.plain(here.domain.terms.case)
    with st.form("erase", border=True):
        st.markdown(
            f"**Erase a person, or a {case}.** What was decided stays countable; who it was and what was typed does not."
        )
        kind = st.segmented_control("Erase", ("person", "case"), default="person", key="erase_kind", required=True,
                                    format_func=lambda k: "A person" if k == "person" else f"A {case}")  # fmt: skip
        name = st.text_input("Name, or number", key="erase_name", max_chars=500,
                             help=f"Exactly as it stands in the log. A {case} is looked for in {words.plain(here.domain.title)}.")  # fmt: skip
        why = st.text_input(
            "Why", key="erase_why", max_chars=1_000, help="The reason stays on record: name nobody in it."
        )
        if not st.form_submit_button("See what would go", icon=":material/visibility:"):
            return
    try:
        _preview(here, kind, name.strip())
    except RhmlError as refused:
        st.error(words.plain(str(refused)))
        return
    if not why.strip():
        st.error("Say why: the reason stays on record.")
        return
    st.session_state[STEP] = [kind, name.strip(), why.strip()]
    st.rerun()


def _preview(here: Here, kind: str, name: str) -> erase.Preview:
    if kind == "person":
        return erase.preview_person(here.store, name)
    return erase.preview_case(here.store, here.domain, name)


def _confirm(here: Here, kind: str, name: str, why: str) -> None:
    found = _preview(here, kind, name)
    with st.form("erase_for_good", border=True):
        facts = "1 fact" if found.total == 1 else f"{words.number(found.total)} facts"
        st.markdown(f"**Erase {words.plain(name)}?** {facts} will be redacted{_where(here, found)}.")
        left, right = st.columns(2)
        left.markdown("What goes\n" + "\n".join(f"- {line}" for line in GOES[kind]))
        right.markdown(f"What stays\n{_stays(here, kind)}")
        st.warning(f"This cannot be undone. {erase.OUTSIDE}", icon=":material/warning:")
        again = st.text_input("Type it once more to erase it", key="erase_again", max_chars=500)
        erasing = st.form_submit_button("Erase for good", type="primary", icon=":material/delete_forever:")
    if st.button("Back", key="erase_back"):
        st.session_state[STEP] = None
        st.rerun()
    if erasing and again.strip() != name:
        st.error(f"That is not {words.plain(name)}, so nothing was erased.")
    elif erasing:
        _do(here, kind, name, why)


def _where(here: Here, found: erase.Preview) -> str:
    names = [name for name in found.facts if name != ORGANIZATION]
    titles = [organization.domain(here.store, name).title for name in names]
    return f", in {words.plain(', '.join(titles))}" if titles else ""


def _stays(here: Here, kind: str) -> str:
    lines = [
        "decisions, outcomes and verdicts, and every count of them",
        "that it was erased, when, by whom and why",
    ]
    if kind == "case":
        lines.insert(0, f"of its facts: {_kept(here) or 'none'}")
    else:
        lines.insert(0, "that one and the same person decided, under the alias")
    return "\n".join(f"- {line}" for line in lines)


def _kept(here: Here) -> str:
    return words.plain(", ".join(here.domain.feature(name).label for name in here.domain.kept_columns))


def _do(here: Here, kind: str, name: str, why: str) -> None:
    with st.spinner("Erasing, and sealing what is left"):
        if kind == "person":
            done = erase.erase_person(here.store, name, by=here.person, at=here.now, why=why)
        else:
            done = erase.erase_case(here.store, here.domain, name, by=here.person, at=here.now, why=why)
    st.session_state[STEP], st.session_state[DONE] = None, done.message
    st.rerun()


def _retention(here: Here) -> None:
    if not here.domain.actions:
        return
    st.header("Retention", anchor=False)
    days = here.domain.retention.days
    wanted = st.number_input("Kept for how many days after the outcome, or the decision", 1, 100_000, days or 3_650,
                             key="retention_days", width=420)  # fmt: skip
    found = retention.due(here.store, here.domain, now=here.now, days=int(wanted))
    st.markdown(words.plain(found.sentence(here.domain)))
    if found.first:
        st.dataframe(
            pd.DataFrame([(c, words.day(at)) for c, at in found.first], columns=[here.domain.terms.case.capitalize(), "Closed"]),
            hide_index=True, alt="The oldest of them",
        )  # fmt: skip
    st.caption(
        f"{_stands(days)} What waits or is in conflict is never due. Kept of each: {_kept(here) or 'nothing'}."
    )


def _stands(days: int | None) -> str:
    if days is None:
        return "Only a preview: the domain file sets no [retention] days, so nothing is erased by itself."
    return f"The domain file says {words.number(days)} days; what is due is erased by itself, a day after the file was saved."
