"""Pages of a large log say of when their answers are, and bring them up to date when asked."""

from datetime import timedelta

import pytest

from rhml.loop import reading_copy
from rhml.store import jobs, log, organization
from rhml.store.opening import open_store, utc_now
from rhml.store.reading import making, source
from tests.ui.log_of_loans import NOW, opened
from tests.ui.log_of_loans import loans_log as loans_log


@pytest.fixture
def behind(loans_log, tmp_path, monkeypatch):
    """A log whose copy is of some minutes ago; one decision was taken back since."""
    monkeypatch.setattr(
        reading_copy, "SOONEST", timedelta(days=1)
    )  # nobody but the reader asks for a newer one
    loans_log()
    store = open_store(f"duckdb:///{tmp_path / 'pages.duckdb'}", now=NOW)
    domain = organization.domain(store, "loans")
    making.make(store, domain, at=utc_now() - timedelta(seconds=90))
    [(decision, person)] = store.read('SELECT decision_id, manager FROM "loans".live_decisions LIMIT 1')
    store.write(lambda tx: log.append_reversal(tx, "loans", decision, why="slip", at=NOW, by=person))
    store.close()


def captions(page) -> str:
    return " ".join(caption.value for caption in page.caption)


def newest_job():
    from rhml.ui import resources

    return next(iter(jobs.latest(resources.store(), kind=reading_copy.KIND, limit=1)), None)


@pytest.mark.parametrize("page", ["overrides", "ask"])
def test_a_page_says_how_old_its_answers_are_and_gets_newer_ones(behind, page):
    drawn = opened(page)
    assert not drawn.exception
    assert "1 fact has come since" in captions(drawn)
    drawn.button(key="bring_up_to_date").click().run()
    assert not drawn.exception
    assert newest_job() is not None


def test_a_page_of_a_small_log_says_nothing(loans_log):
    loans_log()
    drawn = opened("overrides")
    assert "come since" not in captions(drawn)
    assert not [button for button in drawn.button if button.key == "bring_up_to_date"]


def test_a_large_log_without_a_copy_is_told_of(loans_log, monkeypatch):
    monkeypatch.setattr(source, "LARGE", 300)
    loans_log()
    drawn = opened("overrides")
    assert not drawn.exception
    assert any("answered from a copy" in info.value for info in drawn.info) or newest_job() is not None
