"""The columns of a table, one a row: what each is, whether a model may read it, and why it perhaps should not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from rhml.intake.drafting.guesses import Guess
from rhml.intake.drafting.planning import Plan
from rhml.ui import words

KINDS = {
    "number": "number",
    "category": "one of a few words",
    "yes_no": "yes or no",
    "date": "date",
    "text": "text",
}
TO, READ, PROTECTED, KIND, WHY = "Column", "Model reads it", "Protected", "It holds", "Why"


def columns(plan: Plan, key: str) -> Plan:
    """The plan with its columns as somebody ticked them."""
    shown = sorted(
        (c for c in plan.sketch.columns if c.kind is not None and c.heading not in plan.sketch.roles),
        key=lambda c: (not (c.doubt or c.why_not), not c.protected),
    )
    doubted = sum(bool(c.doubt) or "alone" in c.why_not for c in shown)
    st.markdown("**What is known before the decision**")
    if doubted:
        one = doubted == 1
        st.warning(
            f"{words.number(doubted)} column{' looks' if one else 's look'} as if {'it was' if one else 'they were'} filled in "
            "only after the end. A model that reads such a column knows the answer and teaches nobody. "
            "They are left out of the cards as well, unless you tick them because you know better.",
            icon=":material/visibility_off:",
        )
    held = st.data_editor(
        pd.DataFrame([_row(c) for c in shown], columns=[TO, READ, PROTECTED, KIND, WHY]),
        key=f"columns_{key}", hide_index=True, num_rows="fixed", disabled=[TO, KIND, WHY],
        column_config={
            READ: st.column_config.CheckboxColumn(width=130),
            PROTECTED: st.column_config.CheckboxColumn(
                width=110, help="No model reads it; people are watched for treating it unequally."
            ),
            WHY: st.column_config.TextColumn(width="large"),
        },
        height=min(35 * (len(shown) + 1) + 3, 430),
    )  # fmt: skip
    told = {
        c.heading: _told(c, bool(row[READ]), bool(row[PROTECTED]))
        for c, row in zip(shown, held.to_dict("records"), strict=True)
    }
    return plan.with_columns(told)


def _row(column: Guess) -> tuple[str, bool, bool, str, str]:
    why = column.doubt or column.why_not or _plain_reason(column)
    reads = column.use and not column.why_not and not column.doubt and not column.protected
    return (
        column.heading[:60],
        reads,
        column.protected,
        KINDS.get(column.kind or "", ""),
        why[:1].upper() + why[1:],
    )


def _plain_reason(column: Guess) -> str:
    if column.protected:
        return "protected by its heading: watched, not read"
    if column.use:
        return column.seen
    return {
        "date": "on the card only: of a date a model would only learn the calendar",
        "text": "on the card only: it may have been written after the decision",
    }.get(column.kind or "", f"it seems to name something: {column.seen}")


def _told(column: Guess, read: bool, protected: bool) -> Guess:
    """The column as it was ticked; one that was left out comes back where somebody says that it is known in time."""
    if read and not protected and not (column.use and not column.why_not and not column.doubt):
        return replace(column, use=True, protected=False, doubt="", why_not="")
    if protected and not column.protected:
        return replace(column, use=False, protected=True, why_not="", doubt="")
    if column.protected and not protected:
        return replace(column, use=read, protected=False)
    return column if read or not column.use or column.doubt or column.why_not else replace(column, use=False)
