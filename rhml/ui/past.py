"""What is decided already: the line after saving, the last ten decisions, and a closed case's history."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop import decide
from rhml.loop.card import Card
from rhml.loop.review import blind
from rhml.store import history, organization
from rhml.ui import lesson_tests, veiled, words
from rhml.ui.keys import button
from rhml.ui.records import shown
from rhml.ui.review import review_closed
from rhml.ui.shell import Here, staying_in

EVENTS = {
    "decided": "decided **{detail}**",
    "called": "called **{detail}**",
    "called first": "called **{detail}** before seeing the model",
    "reversed": "reversed the decision",
    "outcome": "recorded the outcome: **{detail}** proved right",
    "outcome withdrawn": "withdrew the outcome",
    "skipped": "skipped it",
    "snoozed": "snoozed it",
    "escalated": "asked a lead: {detail}",
    "assigned": "assigned it to {detail}",
    "signature asked": "needed a second signature for it",
    "signed": "signed it",
    "signature refused": "did not sign it: {detail}",
    "second opinion": "gave a second opinion, blind: **{detail}**",
    "conflict": "it came into the conflict room ({detail})",
    "settled": "settled it: **{detail}**",
}


OUTCOME = ("outcome", "outcome withdrawn")


def saved(here: Here) -> None:
    """'Saved 14:02 …', with the way back; before it what became of a case that was left undecided."""
    told = st.session_state.get("told")
    if told and told["domain"] == here.domain.name:
        st.markdown(f":material/check: **{words.plain(told['case'])}**: {told['said']}")
    last = st.session_state.get("saved")
    if not last or (last["domain"], last["person"]) != (here.domain.name, here.person):
        return
    action = words.plain(here.domain.label(last["action"]))
    with st.container(horizontal=True, vertical_alignment="center", key="saved"):
        st.markdown(
            f":material/check: **Saved {words.plain(words.clock(last['at']))}**: {words.plain(last['case'])}, "
            f"**{action}**. Counts in the next retraining. You can reverse it until then.",
            width="content",
        )
        button("Undo", "undo", last["decision"], shortcut="U")
    if last.get("override"):
        lesson_tests.offer(here, last["decision"], last["case"])


def last_ten(here: Here) -> None:
    """The last ten decisions, each still reversible; read only while it is open. Who only reads has none."""
    if not here.decides:
        return
    section = st.expander("Your last ten decisions", key="last_ten", on_change="rerun")
    if not section.open:
        return
    with section:
        rows = history.recent(here.store, here.domain, here.person)
        if not rows:
            st.caption("None in this app yet.")
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(_decided(here.domain, row), width="stretch")
                if not row["reversed"]:
                    button(f"Reverse {words.plain(row['case_id'])}", "undo", row["decision_id"], "listed")


def _decided(domain: DecisionDomain, row: dict[str, Any]) -> str:
    said = f"{words.plain(words.when(row['decided_at']))} · {words.plain(row['case_id'])} · "
    said += f"**{words.plain(domain.label(row['final_action']))}**"
    if row["recommended_action"] and row["recommended_action"] != row["final_action"]:
        said += f" (the model suggested {words.plain(domain.label(row['recommended_action']))})"
    return said + (" · reversed" if row["reversed"] else "")


def closed(here: Here, found: Card) -> None:
    """What happened to a case that no longer waits, and the way back where the decision was mine."""
    st.markdown("### Decided")
    if blind.hidden(here.store, here.domain, found.case_id, person=here.person, role=here.role):
        review_closed.hidden(here, found.case_id)
        return
    st.caption(f"This {words.plain(here.domain.terms.case)} no longer waits. What is on record:")
    events = history.of_case(here.store, here.domain, found.case_id)
    known = any(event["what"] == "outcome" for event in events)
    if _kept_back(here, found, events):
        events = [event for event in events if event["what"] not in OUTCOME]
    st.markdown("\n".join(f"- {_event(here.domain, event, _who(here, event))}" for event in events))
    if here.leads and here.domain.outcome and not known:
        st.page_link(
            "pages/organization.py", label="Record what proved right", icon=":material/fact_check:",
            query_params={"task": "Record an outcome", "case": found.case_id, **staying_in(here.domain)},
        )  # fmt: skip
    _screens(here, found, events)
    undone = {event["decision_id"] for event in events if event["what"] == "reversed"}
    mine = [
        e for e in events
        if e["what"] == "decided" and e["actor"] == here.person and not e["imported"]
        and e["decision_id"] not in undone
    ]  # fmt: skip
    if mine:
        button("Reverse my decision", "undo", mine[-1]["decision_id"], "closed")
    elif here.leads and not known:
        _take_back(here, events, undone)
    review_closed.standing(here, events, undone)


def _screens(here: Here, found: Card, events: list[dict[str, Any]]) -> None:
    """The way back to what was on the screen, for each decision whose screen this reader may see."""
    every = here.leads or here.role == "analyst"
    made = [e for e in events if e["what"] == "decided" and (every or e["actor"] == here.person)]
    with st.container(horizontal=True):
        for event in made[-3:]:
            of = "" if len(made) == 1 else f" of {words.plain(words.when(event['at']))}"
            st.page_link(
                "pages/decide.py", label=f"The screen as it was{of}", icon=":material/history:",
                query_params=shown.address(here, event["decision_id"]),
            )  # fmt: skip
        if every:
            st.page_link(
                "pages/organization.py", label="Audit trail", icon=":material/list_alt:",
                query_params={"section": "Audit trail", "about": found.case_id, **staying_in(here.domain)},
            )  # fmt: skip


def _kept_back(here: Here, found: Card, events: list[dict[str, Any]]) -> bool:
    """Cases of the bank judge models and people: who called on one, and who need not know, learns no outcome."""
    involved = any(e["actor"] == here.person and e["what"] not in OUTCOME for e in events)
    return bool(found.facts["bank"]) and (involved or not here.leads)


def _take_back(here: Here, events: list[dict[str, Any]], undone: set[str]) -> None:
    """A lead takes back another's decision, with the reason that its author is told."""
    last = [
        e for e in events if e["what"] == "decided" and not e["imported"] and e["decision_id"] not in undone
    ]
    if not last:
        return
    with st.expander(f"Take back the decision of {words.plain(last[-1]['actor'])}"), st.form("take_back"):
        why = st.text_input("Why", help="The author is told on My learning.")
        if st.form_submit_button("Take it back") and decide.reverse(
            here.store, here.domain, last[-1]["decision_id"], by=here.person, at=here.now, why=why
        ):
            st.rerun()


def _who(here: Here, event: dict[str, Any]) -> str:
    """Who did it; an analyst or trainee, who sees people's decisions under other names, sees them so here too."""
    actor = event["actor"] or "—"
    if event["what"] in ("second opinion", "conflict") and actor != here.person:
        return "" if event["what"] == "conflict" else f"another {here.domain.terms.manager}"
    handled = event["actor"] and event["what"] not in ("outcome", "outcome withdrawn")
    return veiled.veil(here).of(actor) if handled and here.role in organization.READERS else actor


def _event(domain: DecisionDomain, event: dict[str, Any], who: str) -> str:
    detail = event["detail"] or ""
    shown = domain.label(detail) if detail in domain.action_keys else detail
    what = EVENTS.get(event["what"], event["what"]).format(detail=words.plain(shown))
    why = f" ({words.plain(event['reason'])})" if event["reason"] else ""
    why += f": “{words.plain(event['rationale'])}”" if event["rationale"] else ""
    return f"{words.plain(words.when(event['at']))} · {words.plain(who)} {what}{why}"
