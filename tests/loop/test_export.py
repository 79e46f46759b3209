"""Exports: made with the eyes of whoever asks, on record where they name people, on schedule as their owner sees."""

import json
from datetime import timedelta

import pandas as pd
import pyarrow.parquet as pq
import pytest

from rhml.errors import NotPermitted, RhmlError, SavedRefused
from rhml.loop import export, saved, scheduled_exports
from rhml.loop.kinds import KINDS, by_the_clock
from rhml.loop.schedule import Schedule
from rhml.loop.work import do
from rhml.store import audit, jobs, looks, organization
from rhml.store.audit import Filter
from rhml.store.veil import pseudonym
from tests.loans import NOW
from tests.loop.test_saved import ask, keep
from tests.loop.test_saved import team as team

WHO = "SELECT DISTINCT manager FROM decided ORDER BY manager"
DUE = NOW + timedelta(days=2)


def names(made, tmp_path, form="parquet") -> set[str]:
    made.to(form, tmp_path / f"out.{form}")
    return set(pq.read_table(tmp_path / f"out.{form}").to_pandas()["manager"])


def stand_for(log, *people) -> set[str]:
    return {pseudonym(log.secret, person) for person in people}


def looked_at(log) -> list[str]:
    return [
        look.about for person in ("m0", "m1", "m2") for look in looks.listed(log, "loans", person, limit=9)
    ]


@pytest.mark.parametrize("by", ["analyst", "command line"])
def test_people_leave_under_the_names_that_stand_for_them(log, team, tmp_path, by):
    assert names(export.of_view(log, team, "decided", by=by, at=NOW), tmp_path) == stand_for(
        log, "m0", "m1", "m2"
    )
    thing = ask(log, team, by="lead", sql=WHO)
    assert names(export.of_saved(log, team, thing, by=by, at=NOW), tmp_path) == stand_for(
        log, "m0", "m1", "m2"
    )
    assert looked_at(log) == []


def test_a_lead_sees_names_and_that_is_on_record(log, team, tmp_path):
    assert names(export.of_view(log, team, "overrides", by="lead", at=NOW), tmp_path) == {"m0", "m1", "m2"}
    assert sorted(looked_at(log)) == ["m0", "m1", "m2"]


def test_a_manager_gets_the_own_decisions_without_the_bank(log, team, tmp_path):
    made = export.of_view(log, team, "decided", by="m0", at=NOW)
    assert names(made, tmp_path) == {"m0"}
    assert not pq.read_table(tmp_path / "out.parquet").to_pandas()["bank"].any()
    thing = keep(log, team, by="lead")
    assert names(export.of_saved(log, team, thing, by="m0", at=NOW), tmp_path) <= {"m0"}


def test_whoever_has_left_exports_nothing(log, team):
    log.write(lambda tx: organization.set_role(tx, "analyst", organization.LEFT, at=NOW, by="lead"))
    with pytest.raises(NotPermitted, match="has left"):
        export.of_view(log, team, "decided", by="analyst", at=NOW)


def test_every_form_holds_the_same_rows_and_says_what_they_are(log, team, tmp_path):
    thing = keep(log, team, by="analyst", title="=Since January", since=["2025-01"])
    made = export.of_saved(log, team, thing, by="analyst", at=NOW)
    counts = {form: made.to(form, tmp_path / f"x.{form}") for form in ("csv", "parquet", "html")}
    assert len(set(counts.values())) == 1 and counts["csv"] > 20
    about = json.loads(pq.read_schema(tmp_path / "x.parquet").metadata[b"about"])
    assert about["rows"] == f"{counts['csv']} overrides" and "2025-01-01 to today (UTC)" in about["filters"]
    text = (tmp_path / "x.csv").read_text("utf-8-sig")
    skip = text.split("line ")[1].split(";")[0]
    assert len(pd.read_csv(tmp_path / "x.csv", skiprows=int(skip) - 1)) == counts["csv"]
    assert "2025-01-01 to today (UTC)" in (tmp_path / "x.html").read_text()


def test_what_the_log_no_longer_has_is_refused_and_not_widened(log, team):
    with pytest.raises(SavedRefused, match="No such reason"):
        export.of_saved(log, team, keep(log, team, in_reason=["No such reason"]), by="analyst", at=NOW)
    thing = saved.view(log, team, "overrides", "Hidden", {"in_manager": ["nobody"]},
                       veil=export.eyes(log, team, "lead").veil, by="lead", shared=True, at=NOW)  # fmt: skip
    with pytest.raises(NotPermitted, match="cannot be told apart"):
        export.of_saved(log, team, thing, by="analyst", at=NOW)
    other = saved.view(log, team, "improvement", "Since", {"since": ["2026-01"]},
                       veil=export.eyes(log, team, "lead").veil, by="lead", shared=True, at=NOW)  # fmt: skip
    with pytest.raises(SavedRefused, match="is no table"):
        export.of_saved(log, team, other, by="analyst", at=NOW)
    with pytest.raises(RhmlError, match="There is no view"):
        export.of_view(log, team, "jobs; DROP TABLE x", by="analyst", at=NOW)


@pytest.fixture
def daily(log, team, tmp_path):
    """An analyst's question, exported every day at six."""
    folder = tmp_path / "exports"
    folder.mkdir()

    def plan(thing, *forms):
        scheduled_exports.change(
            log, team, thing, Schedule("day", "06:00", str(folder), forms), by="operator", at=NOW
        )
        return folder

    return plan


def carry_out(log, domain, thing, at=DUE):
    return scheduled_exports.carry_out(
        log, domain, thing.saved_id, by="rhml", at=at, progress=lambda share, words: None
    )


def test_a_scheduled_export_is_made_once_for_each_due_time(log, team, daily):
    thing = ask(log, team, title="Who: decides?", sql=WHO)
    folder = daily(thing, "csv", "parquet")
    files = carry_out(log, team, thing)
    assert [path.suffix for path in files] == [".csv", ".parquet"] and all(
        path.parent == folder for path in files
    )
    assert files[0].name.startswith(f"loans-who-decides-{thing.saved_id[-8:]}-")
    assert carry_out(log, team, thing) == ()
    assert len(carry_out(log, team, thing, DUE + timedelta(days=1))) == 2


def test_it_is_seen_with_its_owners_eyes(log, team, daily):
    mine, leads = ask(log, team, sql=WHO), ask(log, team, by="lead", sql=WHO)
    held = {}
    for thing in (mine, leads):
        daily(thing, "parquet")
        [path] = carry_out(log, team, thing)
        held[thing.owner] = set(pq.read_table(path).to_pandas()["manager"])
    assert held == {"analyst": stand_for(log, "m0", "m1", "m2"), "lead": {"m0", "m1", "m2"}}
    assert sorted(looked_at(log)) == ["m0", "m1", "m2"], (
        "the lead's look is on record, though nobody pressed a button"
    )


def test_a_failure_is_said_and_tried_again_after_a_pause(log, team, daily):
    thing = ask(log, team, sql=WHO)
    daily(thing, "csv")
    log.write(lambda tx: organization.set_role(tx, "analyst", organization.LEFT, at=NOW, by="lead"))
    with pytest.raises(RhmlError, match="has left"):
        carry_out(log, team, thing)
    held = scheduled_exports.standing(log, "loans", thing.saved_id)
    assert held.run.state == "refused" and "has left" in held.run.why
    assert scheduled_exports.to_ask(log, DUE + timedelta(minutes=5)) == []
    assert scheduled_exports.to_ask(log, DUE + timedelta(hours=2)) == [("loans", thing.saved_id)]


def test_another_file_of_the_name_is_never_written_over(log, team, daily):
    thing = ask(log, team, sql=WHO)
    folder = daily(thing, "csv")
    [path] = carry_out(log, team, thing)
    twin = folder / path.name.replace(f"{DUE:%Y-%m-%d}", f"{DUE + timedelta(days=1):%Y-%m-%d}")
    twin.write_text("somebody's")
    with pytest.raises(RhmlError, match="not overwritten"):
        carry_out(log, team, thing, DUE + timedelta(days=1))
    assert twin.read_text() == "somebody's"


def test_the_running_app_makes_it_and_the_trail_tells_of_it(log, team, daily):
    thing = ask(log, team, sql=WHO, title="Who decides")
    folder = daily(thing, "html")
    by_the_clock(log, DUE)
    job = log.write(lambda tx: jobs.take(tx, at=DUE))
    assert (job.kind, job.arguments) == ("scheduled export", {"saved": thing.saved_id})
    do(log, job, KINDS)
    assert "The export is made" in jobs.job(log, job.job_id).message and list(folder.glob("*.html"))
    told = [line for line in audit.page(log, team, Filter(kind="setting")) if "Who decides" in str(line)]
    assert len(told) == 1 and "export of “Who decides” every day at 06:00 UTC" in str(told)


def test_removing_the_thing_ends_its_schedule(log, team, daily):
    thing = ask(log, team, sql=WHO)
    daily(thing, "csv")
    scheduled_exports.remove(log, team, thing.saved_id, by="analyst", at=NOW)
    assert scheduled_exports.standings(log, "loans") == {} and carry_out(log, team, thing) == ()


def test_formats_and_folder_are_checked_when_the_schedule_is_set(log, team, tmp_path):
    thing = ask(log, team)
    for plan, said in (
        (Schedule("day", "06:00", str(tmp_path), ("pdf",)), "csv, parquet, html"),
        (Schedule("day", "06:00", str(tmp_path / "nowhere"), ("csv",)), "no folder"),
        (Schedule("hour", "06:00", str(tmp_path), ("csv",)), "no rhythm"),
    ):
        with pytest.raises(RhmlError, match=said):
            scheduled_exports.change(log, team, thing, plan, by="operator", at=NOW)
