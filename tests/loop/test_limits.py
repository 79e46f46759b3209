"""Override rates of a log against its limits, and what a lead records about one."""

import json

import pytest

from rhml.errors import LimitRefused, NotPermitted
from rhml.loop import privacy
from rhml.loop.limits import limits, note
from rhml.store import organization
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from tests.ui.log_of_loans import NOW, fill


@pytest.fixture
def held(url):
    store = open_store(url, now=NOW)
    fill(store)
    yield store, organization.domain(store, "loans")
    store.close()


def seen_by(store, domain, person: str, role: str) -> Filters:
    return Filters(seen_by=privacy.veil(store, domain, reader=person, role=role), bank=role != "manager")


def row_of(found, by: str, name: str):
    return next(row for row in found.rows if (row.by, row.name) == (by, name))


def test_every_rate_is_that_of_the_log_with_what_came_of_it(held):
    store, domain = held
    found = limits(store, domain, seen_by(store, domain, "lead", "lead"))
    [(advised, over)] = store.read(
        "SELECT count(*), count(*) FILTER (final_action <> recommended_action) FROM loans.decided"
    )
    whole = row_of(found, "all", "all")
    assert (whole.advised, whole.overridden) == (advised, over) and whole.standing == "above: act"
    assert whole.right.known and whole.net.known and whole.unit == "€"
    assert sum(r.advised for r in found.rows if r.by == "sector") == advised
    # m3 has too few decisions to stand alone, so the next fewest joins
    assert {r.name for r in found.rows if r.by == "manager"} == {"m1", "people with fewer than 50"}


def test_by_direction_a_rate_is_of_what_could_be_decided_against_in_it(held):
    store, domain = held
    found = limits(store, domain, seen_by(store, domain, "lead", "lead"))
    high = row_of(found, "direction", "high-side")
    [(of, over)] = store.read(
        "SELECT count(*), count(*) FILTER (direction = 1) FROM loans.decided WHERE recommended_action = 'lend'"
    )
    assert (high.advised, high.overridden) == (of, over)
    assert (
        high.rescued
        == store.read("SELECT count(*) FROM loans.decided WHERE direction = 1 AND verdict = 'rescued'")[0][0]
    )


def test_who_sees_whom_is_what_the_veil_says(held):
    store, domain = held
    analyst = limits(store, domain, seen_by(store, domain, "analyst", "analyst"))
    assert not {"m1", "m2", "m3"} & {row.name for row in analyst.rows}
    manager = limits(store, domain, seen_by(store, domain, "m1", "manager"), people=False)
    assert not [row for row in manager.rows if row.by == "manager"]


def test_what_was_done_stays_beside_the_row_and_earlier_notes_stay(held):
    store, domain = held
    filters = seen_by(store, domain, "lead", "lead")
    row = row_of(limits(store, domain, filters), "manager", "m1")
    for why in ("new trade", "the model lags behind"):
        note(
            store,
            domain,
            row,
            what="talked",
            why=why,
            filters="everything in the log",
            veil=filters.seen_by,
            by="lead",
            at=NOW,
        )
    found = limits(store, domain, filters)
    done = found.note_of(row_of(found, "manager", "m1"))
    assert (done.why, done.by, done.rate) == ("the model lags behind", "lead", pytest.approx(row.rate.value))
    assert len(found.notes) == 2
    numbers = [seq for (seq,) in store.read("SELECT seq FROM loans.limit_notes ORDER BY seq")]
    assert len(set(numbers)) == 2


def test_a_note_about_a_person_is_told_to_analysts_without_name_and_words(held):
    store, domain = held
    filters = seen_by(store, domain, "lead", "lead")
    row = row_of(limits(store, domain, filters), "manager", "m1")
    note(
        store,
        domain,
        row,
        what="looked",
        why="m1 was ill",
        filters="",
        veil=filters.seen_by,
        by="lead",
        at=NOW,
    )
    told = limits(store, domain, seen_by(store, domain, "analyst", "analyst"))
    assert "m1" not in json.dumps([vars(n) for n in told.notes], default=str) and len(told.notes) == 1
    assert limits(store, domain, seen_by(store, domain, "m1", "manager"), people=False).notes == ()


def test_only_a_lead_records_and_only_with_a_reason_and_about_one_row(held):
    store, domain = held
    filters = seen_by(store, domain, "lead", "lead")
    found = limits(store, domain, filters)
    row, how = row_of(found, "sector", "retail"), {"filters": "", "veil": filters.seen_by, "at": NOW}
    with pytest.raises(NotPermitted, match="only a lead"):
        note(store, domain, row, what="looked", why="x", by="analyst", **how)
    with pytest.raises(LimitRefused, match="Say what came of it"):
        note(store, domain, row, what="looked", why="  ", by="lead", **how)
    with pytest.raises(LimitRefused, match="Use one of"):
        note(store, domain, row, what="shouted", why="x", by="lead", **how)
    several = [r for r in found.rows if r.by == "manager" and r.name == filters.seen_by.others]
    for one in several:
        with pytest.raises(LimitRefused, match="several people"):
            note(store, domain, one, what="looked", why="x", by="lead", **how)
    assert store.read("SELECT count(*) FROM loans.limit_notes") == [(0,)]
