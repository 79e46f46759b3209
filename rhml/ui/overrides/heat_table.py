"""A table of two dimensions whose cells are coloured by their number and lead further when they are chosen.

It is a real table of buttons, so that keyboards and screen readers read it as one; colour only repeats what the text
says. The last row and the last column stand apart, as wholes. Every text reaches the browser as data and is put there as text. A frame of its own (`heat/index.html`), because
components without one cannot be kept in a session that must be serializable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import streamlit as st
from streamlit.components.v1 import declare_component

from rhml.printed.marks import WHO

_mount = declare_component("table", path=str(Path(__file__).parent / "heat"))

HUES = {"over": WHO["human"].colour, "gain": WHO["team"].colour, "loss": WHO["model"].colour}
DEEPEST = 42
"""Text keeps its own colour on every cell: the deepest cell is less than half coloured, in light and in dark."""


@dataclass(frozen=True)
class Cell:
    """What a cell says: its number, what stands below, how deep it is coloured (0 to 100), and in which hue."""

    text: str
    more: str = ""
    heat: float = 0.0
    hue: str = HUES["over"]


def draw(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    *,
    corner: str,
    caption: str,
    key: str,
    on_chosen: Callable[[int, int], None],
) -> None:
    """Draw the table; `on_chosen` gets the place of a cell that was chosen, before the page runs again."""
    of = crc32(repr((corner, list(rows), list(columns))).encode())

    def chosen() -> None:
        told = st.session_state.get(key) or {}
        at = told.get("at")
        # A cell of a table that has changed since stands for something else.
        if told.get("of") == of and at and at[0] < len(rows) and at[1] < len(columns):
            on_chosen(*at)

    data = {
        "rows": list(rows),
        "columns": list(columns),
        "cells": [[asdict(cell) for cell in row] for row in cells],
        "corner": corner,
        "caption": caption,
        "of": of,
    }
    _mount(data=data, key=key, default=None, on_change=chosen)


def shaded(values: Sequence[float | None]) -> list[float]:
    """How deep each value is coloured: in proportion to the largest of them all; 0 where there is none.

    >>> shaded([0.1, None, -0.2])
    [21.0, 0.0, 42.0]
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return [round(DEEPEST * abs(value) / largest, 1) if value and largest else 0.0 for value in values]
