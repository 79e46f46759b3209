"""The Practice page: a session said in advance, facts before the call, the outcome after it, a quiet end."""

from rhml.store import drills, frames
from rhml.ui import resources
from tests.ui.log_of_loans import SELECTIVE, opened
from tests.ui.log_of_loans import loans_log as loans_log


def practice(person="m1", **query):
    page = opened("practice", **query)
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


def open_drill(person="m1"):
    return drills.open_of(resources.store(), "loans", person, "drill")


def test_what_a_session_holds_is_said_before_it_begins(loans_log):
    loans_log()
    page = practice()
    assert "10 past applications, about 5 minutes" in said(page) and "differed from the model" in said(page)
    assert acts(page) >= {"drill_begin"} and open_drill() is None


def test_before_the_call_only_facts_stand_on_the_page(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    asked = open_drill().plan["places"][0]
    text = said(page)
    assert "Application 1 of 10" in text and "Late payments" in text
    assert not any(
        word in text for word in ("proved right", "The model had", "went the other way", asked["case_id"])
    )
    assert "drill_next" not in acts(page) and "drill_answer" not in acts(page)


def test_a_call_with_its_confidence_brings_the_outcome_at_once(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    page = press(page, "drill_choose", "lend")
    page = press(page, "drill_answer", "-lend-8")
    [answer] = open_drill().answers.values()
    assert (answer.action, answer.confidence) == ("lend", 0.8)
    text = said(page)
    assert ("Right: Lend" in text) == answer.right and "you said 8 in 10" in text
    assert "The model had" in text and "went the other way" in text
    page = press(page, "drill_next")
    assert "Application 2 of 10" in said(page)


def test_a_call_may_be_made_without_confidence_and_a_choice_taken_back(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    page = press(page, "drill_choose", "lend")
    page = press(page, "drill_choose", "-0-")
    assert "drill_answer" not in acts(page) and not open_drill().answers
    page = press(page, "drill_choose", "decline")
    press(page, "drill_answer", "-decline-0")
    [answer] = open_drill().answers.values()
    assert answer.action == "decline" and answer.confidence is None


def test_a_page_opened_anew_stands_where_one_was(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    page = press(page, "drill_choose", "lend")
    assert "drill_answer" in acts(practice())
    press(page, "drill_answer", "-lend-7")
    told = said(practice())
    assert "you said 7 in 10" in told and "drill_next" in acts(practice())


def test_a_late_press_of_an_old_page_changes_nothing(loans_log):
    loans_log()
    one = press(practice(), "drill_begin")
    one = press(one, "drill_choose", "lend")
    other = practice()
    press(one, "drill_answer", "-lend-9")
    late = press(other, "drill_answer", "-lend-5")
    assert "counts once" in said(late)
    [answer] = open_drill().answers.values()
    assert answer.confidence == 0.9


def test_a_whole_session_ends_in_a_summary_that_claims_nothing(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    while "drill_done" not in acts(page):
        page = press(page, "drill_choose", "lend")
        page = press(page, "drill_answer", "-lend-0")
        page = press(page, "drill_next")
    assert "of 10 right" in said(page) and "Too few to say more" in said(page) and "Comes back" in said(page)
    page = press(page, "drill_done")
    assert "1 session" in said(page) and "drill_begin" in acts(page)
    own = drills.answers(resources.store(), resources.domain("loans"), manager="m1", kind="drill")
    assert len(own) == 10 and own["place"].is_unique


def test_ending_early_keeps_what_was_answered(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    page = press(page, "drill_choose", "lend")
    page = press(page, "drill_answer", "-lend-0")
    page = press(page, "drill_stop")
    assert "ended it early" in said(page) and "of 1 right" in said(page)


def test_ending_before_the_first_call_leads_back_to_the_start(loans_log):
    loans_log()
    page = press(press(practice(), "drill_begin"), "drill_stop")
    assert "drill_begin" in acts(page)


def test_each_person_has_a_session_of_their_own(loans_log):
    loans_log()
    press(practice(), "drill_begin")
    assert "drill_begin" in acts(practice("analyst")) and open_drill("analyst") is None


def test_the_keys_are_listed_for_who_asks(loans_log):
    loans_log()
    page = press(practice(), "drill_begin")
    assert "answer without saying" not in said(page)
    assert "answer without saying" in said(press(page, "drill_keys"))


def test_where_nothing_can_be_practised_the_page_says_why(loans_log):
    loans_log(outcomes=0)
    page = practice()
    assert "too few for a session" in said(page) and "drill_begin" not in acts(page)


def test_a_selective_domain_without_a_lot_says_that_it_cannot_be_known(loans_log):
    loans_log(text=SELECTIVE)
    assert "Cannot be known" in said(practice())


def test_hostile_addresses_change_nothing(loans_log):
    loans_log()
    page = practice(case="<script>alert(1)</script>", view="Drills", drill="' OR 1=1")
    assert "drill_begin" in acts(page)
    assert frames.counter(resources.store(), resources.domain("loans")) > 0 and open_drill() is None
