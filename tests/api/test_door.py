"""The door for other systems: strict about who asks what, sentences for every refusal, nothing of its innards."""

import json
import threading
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator
from starlette.requests import Request

from rhml.api.description import FEEDBACK, PROBLEM, description
from rhml.api.door import Door
from rhml.api.limits import Buckets
from rhml.core.domain import parse_domain
from rhml.errors import LogUnreadable
from rhml.loop import keys
from rhml.loop.onboard import onboard
from rhml.store.opening import open_store
from tests.answered import build
from tests.cds_hooks import check
from tests.loans import LOANS, NOW

PATH = "/api/domains/loans/feedback"


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """One log for all requests: they change nothing but counts."""
    path = tmp_path_factory.mktemp("answered") / "log.duckdb"
    build(path)
    log = open_store(f"duckdb:///{path}", now=NOW)
    onboard(log, parse_domain("others", LOANS.replace("Loans", "Others")), by="lead", at=NOW)
    yield log
    log.close()


@pytest.fixture
def asked(held, loans, monkeypatch):
    """Ask the door for something: method, path, query and headers; a key of the test's own goes along, or another."""
    monkeypatch.setattr(keys, "MOST_VALID", 1_000)
    made = keys.make(held, loans, "Warehouse", by="lead", at=NOW)
    door = Door(lambda: held, lambda: NOW, Buckets(burst=200))

    def ask(path=PATH, query="", method="GET", key=made.key, headers=(), door=door):
        sent = [*([(b"authorization", b"Bearer " + key.encode("latin-1"))] if key else []), *headers]
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(),
                 "query_string": query.encode(), "headers": sent}  # fmt: skip
        return door.respond(Request(scope))

    ask.key, ask.log = made, held
    return ask


def told(response) -> dict:
    return json.loads(response.body)


def refused(response, status: int) -> str:
    """Hold that a response is a problem of a status, in full; its sentence."""
    found = told(response)
    Draft202012Validator(PROBLEM).validate(found)
    assert (response.status_code, found["status"]) == (status, status)
    assert response.headers["content-type"].startswith("application/problem+json")
    assert found["detail"].endswith(".")
    return found["detail"]


def test_a_page_is_what_the_specification_and_our_description_say(asked):
    response = asked(query="after=0&limit=4")
    check(told(response))
    Draft202012Validator(FEEDBACK).validate(told(response))
    assert response.status_code == 200 and len(told(response)["feedback"]) == 4
    following = told(response)["extension"]["rhml.next"]
    assert response.headers["link"] == f'<?after={following}&limit=4>; rel="next"'
    rest = told(asked(query=f"after={following}&limit=4"))
    assert len(rest["feedback"]) == 4 and rest["extension"]["rhml.more"]


@pytest.mark.parametrize(
    "headers",
    [[], [(b"authorization", b"Basic eDp5")], [(b"authorization", b"Bearer")], [(b"authorization", b"Bearer  ")],
     [(b"cookie", b"key=1")], [(b"x-api-key", b"1")]],
)  # fmt: skip
def test_without_a_bearer_key_nothing_is_told(asked, headers):
    response = asked(key=None, headers=headers)
    refused(response, 401)
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_key_in_the_address_opens_nothing(asked):
    for name in ("key", "token", "access_token", "authorization"):
        refused(asked(key=None, query=f"{name}={asked.key.key}"), 401)


def test_two_keys_at_once_are_none(asked):
    refused(asked(headers=[(b"authorization", f"Bearer {asked.key.key}".encode())]), 401)


@pytest.mark.parametrize("key", ["x", "rhml_000000000000_" + "A" * 43, "\xff", "' OR 1=1 --", "a b c"])
def test_a_wrong_key_is_refused(asked, key):
    assert "invalid_token" in asked(key=key).headers["www-authenticate"]
    refused(asked(key=key), 401)


def test_expired_and_revoked_keys_are_refused_like_unknown_ones(asked):
    late = Door(lambda: asked.log, lambda: NOW + timedelta(days=91))
    sentence = refused(asked(door=late), 401)
    keys.revoke(asked.log, asked.key.key_id, why="x", by="lead", at=NOW)
    assert refused(asked(), 401) == sentence == refused(asked(key="x"), 401)


def test_a_key_opens_its_own_domain_alone_and_does_not_tell_which_others_there_are(asked):
    there, nowhere = asked("/api/domains/others/feedback"), asked("/api/domains/nowhere/feedback")
    assert refused(there, 403) == refused(nowhere, 403)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/domains", "/api/domains/loans", PATH + "/", PATH + "/x",
                                  "/api/domains//feedback", "/api/domains/../../etc/passwd", "/api/openapi.json/"])  # fmt: skip
def test_what_is_not_there_is_not_there(asked, path):
    refused(asked(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"])
def test_only_reading_is_known(asked, method):
    response = asked(method=method)
    refused(response, 405)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_tells_the_methods_without_a_key_and_to_no_other_origin(asked):
    response = asked(method="OPTIONS", key=None, headers=[(b"origin", b"https://elsewhere.example")])
    assert response.status_code == 204 and response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert not any(name.startswith("access-control") for name in response.headers)


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=1.0", "after=1e3", "after=٣", "after=", "after=1&after=2", "limit=0", "limit=1001",
     "limit=-5", "limit=99999999999999999999", "after=0x10", "after=%00", "other=1", "after=1;limit=2", "AFTER=1",
     "after=+1", "after= 1", "limit=10%27%20OR%201=1"],
)  # fmt: skip
def test_a_parameter_that_is_not_right_is_named(asked, query):
    refused(asked(query=query), 422)


def test_a_cursor_beyond_the_log_is_refused_and_says_where_the_log_ends(asked):
    assert "ends at" in refused(asked(query="after=99999999"), 422)


@pytest.mark.parametrize("headers", [[(b"content-length", b"1")], [(b"content-length", b"99999999999999999999")],
                                     [(b"transfer-encoding", b"chunked")], [(b"content-length", b"x")]])  # fmt: skip
def test_a_body_is_refused(asked, headers):
    refused(asked(headers=headers), 413)


def test_long_addresses_and_headers_are_refused(asked):
    refused(asked(query="after=" + "1" * 3000), 414)
    refused(asked("/api/" + "x" * 3000), 414)
    refused(asked(headers=[(b"x-long", b"x" * 9000)]), 431)


def test_a_key_that_asks_too_often_is_told_when_to_go_on(asked):
    door = Door(lambda: asked.log, lambda: NOW, Buckets(burst=2, a_second=0.001))
    assert [asked(door=door).status_code for _ in range(3)] == [200, 200, 429]
    response = asked(door=door)
    refused(response, 429)
    assert int(response.headers["retry-after"]) > 0


def test_every_use_and_every_refusal_of_a_known_key_is_counted(asked):
    asked(), asked(query="limit=0"), asked("/api/domains/x/feedback"), asked()
    kept = keys.listed(asked.log)[0]
    assert (kept.uses, kept.refused, kept.last_used_at) == (2, 2, NOW)


def test_every_answer_is_kept_framed_and_read_by_nobody_else(asked):
    for response in (
        asked(),
        asked(key=None),
        asked("/api/x"),
        asked(method="POST"),
        asked("/api/openapi.json"),
    ):
        held = response.headers
        assert held["cache-control"] == "no-store" and held["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in held["content-security-policy"]
        assert "set-cookie" not in held and "access-control-allow-origin" not in held


def test_a_defect_and_a_closed_log_tell_nothing_of_the_innards(asked, caplog):
    def broken():
        raise ValueError("secret /path/to/log")

    def closed():
        raise LogUnreadable("The log duckdb:////secret/path cannot be opened.")

    for open_log, status in ((broken, 500), (closed, 503)):
        response = asked(door=Door(open_log, lambda: NOW))
        refused(response, status)
        assert b"secret" not in response.body
    assert "secret /path/to/log" in caplog.text


def test_the_description_needs_no_key_and_names_every_refusal(asked):
    found = told(asked("/api/openapi.json", key=None))
    assert found == json.loads(json.dumps(description()))
    statuses = found["paths"]["/api/domains/{domain}/feedback"]["get"]["responses"]
    assert {"200", "401", "403", "405", "413", "414", "422", "429", "431", "503"} == set(statuses)


def test_requests_at_one_time_are_all_answered_and_all_counted(asked):
    found = []
    threads = [threading.Thread(target=lambda: found.append(asked().status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 8
    assert keys.listed(asked.log)[0].uses == 8
