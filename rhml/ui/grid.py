"""A small table of texts as plain HTML: it stands on screen in a fraction of what a Markdown table takes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], *, name: str) -> None:
    """Draw a table; every cell is text and is escaped here. `name` is its class, for the page's style."""
    st.html(markup(head, rows, name=name))


def markup(head: Sequence[str], rows: Sequence[Sequence[str]], *, name: str) -> str:
    """The table's HTML.

    >>> markup(["a"], [["<b>"]], name="facts")
    '<table class="grid facts"><thead><tr><th>a</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>'
    """
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="grid {name}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
