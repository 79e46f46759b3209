"""The very first start: the default log gets the demo once, whole, and never beside anything else."""

import pytest

from rhml.demo import first_start
from rhml.demo.first_start import FIRST_START, open_for_newcomer
from rhml.loop.onboard import onboard
from rhml.store import demo_log, jobs, organization
from rhml.store.opening import open_store
from tests.loans import NOW


@pytest.fixture
def first(url):
    """The default log as the very first start leaves it."""
    store = open_for_newcomer(url, now=NOW)
    yield store
    store.close()


def test_an_empty_log_gets_the_demo_once(first, url):
    [asked] = jobs.latest(first, kind="demo")
    assert (asked.asked_by, asked.state, asked.arguments) == (
        FIRST_START,
        "waiting",
        {"field": "organizational"},
    )


def test_opening_it_again_asks_for_nothing_more(first, url):
    first.close()
    again = open_for_newcomer(url, now=NOW)
    assert [job.state for job in jobs.latest(again, kind="demo")] == ["waiting"]
    again.close()


def test_a_building_that_was_cut_off_begins_anew(first, url):
    first.write(lambda tx: jobs.take(tx, at=NOW))
    first.close()
    again = open_for_newcomer(url, now=NOW)
    first_start.begin_anew(again, now=NOW)
    assert sorted(job.state for job in jobs.latest(again, kind="demo")) == ["interrupted", "waiting"]
    again.close()


def test_a_log_that_anything_was_brought_into_is_left_alone(url, loans):
    store = open_store(url, now=NOW)
    onboard(store, loans, by="lead", at=NOW)
    store.close()
    again = open_for_newcomer(url, now=NOW)
    assert organization.domain_names(again) == ["loans"] and jobs.latest(again, kind="demo") == []
    again.close()


def test_a_log_of_an_organization_that_has_only_named_people_is_left_alone(url):
    store = open_store(url, now=NOW)
    store.write(lambda tx: organization.set_role(tx, "ours", "lead", at=NOW, by="ours"))
    store.close()
    again = open_for_newcomer(url, now=NOW)
    assert jobs.latest(again, kind="demo") == []
    again.close()


def test_a_demo_that_an_earlier_version_finished_is_known_as_one(url):
    store = open_store(url, now=NOW)
    store.write(lambda tx: tx.run("DELETE FROM rhml.migrations WHERE scope = 'rhml' AND number = 3"))
    for table in ("demo_fields", "demo_truth", "tours", "tour_looks"):
        store.write(lambda tx, t=table: tx.run(f"DROP TABLE rhml.{t}"))
    done = store.write(lambda tx: jobs.ask(tx, "demo", domain=None, arguments={}, by=FIRST_START, at=NOW))
    store.write(lambda tx: jobs.finish(tx, done, state="done", message="", result=None, at=NOW))
    store.close()
    again = open_store(url, now=NOW)
    assert demo_log.fields(again) == ["organizational"]
    again.close()
