"""The copy that large logs are read from: the same answers as the views, nobody's name, and never a wrong log's."""

from datetime import timedelta

import duckdb
import pandas as pd
import pytest

from rhml.core.records import Outcome
from rhml.errors import LogUnreadable, QuestionRefused
from rhml.loop import privacy, reading_copy
from rhml.store import explorer, jobs, log, organization
from rhml.store.dimensions import dimensions, expression
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from rhml.store.questions import question
from rhml.store.reading import making, shelf, source
from rhml.store.reading.columns import extras, of_pending, of_resolved, of_view
from tests.ui.log_of_loans import NOW, SELECTIVE, WITH_OUTCOMES, fill

SUM = "SELECT count(*), count(DISTINCT v), sum(CAST(hash(v) AS HUGEINT)) FROM (SELECT v FROM {rows} v) rows"


@pytest.fixture(params=[WITH_OUTCOMES, SELECTIVE], ids=["all outcomes", "selective"])
def held(tmp_path, request):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW, secret="fixed")
    fill(store, request.param, outcomes=300)
    yield store, organization.domain(store, "loans")
    store.close()


@pytest.fixture
def log_of_loans(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW, secret="fixed")
    fill(store, WITH_OUTCOMES, outcomes=300)
    yield store, organization.domain(store, "loans")
    store.close()


def shown(store, domain):
    """What the analysts' views, the added columns, and every dimension say, whatever they are read from."""
    answers = {
        view: store.read(SUM.format(rows=source.relation(store, domain, view))) for view in source.OF_COPY
    }
    added = [name for name in extras(domain)]
    for name in added:
        answers[name] = store.read(
            f"SELECT {name}, count(*) FROM {source.decided(store, domain)} d GROUP BY ALL ORDER BY ALL"
        )
    for by in dimensions(domain):
        for veil in (None, privacy.veil(store, domain, reader="", role="analyst")):
            answers[by, veil is None] = store.read(
                f"SELECT {expression(store, domain, by, veil)} AS name, count(*), sum(_saved) "
                f"FROM {source.decided(store, domain)} d GROUP BY name ORDER BY name"
            )
    answers["known"] = source.known_counts(store, domain)
    answers["months"] = explorer.months(store, domain)
    answers["segment names"] = explorer.segment_names(store, domain)
    for veil in (None, privacy.veil(store, domain, reader="", role="analyst")):
        answers["names", veil is None] = explorer.names(store, domain, veil)
    return answers


def listed(store, domain):
    looked_at = (Filters(), Filters((("sector", ("retail",)),)), Filters(words="contract"))
    return [
        (
            [{**row, "_row": None} for row in explorer.listed(store, domain, one, 1)],
            explorer.exported(store, domain, one).to_dict("records").__repr__(),
        )
        for one in looked_at
    ]


def test_a_copy_shows_what_the_views_show_in_every_dimension(held):
    store, domain = held
    before, rows = shown(store, domain), listed(store, domain)
    copy = making.make(store, domain, at=NOW)
    assert copy.catalog in source.decided(store, domain)
    assert shown(store, domain) == before
    assert listed(store, domain) == rows


def test_a_copy_has_the_columns_of_the_views_in_their_order(held):
    store, domain = held
    for view, columns in (("decided", of_view), ("pending", of_pending), ("resolved", of_resolved)):
        made = store.read(f'SELECT column_name FROM (DESCRIBE "loans".{view})')
        assert [name for (name,) in made] == list(columns(domain))


def test_a_copy_is_brought_up_to_date_case_by_case(held):
    store, domain = held
    making.make(store, domain, at=NOW)
    first = shelf.newest(store, domain)
    [(decision, case, person)] = store.read(
        'SELECT decision_id, case_id, manager FROM "loans".live_decisions ORDER BY seq LIMIT 1'
    )
    [(other,)] = store.read('SELECT case_id FROM "loans".cases ORDER BY case_id DESC LIMIT 1')

    def unit(tx):
        log.append_reversal(tx, "loans", decision, why="slip", at=NOW, by=person)
        for n, one in enumerate((case, other)):
            outcome = Outcome(outcome_id=f"o{n}", case_id=one, right_action="decline", known_at=NOW)
            log.append_outcome(tx, "loans", outcome, at=NOW, by="lead")

    store.write(unit)
    assert source.standing(store, domain).behind == 3
    again = making.make(store, domain, at=NOW + timedelta(hours=1))
    seen = shown(store, domain)
    assert again.path != first.path and source.standing(store, domain).behind == 0
    shelf.drop(store, domain)
    assert shown(store, domain) == seen


def test_nobody_is_named_in_a_copy(log_of_loans):
    store, domain = log_of_loans
    copy = making.make(store, domain, at=NOW)
    people = [name for (name,) in store.read('SELECT DISTINCT manager FROM "loans".decisions')]
    ids = [
        i
        for (i,) in store.read(
            "SELECT decision_id FROM \"loans\".decisions WHERE starts_with(decision_id, 'row-')"
        )
    ]
    with duckdb.connect() as other:
        other.execute(f"ATTACH '{copy.path}' AS held (READ_ONLY)")
        tables = other.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        cells = {
            str(cell)
            for (table,) in tables
            for row in other.execute(f"SELECT * FROM held.{table}").fetchall()
            for cell in row
        }
    assert len(people) > 1 and not cells & set(people)
    assert ids and not cells & set(ids)


def test_a_copy_outlives_its_process_and_what_was_half_written_goes(tmp_path):
    at = f"duckdb:///{tmp_path / 'log.duckdb'}"
    store = open_store(at, now=NOW)
    fill(store, WITH_OUTCOMES)
    domain = organization.domain(store, "loans")
    copy, seen = making.make(store, domain, at=NOW), shown(store, domain)
    store.close()
    (copy.path.parent / "loans-1-abcd.part").write_bytes(b"half")
    damaged = copy.path.with_name("loans-999999-abcd.duckdb")
    damaged.write_bytes(b"nonsense")
    store = open_store(at, now=NOW)
    assert shelf.newest(store, domain).path == copy.path
    assert shown(store, domain) == seen
    making.make(store, domain, at=NOW)
    assert not list(copy.path.parent.glob("*.part*")) and not damaged.exists()
    store.close()


def test_a_copy_of_a_later_past_or_of_another_log_is_not_read(tmp_path):
    earlier, at = tmp_path / "earlier.duckdb", tmp_path / "log.duckdb"
    store = open_store(f"duckdb:///{at}", now=NOW)
    fill(store, WITH_OUTCOMES)
    domain = organization.domain(store, "loans")
    store.backup(earlier)
    [(decision, person)] = store.read('SELECT decision_id, manager FROM "loans".live_decisions LIMIT 1')
    store.write(lambda tx: log.append_reversal(tx, "loans", decision, why="slip", at=NOW, by=person))
    copy = making.make(store, domain, at=NOW)
    store.close()
    earlier.replace(at)
    store = open_store(f"duckdb:///{at}", now=NOW)
    assert shelf.newest(store, domain) is None and copy.path.exists()
    assert "reading" not in source.decided(store, domain)
    store.close()


def test_another_domain_file_makes_another_copy(log_of_loans):
    store, domain = log_of_loans
    first = making.make(store, domain, at=NOW)
    other = domain.model_copy(update={"text": domain.text + "\n# a remark"})
    assert shelf.newest(store, other) is None
    second = making.make(store, other, at=NOW)
    assert second.stamp.made_as != first.stamp.made_as
    assert shelf.newest(store, domain) is None and second.path.exists()


def test_after_an_erasure_no_copy_is_left_nor_one_that_was_begun_before(log_of_loans):
    store, domain = log_of_loans
    copy = making.make(store, domain, at=NOW)
    begun = []

    def erased_meanwhile(share, words):
        if not begun:
            begun.append(shelf.drop(store, domain))

    assert making.make(store, domain, at=NOW, progress=erased_meanwhile) is None
    assert not list(copy.path.parent.glob("loans-*.duckdb"))
    assert shelf.newest(store, domain) is None


def test_where_memory_ends_the_copy_is_refused_in_words_and_the_log_is_read(log_of_loans, monkeypatch):
    store, domain = log_of_loans

    def too_large(self, d):
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")

    monkeypatch.setattr(making._Making, "_anew", too_large)
    with pytest.raises(LogUnreadable, match="questions are read from the log itself"):
        making.make(store, domain, at=NOW)
    assert shelf.newest(store, domain) is None and not list(shelf.folder(store).iterdir())
    assert store.read(f"SELECT count(*) FROM {source.decided(store, domain)} d") == [(360,)]


def test_pages_that_began_on_the_copy_before_go_on(log_of_loans):
    store, domain = log_of_loans
    making.make(store, domain, at=NOW)
    begun = source.decided(store, domain)
    making.make(store, domain, at=NOW)
    assert source.decided(store, domain) != begun
    assert store.read(f"SELECT count(*) FROM {begun} d") == [(360,)]


@pytest.mark.parametrize("role", ["analyst", "lead"])
def test_the_box_answers_from_a_copy_as_from_the_views(log_of_loans, role):
    store, domain = log_of_loans
    veil = privacy.veil(store, domain, reader="m1", role=role)
    asked = (
        "SELECT * FROM decided ORDER BY decided_at, decision_id",
        "SELECT manager, count(*) AS n FROM overrides GROUP BY ALL ORDER BY ALL",
        "SELECT d.manager, r.right_action, count(*) AS n FROM decided d JOIN resolved r USING (case_id) GROUP BY ALL ORDER BY ALL",
        "SELECT * FROM pending ORDER BY case_id",
        "SELECT * FROM versions",
        "SELECT #3 AS third, count(*) AS n FROM decided GROUP BY ALL ORDER BY ALL",
        "SELECT c, count(*) AS n FROM overrides o(a, b, c) GROUP BY ALL ORDER BY ALL",
        "SELECT Reason, count(*) AS n FROM DECIDED GROUP BY ALL ORDER BY ALL",
    )
    before = [question.answer(store, domain, sql, veil=veil).table for sql in asked]
    making.make(store, domain, at=NOW)
    for sql, table in zip(asked, before, strict=True):
        found = question.answer(store, domain, sql, veil=veil)
        pd.testing.assert_frame_equal(found.table, table)
        assert found.as_of == NOW
    own = question.answer(store, domain, "SELECT manager, bank FROM decided", only="m1", veil=veil).table
    assert set(own["manager"]) == {"m1"} and not own["bank"].any()
    raw = question.answer(store, domain, "SELECT decision_id FROM decided").table["decision_id"]
    assert set(raw) == {i for (i,) in store.read('SELECT decision_id FROM "loans".decided')}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM the_copy.decided",
        "SELECT * FROM the_copy.people",
        "SELECT * FROM the_copy.main.stamp",
        "SELECT * FROM people",
        "SELECT * FROM stamp",
        "SELECT _person FROM decided",
        "SELECT rowid FROM decided",
        "SELECT * FROM duckdb_databases()",
        "SELECT * FROM duckdb_views",
        "SELECT * FROM information_schema.columns",
        "SELECT * FROM pragma_table_info('the_copy.people')",
        "WITH people AS (SELECT 1 AS x) SELECT * FROM the_copy.people",
        "SHOW ALL TABLES",
    ],
)
def test_a_copy_shows_its_readers_nothing_but_the_views(log_of_loans, sql):
    store, domain = log_of_loans
    making.make(store, domain, at=NOW)
    with pytest.raises(QuestionRefused) as refused:
        question.answer(store, domain, sql, veil=privacy.veil(store, domain, reader="x", role="analyst"))
    assert "reading" not in str(refused.value) and ".duckdb" not in str(refused.value)


def test_a_copy_is_wanted_for_a_large_log_and_not_made_all_the_time(log_of_loans, monkeypatch):
    store, domain = log_of_loans
    assert reading_copy.to_ask(store, NOW) == []
    monkeypatch.setattr(source, "LARGE", 300)
    assert reading_copy.to_ask(store, NOW) == ["loans"]
    reading_copy.bring_up_to_date(store, domain, at=NOW, progress=lambda share, words: None)
    later = NOW + timedelta(hours=1)
    assert reading_copy.to_ask(store, later) == []
    [(decision, person)] = store.read('SELECT decision_id, manager FROM "loans".live_decisions LIMIT 1')
    store.write(lambda tx: log.append_reversal(tx, "loans", decision, why="slip", at=NOW, by=person))
    assert reading_copy.to_ask(store, NOW + timedelta(seconds=30)) == []
    assert reading_copy.to_ask(store, later) == ["loans"]
    job = store.write(
        lambda tx: jobs.ask(tx, reading_copy.KIND, domain="loans", arguments={}, by="rhml", at=later)
    )
    assert reading_copy.to_ask(store, later) == []
    store.write(lambda tx: jobs.finish(tx, job, state="refused", message="no space", result=None, at=later))
    assert reading_copy.to_ask(store, later + timedelta(minutes=5)) == []
    assert reading_copy.to_ask(store, later + timedelta(minutes=31)) == ["loans"]
