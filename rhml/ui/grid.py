"""A small table of texts as plain HTML: it stands on screen in a fraction of what a Markdown table takes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, caption: str = "") -> None:
    """Draw a table, under its caption if it has one; every text is escaped here. `name` is its class, for the page's
    style."""
    st.html(markup(head, rows, name=name, caption=caption))


def wide(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, alt: str, tall: bool = False
) -> None:
    """Draw a table that scrolls by itself where the screen is narrow, by keyboard too; nobody can sort it.

    A tall one keeps to a part of the screen, and its head stays in sight.
    """
    table, kind = markup(head, rows, name=name), "wide tall" if tall else "wide"
    st.html(f'<div class="{kind}" tabindex="0" role="region" aria-label="{escape(alt)}">{table}</div>')


def stacked(head: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, alt: str) -> None:
    """Draw a table whose rows stand below each other on a narrow screen, each cell beside its heading.

    Nothing is out of sight to the right there. The roles are written out: browsers drop those of rows shown as blocks.
    """
    top = "".join(f'<th role="columnheader">{escape(cell)}</th>' for cell in head)
    body = "".join(f'<tr role="row">{_cells(head, row)}</tr>' for row in rows)
    st.html(
        f'<div class="wide stacked" tabindex="0" role="region" aria-label="{escape(alt)}">'
        f'<table class="grid {name}" role="table"><thead role="rowgroup"><tr role="row">{top}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _cells(head: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td role="cell" data-head="{escape(title)}">{escape(cell)}</td>'
        for title, cell in zip(head, row, strict=True)
    )


def markup(head: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, caption: str = "") -> str:
    """The table's HTML.

    >>> markup(["a"], [["<b>"]], name="facts")
    '<table class="grid facts"><thead><tr><th>a</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>'
    """
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<table class="grid {name}">{above}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
