"""The documented views taken along for notebooks: a ZIP from the page, and the command where a log is large."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from rhml.loop.snapshot import zipped
from rhml.store.opening import utc_now
from rhml.store.reading import source
from rhml.ui.shell import Here


def control(here: Here) -> None:
    """One quiet button: how to go on in a notebook."""
    with st.popover("For notebooks", icon=":material/folder_zip:", key="notebooks"):
        st.markdown(
            "All views as one DuckDB file and a Parquet file each. People appear under the names that stand for them."
        )
        name = here.domain.name
        if source.standing(here.store, here.domain).wanted:
            st.caption(
                "This log is too large for a download from the page. Whoever runs the server can write it:"
            )
            st.code(f"python -m rhml snapshot {name} --out FOLDER", language=None, wrap_lines=True)
        else:
            st.download_button(
                "Snapshot as ZIP", lambda: _packed(here), f"snapshot-{name}-{here.now:%Y-%m-%d}.zip", "application/zip",
                key="snapshot", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        st.code(
            f'import rhml\n\nviews = rhml.frames("FOLDER", "{name}")\nviews.decided',
            language=None,
            wrap_lines=True,
        )


def _packed(here: Here) -> bytes:
    """Written when it is asked for, and gone again from the server's disk."""
    with tempfile.TemporaryDirectory(prefix="rhml-") as place:
        out = Path(place) / f"{here.domain.name}.zip"
        zipped(here.store, here.domain, out, by=here.person, at=utc_now())
        return out.read_bytes()
