"""Files checked row by row, previewed, and handed to the worker that imports them."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain, check_domain, parse_domain
from rhml.errors import DomainInvalid
from rhml.loop import onboard, uploads
from rhml.loop.uploads import File
from rhml.ui import resources, words
from rhml.ui.shell import Here

ENDINGS = ["csv", "tsv", "parquet"]
PREVIEW = 20


def upload(label: str, key: str):
    """A place for one table."""
    return st.file_uploader(label, type=ENDINGS, key=key)


def table_of(file):
    """An uploaded file as a table."""
    return resources.uploaded_table(file.file_id, file.name, file.getvalue())


def check_and_import(here: Here, name: str, text: str, files: dict, *, hold: int | None = None) -> None:
    """The two buttons, and what follows; `hold` None where cases come to a domain that runs already."""
    keep = 0
    if hold:
        keep = hold if st.checkbox(
            f"Hold back the answers of the {words.number(hold)} newest, so that there is something to decide", value=True,
            key=f"hold_{name}", help="They wait as if nobody knew yet. Give the same file again later, and their answers come.",
        ) else 0  # fmt: skip
    left, right = st.columns(2)
    check = left.button("Check and preview", key="check", icon=":material/fact_check:", width="stretch")
    said = "Import" if hold is None else "Import, and train a first model"
    bring = right.button(said, key="import", type="primary", icon=":material/upload:", width="stretch")
    if not (check or bring):
        return
    domain = sound(name, text)
    tables = {part: table_of(file) for part, file in files.items()}
    with st.spinner("Checking every row …"):
        checked = onboard.check(here.store, domain, **tables, now=here.now)
    if bring:
        kept = {part: File(file.name, file.getvalue()) for part, file in files.items()}
        token = uploads.keep(name, text, kept, hold=keep)
        first = {} if hold is None else {"train": "yes"}
        resources.ask_for("onboard", domain=name, by=here.person, arguments={"upload": token, **first})
        st.rerun()
    _preview(domain, checked)


def sound(name: str, text: str) -> DecisionDomain:
    """The domain that a file's text says; DomainInvalid with every problem of it."""
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
    for part, what, shown in (
        (checked.cases, "cases", domain.terms.many),
        (checked.outcomes, "outcomes", "outcomes"),
        (checked.decisions, "decisions", "decisions"),
    ):
        if part is not None:
            st.markdown(f"The first {words.plain(shown)} as understood:")
            rows = part.head(PREVIEW).dropna(axis=1, how="all")
            st.dataframe(rows, hide_index=True, key=f"preview_{what}", alt=f"The first {shown} as understood")
