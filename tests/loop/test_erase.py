"""Erasing a person or a case: the name and the words are gone from the file, counts stay, the chain verifies."""

import shutil
from pathlib import Path

import duckdb
import pytest

from rhml.errors import ErasureRefused, NotPermitted
from rhml.loop.erase import erase_case, erase_person, preview_case, preview_person
from rhml.loop.verify import verify
from rhml.store import frames, organization
from tests.loans import NOW
from tests.store.chain.tampering import after, asked, lived_in, looking, of

WHY = "asked to be forgotten"


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "log.duckdb"
    lived_in(path)[0].close()
    return path


@pytest.fixture
def file(lived, tmp_path) -> Path:
    return shutil.copy(lived, tmp_path / "log.duckdb")


def without_m1(file):
    return looking(file, lambda store: erase_person(store, "m1", by="lead", at=NOW, why=WHY))


def without_case(file, case_id="a00030"):
    return looking(
        file, lambda s: erase_case(s, organization.domain(s, "loans"), case_id, by="lead", at=NOW, why=WHY)
    )


COUNTS = """SELECT count(*), count(DISTINCT manager), count(DISTINCT case_id), count(*) FILTER (WHERE reason IS NOT NULL),
 count(*) FILTER (WHERE final_action <> recommended_action), list_sort(list(verdict)), sum(value), list_sort(list(sector)) FROM loans.decided"""
BY_PERSON = "SELECT list_sort(list(n)) FROM (SELECT count(*) AS n FROM loans.decided GROUP BY manager)"


def test_a_person_is_gone_and_every_count_stays(file):
    before = asked(file, COUNTS), asked(file, BY_PERSON)
    done = without_m1(file)
    assert (asked(file, COUNTS), asked(file, BY_PERSON)) == before
    assert done.alias.startswith("erased person ")
    for table, column in (
        ("loans.decisions", "manager"),
        ("rhml.people", "person"),
        ("loans.looks", "about"),
    ):
        names = {name for (name,) in asked(file, f"SELECT DISTINCT {column} FROM {table}")}
        assert "m1" not in names and done.alias in names
    assert asked(file, f"SELECT why FROM loans.reversals WHERE reversed_by = '{done.alias}'") == [("",)]
    assert asked(file, "SELECT count(*) FROM loans.rationales r JOIN loans.decisions d USING (decision_id) "
                       f"WHERE manager = '{done.alias}'") == [(0,)]  # fmt: skip


@pytest.mark.parametrize("erase", [without_m1, without_case], ids=["person", "case"])
def test_the_chain_verifies_after_an_erasure_and_says_what_was_erased(file, erase):
    head = of(file).chains[-1].head
    done = erase(file)
    found = of(file, head=head)
    assert found.sound and found.knows_head, found.lines()
    [told] = {one.sentence for chain in found.chains for one in chain.erased if chain.schema == "loans"}
    assert WHY in told and done.alias in told and f"{done.facts['loans']:,} facts" in told


def test_both_erasures_of_the_same_facts_leave_a_chain_that_verifies(file):
    without_m1(file)
    without_case(file)
    assert of(file).sound


@pytest.mark.parametrize("erase", [without_m1, without_case], ids=["person", "case"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans.decisions SET final_action = 'decline' WHERE case_id LIKE 'erased%' OR manager LIKE 'erased%'",
        "UPDATE loans.decisions SET seconds = 3 WHERE case_id LIKE 'erased%' OR manager LIKE 'erased%'",
        "DELETE FROM loans.decisions WHERE case_id LIKE 'erased%' OR manager LIKE 'erased%'",
        "UPDATE loans.erased SET digest = sealed",
        "UPDATE loans.erased SET sealed = digest",
        "DELETE FROM loans.erased WHERE fact_table = 'decisions'",
        "DELETE FROM loans.erasures",
        "UPDATE loans.erasures SET why = 'another'",
    ],
)
def test_tampering_with_what_was_erased_is_found(file, erase, statement):
    erase(file)
    assert not after(file, statement).sound


def test_an_erasure_refuses_to_cover_what_was_tampered_with_before(file):
    with duckdb.connect(str(file)) as stranger:
        stranger.execute("UPDATE loans.decisions SET seconds = 3 WHERE case_id = 'a00030'")
    for erase in (without_m1, without_case):
        with pytest.raises(ErasureRefused, match="must not cover"):
            erase(file)
    assert asked(file, "SELECT count(*) FROM loans.decisions WHERE manager = 'm1'") != [(0,)]


def test_an_erased_case_keeps_only_what_its_domain_keeps(file):
    before = asked(file, COUNTS)
    alias = without_case(file).alias
    assert asked(file, COUNTS) == before
    [(kept, stake, late, founded)] = asked(
        file, f"SELECT sector, amount, late, founded FROM loans.cases WHERE case_id = '{alias}'"
    )
    assert kept is not None and stake is not None and late is None and founded is None
    assert asked(file, "SELECT count(*) FROM loans.rationales WHERE text LIKE '%a00030%'") == [(0,)]
    assert asked(file, "SELECT count(*) FROM loans.outcomes WHERE case_id = 'a00030'") == [(0,)]


def test_a_field_filled_in_later_goes_with_its_case(file):
    with duckdb.connect(str(file)) as stranger:
        stranger.execute("SELECT 1")
    looking(file, lambda s: __import__("rhml.loop.decide", fromlist=["decide"]).decide(
        s, organization.domain(s, "loans"), __import__("rhml.loop.decide", fromlist=["Choice"]).Choice("a00025", "lend"), manager="m2", at=NOW))  # fmt: skip
    alias = without_case(file, "a00025").alias
    assert asked(file, f"SELECT rent FROM loans.cases WHERE case_id = '{alias}'") == [(None,)]
    assert set(asked(file, f"SELECT value, was FROM loans.case_values WHERE case_id = '{alias}'")) == {
        ("", None)
    }
    assert of(file).sound


def test_a_waiting_case_is_not_erased(file):
    with pytest.raises(ErasureRefused, match="still waits"):
        without_case(file, "a00035")


def test_an_erased_case_teaches_nobody(file):
    without_case(file)
    held = looking(file, lambda s: frames.cases(s, organization.domain(s, "loans")))
    assert len(held) == 39 and not held["case_id"].str.startswith("erased").any()


def test_only_a_lead_erases_and_never_themselves(file):
    with pytest.raises(NotPermitted):
        looking(file, lambda s: erase_person(s, "m1", by="m2", at=NOW, why=WHY))
    with pytest.raises(ErasureRefused, match="themselves"):
        looking(file, lambda s: erase_person(s, "lead", by="lead", at=NOW, why=WHY))


def test_a_reason_is_asked_for_and_an_unknown_name_is_refused(file):
    with pytest.raises(ErasureRefused, match="Say why"):
        looking(file, lambda s: erase_person(s, "m1", by="lead", at=NOW, why=" "))
    with pytest.raises(ErasureRefused, match="nobody"):
        looking(file, lambda s: preview_person(s, "nobody"))


def test_a_preview_counts_what_the_erasure_redacts(file):
    person = looking(file, lambda s: preview_person(s, "m2"))
    case = looking(file, lambda s: preview_case(s, organization.domain(s, "loans"), "a00031"))
    assert case.total == without_case(file, "a00031").facts["loans"]
    done = looking(file, lambda s: erase_person(s, "m2", by="lead", at=NOW, why=WHY))
    assert sum(done.facts.values()) >= person.total > 10


@pytest.mark.parametrize(
    ("erase", "gone"), [(without_m1, [b"a slip"]), (without_case, [b"a00030", b"because of a00030"])]
)
def test_the_file_holds_no_byte_of_it_once_the_log_was_opened_anew(file, erase, gone):
    assert all(words in file.read_bytes() for words in gone)
    erase(file)
    assert looking(file, verify).sound
    assert not any(words in file.read_bytes() for words in gone)
