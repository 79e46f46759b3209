import duckdb
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DomainInvalid, LogUnreadable
from rhml.loop.onboard import onboard
from rhml.store import organization, schema
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases


def test_opening_a_log_again_changes_nothing(log, url, resolved_loans):
    before = log.read("SELECT * FROM rhml.migrations ORDER BY scope")
    log.close()
    again = open_store(url, now=NOW)
    assert again.read("SELECT * FROM rhml.migrations ORDER BY scope") == before
    again.close()


def test_a_log_of_a_newer_product_is_refused(log, url):
    log.write(lambda tx: tx.run("INSERT INTO rhml.migrations VALUES ('rhml', 99, now()::timestamp)"))
    log.close()
    with pytest.raises(LogUnreadable, match="newer version"):
        open_store(url, now=NOW)


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as other:
        other.execute("CREATE SCHEMA rhml; CREATE TABLE rhml.migrations (name TEXT)")
    with pytest.raises(LogUnreadable, match="not a log of this product"):
        open_store(f"duckdb:///{path}", now=NOW)
    with duckdb.connect(path) as other:
        assert other.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (1,)


def test_a_log_of_the_version_before_is_brought_up_to_date(url, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setitem(schema.MIGRATIONS, "domain", 2)
        earlier.setattr(schema, "views", lambda domain: [])  # those of now read tables that came later
        log = open_store(url, now=NOW)
        onboard(log, parse_domain("loans", LOANS), by="lead", at=NOW)
        assert log.read("SELECT max(number) FROM rhml.migrations WHERE scope = 'loans'") == [(2,)]
        log.close()
    again = open_store(url, now=NOW)
    assert again.read("SELECT max(number) FROM rhml.migrations WHERE scope = 'loans'") == [
        (schema.MIGRATIONS["domain"],)
    ]
    done = onboard(again, parse_domain("loans", LOANS), cases=csv(loan_cases(3)), by="lead", at=NOW)
    assert done.cases.new == 3
    again.close()


def test_a_new_feature_becomes_a_column_and_old_cases_lack_it(log, resolved_loans):
    wider = parse_domain("loans", LOANS + '[features.rating]\nkind = "category"\n')
    onboard(log, wider, by="lead", at=NOW)
    assert log.read("SELECT count(*), count(rating) FROM loans.decided") == [(240, 0)]


def test_a_feature_may_not_change_its_kind(log, resolved_loans):
    changed = parse_domain(
        "loans", LOANS.replace('[features.late]\nkind = "number"', '[features.late]\nkind = "text"')
    )
    with pytest.raises(DomainInvalid, match="late"):
        onboard(log, changed, by="lead", at=NOW)
    assert "text" not in organization.domain(log, "loans").feature("late").kind


def test_every_column_of_every_view_is_explained(log, resolved_loans):
    silent = log.read(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'loans' AND comment IS NULL "
        "AND table_name IN ('decided', 'overrides', 'pending', 'resolved', 'versions')"
    )
    assert silent == []


def test_the_verdict_of_the_view_is_the_truth_tables(log, loans):
    import pandas as pd

    from rhml.core.reliance import verdict

    actions = ("lend", "decline")
    rows = [
        (f, r, t, y)
        for f in (None, *actions)
        for r in (None, *actions)
        for t in actions
        for y in (None, *actions)
    ]
    cases = loan_cases(len(rows))
    table = pd.DataFrame(rows, columns=["first_action", "recommended_action", "final_action", "right_action"])
    table.insert(0, "case_id", cases["case_id"])
    onboard(
        log, loans, cases=csv(cases), by="lead", at=NOW,
        decisions=csv(table.drop(columns="right_action").assign(manager="m1")),
        outcomes=csv(table[["case_id", "right_action"]].dropna()),
    )  # fmt: skip
    found = dict(log.read("SELECT case_id, verdict FROM loans.decided"))
    for case_id, (first, recommended, final, right) in zip(cases["case_id"], rows, strict=True):
        assert found[case_id] == verdict(first=first, recommended=recommended, final=final, right=right)
