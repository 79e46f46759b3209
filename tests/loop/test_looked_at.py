"""An address means the same filters for whoever opens it, and says what in it nobody knows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rhml.core.domain import parse_domain
from rhml.loop.looked_at import ignored, looked_at
from tests.ui.log_of_loans import LOANS

DOMAIN = parse_domain("loans", LOANS)
NAMES = {
    "reason": ["Data is wrong", "New information"],
    "final_action": ["lend", "decline"],
    "sector": ["retail"],
}


def test_an_address_is_read_as_the_page_writes_it():
    asked = {"in_final_action": ["Lend"], "in_reason": ["Data is wrong"], "since": ["2026-02"], "until": ["2026-12"],
             "words": ["new contract"], "view": ["Pivot"]}  # fmt: skip
    found = looked_at(DOMAIN, asked, NAMES)
    assert dict(found.filters.chosen) == {"reason": ("Data is wrong",), "final_action": ("lend",)}
    assert (found.filters.since, found.filters.until) == (datetime(2026, 2, 1), datetime(2027, 1, 1))
    assert found.filters.words == "new contract" and not found.ignored


def test_months_begin_where_the_reader_is():
    found = looked_at(DOMAIN, {"since": ["2026-07"]}, NAMES, zone=ZoneInfo("Europe/Berlin"))
    assert found.filters.since == datetime(2026, 6, 30, 22)


def test_what_the_log_does_not_have_is_named_and_left_out():
    asked = {"in_reason": ["Data is wrong", "x') OR TRUE --"], "in_nothing": ["1"], "since": ["yesterday"]}
    found = looked_at(DOMAIN, asked, NAMES)
    assert dict(found.filters.chosen) == {"reason": ("Data is wrong",)} and found.filters.since is None
    assert found.ignored == {"Reason": ("x') OR TRUE --",), "From": ("yesterday",), "nothing": ("1",)}
    assert ignored(DOMAIN, {"since": ["2026-01"]}, NAMES, ["2026-02"]) == {"From": ("2026-01",)}


def test_of_very_many_names_any_may_be_asked_for():
    many = {"sector": [f"s{i}" for i in range(500)]}
    found = looked_at(DOMAIN, {"in_sector": ["one of the rest"]}, many)
    assert dict(found.filters.chosen) == {"sector": ("one of the rest",)} and not found.ignored
