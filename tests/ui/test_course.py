"""The Course view: what it is before it begins, tests that tell nothing, practice that tells, a certificate to take along."""

import re
from datetime import datetime
from html import escape

from rhml.human.course.gain import gain
from rhml.loop import course, drill_pool
from rhml.loop.course_record import courses_of
from rhml.store import organization
from rhml.ui import certificate, resources
from tests.ui.log_of_loans import LOANS, opened
from tests.ui.log_of_loans import loans_log as loans_log

NOW = datetime(2026, 3, 2, 9)


def practice(person="lead", **query):
    page = opened("practice", view="Course", **query)
    page.selectbox(key="person").select(person).run()
    assert not page.exception
    return page


def said(page) -> str:
    parts = [*page.markdown, *page.info, *page.caption, *page.header, *page.warning, *page.error]
    return " ".join(part.value for part in parts) + " ".join(html.value for html in page.get("html") or [])


def press(page, act, ending=""):
    [button] = [b for b in page.button if b.key and b.key.startswith(f"{act}-") and b.key.endswith(ending)]
    page = button.click().run()
    assert not page.exception
    return page


def acts(page) -> set[str]:
    return {b.key.split("-")[0] for b in page.button if b.key}


def held(person="lead"):
    return course.standing(resources.store(), resources.domain("loans"), person)


def answer_until(phase, person="lead", last=0):
    """Answer through the verb what the page need not be pressed for."""
    store, domain = resources.store(), resources.domain("loans")
    while (
        found := course.resume(store, domain, held(person), at=NOW)
    ).phase != phase and not found.drill.ended:
        if phase == "done" and len(found.places) - found.now <= last:
            return found
        right = found.pairs[0].right if found.now % 3 else "decline"
        course.answer(
            store, domain, found.drill.drill_id, found.now, right, person=person, at=NOW, confidence=0.8
        )
        course.go_on(store, domain, held(person))
    return found


def small(page):
    page.segmented_control(key="course_size").set_value(10).run()
    return press(page, "course_begin")


def test_what_a_course_is_stands_there_before_it_begins(loans_log):
    loans_log()
    page = practice()
    text = said(page)
    assert "A test, practice, and a second test" in text and "four times in five" in text
    assert held() is None and "course_begin" in acts(page)


def test_a_test_asks_by_number_tells_nothing_and_counts_an_answer_once(loans_log):
    loans_log()
    page = small(practice())
    assert "First test: 1 of 10" in said(page)
    found = held()
    case = found.places[0].case_id
    page = press(page, "course_choose", "lend")
    page = press(page, "course_answer", "-8")
    text = said(page)
    assert "First test: 2 of 10" in text and case not in text and "proved right" not in text
    assert held().drill.answers[0].confidence == 0.8
    assert "course_next" not in acts(page)


def test_a_choice_is_kept_over_a_new_session_and_can_be_taken_back(loans_log):
    loans_log()
    small(practice())
    press(practice(), "course_choose", "decline")
    page = practice()
    assert "course_answer" in acts(page)
    page = press(page, "course_choose", "-")
    assert "course_answer" not in acts(page)


def test_practice_tells_what_came_of_it_until_it_is_read(loans_log):
    loans_log(versions=1)
    small(practice())
    answer_until("practice")
    page = practice()
    assert "Practice: 1 of 20" in said(page)
    page = press(press(page, "course_choose", "lend"), "course_answer", "-7")
    for again in (page, practice()):
        assert re.search(r"Right: Lend|Decline proved right, not Lend", said(again))
        assert "went the other way" in said(again)
    page = press(page, "course_next")
    assert "Practice: 2 of 20" in said(page)


def test_at_the_end_stand_the_gain_its_interval_and_the_answers(loans_log):
    loans_log()
    small(practice())
    answer_until("done", last=1)
    page = press(press(practice(), "course_choose", "lend"), "course_answer", "-0")
    text, found = said(page), held().certificate
    assert f"Right answers of 10: {found['right_before']} → {found['right_after']}" in text.replace("\\", "")
    assert 'role="img"' in text and "Your call" in text
    assert "Another course" in text and "course_begin" in acts(page)
    [ended] = courses_of(resources.store(), resources.domain("loans"), "lead")
    assert len(ended.answered("pre")) == len(ended.answered("post")) == 10


def test_a_course_ended_early_claims_nothing(loans_log):
    loans_log()
    page = press(small(practice()), "course_stop")
    assert "so it shows nothing" in said(page) and held().stopped


def test_nobody_sees_or_goes_on_with_another_persons_course(loans_log):
    loans_log()
    small(practice())
    page = practice("analyst")
    assert "course_begin" in acts(page) and "First test" not in said(page)


def test_a_trainee_takes_a_course_and_decides_nothing(loans_log):
    loans_log()
    practice()
    store = resources.store()
    store.write(lambda tx: organization.set_role(tx, "new", "trainee", at=NOW, by="lead"))
    assert "First test: 1 of 10" in said(small(practice("new")))
    for name in (
        "pending",
        "decide",
        "my_learning",
        "improvement",
        "overrides",
        "ask",
        "models",
        "organization",
    ):
        page = opened(name)
        page.selectbox(key="person").select("new").run()
        assert not page.exception and not page.error, name
        assert not acts(page) & {"agree", "differ", "call", "settle", "bulk_agree"}


def test_without_outcomes_there_is_no_course_and_the_page_says_why(loans_log):
    loans_log(text=LOANS, outcomes=0)
    page = practice()
    assert "has no outcomes" in said(page) and "course_begin" not in acts(page)


def test_where_history_is_short_the_page_says_so(loans_log):
    loans_log(outcomes=12)
    assert "History runs out" in said(practice()).replace("\\", "")


HOSTILE = '<script>alert(1)</script> & "x"'


def made(person=HOSTILE) -> dict:
    """A certificate as a fact, of a person with a hostile name."""
    found = gain([0] * 8 + [1] * 12, [1] * 18 + [0] * 2, smallest=0.05)
    return {
        "person": person, "domain": "loans", "title": HOSTILE, "begun_at": NOW.isoformat(),
        "finished_at": NOW.isoformat(), "planned": 21, "practised": 20, "smallest_change": 0.05,
        "result": "improved", **found.as_dict(), "headline": "A measured gain", "line": "Right answers of 20: 12 → 18.",
        "sentence": "More.", "sureness": "", "method": "Pairs.", "verification": "0123-4567",
    }  # fmt: skip


def test_the_certificate_is_one_page_that_needs_nothing_and_runs_nothing():
    text = certificate.page(made())
    assert text.startswith("<!doctype html>") and text.count("<script") == 0
    assert escape(HOSTILE) in text and "http" not in text and "src=" not in text
    for part in (
        "Right before",
        "12 of 20",
        "18 of 20",
        "+30 points",
        "0123-4567",
        "1 left out",
        "@media print",
    ):
        assert part in text, part


def test_the_picture_spans_the_interval_and_says_it():
    found = certificate.picture(made())
    assert "+30 points" in found and 'role="img"' in found
    assert certificate.picture({**made(), "value": None}) == ""


def test_a_course_of_a_log_that_was_changed_by_hand_is_told(loans_log):
    loans_log()
    small(practice())
    answer_until("done")
    store = resources.store()
    store.write(lambda tx: tx.run("UPDATE loans.drill_answers SET confidence = 0.99 WHERE place = 0"))
    assert "no longer agree with this certificate" in said(practice())


def test_no_drill_shows_what_an_open_course_will_ask(loans_log):
    loans_log()
    small(practice())
    store, domain = resources.store(), resources.domain("loans")
    asked = {place.case_id for place in held().places if place.case_id}
    assert len(asked) == 20
    assert not asked & set(drill_pool.material(store, domain, "lead", at=NOW).pool["case_id"])
