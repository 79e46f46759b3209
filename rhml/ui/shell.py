"""The frame round every page: navigation, who and where you are, running work, and the one error boundary."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError, WithProblems
from rhml.store import case_file, organization, waiting
from rhml.store.engine import Store
from rhml.store.opening import utc_now
from rhml.ui import five_fields, resources, tour, words
from rhml.ui.pages import OPENS, PAGES, Page, opening


@dataclass(frozen=True)
class Here:
    """What a page needs to know: the log, the chosen domain, who is asking, and the time."""

    store: Store
    domain: DecisionDomain
    person: str
    role: str
    now: datetime

    @property
    def decides(self) -> bool:
        """Whether this person makes decisions; analysts read and ask, trainees practise."""
        return self.role not in organization.READERS

    @property
    def leads(self) -> bool:
        """Whether this person may promote, import and manage people."""
        return self.role == "lead"


def _part(name: str) -> str:
    return (files("rhml.ui") / name).read_text("utf-8")


CALM = f"<style>{_part('shell.css')}</style>"
NARROW = f"<script>{_part('narrow.js')}</script>"
"""On a telephone the sidebar lies over the page; Streamlit closes it for its own links only, not for ours."""


def from_the_top(what: str) -> None:
    """Show the page from its beginning, once, when something else lies on it than before.

    What that is may be somebody's own text, so the script names it by a hash.
    """
    mark = sha256(what.encode()).hexdigest()[:16]
    st.html(f"<script>{TOP.format(mark)}</script>", unsafe_allow_javascript=True)


TOP = (
    "if (window.rhmlLies !== '{0}') {{ window.rhmlLies = '{0}'; "
    "document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0); }}"
)


@contextmanager
def page(file: str) -> Iterator[Here]:
    """Draw a page inside its frame; it runs only with a domain and a person, and never shows a traceback."""
    found = next(p for p in PAGES if p.file == file)
    st.set_page_config(page_title=f"{found.title} · RHML", page_icon="⚖️", layout="wide")
    st.html(CALM)
    with st.sidebar:
        st.html(NARROW, unsafe_allow_javascript=True)
    with boundary(file):
        here = _here(found)
        with st.container(key="page"):
            yield here
        tour.drawn(here.domain.name, here.person, file)


@contextmanager
def boundary(file: str) -> Iterator[None]:
    """The one error boundary: round every page, and again inside a part that is redrawn without its page."""
    try:
        yield
    except WithProblems as refused:
        st.error(words.plain(str(refused)))
        problem_table(refused)
        st.stop()
    except RhmlError as refused:
        st.error(words.plain(str(refused)))
        st.stop()
    except Exception:  # a defect is logged whole and told without its innards
        logging.getLogger("rhml").exception("page %s failed", file)
        st.error(
            "This is a defect of the product, not yours. What was saved is saved; the server's log has the rest."
        )
        st.stop()


def _here(found: Page) -> Here:
    five_fields.go_where_sent()
    _forget_view(found)
    store, standing = resources.store(), resources.standing()
    with st.sidebar:
        _navigation()
    five_fields.before_anything(standing.domains)
    with st.sidebar:
        five_fields.entry()
        name = _domain_picker(standing.domains)
        spoken = standing.domains[name].terms if name else NO_DOMAIN.terms
        st.session_state["own_words"] = (spoken.case, spoken.many, spoken.manager)
        person = _person_picker(five_fields.colleagues(name or "", standing.people))
    if found.file not in ("organization", "proof") and (name is None or person is None):
        _nothing_here(found, nobody=name is not None)
    # Where nobody is known yet, whoever comes first names the lead.
    role = standing.people.get(person, "") if person else "lead"
    here = Here(store, standing.domains[name] if name else NO_DOMAIN, person or "", role, utc_now())
    tour.above(here.domain.name, here.person, found.file)
    st.title(found.title, anchor=False)
    if found.file != "decide":  # where the case itself comes first
        st.caption(words.own(f"{found.about}."))
    if name:
        with st.sidebar:
            _search(here)
            _due(here)
    return here


def _forget_view(found: Page) -> None:
    """Views of two pages may have one name: what was open on the last page is not meant for this one.

    Streamlit drops `view` from a link's address where the page left has a view too, so a link names it under
    another name as well.
    """
    if st.session_state.get("on_page") != found.file:
        st.session_state["on_page"] = found.file
        st.session_state.pop("view", None)
    if wanted := st.query_params.get(OPENS):
        del st.query_params[OPENS]
        st.query_params["view"] = st.session_state["view"] = wanted


NO_DOMAIN = DecisionDomain(name="none", title="No domain yet", actions=())


def _navigation() -> None:
    for page_ in PAGES:
        # Without a tooltip: it would lie over the neighbours of the link that was just clicked.
        st.page_link(f"pages/{page_.file}.py", label=page_.title, icon=page_.icon, width="stretch")


def _domain_picker(domains: dict[str, DecisionDomain]) -> str | None:
    """The domain of the address, else the one chosen last, else the first; the address always names it.

    The widget is told its value on every run: bound or persistent, it forgets the choice on some page switches.
    """
    if not domains:
        return None
    asked = (st.query_params.get("domain"), st.session_state.get("chosen_domain"))
    current = next((name for name in asked if name in domains), next(iter(domains)))
    st.session_state["domain"] = current
    st.selectbox(
        "Decisions about", list(domains), key="domain", on_change=_domain_to_url,
        format_func=lambda name: domains[name].title,
    )  # fmt: skip
    st.session_state["chosen_domain"] = st.query_params["domain"] = current
    return current


def _domain_to_url() -> None:
    st.query_params["domain"] = st.session_state["domain"]


def staying_in(domain: DecisionDomain, *, view: str | None = None) -> dict[str, str]:
    """What a link with its own parameters adds to stay in a domain, and to open a view of the other page."""
    return {"domain": domain.name} | (opening(view) if view else {})


def _person_picker(people: dict[str, str]) -> str | None:
    """Who is asking, until sign-in exists."""
    if not people:
        return None
    order = sorted(people, key=lambda p: ({"lead": 0, "manager": 1}.get(people[p], 2), p))
    kept = st.session_state.get("chosen_person")
    st.session_state["person"] = kept if kept in people else order[0]
    return st.selectbox(
        "You are", order, key="person", on_change=_keep_person,
        format_func=lambda p: f"{p} ({words.own(people[p])})" if people[p] != p.lower() else p,
    )  # fmt: skip


def _keep_person() -> None:
    st.session_state["chosen_person"] = st.session_state["person"]


def _search(here: Here) -> None:
    """Find a case by its number."""
    with st.form("search", border=False, clear_on_submit=True):
        wanted = st.text_input(f"Find a {here.domain.terms.case}", placeholder="number").strip()
        if st.form_submit_button("Find", icon=":material/search:") and wanted:
            found = case_file.find(here.store, here.domain, wanted)
            st.switch_page("pages/decide.py", query_params={"case": found, **staying_in(here.domain)})


@st.fragment(run_every=30)
def _due(here: Here) -> None:
    """How many cases wait and how many are late; looked up anew while a page stays open."""
    counts = waiting.count(here.store, here.domain, waiting.Queue(here.person), now=utc_now())
    late = f", **{words.number(counts['overdue'])} late**" if counts["overdue"] else ""
    st.caption(f"{words.number(counts['cases'])} {here.domain.terms.many} wait{late}.")


def _nothing_here(found: Page, *, nobody: bool) -> None:
    """An empty log: what belongs here, why it is empty, and the one next step."""
    st.title(found.title, anchor=False)
    why, step = "no decisions have been brought in", "Bring your first decisions"
    if nobody:
        why, step = "nobody is named who could look", "Name the first person"
    st.info(f"{found.about}. Nothing is here yet, because {why}.")
    st.page_link(
        "pages/organization.py", label=step, icon=":material/person_add:" if nobody else ":material/upload:"
    )
    st.stop()


def problem_table(refused: WithProblems) -> None:
    """Every problem of a refused file: row, column, value, what is wrong, what to do."""
    st.dataframe(
        pd.DataFrame(
            [(p.row, p.column or p.where, p.value, p.problem, p.remedy) for p in refused.problems],
            columns=["Row", "Where", "Value", "Problem", "Remedy"],
        ),
        hide_index=True,
        alt="The problems of the file, row by row",
    )
