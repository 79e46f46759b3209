"""An analyst's question: starters, saved ones, one SELECT, its answer as table, picture and file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.errors import QuestionRefused
from rhml.store import organization, registry
from rhml.store.questions import question
from rhml.store.questions.asking import CANCELLED
from rhml.store.questions.question import MEGABYTES, ROWS, SECONDS, Answer
from rhml.store.questions.starters import starters
from rhml.store.questions.statement import LONGEST
from rhml.ui import exports, reading, saved, veiled, words
from rhml.ui.questions import answer_drawing, asking, names, take_along
from rhml.ui.questions.asking import Asked
from rhml.ui.shell import Here

LINK = 2_000
"""Characters of a question that a link carries; addresses beyond this get cut on the way."""


def about(here: Here) -> None:
    """What may be asked, and how people are named in the answers."""
    if _only(here):
        st.info(
            "You see your own decisions here, without the cases kept aside to judge models. "
            "Analysts and leads see the team's."
        )
    else:
        st.caption(veiled.said(here))
    reading.line(here)
    question.keep_ready(here.store, here.domain)


def form(here: Here, dictionary: pd.DataFrame) -> None:
    """Choose or write a question, and ask it; nothing is asked before somebody presses Run or takes a starter."""
    known, came_with = {s.title: s.sql for s in starters(here.domain)}, saved.question(here)
    with st.container(horizontal=True, vertical_alignment="bottom", key="begin"):
        st.selectbox("Begin with a question", list(known), index=None, key="starter", on_change=_take, args=(known,), format_func=words.own,
                     placeholder=f"Choose one of {len(known)}, or write your own", width=560)  # fmt: skip
        saved.control(here, "ask")
        take_along.control(here)
    if "question" not in st.session_state:
        st.session_state["question"] = st.query_params.get("q", "")[:LINK]
    with st.form("ask", border=False):
        text = st.text_area(
            "One SELECT over the views of the dictionary below", key="question", height=190, max_chars=LONGEST,
            placeholder="SELECT manager, count(*) FROM overrides GROUP BY ALL",
        )  # fmt: skip
        with st.container(horizontal=True, key="acts"):
            run = st.form_submit_button("Run", type="primary", icon=":material/play_arrow:")
            keep = st.form_submit_button("Save …", icon=":material/bookmark_add:", key="keep")
    names.offer(dictionary)
    _limits()
    if run or st.session_state.pop("take", False):
        _begin(here, text)
    elif keep:
        saved.keep_question(text)
    saved.dialogs(here)
    if (
        text
        and asking.current(here) is None
        and not asking.refused(here)
        and (came_with or text == st.query_params.get("q"))
    ):
        said = came_with or "This question came with the link"
        st.info(f"{said} and has not been run. Read it, then press Run.")


def _take(known: dict[str, str]) -> None:
    """Put a starter into the box, and have it run."""
    chosen = known.get(st.session_state["starter"] or "")
    if chosen:
        st.session_state.update({"question": chosen, "take": True})


def _limits() -> None:
    st.caption(
        f"It only reads: nothing can be changed here. At most {words.number(ROWS)} rows, {words.number(SECONDS)} seconds "
        f"and {MEGABYTES} MB. Ctrl+Enter runs it; names are offered while you write (Ctrl+Space: all of them)."
    )


def _begin(here: Here, text: str) -> None:
    """Put the look on record first: even a refusal may tell of people."""
    _keep_link(text)
    named = veiled.veil(here).named
    if named and _tells_who(text):
        veiled.looked(here, named, "question", text)
    asking.begin(here, text, only=_only(here))


def _tells_who(text: str) -> bool:
    try:
        return question.tells_who(text)
    except QuestionRefused:
        return False  # what is no question is refused where it is asked, and reads nothing


def answer(here: Here) -> None:
    """The answer to what was asked last, once it is there; a refusal in words."""
    if refused := asking.refused(here):
        st.error(words.plain(refused))
        return
    asked = asking.current(here)
    if asked is None:
        return
    asking.wait(asked)
    try:
        found = asked.asking.result()
    except QuestionRefused as refusal:
        (st.info if str(refusal) == CANCELLED else st.error)(words.plain(str(refusal)))
        return
    _told(here, asked, found)


def _told(here: Here, asked: Asked, found: Answer) -> None:
    rows = len(found.table)
    if not rows:
        st.info("The answer has no rows: nothing in the log matches the question.")
        return
    more = " There are more; narrow the question or count in SQL." if found.cut else ""
    with st.container(horizontal=True, vertical_alignment="center", key="answered"):
        st.markdown(
            f"**{words.number(rows)} {'row' if rows == 1 else 'rows'}**, as of {words.when(found.as_of or asked.at)}.{more}",
            width="stretch",
        )
        chart = st.container(width="content")
    answer_drawing.draw(found.table, chart)
    st.dataframe(found.table, hide_index=True, key="answer", alt="The answer, row by row")
    _files(here, asked, found)


def _keep_link(text: str) -> None:
    """The address of the page carries the question, where it is short enough to be shared."""
    st.query_params.pop("saved", None)
    if len(text) <= LINK:
        st.query_params["q"] = text
    else:
        st.query_params.pop("q", None)


def _files(here: Here, asked: Asked, found: Answer) -> None:
    only = _only(here)
    print_ = exports.about(
        f"Question: {here.domain.title}",
        filters=" ".join(asked.sql.split()) + (f" (decisions of {only})" if only else ""),
        rows=len(found.table), what="rows, and there are more" if found.cut else "rows",
        versions=[v.version for v in registry.versions(here.store, here.domain.name)], at=asked.at, as_of=found.as_of,
    )  # fmt: skip
    name = f"answer-{here.domain.name}-{asked.at:%Y-%m-%d}"
    exports.table_buttons("Answer", lambda: found.table, print_, name=name, key="answer", domain=here.domain)
    fits = len(asked.sql) <= LINK
    st.caption(
        "The address of this page is a link to this question; whoever opens it sees the text first."
        if fits
        else f"Questions over {words.number(LINK)} characters do not fit a link; save it, and share that link."
    )


def _only(here: Here) -> str | None:
    """A manager or trainee sees the own decisions; analysts and leads see the team's."""
    return here.person if here.role in organization.OWN_ONLY else None
