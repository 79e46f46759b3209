"""Bringing decisions in: domains with their counts, files checked and imported, single outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pandas as pd
import streamlit as st

from rhml.loop import onboard, resolve
from rhml.store import frames, organization, registry
from rhml.ui import resources, watched, words
from rhml.ui.bringing import first_steps
from rhml.ui.bringing.bring import bring
from rhml.ui.bringing.checking import check_and_import, sound, upload
from rhml.ui.shell import Here


def data(here: Here) -> None:
    """The domains, and what a lead may bring in."""
    told = here.leads and first_steps.draw(here)
    watched.job(here, "onboard", well=not told and not first_steps.closed(here))
    if not here.leads:
        _overview(here)
        st.caption("A lead may bring domains and import data.")
        return
    if not here.domain.actions:
        bring(here)
        return
    task = st.segmented_control(
        "Task", list(TASKS), key="task", bind="query-params", default="Overview", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if told and task == "Bring a domain":
        st.caption("Close the steps above to bring another table.")
        return
    TASKS[task](here)


def _overview(here: Here) -> None:
    names = organization.domain_names(here.store)
    if not names:
        st.info("No domain is here yet. A lead brings the first one.")
        return
    rows = []
    for name in names:
        domain = resources.domain(name)
        totals = frames.totals(here.store, domain)
        rows.append(
            (
                domain.title,
                name,
                *(totals[k] for k in COUNTED),
                registry.live_version(here.store, name) or "none yet",
            )
        )
    st.dataframe(
        pd.DataFrame(rows, columns=["Decisions about", "Domain", *COUNTED.values(), "Live model"]),
        hide_index=True, key="domains", alt="Every domain with its counts",
        column_config={c: st.column_config.NumberColumn(format="localized") for c in COUNTED.values()},
    )  # fmt: skip


COUNTED = {"cases": "Cases", "waiting": "Waiting", "decisions": "Decided", "overrides": "Overrides",
           "resolved": "Outcomes"}  # fmt: skip


def _add(here: Here) -> None:
    """More cases, outcomes or an older log for the chosen domain."""
    domain = here.domain
    st.markdown(f"Files for **{words.plain(domain.title)}**. The same rows again change nothing.")
    given = {
        "cases": upload(f"{domain.terms.many.capitalize()}", "add_cases"),
        "outcomes": upload("Outcomes", "add_outcomes") if domain.outcome else None,
        "decisions": upload("An older decision log", "add_decisions"),
    }
    files = {part: file for part, file in given.items() if file is not None}
    if files:
        check_and_import(here, domain.name, domain.text, files)


def _edit(here: Here) -> None:
    """The chosen domain's file; saving makes a new version, the old ones stay on record."""
    version = organization.counter(here.store)
    text = st.text_area(
        f"{here.domain.name}.toml",
        value=here.domain.text,
        height=480,
        key=f"file_{here.domain.name}_{version}",
    )
    if st.button("Check and save", key="save_file", type="primary", icon=":material/save:"):
        done = onboard.onboard(here.store, sound(here.domain.name, text), by=here.person, at=here.now)
        st.success(
            "Saved as a new version."
            if done.domain_changed
            else "Nothing changed: this is the newest version."
        )
    st.caption(
        "Earlier versions stay in the audit trail. Draws of cases that are here already do not change."
    )


def _outcome(here: Here) -> None:
    """Record, correct or withdraw the outcome of one case."""
    domain = here.domain
    if domain.outcome is None:
        st.info(f"{words.plain(domain.title)} declares no outcome. Add [outcome] to its domain file first.")
        return
    with st.form("one_outcome", border=True):
        case_id = st.text_input(
            domain.terms.case.capitalize(), value=st.query_params.get("case", ""), key="outcome_case"
        ).strip()
        action = st.selectbox(
            "What proved right", domain.action_keys, format_func=domain.label, key="outcome_action"
        )
        day = st.date_input("Known since", value="today", key="outcome_day")
        left, right = st.columns(2)
        record = left.form_submit_button("Record or correct", type="primary", width="stretch")
        withdraw = right.form_submit_button("Withdraw the outcome", width="stretch")
    if record:
        midnight = datetime.combine(day, time.min, words.zone()).astimezone(UTC).replace(tzinfo=None)
        done = resolve.resolve_one(
            here.store, domain, case_id, action, known_at=min(midnight, here.now) if day <= _today(here) else midnight,
            by=here.person, at=here.now,
        )  # fmt: skip
        resources.outcomes_arrived(domain.name)
        said = (
            "Recorded."
            if done.new
            else "Corrected; the earlier outcome stays on record."
            if done.corrected
            else "Nothing changed: this outcome is on record already."
        )
        st.success(f"{words.plain(case_id)}: {said}")
        st.page_link("pages/models.py", label="Retrain with it", icon=":material/model_training:")
    elif withdraw:
        resolve.withdraw(here.store, domain, case_id, by=here.person, at=here.now)
        st.success(f"{words.plain(case_id)}: withdrawn; the case counts as unresolved again.")


def _today(here: Here):
    return here.now.replace(tzinfo=UTC).astimezone(words.zone()).date()


TASKS = {
    "Overview": _overview,
    "Bring a domain": bring,
    "Add data": _add,
    "Domain file": _edit,
    "Record an outcome": _outcome,
}
