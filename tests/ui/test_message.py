"""A text on the card: its words add up, say which way they speak without colour, and do nothing."""

import json
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from rhml.core.domain import parse_domain
from rhml.core.records import Decision, check_decision
from rhml.loop.card import Card
from rhml.store.case_file import StoredRecommendation
from rhml.ui import message, reasons
from tests.messages import TRIAGE

TEXT = "Claim your FREE gift <b>now</b>, thanks"
WORDS = [[11, 15, 0.12], [16, 20, 0.08], [33, 39, -0.05], [0, 0, 0.02]]
HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:alert(2)) $x$ :red[y] <img src=x onerror=alert(3)> &lt;"


class Pieces(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def card_of(text=TEXT, told=WORDS, stage="decide", draft=None):
    shown = StoredRecommendation(
        "r1", "c1", "v1", "escalate", 0.7, (0.1, 0.2, 0.7), 0.4, (0.17, 0.1, 0.03), 40, 0.6, 0.8, (), (), None,
        datetime(2026, 1, 1), words=None if told is None else json.dumps({"message": told}),
    )  # fmt: skip
    return Card(
        case_id="c1", facts={"message": text, "links": 1.0, "channel": "sms", "received_at": None}, mode="assisted",
        stage=stage, recommendation=None if stage == "first call" else shown,
        features=("message", "links", "channel"), first_call=None, waiting=None, draft=draft or {},
    )  # fmt: skip


@pytest.fixture(scope="module")
def triage():
    return parse_domain("triage", TRIAGE)


@given(st.text(max_size=80), st.lists(st.integers(0, 80), max_size=12), st.data())
def test_markup_shows_every_letter_and_holds_no_tag_but_its_marks(text, cuts, data):
    ends = sorted({min(cut, len(text)) for cut in cuts})
    told = [
        (a, b, data.draw(st.floats(-0.5, 0.5))) for a, b in zip(ends[::2], ends[1::2], strict=False) if b > a
    ]
    found = Pieces(message.markup(text, told))
    assert found.text.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert {tag for tag, _ in found.tags} <= {"mark"}
    assert all(set(given) == {"style"} for _, given in found.tags)


def test_hostile_text_stays_text():
    told = [(0, len(HOSTILE), 0.4)]
    found = Pieces(message.markup(HOSTILE, told))
    assert found.text == HOSTILE and [tag for tag, _ in found.tags] == ["mark"]


def test_for_and_against_are_told_apart_without_colour():
    styles = [given["style"] for _, given in Pieces(message.markup(TEXT, WORDS)).tags]
    assert ["solid" in style for style in styles] == [True, True, False]
    assert ["dashed" in style for style in styles] == [False, False, True]
    assert all("color:inherit" in style for style in styles)


def test_stronger_words_are_tinted_more():
    shares = [
        int(re.search(r"(\d+)%", given["style"])[1]) for _, given in Pieces(message.markup(TEXT, WORDS)).tags
    ]
    assert shares[0] == max(shares) > shares[2] == min(shares)


def test_neighbours_that_speak_alike_are_one_phrase_strongest_first():
    found = message.phrases(TEXT, [tuple(w) for w in WORDS])
    assert [(p.text, round(p.points, 3)) for p in found] == [("FREE gift", 0.2), ("thanks", -0.05)]


def test_the_account_adds_up_as_it_is_shown():
    said = message.account(TEXT, [tuple(w) for w in WORDS])
    parts = [float(n.replace("−", "-")) for n in re.findall(r"[+−][\d.]+", said)]
    assert sum(parts[:-1]) == pytest.approx(parts[-1]) == pytest.approx(17.0)
    assert "“FREE gift” +20" in said and "words that are not there +2" in said


def test_a_reason_names_the_words_that_speak_its_way(triage):
    said = reasons.fact(triage, card_of(), 0)
    assert "FREE gift" in said and "thanks" not in said
    quiet = reasons.fact(triage, card_of(told=None), 0)
    assert "Claim your FREE gift" in quiet.replace("\\", "")


def test_a_long_text_is_short_in_a_sentence(triage):
    assert len(reasons.told_value(triage.feature("message"), "x" * 5_000)) < 70


def page(stage, text, told):
    """The text of a card, drawn alone."""
    from rhml.core.domain import parse_domain
    from rhml.ui import message
    from tests.messages import TRIAGE
    from tests.ui.test_message import card_of

    domain = parse_domain("triage", TRIAGE)
    message.draw(domain, card_of(text, told, stage), domain.feature("message"), "Message")


def drawn(stage="decide", text=TEXT, told=WORDS):
    app = AppTest.from_function(page, args=(stage, text, told), default_timeout=30).run()
    assert not app.exception
    return app


def test_before_the_own_call_the_text_stands_there_plainly():
    app = drawn("first call")
    assert not app.markdown and not app.caption


def test_with_the_recommendation_the_words_are_explained():
    app = drawn()
    assert "Escalate" in app.markdown[0].value and "dashed" in app.markdown[0].value
    assert "FREE gift" in app.caption[0].value.replace("\\", "")


def test_where_factors_alone_are_shown_words_are_tinted_without_a_sum():
    app = drawn("evidence")
    assert "Escalate" in app.markdown[0].value and not app.caption


def test_how_to_read_speaks_of_words_only_where_a_model_reads_them(triage):
    mute = [f.model_copy(update={"use": f.kind != "text"}) for f in triage.features]
    assert "**Words**" in message.how_to_read(triage)
    assert not message.how_to_read(triage.model_copy(update={"features": tuple(mute)}))


def test_a_missing_text_is_said():
    assert not drawn(text=None, told=[[0, 0, 0.01]]).caption


def form(draft):
    """The form for another decision, drawn alone."""
    import streamlit as st

    from rhml.core.domain import parse_domain
    from rhml.ui import decision_form
    from tests.messages import TRIAGE
    from tests.ui.test_message import card_of

    # AppTest itself keeps the format function in the session, where the app allows no functions.
    st.config.set_option("runner.enforceSerializableSessionState", False)
    if "once" not in st.session_state:
        st.session_state["once"] = True
        st.session_state["marks-c1"] = draft
    decision_form.draw(
        parse_domain("triage", TRIAGE), card_of(), {"differing": True, "action": None, "reason": None}
    )
    st.text(repr(decision_form.marks("c1")))


def test_words_are_marked_like_factors_and_a_draft_of_other_words_does_no_harm():
    kept = [
        "message:FREE gift: irrelevant here",
        "message:words of an older version: matters",
        "links: matters",
    ]
    app = AppTest.from_function(form, args=(kept,), default_timeout=30).run()
    assert not app.exception
    field = app.multiselect(key="marks-c1")
    assert "Message “FREE gift”: wrong direction" in field.options
    assert app.text[0].value == repr((("message:FREE gift", "irrelevant here"), ("links", "matters")))


def test_every_mark_that_is_offered_would_be_accepted(triage):
    found = card_of()
    for phrase in message.strongest(found, "message"):
        marks = ((f"message:{phrase.text}", "matters"),)
        check_decision(triage, Decision("d", "c1", "m1", "assisted", "watch", None, marks=marks), found.facts)
