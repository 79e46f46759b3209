"""Declares the pages and the door for other systems; every page draws its own frame, also when it is opened alone."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rhml.api.door import routes
from rhml.store.engine import Store
from rhml.ui.pages import PAGES


def log() -> Store:
    """The log that the pages work on."""
    from rhml.ui import resources  # not before the server runs, to which its caches belong

    return resources.store()


def to_pending() -> None:
    """Where everybody begins."""
    st.switch_page("pages/pending.py", query_params=st.query_params.to_dict())


if (
    get_script_run_ctx(suppress_warning=True) is None
):  # the server learns here what to serve; a session runs the pages
    app = st.App(__file__, routes=routes(log))
else:
    pages = [st.Page(f"pages/{page.file}.py", title=page.title) for page in PAGES]
    # What opens first is served at / alone, and its own name would be a page that is not found: so / only leads on.
    st.navigation([st.Page(to_pending, url_path="first", default=True), *pages], position="hidden").run()
