"""Ask: an analyst's own question to the log, in SQL."""

import streamlit as st

from rhml.ui import shell
from rhml.ui.questions import dictionary, question

with shell.page("ask") as here:
    held = dictionary.held(here)
    question.about(here)
    question.form(here, held)
    answer = st.container(key="answers")
    dictionary.draw(here, held)
    with answer:  # last, as the rest of the page is there while a question is being answered
        question.answer(here)
