"""Declares the pages and runs the chosen one; every page draws its own frame, also when it is opened alone."""

import streamlit as st

from rhml.ui.pages import PAGES

st.navigation(
    [st.Page(f"pages/{page.file}.py", title=page.title, default=page.file == "pending") for page in PAGES],
    position="hidden",
).run()
