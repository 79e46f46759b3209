"""Reports on schedule: due by the clock, made once, never over another file, and honest about failures."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from rhml.errors import RhmlError
from rhml.loop import schedule
from rhml.loop.kinds import KINDS, by_the_clock
from rhml.loop.schedule import Schedule
from rhml.loop.timetable import following, last, time_of_day
from rhml.loop.work import Worker, do
from rhml.store import audit, jobs, organization
from rhml.store.audit import Filter

MONDAY = datetime(2026, 3, 2, 9, 0)
FORMS = ("html", "json")


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


@pytest.fixture
def daily(log, resolved_loans, folder):
    """A report every day at six, set on Monday at nine."""
    schedule.change(
        log, resolved_loans, Schedule("day", "06:00", str(folder), FORMS), by="operator", at=MONDAY
    )
    return resolved_loans


def make(log, domain, at: datetime) -> list[str]:
    files = schedule.carry_out(log, domain, by="rhml", at=at, progress=lambda share, words: None)
    return [path.name for path in files]


def day(number: int, hour: int = 6, minute: int = 0) -> datetime:
    return datetime(2026, 3, number, hour, minute)


@pytest.mark.parametrize(
    ("every", "now", "before", "after"),
    [
        ("day", datetime(2026, 3, 1, 5, 59), datetime(2026, 2, 28, 6), datetime(2026, 3, 1, 6)),
        ("day", datetime(2026, 12, 31, 6, 0), datetime(2026, 12, 31, 6), datetime(2027, 1, 1, 6)),
        ("week", datetime(2026, 3, 1, 23, 0), datetime(2026, 2, 23, 6), datetime(2026, 3, 2, 6)),
        ("month", datetime(2026, 1, 1, 5, 0), datetime(2025, 12, 1, 6), datetime(2026, 1, 1, 6)),
        ("month", datetime(2026, 1, 31, 23, 0), datetime(2026, 1, 1, 6), datetime(2026, 2, 1, 6)),
        ("month", datetime(2028, 2, 29, 12, 0), datetime(2028, 2, 1, 6), datetime(2028, 3, 1, 6)),
    ],
)
def test_due_times_come_once_a_day_week_or_month(every, now, before, after):
    assert (last(every, time(6), now), following(every, time(6), now)) == (before, after)


def test_no_due_time_is_skipped_or_doubled_where_clocks_are_put_forward():
    # The last Sundays of March and October in Europe; UTC knows nothing of them.
    for month in (3, 10):
        start = datetime(2026, month, 20)
        found = {last("day", time(2, 30), start + timedelta(minutes=30 * i)) for i in range(48 * 12)}
        assert len(found) == 13 and all(slot.time() == time(2, 30) for slot in found)


@pytest.mark.parametrize("text", ["6", "25:00", "06:60", "6.30", "", "noon"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(RhmlError, match="no time of day"):
        time_of_day(text)


def test_nothing_is_due_before_the_first_time_after_it_was_set(log, daily, folder):
    assert schedule.standing(log, "loans").due(day(3, 5, 59)) is None
    assert make(log, daily, day(2, 23)) == [] and not list(folder.iterdir())


def test_a_due_report_is_made_once(log, daily, folder):
    assert make(log, daily, day(3)) == ["loans-2026-03-03-0600.html", "loans-2026-03-03-0600.json"]
    held = json.loads((folder / "loans-2026-03-03-0600.json").read_text("utf-8"))
    assert held["decisions"] == 240 and held["about"]["made"] == "2026-03-03 06:00 UTC"
    assert make(log, daily, day(3, 7)) == [] and len(list(folder.iterdir())) == 2


def test_missed_times_are_made_up_once_by_the_newest(log, daily, folder):
    assert make(log, daily, day(9, 12)) == ["loans-2026-03-09-0600.html", "loans-2026-03-09-0600.json"]
    assert make(log, daily, day(9, 13)) == []
    assert make(log, daily, day(10, 6))[0] == "loans-2026-03-10-0600.html"


def test_a_stop_between_writing_and_recording_makes_no_second_report(log, daily, folder, monkeypatch):
    record = schedule._record

    def killed(store, domain, run, by):
        if run.state == schedule.DONE:
            raise KeyboardInterrupt
        record(store, domain, run, by)

    monkeypatch.setattr(schedule, "_record", killed)
    with pytest.raises(KeyboardInterrupt):
        make(log, daily, day(3))
    monkeypatch.undo()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(before) == 2 and schedule.standing(log, "loans").due(day(3, 8)) == day(3)
    assert len(make(log, daily, day(3, 8))) == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert make(log, daily, day(3, 9)) == []


def test_a_stop_between_two_files_is_completed(log, daily, folder, monkeypatch):
    write, written = schedule.write_whole, []

    def killed(out, writing):
        if written:
            raise KeyboardInterrupt
        written.append(out)
        write(out, writing)

    monkeypatch.setattr(schedule, "write_whole", killed)
    with pytest.raises(KeyboardInterrupt):
        make(log, daily, day(3))
    monkeypatch.undo()
    [first] = folder.iterdir()
    text = first.read_bytes()
    (folder / ".loans-2026-03-03-0600.json.4711.part").write_bytes(b"half of")
    assert len(make(log, daily, day(3, 8))) == 2
    assert len(list(folder.iterdir())) == 2 and first.read_bytes() == text


def test_another_file_of_that_name_is_never_touched(log, daily, folder):
    other = folder / "loans-2026-03-03-0600.json"
    other.write_text("somebody's")
    with pytest.raises(RhmlError, match="another file"):
        make(log, daily, day(3))
    assert other.read_text() == "somebody's" and [p.name for p in folder.iterdir()] == [other.name]
    run = schedule.standing(log, "loans").run
    assert run.state == schedule.REFUSED and "another file" in run.why
    other.unlink()
    assert len(make(log, daily, day(3, 7))) == 2


def test_a_folder_that_has_gone_is_a_refused_job_with_a_sentence_and_tried_again_later(log, daily, folder):
    folder.rmdir()
    by_the_clock(log, day(3))
    [asked] = jobs.latest(log, kind=schedule.RUN)
    assert (asked.domain, asked.asked_by, asked.state) == ("loans", "rhml", "waiting")
    ended = _done(log, day(3))
    assert ended.state == "refused" and "There is no folder" in ended.message
    run = schedule.standing(log, "loans").run
    assert schedule.to_ask(log, run.at + timedelta(minutes=59)) == []
    assert schedule.to_ask(log, run.at + timedelta(minutes=61)) == ["loans"]


def _done(log, at: datetime):
    """The job in line, done with the clock at a moment."""

    def work(store, job, progress):
        return {"message": str(make(store, organization.domain(store, job.domain), at))}

    job = log.write(lambda tx: jobs.take(tx, at=at))
    do(log, job, {schedule.RUN: work})
    return jobs.job(log, job.job_id)


def test_what_is_due_is_put_in_line_once(log, daily):
    by_the_clock(log, day(3, 7))
    by_the_clock(log, day(3, 8))
    assert len(jobs.latest(log, kind=schedule.RUN)) == 1 and schedule.RUN in KINDS


def test_the_worker_looks_at_the_clock_by_itself(log, resolved_loans, folder):
    long_ago = datetime(2020, 1, 1)
    schedule.change(
        log, resolved_loans, Schedule("day", "00:00", str(folder), ("json",)), by="o", at=long_ago
    )
    worker = Worker(log, KINDS, by_the_clock)
    worker.start()
    for _ in range(600):
        if (run := schedule.standing(log, "loans").run) and run.state == schedule.DONE:
            break
        worker._thread.join(0.05)
    worker.stop()
    [made] = folder.iterdir()
    assert json.loads(made.read_text("utf-8"))["decisions"] == 240
    [job] = jobs.latest(log, kind=schedule.RUN)
    assert job.state == "done" and made.name in job.message and str(folder) not in job.message


def test_the_setting_is_a_fact_with_old_and_new_and_stands_in_the_audit_trail(log, daily, folder):
    weekly = Schedule("week", "7:05", str(folder), ("pdf",))
    assert schedule.change(log, daily, weekly, by="operator", at=day(3))
    assert not schedule.change(log, daily, weekly, by="operator", at=day(4))
    assert schedule.change(log, daily, None, by="operator", at=day(5))
    trail = [(line["actor"], line["detail"]) for line in audit.page(log, daily, Filter(kind="setting"))]
    assert trail == [
        ("operator", "no report on schedule"),
        ("operator", "report every Monday at 07:05 UTC"),
        ("operator", "report every day at 06:00 UTC"),
    ]
    assert make(log, daily, day(30)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Schedule("hour", "06:00", ".", FORMS), "no rhythm"),
        (Schedule("day", "6 o'clock", ".", FORMS), "no time of day"),
        (Schedule("day", "06:00", "/nowhere/at/all", FORMS), "There is no folder"),
        (Schedule("day", "06:00", ".", ("docx",)), "Formats are"),
        (Schedule("day", "06:00", ".", ()), "Formats are"),
    ],
)
def test_a_schedule_that_could_never_work_is_refused_when_it_is_set(log, resolved_loans, wrong, said):
    with pytest.raises(RhmlError, match=said):
        schedule.change(log, resolved_loans, wrong, by="operator", at=MONDAY)
    assert schedule.standing(log, "loans").schedule is None
