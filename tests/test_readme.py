"""The README is tested: its commands exist, its pages are all of them, its keys are what is printed."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from rhml.__main__ import app
from rhml.loop.report import report
from rhml.store.questions.starters import starters
from rhml.ui.pages import PAGES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = get_command(app).commands


def keys_of(command: str) -> set[str]:
    """The JSON keys that the README's table names for a command."""
    row = next(line for line in README.splitlines() if line.startswith(f"| `{command}"))
    return set(re.findall(r"`([a-z_<>]+)`", row.split("|", 2)[2]))


def test_make_knows_the_two_commands():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert {"run", "test"} <= set(targets)
    assert "make run" in README and "make test" in README
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_every_page_is_described_and_stands(page):
    assert f"| {page.title} |" in README
    assert (ROOT / "pages" / f"{page.file}.py").exists()


def test_no_page_stands_undescribed():
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == {page.file for page in PAGES}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_table(name):
    assert f"| `{name}" in README


def test_every_command_in_a_block_exists():
    for name in re.findall(r"python -m rhml ([a-z]+)", README):
        assert name in COMMANDS


def test_every_option_the_table_names_exists():
    for name, command in COMMANDS.items():
        row = next(line for line in README.splitlines() if line.startswith(f"| `{name}"))
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z]+", row.split("|", 2)[1])) <= known


def test_the_reports_keys_are_those_in_the_table(log, resolved_loans):
    found = report(log, resolved_loans).as_dict()
    assert set(found) <= keys_of("report")


def test_every_demo_domain_is_named():
    for path in (ROOT / "data" / "domains").glob("*.toml"):
        assert path.stem.replace("_", " ") in README.lower()


def test_every_starter_question_is_described(loans):
    for starter in starters(loans):
        title = re.sub(r": by .*\?", ": by …?", starter.title)
        row = next(line for line in README.splitlines() if line.startswith(f"| {title} |"))
        for view in re.findall(r"`([a-z]+)`", row):
            assert f"FROM {view}" in starter.sql


def test_every_requirement_says_what_it_is_for():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if "==" in line and not line.startswith("#"):
                assert "#" in line or "sys_platform" in line, line
