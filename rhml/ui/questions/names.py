"""Names offered while somebody writes a question: views, columns, values and words of SQL, in the box itself.

The box stays Streamlit's own text area, so that it works without this; the browser gets the names of the data
dictionary and nothing of the log, and what is typed goes nowhere before it is run.
"""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files

import pandas as pd
import streamlit as st

KEYWORDS = (
    "SELECT", "FROM", "WHERE", "GROUP BY ALL", "ORDER BY", "LIMIT", "HAVING", "COUNT(*)", "AVG", "SUM", "MEDIAN",
    "QUANTILE_CONT", "MIN", "MAX", "ROUND", "COALESCE", "CASE WHEN", "THEN", "ELSE", "END", "FILTER (WHERE",
    "DISTINCT", "DATE_TRUNC('month', decided_at)", "JOIN", "LEFT JOIN", "USING", "UNION ALL", "WITH", "OVER",
    "PARTITION BY", "IS NULL", "IS NOT NULL", "BETWEEN", "LIKE", "ILIKE", "DESC", "NULLS LAST",
)  # fmt: skip

LIST = (
    '<ul class="rhml-names" id="rhml-names" role="listbox" aria-label="Names that fit" hidden data-names="{}"></ul>'
    '<div class="rhml-told" role="status"></div>'
)


def offer(dictionary: pd.DataFrame) -> None:
    """Offer the names of the dictionary in the box; columns `view`, `column`, `meaning`, `examples`.

    What comes from a domain file stands in an attribute of sanitized HTML; the script has no text but its own.
    Streamlit's components cannot be used where session state must be serializable.
    """
    with st.container(key="names", height="content", gap=None):
        st.html(f"<style>{_text('names.css')}</style>")
        st.html(LIST.format(escape(json.dumps(names(dictionary)), quote=True)))
        st.html(f"<script>{_text('names.js')}</script>", unsafe_allow_javascript=True)


def _text(name: str) -> str:
    return (files("rhml.ui.questions") / name).read_text("utf-8")


def names(dictionary: pd.DataFrame) -> list[dict[str, object]]:
    """Each name once: views, columns with where they stand, values of a column, words of SQL."""
    views = [_name(view, "view", "view", view) for view in dictionary["view"].unique()]
    columns = [
        _name(column, "column", f"{', '.join(rows['view'])} · {rows['meaning'].iloc[0]}", *rows["view"])
        for column, rows in dictionary.fillna("").groupby("column", sort=False)
    ]
    values = {
        (value, column): _name(value, "value", str(column), str(column))
        for column, listed in dictionary.groupby("column", sort=False)["examples"].first().items()
        for value in listed
    }
    return [*views, *columns, *values.values(), *(_name(word, "word", "SQL") for word in KEYWORDS)]


def _name(name: object, kind: str, about: str, *near: object) -> dict[str, object]:
    text = str(name)
    plain = kind != "column" or (text.isidentifier() and text.isascii())
    insert = (
        text.replace("'", "''") if kind == "value" else text if plain else '"' + text.replace('"', '""') + '"'
    )
    return {
        "name": text,
        "kind": kind,
        "about": about[:120],
        "insert": insert,
        "near": [str(n).lower() for n in near],
    }
