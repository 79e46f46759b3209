"""Hostile words in every imported and typed text, and in the address: no page makes anything of them, nor breaks."""

import http.client
import json
import re
import shutil
from datetime import datetime
from urllib.parse import quote, quote_plus

import pytest

from rhml.loop import keys
from rhml.loop.edition import edition
from rhml.loop.records import records
from rhml.store import organization
from rhml.store.opening import open_store, utc_now
from tests.browser.conftest import Server
from tests.browser.desk import settled
from tests.browser.poison import DOMAIN, LONG, TOKENS, poison
from tests.browser.walk import FOUND, Watched, addresses, become
from tests.cds_hooks import check

TYPED = ("pending", "my_learning?view=Since", "practice?view=Drills", "improvement?view=Answer", "view=Who+taught",
         "improvement?view=Segments", "improvement?view=Together", "team?view=Lessons", "team?view=People",
         "overrides?view=Overview", "overrides?view=Pivot", "overrides?view=What", "overrides?view=Limits", "ask",
         "models?view=Versions", "models?view=What", "models?view=Proposals", "review", "organization")  # fmt: skip
"""Addresses with most words of people; tests/benchmarks/injection.py goes to all, as everybody."""


@pytest.fixture(scope="module")
def poisoned(built, tmp_path_factory):
    """The app on a log full of hostile texts; its address, a key of its feed, and a hostile case."""
    path = tmp_path_factory.mktemp("poisoned") / "copy.duckdb"
    shutil.copy(built, path)
    poison(path, at=datetime(2026, 3, 2, 10))
    log = open_store(f"duckdb:///{path}", now=utc_now())
    made = keys.make(log, organization.domain(log, DOMAIN), "Warehouse", by="command line", at=utc_now())
    [(case,)] = log.read(f"SELECT min(case_id) FROM {DOMAIN}.waiting WHERE case_id LIKE '%QHTML%'")
    [(decision,)] = log.read(f"SELECT max(decision_id) FROM {DOMAIN}.overrides WHERE rationale IS NOT NULL")
    made_files(log, path.with_name("files"))
    log.close()
    server = Server({"RHML_DB": f"duckdb:///{path}"}, path.with_name("server.log"))
    server.start()
    yield server, made.key, case, decision
    server.stop()
    assert "Traceback" not in server.log.read_text(), server.log.read_text()


def made_files(log, folder):
    """What the product writes of that log to be read elsewhere: the report and the examiners' packs."""
    domain = organization.domain(log, DOMAIN)
    folder.mkdir()
    (folder / "report.html").write_bytes(edition(log, domain, at=utc_now()).form("html"))
    records.records(log, domain, "ai-act", folder / "pack", by="command line", at=utc_now(), names=True)


@pytest.fixture(scope="module")
def watched(poisoned, chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(30_000)
    yield Watched(context, poisoned[0].url)
    context.close()


def test_no_page_makes_anything_of_a_text(watched):
    found = {at: seen for at in addresses() if at.startswith(TYPED) and (seen := watched.look(at))}
    assert found == {}


def test_no_card_makes_anything_of_a_text(watched, poisoned):
    _, _, case, decision = poisoned
    assert watched.look(f"decide?case={quote(case, safe='')}") == []
    assert watched.look(f"decide?decision={decision}") == []


def test_no_written_file_makes_anything_of_a_text(watched, poisoned):
    folder = poisoned[0].log.with_name("files")
    pages = [*folder.rglob("*.html")]
    assert len(pages) >= 2
    page = watched.page.context.new_page()
    for path in pages:
        asked = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, asked=asked: (asked.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        assert "QHTML" in page.inner_text("body"), path.name
        assert page.evaluate(FOUND, list(TOKENS)) == [] and set(asked) == {path.as_uri()}, path.name
    page.close()
    for path in folder.rglob("*.md"):
        written = path.read_text("utf-8")
        assert (
            not re.search(r"(?<!\\)\]\(javascript", written)
            and "<b>" not in written
            and "http://evil" not in written
        ), path.name


@pytest.mark.parametrize("who", [1, -1])
def test_nobody_elses_page_does_either(watched, who):
    watched.look("overrides?view=What+they+wrote")
    become(watched.page, who)
    assert watched.seen() == [] and watched.noted == []


NAMES = ("domain", "case", "decision", "view", "saved", "since", "until", "in_category", "in_manager", "section",
         "review", "person", "words", "review_view", "task")  # fmt: skip
VALUES = (LONG, "\x00", "../../etc/passwd", "-9999-99-99")


@pytest.mark.parametrize("page", ["decide", "overrides", "review", "organization"])
def test_no_address_breaks_a_page(watched, page):
    every = "&".join(f"{name}={quote_plus(LONG)}" for name in NAMES)
    assert watched.look(f"{page}?{every}&in_category=x&in_category=y") == []
    strange = "&".join(f"{name}={quote_plus(VALUES[i % 3 + 1])}" for i, name in enumerate(NAMES))
    assert watched.look(f"{page}?{strange}") == []


def test_a_very_long_address_is_answered(watched):
    watched.page.goto(f"{watched.url}/overrides?in_category={'x' * 30_000}")
    settled(watched.page)


def test_the_feed_is_served_beside_the_pages(poisoned):
    server, key, *_ = poisoned
    status, headers, body = asked(server, f"/api/domains/{DOMAIN}/feedback?limit=50", key)
    check(json.loads(body))
    assert (
        status == 200
        and headers["content-type"] == "application/json"
        and len(json.loads(body)["feedback"]) == 50
    )
    assert b"QHTML" in body and "set-cookie" not in headers
    assert asked(server, f"/api/domains/{DOMAIN}/feedback")[0] == 401
    assert asked(server, "/api/nothing", key)[0] == 404
    assert asked(server, f"/api/domains/{DOMAIN}/feedback", key, method="POST")[0] == 405
    status, headers, body = asked(server, f"/api/domains/{DOMAIN}/feedback", key, method="HEAD")
    assert status == 200 and body == b"" and int(headers["content-length"]) > 0
    assert asked(server, "/_stcore/health")[2] == b"ok"


def asked(server: Server, path: str, key: str | None = None, method: str = "GET"):
    """One request as another system makes it: status, headers, body."""
    line = http.client.HTTPConnection("localhost", server.port, timeout=20)
    line.request(method, path, headers={"Authorization": f"Bearer {key}"} if key else {})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
