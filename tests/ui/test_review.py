from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rhml.core.domain import parse_domain
from rhml.loop.decide import Choice, decide
from rhml.loop.onboard import onboard
from rhml.loop.review import conflict, review
from rhml.loop.review.opinion import give
from rhml.loop.review.sign import refuse
from rhml.loop.teams import set_role
from rhml.store import case_file
from rhml.store.opening import utc_now
from rhml.store.review import conflicts
from tests.ui.waiting_loans import desk, labels, named, press, texts  # noqa: F401 - desk is a fixture

RULES = '[governance]\nsecond_signature_above = 0\nsignature_for = ["lend"]\nsecond_opinion = 1.0\n'


@pytest.fixture
def ruled(desk):  # noqa: F811
    """The desk under rules that ask for everything; gives the store and the domain."""

    def make(rules: str = RULES):
        store, plain = desk(first_call=0.0, evidence_only=0.0)
        domain = parse_domain("loans", plain.text + rules)
        onboard(store, domain, by="lead", at=utc_now())
        for person in ("m3", "deputy"):
            set_role(store, person, "lead" if person == "deputy" else "manager", by="lead", at=utc_now())
        set_role(store, "a1", "analyst", by="lead", at=utc_now())
        return store, domain

    return make


def made(store, domain, action="lend", case_id="a00010", manager="m1"):
    shown = case_file.waiting_row(store, domain, case_id)["recommendation_id"]
    reason = "Data is wrong" if action == "lend" else None
    choice = Choice(case_id, action, shown, reason=reason, rationale="A typo.", confidence=0.8)
    return decide(store, domain, choice, manager=manager, at=utc_now())


def opened(page: str, who: str, **query: str) -> AppTest:
    """A page of the app as somebody opens it by its address."""
    app = AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=60)
    app.session_state["chosen_person"] = who
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}.py").run()


def everything(app) -> str:
    """All that the page says, tables, options and buttons included."""
    tables = "\n".join(part.proto.body for part in app.get("html"))
    frames = "\n".join(frame.value.to_csv() for frame in app.dataframe)
    return "\n".join((texts(app), tables, frames, *labels(app)))


def test_a_domain_that_asks_nobody_says_so(ruled):
    ruled("")
    app = opened("review", who="m2", view="Second opinions")
    assert "draws none by lot" in texts(app)
    assert "sets no limit" in texts(opened("review", who="lead"))


def test_a_lead_signs_and_the_decision_is_in_force(ruled):
    store, domain = ruled()
    made(store, domain)
    app = opened("review", who="lead")
    press(app, "Start with the first")
    assert "m1 decided **Lend**" in texts(app)
    assert "against the model" in texts(app) and "A typo." in texts(app)
    assert "The model suggests **Decline**" in texts(app)
    press(app, "Sign")
    assert "**Signed**: a00010, **Lend**. It is in force." in texts(app)
    assert store.read("SELECT state FROM loans.effective WHERE case_id = 'a00010'") == [("effective",)]
    assert "Nothing to sign" in texts(app)


def test_not_signing_takes_a_sentence_and_keeps_it_when_refused(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    app = opened("review", who="lead", item=decision.decision_id)
    press(app, "Do not sign")
    press(app, "Do not sign: to the conflict room")
    assert "Say in a sentence why you do not sign" in texts(app)
    app.text_area[0].input("Not in the budget.")
    press(app, "Do not sign: to the conflict room")
    assert "is in the conflict room" in texts(app)
    assert review.waiting(store, domain).conflicts[0].kind == "signature refused"


def test_a_stale_page_signs_nothing(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    app = opened("review", who="lead", item=decision.decision_id)
    refuse(store, domain, decision.decision_id, by="deputy", why="No.", at=utc_now())
    press(app, "Sign")
    assert "refused to sign this meanwhile" in texts(app)
    assert store.read("SELECT count(*) FROM loans.signatures WHERE kind = 'signed'") == [(0,)]


@pytest.mark.parametrize(
    ("more", "signers"), [("", "; leads give it"), ('signers = "manager"\n', "managers and leads give it")]
)
def test_who_signs_is_said_to_those_who_do_not(ruled, more, signers):
    ruled(RULES + more)
    assert signers in texts(opened("review", who="a1", view="To sign"))


def test_the_author_sees_that_it_waits(ruled):
    store, domain = ruled()
    made(store, domain)
    said = texts(opened("review", who="m1", view="To sign"))
    assert "1 decision of yours waits for somebody else’s signature: a00010" in said
    assert "leads give it" in said


def test_an_opinion_is_given_blind_and_both_learn_what_the_other_said(ruled):
    store, domain = ruled()
    made(store, domain, "decline")
    app = opened("review", who="m2", view="Second opinions")
    assert "drawn by lot" in everything(app)
    press(app, "Start with the first")
    shown = everything(app)
    for word in ("A typo", "suggests **", "suggested", "m1", "of 100", "typical", "against the model"):
        assert word not in shown, word
    press(app, "Lend")
    app.text_area[0].input("They pay in time.")
    press(app, "This is my opinion: Lend")
    assert "You say **Lend**; it was decided **Decline**. A lead settles it" in texts(app)
    assert "A second opinion on your decision, **Decline**, asked blind: **Lend**" in texts(
        opened("my_learning", who="m1")
    )


def test_a_curious_manager_finds_nothing_of_it_anywhere(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    for page, where in (
        ("decide", {"case": "a00010"}),
        ("review", {"view": "Second opinions"}),
        ("review", {"view": "Second opinions", "item": "a00010"}),
        ("review", {"view": "To sign"}),
        ("review", {"view": "To sign", "item": decision.decision_id}),
        ("review", {"view": "Conflicts"}),
        ("my_learning", {}),
        ("pending", {}),
        ("overrides", {}),
        ("overrides", {"view": "What they wrote"}),
        ("improvement", {}),
    ):
        said = everything(opened(page, who="m2", **where))
        assert "A typo" not in said and "Data is wrong" not in said and "m1 decided" not in said, (
            page,
            where,
        )
    closed = everything(opened("decide", who="m2", case="a00010"))
    assert "A second opinion is asked on this application, blind" in closed
    assert "decided **" not in closed and "Dispute" not in closed


def test_who_is_refused_reads_why_and_sees_nothing(ruled):
    store, domain = ruled()
    made(store, domain, "decline")
    said = texts(opened("review", who="m1", view="Second opinions", item="a00010"))
    assert "You have decided this application yourself" in said
    assert "from the facts alone" not in said


def test_a_lead_without_a_side_settles_and_the_parties_are_told(ruled):
    store, domain = ruled()
    decision = made(store, domain, "decline")
    give(
        store,
        domain,
        "a00010",
        "lend",
        manager="m2",
        at=utc_now(),
        rationale="They pay in time.",
        confidence=0.7,
    )
    app = opened("review", who="lead", view="Conflicts")
    press(app, "Start with the first")
    said = texts(app)
    assert "**First manager** decided **Decline**, sure of 8 in 10" in said
    assert "**Second manager** judged it blind **Lend**, sure of 7 in 10: “They pay in time.”" in said
    assert "**The model** suggested **Decline**" in said
    assert "m1" not in said and "m2" not in said
    press(app, "Instead: Lend")
    press(app, "Settle: Instead: Lend")
    assert "Say why" in texts(app)
    app.text_area[0].input("The second look is right.")
    press(app, "Settle: Instead: Lend")
    assert "**Settled**: a00010, instead: Lend. Everyone who has a side is told." in texts(app)
    assert "1 conflict settled" in texts(app)
    told = "you had said **Decline**. Your own call stays as you made it. “The second look is right.”"
    assert told in texts(opened("my_learning", who="m1"))
    assert "as you had said" in texts(opened("my_learning", who="m2"))
    assert conflicts.of_decision(store.read, "loans", decision.decision_id)[0][1]


def test_a_party_reads_along_and_settles_nothing(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    refuse(store, domain, decision.decision_id, by="lead", why="No.", at=utc_now())
    for person in ("m1", "lead"):
        app = opened("review", who=person, view="Conflicts")
        press(app, "Open the first" if person == "m1" else "Start with the first")
        assert "A lead who has no side settles it" in texts(app)
        assert "(you)" in texts(app)
        assert not [name for name in labels(app) if name.startswith("Settle")]
    assert "No disagreement that you have a side in" in texts(opened("review", who="m3", view="Conflicts"))


def test_a_decision_is_disputed_on_its_page(ruled):
    store, domain = ruled("")
    made(store, domain)
    app = opened("decide", who="m2", case="a00010")
    [field] = [field for field in app.text_input if field.label == "What do you disagree with?"]
    field.input("We lent them last week.")
    press(app, "Bring it to the conflict room")
    assert review.waiting(store, domain).conflicts[0].kind == "raised"
    assert "in conflict" in str(store.read("SELECT state FROM loans.effective WHERE case_id = 'a00010'"))
    links = [link.proto.label for link in opened("decide", who="m2", case="a00010").get("page_link")]
    assert "In the conflict room" in links


def test_settled_conflicts_say_too_few_before_they_say_who_is_right(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    refuse(store, domain, decision.decision_id, by="lead", why="No.", at=utc_now())
    [one] = review.waiting(store, domain).conflicts
    conflict.settle(store, domain, one.conflict_id, "stands", by="deputy", why="Fine.", at=utc_now())
    said = texts(opened("review", who="a1", view="Conflicts"))
    assert "**1 conflict settled**: 1 stood, 0 ended with another action, 0 sent back." in said
    assert "too few" in said
    assert "Settled" not in texts(opened("review", who="m3", view="Conflicts"))


def test_typed_words_are_shown_as_they_were_typed(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    refuse(
        store, domain, decision.decision_id, by="lead", why="**bold** <b>x</b> [a](http://x)", at=utc_now()
    )
    app = opened("review", who="deputy", view="Conflicts")
    press(app, "Start with the first")
    [said] = [part.value for part in app.markdown if "Second signature" in part.value]
    assert "\\*\\*bold\\*\\*" in said and "[a](http" not in said


def test_the_address_opens_an_item(ruled):
    store, domain = ruled()
    decision = made(store, domain)
    app = opened("review", who="lead")
    press(app, "Start with the first")
    assert named(app, "item") == decision.decision_id
    press(app, "Back to the list")
    assert "item" not in app.query_params
