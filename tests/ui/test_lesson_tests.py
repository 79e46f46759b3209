"""Lesson tests on the pages: offered only after an override, kept by a press, told to their author."""

from rhml.loop.lesson_tests import followed
from rhml.store import history
from tests.ui.log_of_loans import opened
from tests.ui.waiting_loans import desk, press, texts  # noqa: F401 - desk is a fixture

ASSISTED = {"first_call": 0.0, "evidence_only": 0.0}


def overridden(case_id="a00012"):
    app = opened("decide", case=case_id)
    press(app, "Decide differently")
    app.button(key=f"reason-{case_id}-Data is wrong").click().run()
    app.text_area(key=f"rationale-{case_id}").input("The amount is a typo.").run()
    press(app, "Save: Lend")
    return app


def panels(app):
    return [e.label for e in app.expander if "similar" in e.label]


def test_agreeing_offers_no_lesson_test(desk):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide")
    press(app, "Agree: Decline")
    assert "You can reverse it until then." in texts(app) and not panels(app)


def test_after_an_override_similar_cases_may_be_told_to_change_and_the_author_hears_of_it(desk):  # noqa: F811
    store, domain = desk(**ASSISTED)
    app = overridden()
    assert panels(app) == ["Should similar applications change too?"]
    assert "lesson" not in app.session_state  # nothing is looked up before it is opened

    app.session_state["lesson_offer"] = True
    app.run()
    offered = [s for s in app.segmented_control if (s.key or "").startswith("lesson-")]
    assert len(offered) == 3 and offered[0].options == ["should change to Lend", "must stay Decline"]
    made = history.recent(store, domain, "lead")[0]
    chosen = app.session_state["lesson"]["similar"][0].case_id
    offered[0].select("change").run()
    press(app, "Keep as lesson tests")
    assert not app.exception and "One lesson test is kept" in texts(app)
    [kept] = followed(store, domain, "lead")
    assert (kept.case_id, kept.action, kept.of_case) == (chosen, "lend", made["case_id"])
    assert kept.state == "not tried yet"

    mine = opened("my_learning")
    assert not mine.exception
    assert "The next version will be held against your lesson from a00012" in texts(mine)
