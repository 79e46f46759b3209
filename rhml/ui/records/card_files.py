"""Cards as files: one button, the forms behind it, each made when it is pressed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rhml.loop.records.answering import CardFile
from rhml.ui.shell import Here

NAMES = {
    "html": ("HTML", "text/html"),
    "pdf": ("PDF", "application/pdf"),
    "md": ("Markdown", "text/markdown"),
    "json": ("JSON", "application/json"),
}


def buttons(here: Here, label: str, name: str, make: Callable[[], CardFile]) -> None:
    """The card's forms behind one button."""
    with st.popover(label, icon=":material/description:", key=f"card_{name}"):
        for form, (said, mime) in NAMES.items():
            st.download_button(
                f"{label} as {said}", lambda form=form: make().form(form), f"{name}-{here.domain.name}-{here.now:%Y-%m-%d}.{form}",
                mime, key=f"card_{name}_{form}", on_click="ignore", icon=":material/download:", width="stretch",
            )  # fmt: skip
