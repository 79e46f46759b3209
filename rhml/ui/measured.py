"""Measures in words: never a number without its interval and its count, nor a gap without its reason."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.printed.measured import (
    amount,
    coefficient,
    decimal,
    difference,
    gain,
    period,
    share,
    signed,
    time,
    took,
)
from rhml.ui import words

__all__ = [
    "amount",
    "coefficient",
    "decimal",
    "difference",
    "gain",
    "how",
    "period",
    "share",
    "signed",
    "table_of",
    "time",
    "took",
]


def how(text: str, *, key: str, table: pd.DataFrame | None = None) -> None:
    """*How to read this*: what a number or chart says, for whom, and its table where it is a chart."""
    with st.popover("How to read this", icon=":material/help:", type="tertiary", key=f"how_{key}"):
        st.markdown(text)
        if table is not None:
            table_of(table, alt="The numbers of the chart as a table")


def table_of(rows: pd.DataFrame, *, alt: str) -> None:
    """A small table as a page has it, so that text wraps and is read aloud; every text in it is defused."""
    shown = rows.map(lambda cell: words.plain(cell) if isinstance(cell, str) else words.number(cell))
    st.table(shown.rename(columns=words.plain), hide_index=True, border="horizontal", alt=alt)
