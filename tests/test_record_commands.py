"""The commands of the records: past screens, the register, cards and packs, as an operator types them."""

import json

import pytest

from rhml.store.opening import open_store
from tests.answered_log import answered
from tests.loans import NOW
from tests.test_command_line import run as run


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("commands") / "log.duckdb"
    store = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    answered(store)
    [(decision_id,), *_] = store.read(
        "SELECT decision_id FROM loans.decisions WHERE reason IS NOT NULL ORDER BY seq"
    )
    store.close()
    return f"duckdb:///{path}", decision_id


@pytest.fixture
def at(run, written):
    return lambda *arguments: run(*arguments, "--db", written[0])


def test_a_past_screen_as_text_as_json_and_as_a_page(at, written, tmp_path):
    code, out, _ = at("shown", "loans", written[1])
    assert code == 0 and "What was entered" in out and "New information" in out
    code, out, _ = at("shown", "loans", written[1], "--json", "--html", "screen.html")
    told = json.loads(out)
    assert (
        code == 0 and told["decision"]["reason"] == "New information" and told["domain_file"]["number"] == 1
    )
    page = (tmp_path / "screen.html").read_text()
    assert "because &lt;b&gt;it&lt;/b&gt; rains" in page and "<b>it" not in page


def test_a_past_screen_of_no_decision_is_refused_in_a_sentence(at):
    code, _, err = at("shown", "loans", "nothing")
    assert code == 1 and "no decision 'nothing'" in err


def test_the_register_is_listed(at):
    code, out, _ = at("register", "loans", "--json")
    assert code == 0 and [one["version"] for one in json.loads(out)["versions"]] == ["v2", "v1"]


def test_cards_are_written_in_each_form(at, tmp_path):
    code, out, _ = at(
        "card", "loans", "--model", "v1", "--html", "c.html", "--pdf", "c.pdf", "--md", "c.md", "--json"
    )
    assert code == 0 and json.loads(out)["register"]["version"] == "v1"
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")
    assert (
        "Effective challenge" in (tmp_path / "c.html").read_text()
        and "## 9 Caveats" in (tmp_path / "c.md").read_text()
    )
    code, out, _ = at("card", "loans", "--process")
    assert code == 0 and "## 6 How people overrule or stop it" in out


def test_a_card_of_both_or_of_neither_is_wrong_usage(at):
    assert at("card", "loans")[0] == 2
    assert at("card", "loans", "--process", "--model", "v1")[0] == 2


def test_a_pack_is_written_and_named(at, tmp_path):
    code, out, _ = at("records", "loans", "--for", "sr11-7", "--out", "pack", "--json")
    told = json.loads(out)
    assert code == 0 and told["events"] == 280 and (tmp_path / "pack" / "manifest.json").exists()
    assert at("records", "loans", "--for", "gdpr", "--out", "other")[0] == 1
    assert not (tmp_path / "other").exists()
