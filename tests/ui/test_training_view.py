"""Team → Training: nothing before anybody has finished, the team's gain after, and never a person's."""

from datetime import datetime

from rhml.loop import course
from rhml.store import drills, organization
from rhml.ui import resources
from tests.ui.log_of_loans import WITH_OUTCOMES, opened
from tests.ui.log_of_loans import loans_log as loans_log

NOW = datetime(2026, 3, 2, 9)
PEOPLE = ("new1", "new2", "new3")


def view(person: str = "lead"):
    page = opened("team", view="Training")
    page.selectbox(key="person").select(person).run()
    assert not page.exception
    return page


def said(page) -> str:
    return " ".join(part.value for part in [*page.markdown, *page.info, *page.caption, *page.header])


def finish(person: str) -> None:
    """A short course: two of five right before, all after."""
    store, domain = resources.store(), resources.domain("loans")
    store.write(lambda tx: organization.set_role(tx, person, "trainee", at=NOW, by="lead"))
    held = course.begin(store, domain, person, size=5, at=NOW)
    while (held := course.resume(store, domain, held, at=NOW)).now is not None:
        place = held.places[held.now]
        [(right,)] = store.read(
            "SELECT right_action FROM loans.current_outcomes WHERE case_id = $1", [place.case_id]
        )
        wrong = next(key for key in domain.action_keys if key != right)
        call = wrong if place.phase == "pre" and place.number % 2 else right
        course.answer(store, domain, held.drill.drill_id, held.now, call, person=person, at=NOW)
        held = course.Course(drills.held(store, "loans", held.drill.drill_id))


def test_before_anybody_finished_a_course_it_says_what_belongs_here(loans_log):
    loans_log(text=WITH_OUTCOMES)
    assert "Nobody has begun one so far" in said(view())


def test_two_people_have_no_mean_of_theirs_and_three_do(loans_log):
    loans_log(text=WITH_OUTCOMES)
    for person in PEOPLE[:2]:
        finish(person)
    assert "from 3 people on" in said(view())
    finish(PEOPLE[2])
    text = said(view())
    assert "Together, the 3 who finished improved" in text
    assert "It learned nothing from the" in text
    assert not any(person in text for person in PEOPLE)
    # How many single results say what is a lead's to know, and of so few nobody's.
    assert "Single results" not in text
