"""Rationales in the log: found by a pattern under every filter, one's own alone for those who decide, counted by term."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rhml.loop import wrote
from rhml.store import explorer, organization, rationales
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from rhml.store.veil import Veil
from tests.ui.log_of_loans import NOW, SAID, fill

OWN = Filters(author="m1", bank=False)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log') / 'log.duckdb'}", now=NOW)
    fill(store)
    domain = organization.domain(store, "loans")
    yield store, domain, wrote.book(store, domain, Filters())
    store.close()


def overrides(store, where: str = "TRUE") -> int:
    return store.read(f"SELECT count(*) FROM loans.overrides WHERE {where}")[0][0]


def test_a_word_is_found_in_other_forms_and_misspelt_and_counted_whole(held):
    store, domain, book = held
    for typed in ("contract", "contracts", "CONTRCAT"):
        found = wrote.search(store, domain, Filters(words=typed), book)
        assert [hit.rationale for hit in found.hits] == [SAID[0]] and found.texts == 1
        assert found.overrides == found.hits[0].overrides == overrides(store, "rationale LIKE '%contract%'")
        [(start, end)] = found.hits[0].places
        assert found.hits[0].rationale[start:end] == "contract"


def test_a_hit_counts_what_came_of_all_who_said_the_same(held):
    store, domain, book = held
    [hit] = wrote.search(store, domain, Filters(words="seasonal"), book).hits
    assert hit.rescued == overrides(store, "rationale LIKE '%seasonal%' AND verdict = 'rescued'")
    assert hit.decided_at == max(
        at for (at,) in store.read("SELECT decided_at FROM loans.overrides WHERE rationale LIKE '%seasonal%'")
    )


def test_a_search_stays_within_the_other_filters(held):
    store, domain, book = held
    looked_at = Filters((("sector", ("retail",)), ("reason", ("Data is wrong",))), words="contract")
    found = wrote.search(store, domain, looked_at, book)
    assert found.overrides == overrides(
        store, "rationale LIKE '%contract%' AND sector = 'retail' AND reason = 'Data is wrong'"
    )


def test_the_closest_comes_first(held):
    store, domain, book = held
    found = wrote.search(store, domain, Filters(words="late payments contract"), book)
    assert [hit.rank for hit in found.hits] == [1, 2] and found.hits[0].rationale == SAID[2]
    assert found.hits[0].score > found.hits[1].score


def test_typed_signs_and_patterns_are_words_or_nothing(held):
    store, domain, book = held
    for typed in (".*", "(", "a'); DROP TABLE x; --", "[^z]", "\\", '"', "%", "\x00"):
        found = wrote.search(store, domain, Filters(words=typed), book)
        assert all("drop" not in hit.rationale for hit in found.hits)
    assert wrote.search(store, domain, Filters(words=".*"), book).hits == ()


def test_those_who_decide_find_their_own_words_alone(held):
    store, domain, _ = held
    book = wrote.book(store, domain, OWN)
    found = wrote.search(store, domain, Filters(words="contract", author="m1", bank=False), book)
    wanted = overrides(store, "rationale LIKE '%contract%' AND manager = 'm1' AND NOT bank")
    assert found.overrides == wanted > 0 and {hit.manager for hit in found.hits} == {"m1"}
    nobody = Filters(author="nobody", bank=False)
    assert wrote.book(store, domain, nobody).words == ()
    assert rationales.latest(store, domain, nobody, 1, 10) == ([], 0)


def test_others_like_one_leave_the_same_words_out_and_keep_to_what_may_be_read(held):
    store, domain, book = held
    [(decision,)] = store.read(
        "SELECT decision_id FROM loans.overrides WHERE rationale LIKE '%contract%' AND manager = 'm2' LIMIT 1"
    )
    found = wrote.similar(store, domain, Filters(), decision, book)
    assert found.like == SAID[0] and SAID[0] not in {hit.rationale for hit in found.hits}
    assert wrote.similar(store, domain, OWN, decision, book).like == ""


def test_people_are_named_under_the_readers_veil(held):
    store, domain, book = held
    veil = Veil((("m1", "person a"), ("m2", "person b")), "others", key="k")
    looked_at = Filters(words="contract seasonal payments", seen_by=veil)
    found = wrote.search(store, domain, looked_at, book)
    assert {hit.manager for hit in found.hits} <= {"person a", "person b", "others"}
    rows, total = rationales.latest(store, domain, replace(looked_at, words=""), 1, 50)
    assert total == overrides(store) and len(rows) == min(50, total)
    assert {row["manager"] for row in rows} <= {"person a", "person b", "others"}
    ids = {row["decision_id"] for row in rows}
    assert not ids & {i for (i,) in store.read("SELECT decision_id FROM loans.decisions WHERE imported")}
    assert wrote.similar(store, domain, looked_at, rows[0]["decision_id"], book).like == rows[0]["rationale"]


def test_terms_and_rows_speak_of_the_same_overrides(held):
    store, domain, _ = held
    written = rationales.written(store, domain, Filters())
    terms = dict(rationales.terms(store, domain, Filters(), fewest=5))
    assert len(written) == overrides(store, "rationale <> ''")
    found = store.frame(
        "SELECT case_id, manager, rationale FROM loans.overrides WHERE rationale LIKE '%contract%'"
    )
    places = np.sort(terms["new contract"])
    assert sorted(written.iloc[places]["case_id"]) == sorted(found["case_id"])
    assert written["speaks"].sum() == overrides(store, "verdict IS NOT NULL")


def test_what_recurs_is_told_with_its_counts(held):
    store, domain, book = held
    found = wrote.recurring(store, domain, Filters(), book)
    assert found.overrides == overrides(store) and found.judged == overrides(store, "verdict IS NOT NULL")
    shown = {term.term: term for term in (*found.frequent, *found.right, *found.wrong)}
    assert all(isinstance(term.overrides, int) and pd.notna(term.rescued) for term in shown.values())


def test_filters_in_a_file_mean_what_they_mean_on_the_page(held):
    store, domain, _ = held
    meant = wrote.meaning(store, domain, Filters(words="contracts"))
    assert len(explorer.exported(store, domain, meant)) == overrides(store, "rationale LIKE '%contract%'") > 0
    assert wrote.meaning(store, domain, Filters()) == Filters()
