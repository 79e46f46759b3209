"""My learning → Skill and Team → Skill: a verdict first, the person's own to the person, the team's to all."""

from tests.ui.log_of_loans import LOANS, opened
from tests.ui.log_of_loans import loans_log as loans_log


def shown(person: str, name: str):
    page = opened(name, view="Skill")
    page.selectbox(key="person").select(person).run()
    assert not page.exception
    return page


def said(page) -> str:
    parts = (*page.markdown, *page.info, *page.caption, *page.header, *page.error)
    return " ".join(part.value for part in parts)


def test_a_person_reads_their_own_change_and_how_many_more_calls_would_tell(loans_log):
    loans_log()
    text = said(shown("m1", "my_learning"))
    assert "Your calls without the model" in text
    assert "Not enough data yet" in text and "more unaided calls" in text
    assert "m2" not in text


def test_a_person_without_calls_is_told_what_counts(loans_log):
    loans_log()
    assert "None of your calls can be compared yet" in said(shown("analyst", "my_learning"))


def test_the_team_sees_its_change_by_segment_and_no_person(loans_log):
    loans_log()
    page = shown("lead", "team")
    text, [table] = said(page), page.dataframe
    assert "People without the model" in text and "points" in text
    assert list(table.value["Segment"])[:2] == ["Sector: farming", "Sector: retail"]
    assert "No lesson has been taught" in text
    assert "m1" not in text + table.value.to_csv()


def test_without_outcomes_both_pages_say_why(loans_log):
    loans_log(text=LOANS, outcomes=0)
    for person, name in (("m1", "my_learning"), ("lead", "team")):
        assert "cannot be known" in said(shown(person, name))
