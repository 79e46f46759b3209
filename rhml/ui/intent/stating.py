"""Stating what matters, with a reason, or withdrawing it; then what came of it, as promised and as the log has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from rhml.core.intent import Intent
from rhml.errors import RhmlError
from rhml.loop.intent import statement as loop_intent
from rhml.loop.intent.preview import Preview, preview
from rhml.loop.intent.statement import Stated, StoredIntent
from rhml.store.opening import utc_now
from rhml.ui import computed_intent, resources, words
from rhml.ui.intent import draft, promised, told
from rhml.ui.shell import Here, staying_in

WHY, WHY_NOT, CAME = "intent_why", "intent_why_not", "intent_came"


def draw(
    here: Here, page: str, stated: StoredIntent | None, wanted: Intent, seen: Preview, *, may: bool
) -> None:
    """The reason and the button; where something is in force, the way to take it back."""
    same = stated is not None and not stated.lapsed and stated.intent == wanted
    why = st.text_input(
        "Why does this matter now?", key=WHY, placeholder="a sentence that the team and the trail will read"
    ).strip()
    with st.container(horizontal=True, gap="small"):
        pressed = st.button(
            "State it", key="intent_state", type="primary", disabled=not may or same,
            help="This is in force already." if same else None,
        )  # fmt: skip
        if stated is not None:
            _withdrawing(here, page)
    if pressed:
        _done(here, page, partial(loop_intent.state, intent=wanted, why=why, seen=seen))


def _withdrawing(here: Here, page: str) -> None:
    """What taking it back would change, and the button for it."""
    look = st.popover("Withdraw", icon=":material/undo:", key="intent_withdraw", on_change="rerun")
    if not look.open:
        return
    with look:
        back = preview(computed_intent.waiting(here.domain.name), here.domain, None)
        st.markdown(f"Then {told.NOTHING}  \n{told.changed(here.domain, back)}")
        why = st.text_input("Why is it withdrawn?", key=WHY_NOT).strip()
        if st.button("Withdraw it", key="intent_withdraw_now", type="primary"):
            _done(here, page, partial(loop_intent.withdraw, why=why, seen=back), withdrawal=True)


def _done(here: Here, page: str, act: Callable[..., Stated], *, withdrawal: bool = False) -> None:
    """Carry it out and draw the page anew; a refusal is said beside the form, and what is typed stays."""
    try:
        with st.spinner("Recommending anew …"):
            found = act(here.store, here.domain, by=here.person, at=utc_now())
    except RhmlError as refused:
        st.error(words.plain(str(refused)), icon=":material/block:")
        return
    # The worker works out what would tip the new recommendations.
    resources.ask_for("recommend", domain=here.domain.name, by=here.person)
    draft.end()
    st.session_state[CAME] = {
        "domain": here.domain.name, "page": page, "by": here.person, "id": found.intent_id, "withdrawal": withdrawal,
        "said": found.message, "but": found.differs,
    }  # fmt: skip
    st.rerun()


def came(here: Here, page: str) -> None:
    """What came of the last statement, until the control is opened again or another page is."""
    last = st.session_state.get(CAME)
    where = (here.domain.name, page, here.person)  # who comes next in the same window may be no lead
    if not last or (last["domain"], last["page"], last["by"]) != where:
        st.session_state.pop(CAME, None)
        return
    but = f"  \n{words.plain(last['but'])}" if last["but"] else ""
    st.success(f"{words.plain(last['said'])}{but}", icon=":material/check:")
    with st.container(horizontal=True, vertical_alignment="center"):
        promised.open_by(here, last["id"], withdrawal=last["withdrawal"])
        st.page_link(
            "pages/organization.py", label="In the trail", icon=":material/history:",
            query_params={"section": "Audit trail", **staying_in(here.domain)},
        )  # fmt: skip
