"""Views, macros, defaults and explanations that a stranger changed are named, though no fact was touched."""

import hashlib

import pytest

from rhml.core.domain import parse_domain
from rhml.loop import backup, erase, onboard
from rhml.loop.verify import verify
from rhml.store import organization, schema
from rhml.store.opening import open_store
from tests.loans import NOW
from tests.store.chain.tampering import COLLECTED, after, of


@pytest.mark.parametrize(
    ("statement", "name", "kind"),
    [
        ("CREATE OR REPLACE VIEW loans.decided AS SELECT *, NULL AS verdict FROM loans.live_decisions", "loans.decided", "view"),
        ("CREATE OR REPLACE VIEW loans.overrides AS SELECT * FROM loans.decided WHERE FALSE", "loans.overrides", "view"),
        ("DROP VIEW loans.blind", "loans.blind", "gone"),
        ("DROP VIEW loans.versions; CREATE TABLE loans.versions AS SELECT 1 AS version", "loans.versions", "gone"),
        ("ALTER VIEW loans.overrides RENAME TO elsewhere", "loans.overrides", "gone"),
        ("COMMENT ON COLUMN loans.decided.verdict IS 'always right'", "loans.decided", "meaning"),
        ("COMMENT ON VIEW loans.decided IS NULL", "loans.decided", "meaning"),
        ("COMMENT ON TABLE rhml.people IS 'nobody'", "rhml.people", "meaning"),
        ("CREATE MACRO main.sum(x) AS 7", "main.sum", "maker"),
        ("CREATE MACRO loans.greatest(a, b) AS NULL", "loans.greatest", "maker"),
        ("CREATE MACRO main.duckdb_functions() AS TABLE SELECT 1 AS n WHERE FALSE", "main.duckdb_functions", "maker"),
        ("CREATE MACRO main.duckdb_columns() AS TABLE SELECT 1 AS n WHERE FALSE", "main.duckdb_columns", "maker"),
        ("CREATE MACRO main.current_database() AS 'nowhere'", "main.current_database", "maker"),
        ("CREATE TYPE loans.float8 AS VARCHAR", "loans.float8", "maker"),
        ("CREATE TRIGGER t AFTER INSERT ON loans.outcomes REFERENCING NEW TABLE AS n FOR EACH STATEMENT "
         "INSERT INTO loans.drafts SELECT case_id, 'x', 'x' FROM n", "loans.t", "maker"),
        ("ALTER TABLE loans.looks ALTER why SET DEFAULT 'none'", "loans.looks", "shape"),
        ("ALTER TABLE loans.looks ALTER why DROP NOT NULL", "loans.looks", "shape"),
        ("ALTER TABLE rhml.people ADD COLUMN note TEXT", "rhml.people", "shape"),
        ("ALTER TABLE loans.cases ADD COLUMN secretly TEXT", "loans.cases", "shape"),
        ("CREATE UNIQUE INDEX once ON rhml.saved (owner)", "rhml.saved", "shape"),
        ("DROP TABLE rhml.saved", "rhml.saved", "gone"),
    ],
)  # fmt: skip
def test_what_reads_or_writes_facts_otherwise_is_named_first(file, statement, name, kind):
    found = after(file, statement)
    first = found.findings[0]
    assert (f"{first.schema}.{first.table}", first.kind) == (name, kind)
    assert not found.sound and found.sentence.startswith(first.sentence)


def test_a_view_that_was_changed_is_one_finding(file):
    found = after(file, "CREATE OR REPLACE VIEW loans.decided AS SELECT 1 AS a")
    assert [f.table for f in found.findings] == ["decided"] and found.wrong == 1


def test_names_that_strangers_gave_do_nothing_to_a_terminal(file):
    found = after(
        file,
        'CREATE MACRO main."\x1b[2J\nAll is well\u202e"() AS 7',
        'CREATE VIEW loans."\x1b[2J" AS SELECT 1',
    )
    assert not found.sound and all(line.isprintable() for line in found.lines())


def test_a_bad_fact_comes_before_a_bad_view(file):
    found = after(file, "DROP VIEW loans.blind", "UPDATE rhml.people SET role = 'lead' WHERE person = 'm1'",
                  "UPDATE loans.outcomes SET right_action = 'lend'")  # fmt: skip
    assert found.findings[0].kind == "changed" and found.findings[-1].kind == "gone"


@pytest.mark.parametrize(
    "sets",
    ["action = 'decline'", "probability = 0.99", "recommendation_id = 'x'", "mode = 'assisted' || mode", "due_at = NULL",
     "stake = 0.5", "model_version = 'v0'", "snoozed_until = '2999-01-01'", "escalated_by = 'm9'", "assigned_to = 'm9'"],
)  # fmt: skip
def test_a_waiting_case_that_shows_something_else_than_the_facts_is_named(file, sets):
    found = after(file, f"UPDATE loans.waiting SET {sets} WHERE case_id = 'a00027'")
    assert [(f.table, f.about) for f in found.findings] == [("waiting", "case a00027")]


def test_a_case_that_waits_twice_is_named(file):
    found = after(
        file, "INSERT INTO loans.waiting SELECT * FROM loans.waiting WHERE case_id = 'a00027' LIMIT 1"
    )
    assert [f.detail for f in found.findings] == ["It is there twice."]


def test_what_somebody_keeps_beside_is_told_and_is_no_fault(file):
    found = after(file, "CREATE VIEW loans.mine AS SELECT 1 AS a", "CREATE SCHEMA scratch",
                  "CREATE TABLE scratch.notes (a INT)", "CREATE INDEX faster ON rhml.people (person)")  # fmt: skip
    assert found.sound and len(found.beside) == 2
    assert "loans: mine (a view)" in found.beside[0] and found.beside[1].startswith(
        "scratch: 1 table or view"
    )
    assert any(line.startswith("Beside the facts: loans: mine") for line in found.lines())


@pytest.mark.parametrize(
    "statement",
    ["DROP TABLE rhml.domain_files", "ALTER TABLE rhml.domain_files DROP COLUMN text", "DROP SCHEMA rhml CASCADE",
     "ALTER TABLE loans.counter RENAME n TO m"],
)  # fmt: skip
def test_a_log_without_its_own_foundations_is_told_in_words(file, statement):
    found = after(file, statement)
    assert not found.sound and found.sentence


def test_a_domain_file_that_changed_through_the_product_is_no_fault(file):
    store = open_store(f"duckdb:///{file}", now=NOW)
    more = COLLECTED + '\n[features.city]\nkind = "category"\nlabel = "Where it\'s from"\n'
    texts = (more, COLLECTED.replace('title = "Loans"', 'title = "Credit"'),
             COLLECTED.replace("[outcome]", "[outcome]\n[pending]\nover = false"), COLLECTED)  # fmt: skip
    for text in texts:
        onboard.onboard(store, parse_domain("loans", text), by="lead", at=NOW)
        assert verify(store).sound, verify(store).lines()
    store.close()


def test_copies_and_erasures_are_no_fault(file):
    store = open_store(f"duckdb:///{file}", now=NOW)
    erase.erase_person(store, "m2", by="lead", at=NOW, why="asked for it")
    domain = organization.domain(store, "loans")
    erase.erase_case(store, domain, "a00003", by="lead", at=NOW, why="too old")
    copy = backup.back_up(store, by="lead", at=NOW)
    store.close()
    assert of(file).sound and of(copy).sound


def test_views_change_with_a_number_of_their_own():
    """Logs in use keep their views until a migration makes them anew: give one a number, then note its print here."""
    text = "\n".join(schema.views(parse_domain("loans", COLLECTED)))
    assert (schema.MIGRATIONS["domain"], hashlib.sha256(text.encode()).hexdigest()[:16]) == (
        7,
        "e2ea46cd34609681",
    )
