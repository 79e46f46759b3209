"""Reads of the overrides: filters are bound, names are the reports', pages are short."""

import pandas as pd
import pytest

from rhml.errors import RhmlError
from rhml.store import explorer, organization, override_sums
from rhml.store.dimensions import dimensions, expression
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from tests.ui.log_of_loans import NOW, fill


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    at = tmp_path_factory.mktemp("log") / "log.duckdb"
    store = open_store(f"duckdb:///{at}", now=NOW, secret="fixed")
    fill(store)
    yield store, organization.domain(store, "loans")
    store.close()


def test_filters_narrow_together(held):
    store, domain = held
    looked_at = Filters((("sector", ("retail",)), ("reason", ("Data is wrong",))))
    table = explorer.exported(store, domain, looked_at)
    assert set(table["sector"]) == {"retail"} and set(table["reason"]) == {"Data is wrong"}
    assert override_sums.sums(store, domain, looked_at)["overridden"].sum() == len(table)


def test_a_span_takes_its_first_moment_and_leaves_its_last(held):
    store, domain = held
    everything = explorer.exported(store, domain, Filters())
    middle = everything["decided_at"].iloc[60].to_pydatetime()
    before = explorer.exported(store, domain, Filters(until=middle))
    after = explorer.exported(store, domain, Filters(since=middle))
    assert len(before) + len(after) == len(everything)
    assert after["decided_at"].iloc[0] == pd.Timestamp(middle)


def test_the_search_reads_signs_as_they_are_and_ranks_by_words_found(held):
    store, domain = held
    rows = explorer.listed(store, domain, Filters(words="NEW contract seasonal"), 1)
    assert [row["hits"] for row in rows] == sorted((row["hits"] for row in rows), reverse=True)
    assert rows[0]["hits"] == 2 and "contract" in rows[0]["rationale"]
    assert all("100%" in row["rationale"] for row in explorer.listed(store, domain, Filters(words="100%"), 1))
    assert explorer.listed(store, domain, Filters(words="a%contract"), 1) == []
    assert explorer.listed(store, domain, Filters(words="x')OR(TRUE)--"), 1) == []


def test_a_filter_value_is_never_sql(held):
    store, domain = held
    looked_at = Filters((("manager", ("x') OR TRUE --",)),))
    assert override_sums.sums(store, domain, looked_at).empty


def test_a_dimension_that_the_domain_does_not_have_is_refused(held):
    store, domain = held
    with pytest.raises(RhmlError, match="no dimension"):
        expression(store, domain, "late; DROP TABLE x")


def test_a_page_is_short_and_pages_do_not_overlap(held):
    store, domain = held
    first, second = (explorer.listed(store, domain, Filters(), page) for page in (1, 2))
    assert len(first) == explorer.PAGE <= 50
    assert not {r["decision_id"] for r in first} & {r["decision_id"] for r in second}


def test_names_cover_every_dimension(held):
    store, domain = held
    names = explorer.names(store, domain)
    assert set(names) == set(dimensions(domain))
    assert names["reason"] == ["Data is wrong", "New information"]


def test_who_decides_reads_no_outcome_of_the_bank(held):
    store, domain = held
    everything, own = (explorer.listed(store, domain, Filters(bank=bank), 1) for bank in (True, False))
    bank = set(store.frame("SELECT case_id FROM loans.cases WHERE bank")["case_id"])
    assert {row["case_id"] for row in everything} & bank
    assert own and not {row["case_id"] for row in own} & bank
