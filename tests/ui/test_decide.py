from datetime import timedelta
from types import SimpleNamespace

import pytest

from rhml.loop import queue
from rhml.store import case_file
from rhml.store.opening import utc_now
from rhml.ui.cards import frequency
from tests.ui.log_of_loans import opened
from tests.ui.waiting_loans import desk, labels, named, press, texts  # noqa: F401 - desk is a fixture

OWN = {"first_call": 1.0, "evidence_only": 0.0}
EVIDENCE = {"first_call": 0.0, "evidence_only": 1.0}
ASSISTED = {"first_call": 0.0, "evidence_only": 0.0}


def decided(store):
    return store.frame("SELECT * FROM loans.decided WHERE NOT imported ORDER BY decided_at").to_dict(
        "records"
    )


def tables(app) -> str:
    """The tables that are drawn as HTML."""
    return "\n".join(part.proto.body for part in app.get("html"))


def test_agreeing_saves_and_brings_the_next_case(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide")
    assert named(app, "case") == "a00010"
    assert "The model suggests **Decline**." in texts(app)
    assert "application 1 of 60 today" in texts(app)
    app.session_state["confidence-a00010"] = 8
    press(app, "Agree: Decline")
    assert named(app, "case") == "a00011"
    assert "application 2 of 60 today" in texts(app)
    assert "You can reverse it until then." in texts(app)
    [row] = decided(store)
    assert (row["case_id"], row["final_action"], row["manager"]) == ("a00010", "decline", "lead")
    assert (row["final_confidence"], row["seconds"] >= 0) == (0.8, True)


def test_the_reasons_add_up_as_they_are_shown(desk):  # noqa: F811
    desk(**ASSISTED)
    shown = texts(opened("decide"))
    assert "43 + 12 + 8 − 5 + 2 + 0 = **60** of 100 for Decline" in shown
    assert "(typical 9,000) raised the model's estimate by **12 points**" in shown
    assert "between 50 and 68; 60 similar applications" in shown
    assert "It would tip to **Lend** (55 of 100) if **Amount** were **9,000" in shown
    assert "“moon” is new" in shown
    assert "<caption>Similar decided applications</caption>" in tables(opened("decide"))
    assert "caused" not in shown


def test_deciding_differently_asks_for_a_reason_and_keeps_the_words(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide", case="a00012")
    press(app, "Decide differently")
    assert app.button(key="save-a00012").disabled
    app.button(key="reason-a00012-Data is wrong").click().run()
    app.text_area(key="rationale-a00012").input("The amount is a typo.").run()
    marks = app.multiselect(key="marks-a00012")
    assert marks.proto.select_all == 0, "every mark on every factor at once says nothing"
    marks.select("amount: value is wrong").run()
    press(app, "Save: Lend")
    [row] = decided(store)
    assert (row["final_action"], row["reason"], row["rationale"]) == (
        "lend", "Data is wrong", "The amount is a typo.",
    )  # fmt: skip
    assert store.read("SELECT factor, mark FROM loans.marks") == [("amount", "value is wrong")]
    assert named(app, "case") == "a00013"


def test_back_keeps_what_was_written_and_escape_is_left_to_the_lists(desk):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide", case="a00012")
    press(app, "Decide differently")
    press(app, "Data is wrong")
    app.text_area(key="rationale-a00012").input("The amount is a typo.").run()
    app.multiselect(key="marks-a00012").select("amount: value is wrong").run()
    assert not app.button(key="back-a00012").proto.shortcut
    press(app, "Back")
    assert "Agree: Decline" in labels(app)
    app.run()
    again = opened("decide", case="a00012")
    again.run()
    for one in (app, again):
        press(one, "Decide differently")
        assert one.text_area(key="rationale-a00012").value == "The amount is a typo."
    assert app.multiselect(key="marks-a00012").value == ["amount: value is wrong"]
    assert not app.button(key="save-a00012").disabled


def test_other_without_a_sentence_is_refused_and_the_form_stays(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide")
    press(app, "Decide differently")
    press(app, "Other")
    press(app, "Save: Lend")
    assert "Say in a sentence" in texts(app)
    assert "Save: Lend" in labels(app)
    assert decided(store) == []


def test_undo_returns_to_the_case(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide")
    press(app, "Agree")
    press(app, "Undo")
    assert named(app, "case") == "a00010"
    assert decided(store) == []
    assert "Undo" not in labels(app)


def test_the_own_call_comes_before_anything_of_the_model(desk):  # noqa: F811
    store, _ = desk(**OWN)
    app = opened("decide")
    assert "Your own call first" in texts(app)
    for word in ("suggests", "typical", "tip"):
        assert word not in texts(app)
    assert "Similar" not in tables(app)
    press(app, "Lend")
    press(app, "This is my call: Lend")
    assert "You called **Lend**; the model suggests **Decline**." in texts(app)
    press(app, "Change to: Decline")
    [row] = decided(store)
    assert (row["mode"], row["first_action"], row["final_action"]) == ("first_call", "lend", "decline")


def test_keeping_the_own_call_asks_why(desk):  # noqa: F811
    store, _ = desk(**OWN)
    app = opened("decide")
    press(app, "Lend")
    press(app, "This is my call")
    press(app, "Keep my call: Lend")
    press(app, "Model misjudges")
    press(app, "Save: Lend")
    assert [(r["final_action"], r["reason"]) for r in decided(store)] == [
        ("lend", "Model misjudges this kind")
    ]


def test_evidence_speaks_in_words_without_the_suggestion(desk):  # noqa: F811
    desk(**EVIDENCE)
    app = opened("decide")
    assert "speaks strongly for Decline" in texts(app)
    for word in ("suggests", " of 100", "points"):
        assert word not in texts(app)
    assert "Similar" not in tables(app)
    press(app, "Decline")
    press(app, "This is my call")
    assert "You called **Decline**, and so does the model." in texts(app)


def test_without_a_model_the_decision_is_the_own_call(desk):  # noqa: F811
    store, _ = desk(recommended=False)
    app = opened("decide")
    assert "There is no promoted model." in texts(app)
    press(app, "Lend")
    press(app, "Save my decision: Lend")
    assert [(r["mode"], r["first_action"]) for r in decided(store)] == [("first_call", "lend")]


def test_with_three_actions_the_other_one_is_chosen(desk):  # noqa: F811
    store, _ = desk(actions='ask = "Ask for more"\n', **ASSISTED)
    app = opened("decide")
    press(app, "Decide differently")
    press(app, "Ask for more")
    press(app, "New information")
    press(app, "Save: Ask for more")
    assert [r["final_action"] for r in decided(store)] == ["ask"]


def test_a_draft_survives_a_lost_connection(desk):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide")
    press(app, "Decide differently")
    press(app, "Policy exception")
    app.text_area(key="rationale-a00010").input("Half a sen").run()
    again = opened("decide", case="a00010")
    assert again.text_area(key="rationale-a00010").value == "Half a sen"
    assert not again.button(key="save-a00010").disabled


def test_a_case_that_somebody_has_open_is_told_kindly(desk):  # noqa: F811
    store, domain = desk(**ASSISTED)
    queue.claim(store, domain, "a00010", manager="m2", at=utc_now())
    app = opened("decide", case="a00010")
    assert "m2 has a00010 open" in texts(app)
    press(app, "Open it read-only")
    assert "The model suggests" in texts(app)
    assert not [label for label in labels(app) if label.startswith(("Agree", "Decide", "Skip"))]
    press(app, "Next")
    assert named(app, "case") == "a00011"


def test_opening_claims_and_moving_on_lets_go(desk):  # noqa: F811
    store, domain = desk(**ASSISTED)
    app = opened("decide")
    assert case_file.waiting_row(store, domain, "a00010")["claimed_by"] == "lead"
    press(app, "Next")
    assert case_file.waiting_row(store, domain, "a00010")["claimed_by"] is None


def test_skip_snooze_and_escalate_each_move_on(desk):  # noqa: F811
    store, domain = desk(**ASSISTED)
    app = opened("decide")
    press(app, "Skip")
    press(app, "Snooze")
    press(app, "3 days")
    press(app, "Escalate")
    app.text_input(key="question-a00012").input("Is the plan real?").run()
    press(app, "Ask a lead")
    assert named(app, "case") == "a00013"
    row = case_file.waiting_row(store, domain, "a00011")
    assert row["snoozed_until"] - utc_now() > timedelta(days=2)
    assert case_file.waiting_row(store, domain, "a00012")["escalation"] == "Is the plan real?"


def test_a_press_for_a_case_that_is_gone_decides_nothing_else(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide")
    press(app, "Agree")
    app.session_state["pressed"] = ("agree", "a00010")
    app.run()
    assert "was decided meanwhile" in texts(app)
    assert [r["case_id"] for r in decided(store)] == ["a00010"]


def test_a_decided_case_shows_its_history_and_the_way_back(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide")
    press(app, "Agree")
    closed = opened("decide", case="a00010")
    assert "lead decided **Decline**" in texts(closed)
    press(closed, "Reverse my decision")
    assert decided(store) == []
    assert "The model suggests" in texts(closed)


def test_an_unknown_number_offers_the_next_case(desk):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide", case="nowhere")
    assert "There is no application 'nowhere'" in texts(app)
    press(app, "Take the next case")
    assert named(app, "case") == "a00010"


def test_the_queue_of_the_url_decides_what_comes_next(desk):  # noqa: F811
    store, _ = desk(**ASSISTED)
    app = opened("decide", queue="order=most_at_stake&only_sector=retail")
    [(first,)] = store.read(
        "SELECT case_id FROM loans.pending WHERE sector = 'retail' ORDER BY value DESC, case_id LIMIT 1"
    )
    assert named(app, "case") == first


def test_an_empty_queue_says_so_with_one_next_step(desk):  # noqa: F811
    desk(0, recommended=False)
    assert "Nothing waits" in texts(opened("decide"))


@pytest.mark.parametrize("panel", ["Why", "Keys"])
def test_a_panel_opens_and_closes(desk, panel):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide")
    before = len(app.main)
    press(app, panel)
    open_now = len(list(app.get("plotly_chart"))) + texts(app).count("| Key |")
    press(app, panel)
    assert open_now == 1
    assert len(app.main) == before
    assert not app.get("plotly_chart")


def test_a_skipped_case_is_said_to_be_undecided(desk):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide", case="a00010")
    press(app, "Skip")
    assert "skipped, not decided" in texts(app)
    press(app, "Next")
    assert "skipped, not decided" not in texts(app)


def test_shares_that_look_apart_are_not_told_as_one_inside_the_other(desk):  # noqa: F811
    _, domain = desk(**ASSISTED)
    shown = SimpleNamespace(probability=0.964, action="decline", low=0.968, high=0.99, similar_n=208)
    said = frequency(domain, SimpleNamespace(recommendation=shown))
    assert "gives **Decline** 96 of 100, but among 208" in said
