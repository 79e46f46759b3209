"""The Improvement page hands the report over as HTML, PDF and JSON, and says whether one is made by itself."""

import json

from rhml.loop import schedule
from rhml.loop.schedule import Schedule
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import reported
from tests.ui.log_of_loans import NOW, opened
from tests.ui.log_of_loans import loans_log as loans_log


def captions(page) -> str:
    return " ".join(caption.value for caption in page.caption)


def test_three_files_are_offered_and_made_only_when_asked_for(loans_log, monkeypatch):
    loans_log()
    monkeypatch.setattr(
        reported, "_whole", lambda *_: (_ for _ in ()).throw(AssertionError("made too early"))
    )
    page = opened("improvement")
    assert not page.exception
    labels = [button.proto.label for button in page.get("download_button")]
    assert [label for label in labels if label.startswith("Report as")] == [
        "Report as HTML", "Report as PDF", "Report as JSON",
    ]  # fmt: skip
    assert "made when you press" in captions(page) and "also made" not in captions(page)


def test_a_schedule_is_told_without_the_operators_path(loans_log, tmp_path):
    loans_log()
    store = open_store(f"duckdb:///{tmp_path / 'pages.duckdb'}", now=NOW)
    domain = organization.domain(store, "loans")
    schedule.change(store, domain, Schedule("month", "06:00", str(tmp_path), ("pdf",)), by="operator", at=NOW)
    store.close()
    page = opened("improvement")
    assert "also made on the first of every month at 06:00 UTC" in captions(page)
    assert str(tmp_path) not in json.dumps([str(block) for block in page.main])
