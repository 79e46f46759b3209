"""Reports as files from the command line, now and on schedule."""

import io
import json

import pypdf

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
