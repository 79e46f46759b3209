"""The Models page: which version is live, evidence in words, and what only a lead may do."""

import time
from datetime import timedelta

import pytest

from rhml.loop import resolve
from rhml.store import jobs, registry
from rhml.ui import resources
from tests.ui.log_of_loans import LOANS, NOW, WITH_OUTCOMES, opened, rows
from tests.ui.log_of_loans import loans_log as loans_log


def texts(page) -> str:
    return " ".join(m.value for m in page.markdown)


def finished(kind: str) -> jobs.Job:
    for _ in range(600):
        newest = jobs.latest(resources.store(), kind=kind, domain="loans", limit=1)
        if newest and newest[0].state not in jobs.OPEN:
            return newest[0]
        time.sleep(0.05)
    raise AssertionError(f"the {kind} job did not end")


def as_person(page, person: str):
    return page.selectbox(key="person").select(person).run()


def test_without_a_model_the_page_says_what_is_missing(loans_log):
    loans_log(outcomes=30)
    page = opened("models")
    assert not page.exception
    assert "about 50 applications with an outcome; the log holds 30" in page.info[0].value


def test_a_refused_retraining_says_why_and_stays_there(loans_log):
    loans_log(outcomes=30)
    page = opened("models")
    page.button(key="retrain").click().run()
    refused = finished("retrain")
    page.run()
    assert refused.state == "refused"
    assert "Retraining" in page.warning[0].value
    assert "Retraining" in opened("models").warning[0].value


@pytest.mark.parametrize("person", ["m1", "analyst"])
def test_who_is_no_lead_reads_and_may_not_act(loans_log, person):
    loans_log(outcomes=30)
    page = as_person(opened("models"), person)
    assert not page.exception
    assert any("Only a lead may" in info.value for info in page.info)
    assert not [b for b in page.button if b.key in ("retrain", "promote")]


def test_a_challenger_is_compared_promoted_with_a_reason_and_rolled_back(loans_log):
    loans_log(versions=2)
    page = opened("models")
    assert not page.exception
    assert "v1 is live" in texts(page) and "Newest challenger: **v2**" in texts(page)
    assert page.dataframe[0].value["Now"].tolist() == ["challenger", "● live"]
    for section in ("What people taught it", "What it learned from", "Promotions"):
        assert section in {h.value for h in page.header}
    against = registry.version(resources.store(), "loans", "v2").verdict not in ("first", "promote")

    page.button(key="promote").click().run()
    assert "Say why" in page.error[0].value
    page.text_input(key="promote_why").input("Better on =the bank*.").run()
    if against:
        page.button(key="promote").click().run()
        assert "Tick the box" in page.error[0].value
        page.checkbox(key="promote_anyway").check().run()
    page.button(key="promote").click().run()

    done = registry.promotions(resources.store(), "loans")[0]
    assert (done.version, done.promoted_by, done.why) == ("v2", "lead", "Better on =the bank*.")
    assert done.against_verdict is against
    assert finished("recommend").state == "done"
    page = opened("models")
    assert "**v2 is live**" in texts(page)
    assert page.button(key="promote").label == "Roll back to v1"
    page.text_input(key="promote_why").input("It was better.").run()
    page.button(key="promote").click().run()
    assert registry.live_version(resources.store(), "loans") == "v1"
    assert not registry.promotions(resources.store(), "loans")[0].against_verdict


def test_a_model_of_a_domain_without_outcomes_is_called_an_imitation(loans_log):
    loans_log(text=LOANS, outcomes=0, versions=1)
    page = opened("models")
    assert not page.exception
    assert "What this team usually decides" in texts(page)


def test_after_a_retraining_the_page_is_about_the_newest_version(loans_log):
    loans_log(versions=2)
    page = opened("models")
    page.selectbox(key="version").select("v1").run()
    page.text_input(key="promote_why").input("A reason typed for another.").run()
    store = resources.store()
    for case in ("a0300", "a0301", "a0302", "a0303", "a0304", "a0305"):  # the bank's among them teach nothing
        resolve.withdraw(store, resources.domain("loans"), case, by="lead", at=NOW + timedelta(hours=4))
    page.button(key="retrain").click().run()
    assert finished("retrain").state == "done"
    page.run()
    assert "v3 is trained; its verdict" in page.success[0].value
    assert page.selectbox(key="version").value == page.selectbox(key="promote_version").value == "v3"
    assert page.text_input(key="promote_why").value == ""


def test_a_waiting_challenger_is_looked_at_again_without_training(loans_log):
    loans_log(versions=2)
    page = opened("models")
    store, domain = resources.store(), resources.domain("loans")
    resolve.withdraw(store, domain, "a0300", by="lead", at=NOW + timedelta(hours=4))
    page.button(key="judge").click().run()
    assert finished("judge").state == "done"
    page.run()
    assert "Another look" in page.success[0].value
    assert registry.version(store, "loans", "v2").judged_at is not None
    assert [v.version for v in registry.versions(store, "loans")] == ["v2", "v1"]
    assert "Judged again" in " ".join(c.value for c in page.caption)
    assert not [b for b in as_person(opened("models"), "m1").button if b.key == "judge"]


def test_a_lead_sees_that_a_version_was_trained_by_itself_and_is_not_live(loans_log):
    loans_log(text=WITH_OUTCOMES.replace("minimum = 50", "minimum = 50\nevery = 40"), versions=1)
    opened("models")
    store, domain = resources.store(), resources.domain("loans")
    more = rows(360)[["case_id", "right_action"]][300:].assign(known_at=NOW)
    resolve.resolve(store, domain, more, by="lead", at=NOW + timedelta(hours=4))
    resources.outcomes_arrived("loans")
    assert finished("retrain").asked_by == "rhml (every 40 outcomes)"
    page = opened("models")
    assert "**v2**" in texts(page) and "trained by itself after 40 new outcomes" in texts(page)
    assert registry.live_version(store, "loans") == "v1"
    resources.outcomes_arrived("loans")
    assert len(jobs.latest(store, kind="retrain", domain="loans")) == 1
