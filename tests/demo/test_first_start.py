import pytest

from rhml.demo.first_start import FIRST_START, open_for_newcomer
from rhml.loop.onboard import onboard
from rhml.store import jobs, organization
from rhml.store.engine import path_of
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
    assert (asked.asked_by, asked.state) == (FIRST_START, "waiting")


def test_a_building_that_was_cut_off_begins_anew(first, url):
    half = first.secret
    first.write(lambda tx: organization.set_role(tx, "Lead", "lead", at=NOW, by="Lead"))
    first.close()
    again = open_for_newcomer(url, now=NOW)
    assert organization.people(again) == {} and again.secret != half
    assert [job.state for job in jobs.latest(again, kind="demo")] == ["waiting"]
    again.close()


def test_what_was_cut_off_is_put_aside_and_not_lost(first, url):
    first.write(lambda tx: organization.set_role(tx, "Lead", "lead", at=NOW, by="Lead"))
    first.close()
    open_for_newcomer(url, now=NOW).close()
    path = path_of(url)
    [aside] = [found for found in path.parent.iterdir() if found.name != path.name]
    kept = open_store(f"duckdb:///{aside}", now=NOW)
    assert organization.people(kept) == {"Lead": "lead"}
    kept.close()


def test_a_log_that_anything_was_brought_into_is_left_alone(first, url, loans):
    onboard(first, loans, by="lead", at=NOW)
    first.close()
    again = open_for_newcomer(url, now=NOW)
    assert organization.domain_names(again) == ["loans"]
    again.close()


def test_a_finished_demo_is_kept(first, url):
    [asked] = jobs.latest(first, kind="demo")
    first.write(lambda tx: jobs.finish(tx, asked.job_id, state="done", message="", result=None, at=NOW))
    first.write(lambda tx: organization.set_role(tx, "Lead", "lead", at=NOW, by="Lead"))
    first.close()
    again = open_for_newcomer(url, now=NOW)
    assert organization.people(again) == {"Lead": "lead"}
    again.close()
