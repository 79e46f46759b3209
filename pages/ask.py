"""Ask: an analyst's own question to the log, in SQL."""

from rhml.ui import question, shell

with shell.page("ask") as here:
    question.about(here)
    asked = question.form(here)
    if asked is not None:
        question.answer(here, asked)
    question.dictionary(here)
