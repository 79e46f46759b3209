import pytest
from streamlit.testing.v1 import AppTest

from rhml.core.domain import parse_domain
from rhml.core.records import MARKS, _on_the_card
from rhml.ui import word_marks
from tests.messages import TRIAGE
from tests.ui.test_message import TEXT

TEXTS = [
    "Bring the paper boats, now!", "it's  at two\nor three", "", "!!! 12:30 …", "naïve <b>words</b> & so", "a/b c/d",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_every_choice_of_words_stands_in_its_message(text):
    domain = parse_domain("triage", TRIAGE)
    options = word_marks.offered("message", text)
    assert len(options) == len(set(options))
    for chosen in ([], options[:1], options[::2], options[1:3], options):
        for factor, mark in word_marks.marked(chosen):
            assert mark in MARKS and _on_the_card(domain, factor, {"message": text})


def test_neighbours_are_one_mark_and_others_are_apart():
    options = word_marks.offered("message", "bring the paper boats, boats of paper")
    said = dict(word_marks.marked([options[3], options[2], options[6]]))
    assert list(said) == ["message:paper boats", "message:paper"]
    assert len(word_marks.marked(options[3:5])) == 2  # a comma parts them


def test_a_long_text_offers_its_first_words():
    assert len(word_marks.offered("message", "word " * 500)) == word_marks.MOST


def form(draft):
    """The own call, drawn alone."""
    import streamlit as st

    from rhml.core.domain import parse_domain
    from rhml.ui import decision_form
    from tests.messages import TRIAGE
    from tests.ui.test_message import card_of

    # AppTest itself keeps the format function in the session, where the app allows no functions.
    st.config.set_option("runner.enforceSerializableSessionState", False)
    if "once" not in st.session_state:
        st.session_state["once"] = True
        st.session_state["words-c1"] = draft
    decision_form.draw(
        parse_domain("triage", TRIAGE), card_of(), {"differing": True, "action": None, "reason": None}
    )
    st.text(repr(decision_form.marks("c1")))


def test_words_are_chosen_by_button_and_a_draft_of_another_text_does_no_harm():
    app = AppTest.from_function(form, args=(["message/9.99:gone"],), default_timeout=30).run()
    assert not app.exception and app.text[0].value == "()"
    first, second = word_marks.offered("message", TEXT)[:2]
    app.session_state["words-c1"] = [second, first]
    app.run()
    said = f"message:{first.partition(':')[2]} {second.partition(':')[2]}"
    assert not app.exception and app.text[0].value == repr(((said, "matters"),))
