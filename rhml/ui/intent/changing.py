"""Which waiting cases would change, most at stake first; only those whose card shows a recommendation."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.loop.intent.changing import Changing, changing
from rhml.loop.intent.preview import Preview
from rhml.ui import computed_intent, words
from rhml.ui.shell import Here, staying_in


def toggle(preview: Preview, trying: dict) -> None:
    """The button that shows them or puts them away."""
    st.button(
        "Hide which" if trying["which"] else "Show which", key="intent_which", type="tertiary",
        icon=":material/list:", disabled=not preview.changed, on_click=_turn, args=(trying,),
    )  # fmt: skip


def _turn(trying: dict) -> None:
    trying["which"] = not trying["which"]


def draw(here: Here, wanted: Intent, trying: dict) -> None:
    """The list; a click on a number opens the case."""
    if not trying["which"]:
        return
    found = changing(computed_intent.waiting(here.domain.name), here.domain, wanted)
    if not found:
        return
    name = here.domain.terms.case.capitalize()
    shown = st.dataframe(
        frame(here.domain, found), hide_index=True, on_select="rerun", selection_mode="single-cell",
        key=f"intent_changing_{len(found)}_{found[0].case_id}", height="content" if len(found) < 9 else 320,
        column_config={name: st.column_config.TextColumn(pinned=True, help="Click to open")},
        alt=f"{here.domain.terms.many.capitalize()} whose recommendation would change, most at stake first",
    )  # fmt: skip
    for row, column in shown.selection.cells:
        if column == name and row < len(found):
            st.switch_page(
                "pages/decide.py", query_params={"case": found[row].case_id, **staying_in(here.domain)}
            )


def frame(domain: DecisionDomain, found: tuple[Changing, ...]) -> pd.DataFrame:
    """What the list says of each: from what to what, how sure the model is of each, what is at stake."""
    columns = {
        domain.terms.case.capitalize(): [one.case_id for one in found],
        "Now": [domain.label(one.now) for one in found],
        "Then": [domain.label(one.then) for one in found],
        "Proves right, now": [words.percent(one.probability_now) for one in found],
        "Proves right, then": [words.percent(one.probability_then) for one in found],
        "At stake": [words.money(one.stake, domain.value.unit) for one in found],
    }
    if domain.value.column is None:
        del columns["At stake"]
    return pd.DataFrame(columns)
