"""A table of cases becomes a domain: upload, begin with a field, look at the guesses, check, import and train."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rhml.errors import RhmlError
from rhml.intake.drafting.naming import domain_name
from rhml.intake.drafting.planning import Plan
from rhml.intake.drafting.writing import write
from rhml.ui.bringing import columns, drafted, form
from rhml.ui.bringing.checking import check_and_import, table_of, upload
from rhml.ui.shell import Here


def bring(here: Here) -> None:
    """From a file to a running domain."""
    st.markdown(
        "Give a table with **one row a case**: what was known when somebody decided and, where you know it, how it "
        "ended. The questions below are answered by what the table says; correct what was guessed wrong. "
        "Nothing is written before you press *Import*."
    )
    cases = upload("Your table (CSV or Parquet)", "bring_cases")
    with st.expander("A domain file, outcomes or an older decision log of your own (optional)"):
        given = st.file_uploader("Domain file (TOML)", type=["toml"], key="bring_toml")
        outcomes = upload("Outcomes: case_id, right_action, known_at", "more_outcomes")
        decisions = upload("Decisions: case_id, manager, and what they called", "more_decisions")
    if cases is None:
        return
    stem = Path((given or cases).name).stem
    files = {
        k: f for k, f in (("cases", cases), ("outcomes", outcomes), ("decisions", decisions)) if f is not None
    }
    if given is not None:
        name = _name(stem, given.file_id)
        text = st.text_area("Domain file", _decoded(given), key=f"text_{given.file_id}", height=420)
        check_and_import(here, name, text, files, hold=0)
        return
    _guided(here, cases, stem, files)


def _guided(here: Here, cases, stem: str, files: dict) -> None:
    key, table = cases.file_id, table_of(cases)
    lent = drafted.start_from(table, key)
    guessed, choices = drafted.guessed(key, table)
    asked = f"{key}_{lent.name if lent else ''}"
    with st.container(border=True):
        roles = form.roles(key, guessed, choices)
        plan = drafted.drafted(key, stem, table, lent, roles)
        told = f"{asked}_{abs(hash(roles))}"
        if plan.outcome is None and plan.decided is None:
            st.info(
                "No column says how a case ended or what was decided. You can import the table all the same: a model "
                "comes once enough has been decided here, or once outcomes are added."
            )
        plan = form.answers(plan, told)
    with st.container(border=True):
        plan = columns.columns(plan, told)
    with st.container(border=True):
        plan = form.wording(plan, asked)
        plan = form.stake(plan, told)
        name = _name(stem, key)
    text = _text(plan, told)
    check_and_import(here, name, text, files, hold=_hold(plan))


def _name(stem: str, key: str) -> str:
    return st.text_input(
        "Name in commands and addresses", value=domain_name(stem), key=f"name_{key}",
        help="Small letters, digits and underscores. It stays for good.",
    ).strip()  # fmt: skip


def _text(plan: Plan, key: str) -> str:
    """The domain file that follows from the form, for who wants to see it or to go on by hand."""
    text = write(plan)
    with st.expander("The domain file that this makes"):
        if not st.toggle("Go on in the file itself", key=f"by_hand_{key}"):
            st.text_area("Domain file", text, height=420, disabled=True, label_visibility="collapsed")
            return text
        st.caption("From here on the file counts, and the form above no longer changes it.")
        return st.text_area("Domain file", text, key=f"text_{key}", height=420, label_visibility="collapsed")


def _hold(plan: Plan) -> int:
    """How many cases to hold back, where each has its answer already and nothing would be left to decide."""
    reading = plan.outcome or plan.decided
    if reading is None:
        return 0
    known = sum(count for word, count in reading.answer.words if word in reading.answer.plain) or plan.rows
    return int(min(60, max(20, known // 10))) if known >= 100 and plan.rows - known < 20 else 0


def _decoded(given) -> str:
    try:
        return given.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RhmlError("The domain file is not UTF-8 text. Save it as UTF-8 and give it again.") from error
