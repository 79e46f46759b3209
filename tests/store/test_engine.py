import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from rhml.errors import LogLocked, LogUnreadable
from rhml.store.engine import MEMORY, connect, path_of, quoted


def test_three_slashes_are_relative_and_four_absolute():
    assert not path_of("duckdb:///here.duckdb").is_absolute()
    assert path_of("duckdb:////tmp/here.duckdb").is_absolute()


@pytest.mark.parametrize("url", ["", "duckdb://x", "postgresql://x", "duckdb:///", "/tmp/x.duckdb"])
def test_another_address_is_refused_with_the_right_form(url):
    with pytest.raises(LogUnreadable, match="duckdb:///"):
        connect(url)


def test_a_file_that_is_no_log_is_refused(tmp_path):
    (tmp_path / "x.duckdb").write_text("hello" * 5000)
    with pytest.raises(LogUnreadable):
        connect(f"duckdb:///{tmp_path / 'x.duckdb'}")


def test_a_second_process_is_told_who_has_the_log(log, url):
    code = f"from rhml.store.engine import connect; connect({url!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "LogLocked" in done.stderr and "--db" in done.stderr and "process " in done.stderr
    assert LogLocked.__name__ in done.stderr


def test_a_failed_unit_of_work_leaves_nothing(log):
    log.write(lambda tx: tx.run("CREATE TABLE t (a BIGINT)"))

    def unit(tx):
        tx.run("INSERT INTO t VALUES (1)")
        tx.run("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(duckdb.CatalogException):
        log.write(unit)
    assert log.read("SELECT count(*) FROM t") == [(0,)]


def test_facts_are_numbered_without_gaps_by_many_threads(log, loans, now):
    from rhml.store import organization

    log.write(lambda tx: organization.save_domain(tx, loans, at=now, by="lead"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: log.write(lambda tx: list(tx.numbers("loans", 3))), range(40)))
    assert sorted(n for numbers in found for n in numbers) == list(range(1, 121))


def test_a_domain_may_have_the_name_of_the_log_file(tmp_path, now, loans):
    from rhml.store.opening import open_store
    from rhml.store.organization import save_domain

    store = open_store(f"duckdb:///{tmp_path / 'loans.duckdb'}", now=now)
    assert store.write(lambda tx: save_domain(tx, loans, at=now, by="lead"))
    store.close()


def test_a_backup_holds_the_same_facts(log, resolved_loans, tmp_path):
    log.backup(tmp_path / "it's a copy.duckdb")
    copy = connect(f"duckdb:///{tmp_path / chr(105)}t's a copy.duckdb")
    sql = "SELECT count(*), max(seq) FROM loans.decisions"
    assert copy.read(sql) == log.read(sql)
    copy.close()


def test_any_name_is_quoted_safely(log):
    name = 'a"; DROP SCHEMA rhml; --'
    log.write(lambda tx: tx.run(f"CREATE TABLE {quoted(name)} (a BIGINT)"))
    assert log.read(f"SELECT count(*) FROM {quoted(name)}") == [(0,)]
    assert log.read("SELECT count(*) FROM rhml.secret") == [(1,)]


def test_a_closed_log_is_one_file(log, resolved_loans, url):
    path = path_of(url)
    log.close()
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_long_statements_use_disk_beside_the_log_before_the_machine_s_memory(tmp_path):
    store = connect(f"duckdb:///{tmp_path / 'log.duckdb'}")
    [(limit, spilled)] = store.read(
        "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    )
    amount, unit = limit.split()
    assert unit in ("MiB", "GiB") and (unit == "MiB" or float(amount) <= MEMORY)
    assert spilled == str(tmp_path / "log.duckdb.spilled")
    store.close()
