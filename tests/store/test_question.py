from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from rhml.core.domain import parse_domain, read_domain
from rhml.errors import QuestionRefused
from rhml.loop.onboard import onboard
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.store.questions.question import VIEWS, answer, dictionary
from rhml.store.questions.starters import starters
from rhml.store.questions.statement import LONGEST, read_statement
from tests.loans import LOANS, NOW, csv, loan_cases, right_action


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """One log for all questions: asking changes nothing, which is half of what is tested here."""
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('ask') / 'log.duckdb'}", now=NOW, secret="fixed")
    yield store
    store.close()


@pytest.fixture(scope="module")
def resolved_loans(log):
    """300 cases, 240 of them decided by three managers, 200 of them resolved."""
    domain, cases = parse_domain("loans", LOANS), loan_cases(300)
    right = right_action(cases)
    decisions = pd.DataFrame({"case_id": cases["case_id"][:240], "manager": [f"m{i % 3}" for i in range(240)],
                              "final_action": "lend", "decided_at": cases["due_at"][:240]})  # fmt: skip
    outcomes = pd.DataFrame({"case_id": cases["case_id"][:200], "right_action": right[:200]})
    onboard(
        log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(decisions), by="lead", at=NOW
    )
    return domain


DOMAINS = sorted((Path(__file__).parents[2] / "data" / "domains").glob("*.toml"))
BARE = 'title = "Bare"\n[actions]\na = "A"\nb = "B"'

OUT_OF_REACH = [
    "",
    "   ;  ",
    "-- only a remark",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE decided",
    "DROP TABLE decided",
    "DELETE FROM decided",
    "INSERT INTO decided SELECT * FROM decided",
    "UPDATE decided SET manager = 'x'",
    "CREATE TABLE t AS SELECT 1",
    "CREATE MACRO m() AS 1",
    "COPY decided TO 'out.csv'",
    "COPY (SELECT 1) TO '/tmp/out.csv'",
    "WITH y AS (COPY (SELECT 1) TO 'out.csv') SELECT 1",
    "WITH y AS (INSERT INTO decided SELECT * FROM decided RETURNING *) SELECT * FROM y",
    "WITH y AS (DELETE FROM decided RETURNING *) SELECT * FROM y",
    "ATTACH 'other.duckdb'",
    "DETACH memory",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET memory_limit",
    "PRAGMA database_list",
    "CALL duckdb_settings()",
    "EXPORT DATABASE 'x'",
    "IMPORT DATABASE 'x'",
    "CHECKPOINT",
    "BEGIN",
    "EXPLAIN ANALYZE SELECT * FROM decided",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'x.csv'",
    "FROM \"x.parquet\"",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/*')",
    "SELECT * FROM read_json('x')",
    "SELECT * FROM parquet_metadata('x')",
    "SELECT * FROM sniff_csv('x')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_settings",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM which_secret('x', 's3')",
    "SELECT * FROM pragma_database_list()",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_settings",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('decided')",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM python_map_function(1)",
    "SELECT current_setting('secret_directory')",
    "SELECT getenv('HOME')",
    "SELECT getvariable('x')",
    "SELECT write_log('x')",
    "SELECT * FROM answer",
    "SELECT * FROM os",
    "SELECT * FROM incoming",
    "SELECT * FROM loans.decided",
    "SELECT * FROM loans.decisions",
    "SELECT * FROM rhml.secret",
    "SELECT * FROM rhml.people",
    "SELECT (SELECT max(value) FROM rhml.secret)",
    "SELECT * FROM decided WHERE EXISTS (FROM read_text('/etc/passwd'))",
    "SELECT * FROM decided, LATERAL (SELECT * FROM glob('*'))",
    "SELECT 1 WHERE",
    "SELECT nothing FROM decided",
    "SELECT CAST('x' AS BIGINT)",
    "SELECT " + "(" * 4000 + "1" + ")" * 4000,
    "SELECT " + "NOT " * 2000 + "TRUE",
    "SELECT " + ", ".join(f"{i} AS c{i}" for i in range(300)),
    "SELECT '" + "x" * LONGEST + "'",
    "SELECT \x00 1",
]  # fmt: skip


@pytest.mark.parametrize("sql", OUT_OF_REACH, ids=range(len(OUT_OF_REACH)))
def test_nothing_but_one_select_over_the_views_is_answered(log, resolved_loans, tmp_path, monkeypatch, sql):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with pytest.raises(QuestionRefused) as refused:
        answer(log, resolved_loans, sql)
    assert len(str(refused.value)) < 500
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(repeat('x', 4000000000))",
        "SELECT range(100000000), range(100000000)",
        "SELECT damerau_levenshtein(repeat('a', 40000), repeat('b', 40000))",
        "SELECT format('{:2000000000}', 1)",
    ],
)
def test_a_question_that_fills_the_memory_is_ended(log, resolved_loans, sql):
    with pytest.raises(QuestionRefused, match=r"memory|seconds"):
        answer(log, resolved_loans, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))",
        "SELECT sum(a.amount * b.late) FROM decided a, decided b, decided c, decided d, decided e",
        "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r",
    ],
)
def test_a_question_that_takes_too_long_is_ended(log, resolved_loans, monkeypatch, sql):
    monkeypatch.setattr("rhml.store.questions.question.SECONDS", 0.3)
    with pytest.raises(QuestionRefused, match=r"longer than|memory"):
        answer(log, resolved_loans, sql)


def test_the_log_is_as_it_was_and_answers_after_hostile_questions(log, resolved_loans):
    before = log.read("SELECT n FROM loans.counter")
    for sql in OUT_OF_REACH[4:9]:
        with pytest.raises(QuestionRefused):
            answer(log, resolved_loans, sql)
    assert log.read("SELECT n FROM loans.counter") == before
    assert answer(log, resolved_loans, "SELECT count(*) AS n FROM decided").table["n"].tolist() == [240]


def test_the_box_holds_the_views_and_nothing_of_the_app(log, resolved_loans, monkeypatch):
    monkeypatch.setenv("A_SECRET", "42")
    found = answer(log, resolved_loans, "SELECT * FROM decided LIMIT 1").table
    assert list(found) == list(dictionary(log, resolved_loans).query("view == 'decided'")["column"])


def test_pending_shows_no_recommendation(log, resolved_loans):
    columns = set(dictionary(log, resolved_loans).query("view == 'pending'")["column"])
    assert not columns & {"action", "probability", "recommended_action", "mode", "bank", "right_action"}


def test_a_manager_sees_own_decisions_and_nothing_of_the_bank(log, resolved_loans):
    def ask(sql):
        return answer(log, resolved_loans, sql, only="m1").table

    assert set(ask("SELECT DISTINCT manager FROM decided")["manager"]) == {"m1"}
    assert not ask("SELECT bank FROM decided")["bank"].any()
    own = set(ask("SELECT case_id FROM decided")["case_id"])
    assert set(ask("SELECT case_id FROM resolved")["case_id"]) < own
    assert len(ask("SELECT * FROM pending")) == 60


def test_more_rows_than_the_limit_are_cut_and_said(log, resolved_loans):
    found = answer(log, resolved_loans, "SELECT case_id FROM decided ORDER BY case_id DESC", limit=10)
    assert found.cut and len(found.table) == 10
    assert found.table["case_id"].tolist() == [f"a{i:05}" for i in range(239, 229, -1)]


def test_exactly_the_limit_is_not_called_cut(log, resolved_loans):
    assert not answer(log, resolved_loans, "SELECT * FROM range(10)", limit=10).cut


def test_long_cells_and_many_of_them_stay_small(log, resolved_loans):
    found = answer(log, resolved_loans, "SELECT repeat('x', 100000) AS x FROM range(3000)")
    assert found.table["x"].str.len().max() == 2_000
    assert found.table.memory_usage(deep=True).sum() < 200 * 2**20


def test_every_type_comes_out_as_number_time_or_text(log, resolved_loans):
    found = answer(
        log, resolved_loans,
        "SELECT [1, 2] AS a, {'b': 1} AS b, 1.5::DECIMAL AS c, sum(2::BIGINT) AS d, DATE '2026-01-02' AS e, "
        "'infinity'::TIMESTAMP AS f, INTERVAL 1 DAY AS g, NULL AS h, 'x'::BLOB AS i, now() AS j, true AS k, "
        "uuid() AS l, TIME '10:00' AS m, 1::UTINYINT AS n",
    ).table.iloc[0]  # fmt: skip
    assert (found["a"], found["c"], found["d"]) == ("[1, 2]", 1.5, 2)
    assert pd.isna(found["f"]) and pd.isna(found["h"]) and found["e"] == pd.Timestamp("2026-01-02")


def test_two_columns_of_one_name_are_numbered(log, resolved_loans):
    found = answer(log, resolved_loans, "SELECT manager, manager FROM decided LIMIT 1").table
    assert list(found) == ["manager", "manager (2)"]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT DECIDED.Manager FROM main.Decided", 240),
        ("FROM decided", 240),
        ("SELECT d FROM decided d LIMIT 3", 3),
        ("WITH decided AS (SELECT * FROM decided WHERE manager = 'm1') SELECT * FROM decided", 80),
        ("SELECT * FROM decided JOIN resolved USING (case_id)", 200),
        ("SELECT a.* FROM pending a NATURAL JOIN pending b WHERE a.late IS NOT NULL", 54),
        ("SELECT case_id FROM decided UNION SELECT case_id FROM pending", 300),
        ("SELECT * EXCLUDE (manager) FROM decided ORDER BY 1 -- a remark", 240),
        ("SELECT sector, sum(amount) FROM decided GROUP BY ALL;", 3),
        ("SELECT count(*) FROM decided", 1),
        ("DESCRIBE decided", 35),
        ("SELECT manager FROM decided WHERE manager = 'DROP TABLE x; --' ", 0),
        ("SELECT unnest([1, 2, 3])", 3),
    ],
)
def test_ordinary_questions_are_answered(log, resolved_loans, sql, rows):
    assert len(answer(log, resolved_loans, sql).table) == pytest.approx(
        rows, abs=5 if "DESCRIBE" in sql else 0
    )


def test_only_named_views_and_columns_are_copied():
    statement = read_statement("SELECT manager FROM decided", VIEWS)
    assert statement.views == ("decided",) and "manager" in statement.words
    assert read_statement("SELECT * FROM decided", VIEWS).words is None
    assert read_statement("SELECT 'pending' FROM decided", VIEWS).views == ("decided",)


def test_several_people_may_ask_at_once(log, resolved_loans):
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda _: answer(log, resolved_loans, "SELECT count(*) AS n FROM decided"), range(4))
        )
    assert [f.table["n"][0] for f in found] == [240] * 4


@pytest.mark.parametrize("file", [None, *DOMAINS], ids=lambda f: f.stem if f else "bare")
def test_every_starter_works_on_every_domain(log, now, file):
    domain = read_domain(file) if file else parse_domain("bare", BARE)
    log.write(lambda tx: organization.save_domain(tx, domain, at=now, by="lead"))
    found = starters(domain)
    assert len(found) == (17 if domain.outcome else 12)
    together = " UNION ALL ".join(
        f"SELECT {n} AS n, count(*) AS rows FROM ({one.sql})" for n, one in enumerate(found)
    )
    assert len(answer(log, domain, together).table) == len(found)  # one box: each costs as much as its start


def test_the_dictionary_explains_every_column(log, resolved_loans):
    held = dictionary(log, resolved_loans)
    assert set(held["view"]) == set(VIEWS)
    assert held["meaning"].fillna("").str.len().min() > 0
