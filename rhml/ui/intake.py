"""Bringing decisions in: domains with their counts, files checked and imported, single outcomes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain, check_domain, parse_domain
from rhml.errors import DomainInvalid, RhmlError
from rhml.intake.draft import draft
from rhml.intake.naming import domain_name
from rhml.loop import onboard, resolve, uploads
from rhml.loop.uploads import File
from rhml.store import frames, organization, registry
from rhml.ui import resources, watched, words
from rhml.ui.shell import Here

ENDINGS = ["csv", "tsv", "parquet"]
PREVIEW = 20


def data(here: Here) -> None:
    """The domains, and what a lead may bring in."""
    watched.job(here, "onboard")
    if not here.leads:
        _overview(here)
        st.caption("A lead may bring domains and import data.")
        return
    if not here.domain.actions:
        _bring(here)
        return
    task = st.segmented_control(
        "Task", list(TASKS), key="task", bind="query-params", default="Overview", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
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


def _bring(here: Here) -> None:
    """A table of cases becomes a domain: draft, correct, check, import."""
    st.markdown(
        "Give a table with **one row a case**. A domain file is drafted from it; correct what was guessed "
        "wrong, check, then import. Nothing is written before you press *Import*."
    )
    cases = _upload("Cases (CSV or Parquet)", "bring_cases")
    given = st.file_uploader("Domain file, if you have one (TOML)", type=["toml"], key="bring_toml")
    if cases is None:
        return
    name = st.text_input(
        "Name of the domain", value=domain_name(Path((given or cases).name).stem), key=f"name_{(given or cases).file_id}",
        help="Small letters, digits and underscores. It stays for good and stands in commands and addresses.",
    ).strip()  # fmt: skip
    text = _text(cases, given, name)
    files = {"cases": cases, **_more()}
    _check_and_import(here, name, text, files)


def _text(cases, given, name: str) -> str:
    key = f"text_{cases.file_id}_{given.file_id if given else ''}"
    if key not in st.session_state:
        st.session_state[key] = _decoded(given) if given else draft(_table(cases), name=name or "decisions")
    return st.text_area("Domain file", key=key, height=420)


def _decoded(given) -> str:
    try:
        return given.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RhmlError("The domain file is not UTF-8 text. Save it as UTF-8 and give it again.") from error


def _more() -> dict:
    with st.expander("Outcomes and an older decision log (optional)"):
        outcomes = _upload("Outcomes: case_id, right_action, known_at", "more_outcomes")
        decisions = _upload("Decisions: case_id, manager, and what they called", "more_decisions")
    return {k: f for k, f in (("outcomes", outcomes), ("decisions", decisions)) if f is not None}


def _add(here: Here) -> None:
    """More cases, outcomes or an older log for the chosen domain."""
    domain = here.domain
    st.markdown(f"Files for **{words.plain(domain.title)}**. The same rows again change nothing.")
    given = {
        "cases": _upload(f"{domain.terms.many.capitalize()}", "add_cases"),
        "outcomes": _upload("Outcomes", "add_outcomes") if domain.outcome else None,
        "decisions": _upload("An older decision log", "add_decisions"),
    }
    files = {part: file for part, file in given.items() if file is not None}
    if files:
        _check_and_import(here, domain.name, domain.text, files)


def _upload(label: str, key: str):
    return st.file_uploader(label, type=ENDINGS, key=key)


def _table(file):
    return resources.uploaded_table(file.file_id, file.name, file.getvalue())


def _check_and_import(here: Here, name: str, text: str, files: dict) -> None:
    left, right = st.columns(2)
    check = left.button("Check and preview", key="check", icon=":material/fact_check:", width="stretch")
    bring = right.button("Import", key="import", type="primary", icon=":material/upload:", width="stretch")
    if not (check or bring):
        return
    domain = _sound(name, text)
    if bring:
        kept = {part: File(file.name, file.getvalue()) for part, file in files.items()}
        token = uploads.keep(name, text, kept)
        resources.ask_for("onboard", domain=name, by=here.person, arguments={"upload": token})
        st.rerun()
    tables = {part: _table(file) for part, file in files.items()}
    with st.spinner("Checking every row …"):
        checked = onboard.check(here.store, domain, **tables, now=here.now)
    _preview(domain, checked)


def _sound(name: str, text: str) -> DecisionDomain:
    problems = check_domain(name, text)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise DomainInvalid(f"The domain file has {count}; nothing was changed.", problems)
    return parse_domain(name, text)


def _preview(domain: DecisionDomain, checked: onboard.Checked) -> None:
    counts = [
        f"{words.number(len(part))} {what}"
        for part, what in ((checked.cases, domain.terms.many), (checked.outcomes, "outcomes"), (checked.decisions, "decisions"))
        if part is not None
    ]  # fmt: skip
    st.success(
        f"No problems: {words.plain(', '.join(counts))}. Nothing is written yet.",
        icon=":material/check_circle:",
    )
    for note in checked.notes[:20]:
        st.caption(words.plain(note))
    for part, what in (
        (checked.cases, "cases"),
        (checked.outcomes, "outcomes"),
        (checked.decisions, "decisions"),
    ):
        if part is not None:
            st.markdown(f"The first {what} as understood:")
            shown = part.head(PREVIEW).dropna(axis=1, how="all")
            st.dataframe(shown, hide_index=True, key=f"preview_{what}", alt=f"The first {what} as understood")


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
        done = onboard.onboard(here.store, _sound(here.domain.name, text), by=here.person, at=here.now)
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
    "Bring a domain": _bring,
    "Add data": _add,
    "Domain file": _edit,
    "Record an outcome": _outcome,
}
