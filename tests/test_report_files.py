"""Reports and exports as files from the command line, now and on schedule."""

import io
import json

import pandas as pd
import pypdf

from rhml.loop import saved, scheduled_exports
from rhml.loop.schedule import Schedule
from rhml.store import organization
from rhml.store.opening import open_store
from tests.loans import NOW
from tests.test_command_line import ONBOARD
from tests.test_command_line import files as files
from tests.test_command_line import run as run


def test_a_report_becomes_a_page_and_a_paper_beside_the_numbers(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    code, out, _ = run("report", "loans", "--html", "r.html", "--pdf", "r.pdf", "--json")
    held = json.loads(out)
    page, paper = (
        (tmp_path / "r.html").read_text("utf-8"),
        pypdf.PdfReader(io.BytesIO((tmp_path / "r.pdf").read_bytes())),
    )
    assert code == 0 and held["decisions"] == 240 and "240 decisions" in page
    assert (
        held["fingerprint"]["short"] in page and held["fingerprint"]["short"] in paper.pages[0].extract_text()
    )
    assert run("report", "loans", "--html", "r.html")[1].strip() == "Wrote r.html."


def test_files_that_cannot_be_written_are_refused_before_any_work(run, tmp_path):
    for arguments, said in (
        (("--html", "r.htm"), "does not end in .html"),
        (("--pdf", "nowhere/r.pdf"), "no folder"),
        (("--pdf", str(tmp_path / "a.pdf" / "b.pdf")), "no folder"),
    ):
        code, out, err = run("report", "loans", *arguments)
        assert (code, out) == (1, "") and said in err


def test_a_schedule_is_set_listed_carried_out_and_ended(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    (tmp_path / "out").mkdir()
    code, out, _ = run(
        "schedule", "loans", "--every", "day", "--at", "06:00", "--to", "out", "--formats", "json"
    )
    assert code == 0 and "every day at 06:00 UTC" in out and str(tmp_path / "out") in out
    held = json.loads(run("schedule", "loans", "--json")[1])
    assert (
        held["schedule"]["formats"] == ["json"]
        and held["next"].endswith("T06:00:00")
        and held["last"] is None
    )
    assert run("schedule", "loans", "--due")[1].strip() == "Nothing is due."
    assert "No report is made" in run("schedule", "loans", "--off")[1]
    assert json.loads(run("schedule", "loans", "--list", "--json")[1])["schedule"] is None


def test_a_schedule_that_makes_no_sense_is_refused_with_a_sentence(run, files):
    assert run(*ONBOARD)[0] == 0
    assert run("schedule", "loans", "--every", "day")[0] == 2
    assert run("schedule", "loans", "--every", "day", "--to", ".", "--off")[0] == 2
    assert run("schedule", "loans", "--formats", "pdf")[0] == 2, "it would change nothing and seem to"
    code, _, err = run("schedule", "loans", "--every", "day", "--to", "nowhere")
    assert code == 1 and "There is no folder" in err


def kept(tmp_path, **how) -> str:
    """A question that an analyst saved, in the log of the command line."""
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    domain = organization.domain(store, "loans")
    thing = saved.question(store, domain, "Decisions a manager", "SELECT manager, count(*) AS n FROM decided GROUP BY ALL",
                           by="analyst", shared=False, at=NOW)  # fmt: skip
    if how.get("due"):
        plan = Schedule("day", "06:00", str(tmp_path / "out"), ("csv", "html"))
        scheduled_exports.change(store, domain, thing, plan, by="operator", at=NOW)
    store.close()
    return thing.saved_id


def test_a_view_of_the_log_leaves_in_three_forms(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    arguments = ("--csv", "d.csv", "--parquet", "d.parquet", "--html", "d.html")
    code, out, _ = run("export", "loans", "--view", "decided", *arguments, "--json")
    assert code == 0 and json.loads(out) == {"rows": 240, "files": ["d.csv", "d.parquet", "d.html"]}
    assert "# title: Decided: Loans" in (tmp_path / "d.csv").read_text("utf-8-sig")
    assert "m1" not in set(pd.read_parquet(tmp_path / "d.parquet")["manager"])


def test_what_may_be_exported_is_listed_and_a_saved_question_leaves(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    assert "Nothing is saved yet" in run("export", "loans")[1]
    thing = kept(tmp_path)
    listed = json.loads(run("export", "loans", "--json")[1])
    assert [(t["saved_id"], t["title"]) for t in listed["saved"]] == [(thing, "Decisions a manager")]
    code, out, _ = run("export", "loans", "--saved", thing, "--html", "a.html")
    assert (
        code == 0
        and out.strip() == "Wrote a.html: 1 rows."
        and "SELECT manager" in (tmp_path / "a.html").read_text()
    )


def test_an_export_that_makes_no_sense_is_refused(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    assert run("export", "loans", "--view", "decided")[0] == 2
    assert run("export", "loans", "--csv", "x.csv")[0] == 2
    assert run("export", "loans", "--view", "decided", "--saved", "x", "--csv", "x.csv")[0] == 2
    for arguments, said in (
        (("--view", "jobs", "--csv", "x.csv"), "There is no view"),
        (("--saved", "x", "--csv", "x.csv"), "removed, or it is not shared"),
        (("--view", "decided", "--csv", "x.txt"), "does not end in .csv"),
    ):
        code, _, err = run("export", "loans", *arguments)
        assert code == 1 and said in err
    assert not (tmp_path / "x.csv").exists()


def test_an_export_is_put_on_schedule_listed_carried_out_and_ended(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    (tmp_path / "out").mkdir()
    thing = kept(tmp_path)
    code, out, _ = run(
        "schedule", "loans", "--export", thing, "--every", "week", "--to", "out", "--formats", "csv"
    )
    assert code == 0 and "“Decisions a manager”" in out and "every Monday at 06:00 UTC" in out
    held = json.loads(run("schedule", "loans", "--json")[1])
    assert held["schedule"] is None and [e["saved"] for e in held["exports"]] == [thing]
    assert run("schedule", "loans", "--due")[1].strip() == "Nothing is due."
    assert "“Decisions" not in run("schedule", "loans", "--export", thing, "--off")[1]
    assert run("schedule", "loans", "--export", thing)[0] == 2


def test_due_makes_exports_too(run, files, tmp_path):
    assert run(*ONBOARD)[0] == 0
    (tmp_path / "out").mkdir()
    kept(tmp_path, due=True)
    code, out, _ = run("schedule", "loans", "--due")
    assert code == 0 and out.count("Wrote ") == 2
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".csv", ".html"]
