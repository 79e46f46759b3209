"""My learning: own outcomes until "Got it", own calls beside the model's, nobody else's numbers."""

from rhml.store import frames, organization
from rhml.ui import resources
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened


def learning(person="m1", **query):
    page = opened("my_learning", **query)
    page.selectbox(key="person").select(person).run()
    assert not page.exception
    return page


def said(page) -> str:
    return " ".join(m.value for m in [*page.markdown, *page.info, *page.caption])


def test_outcomes_stay_until_they_are_acknowledged(loans_log):
    loans_log()
    page = learning()
    first = said(page)
    assert "your decision proved right in" in first
    assert said(page.run()) == first
    page.button(key="got_it").click().run()
    assert "No outcome of" in said(page)
    assert not [b for b in page.button if b.key == "got_it"]


def test_no_bank_case_is_ever_shown(loans_log):
    loans_log()
    page = learning()
    own = frames.decided_by(resources.store(), resources.domain("loans"), "m1")
    bank = set(own.loc[own["bank"], "case_id"])
    shown = set(page.dataframe[0].value["Application"])
    assert bank and shown and not bank & shown
    assert shown == set(own.loc[~own["bank"] & own["right_action"].notna(), "case_id"])


def test_own_calls_stand_beside_the_models_with_counts(loans_log):
    loans_log()
    page = learning(view="Skill")
    labels = [m.label for m in page.metric]
    assert "You, unaided: share right" in labels and "The model, same applications: share right" in labels
    assert "the model" in said(page) and "calls" in said(page)


def test_a_person_without_decisions_is_shown_the_way(loans_log):
    loans_log()
    page = learning("analyst")
    assert "decided no application yet" in said(page) and not page.metric


def test_without_outcomes_nothing_is_claimed(loans_log):
    loans_log(outcomes=0)
    assert "has arrived so far" in said(learning())
    skill, calibration = learning(view="Skill"), learning(view="Calibration")
    assert not skill.metric and "No applications so far" in said(skill)
    assert "None of your calls with an outcome says how sure you were." in said(calibration)


def test_a_visit_counts_for_the_person_and_the_domain_alone(loans_log):
    loans_log()
    page = learning()
    page.button(key="got_it").click().run()
    assert organization.last_visit(resources.store(), "m1", "loans") is not None
    assert organization.last_visit(resources.store(), "m2", "loans") is None
