"""Overrides: what people wrote, who agrees with whom, and rates against the limits, each as far as a reader may see."""

from tests.ui.log_of_loans import SELECTIVE, opened
from tests.ui.log_of_loans import loans_log as loans_log


def texts(page) -> str:
    """Everything a page says in Markdown, captions and tables."""
    said = [*page.markdown, *page.caption, *page.info, *page.header]
    return " ".join([m.value for m in said] + [h.proto.body for h in page.get("html")])


def as_person(page, name: str):
    return page.selectbox(key="person").select(name).run()


def test_words_are_found_marked_ranked_and_told_what_else_was_looked_for(loans_log):
    loans_log()
    page = opened("overrides", view="What they wrote", words="contracts")
    assert not page.exception
    assert "a new :orange-background[contract] was signed" in texts(page)
    assert "written alike: contract" in texts(page) and "1 rationale" in texts(page)
    assert "seasonal" not in texts(page)
    page = page.text_input(key="words").input("payments").run()
    assert "100% of \\_late\\_ :orange-background[payments]" in texts(page)  # shown as typed


def test_words_nobody_wrote_leave_a_sentence(loans_log):
    loans_log()
    page = opened("overrides", view="What they wrote", words="zebra")
    assert "No rationale under these filters speaks of “zebra”" in page.info[0].value
    assert not opened("overrides", view="What they wrote", words="](x) <b>").exception


def test_a_rationale_leads_to_others_like_it_and_back(loans_log):
    loans_log()
    page = opened("overrides", view="What they wrote", words="contract")
    like = next(button for button in page.button if str(button.key).startswith("like_"))
    page = like.click().run()
    assert not page.exception and "Like: “a new contract was signed”" in texts(page)
    page = page.button(key="unlike").click().run()
    assert "The newest" in texts(page)


def test_recurring_words_are_told_with_counts_and_lead_to_a_search(loans_log):
    loans_log()
    page = opened("overrides", view="What they wrote")
    assert not page.exception and "can be judged" in texts(page) and "Rescued" in texts(page)
    pills = next(group for group in page.button_group if group.key == "look_for_term")
    term = pills.options[0]
    page = pills.select(term).run()
    assert term in page.text_input(key="words").value and ":orange-background" in texts(page)


def test_a_manager_reads_what_they_wrote_themselves(loans_log):
    loans_log()
    page = as_person(opened("overrides", view="What they wrote"), "m1")
    assert not page.exception
    assert "You see what you wrote yourself" in texts(page) and "· m1 ·" in texts(page)
    assert "another manager" not in texts(page)


def test_agreement_says_that_nobody_called_the_same_case_and_holds_calls_against_the_model(loans_log):
    loans_log()
    page = opened("overrides", view="Agreement")
    assert not page.exception
    assert "No application was called by two people" in texts(page)
    assert "Beside the recommendation" in texts(page) and " [" in texts(page)


def test_before_the_first_decision_each_view_says_what_belongs_there(loans_log):
    loans_log(decisions=False)
    for view in ("Agreement", "Limits"):
        page = opened("overrides", view=view)
        assert not page.exception and "Here you will see" in texts(page)
    assert "Nothing is written yet" in texts(opened("overrides", view="What they wrote"))


def test_limits_are_told_in_sentences_with_what_came_of_the_overrides(loans_log):
    loans_log()
    page = opened("overrides", view="Limits")
    assert not page.exception
    assert "Above the limit" in texts(page) and "above: act" in texts(page) and "€" in texts(page)
    assert "Decline instead of Lend" in texts(page)


def test_filters_that_only_overrides_have_are_set_aside_and_said(loans_log):
    loans_log()
    page = opened("overrides", view="Limits", in_reason="Data is wrong")
    assert "set aside here" in texts(page) and "above: act" in texts(page)


def test_where_outcomes_hang_on_the_decision_who_was_right_cannot_be_known(loans_log):
    loans_log(text=SELECTIVE)
    assert "cannot be known" in texts(opened("overrides", view="Limits"))


def test_a_lead_records_what_was_done_with_a_reason(loans_log):
    loans_log()
    page = as_person(opened("overrides", view="Limits"), "lead")
    page = next(b for b in page.button if b.label == "Record").click().run()
    assert "Say what came of it" in page.error[0].value
    page.text_area(key="limit_why").input("because the trade is <b>new</b>")
    page = next(b for b in page.button if b.label == "Record").click().run()
    assert not page.exception and "Recorded about" in page.success[0].value
    assert "Looked into by lead" in texts(page) and "\\<b\\>new" in texts(page)


def test_a_manager_sees_no_person_and_records_nothing(loans_log):
    loans_log()
    page = as_person(opened("overrides", view="Limits"), "m1")
    assert not page.exception
    assert "m2" not in texts(page) and not [b for b in page.button if b.label == "Record"]


def test_an_analyst_sees_names_that_stand_for_people(loans_log):
    loans_log()
    page = as_person(opened("overrides", view="Limits"), "analyst")
    assert not page.exception
    assert "person " in texts(page) and "m1" not in texts(page)
    assert not [b for b in page.button if b.label == "Record"]
