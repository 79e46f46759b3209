"""A log that an earlier version wrote is sealed when it is opened, and is tamper-evident from then on."""

import shutil

import pytest

from rhml.store import organization
from rhml.store.chain import sealing
from tests.store.chain.tampering import after, asked, lived_in, looking, of

LATER = {
    "recommendations": (
        "recommendations_id", "recommendation_id", "intent_id", "likeliest_action", "likeliest_probability", "matters",
    ),
    "decisions": ("decisions_case", "case_id", "intent_id", "likeliest_action", "likeliest_confidence"),
    "waiting": ("waiting_case", "case_id", "likeliest_action", "matters"),
}  # fmt: skip
"""Of each table its index, by which column, and the columns that came after version five."""


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A log as version five of a domain's tables left it, with rows that share a number."""
    path = tmp_path_factory.mktemp("log") / "log.duckdb"
    store, _ = lived_in(path)
    tables = (
        "limit_notes",
        "signatures",
        "opinions",
        "opinion_texts",
        "conflicts",
        "resolutions",
        "seals",
        "erasures",
        "erased",
        "intents",
    )
    store.write(lambda tx: [tx.run(f"DROP VIEW IF EXISTS loans.{view}") for view in ("blind", "effective")])
    for table in tables:
        store.write(lambda tx, table=table: tx.run(f"DROP TABLE loans.{table}"))
    for table, (index, by, *columns) in LATER.items():
        store.write(lambda tx, index=index: tx.run(f"DROP INDEX loans.{index}"))
        for column in columns:
            sql = f"ALTER TABLE loans.{table} DROP COLUMN {column}"
            store.write(lambda tx, sql=sql: tx.run(sql))
        sql = f"CREATE INDEX {index} ON loans.{table} ({by})"
        store.write(lambda tx, sql=sql: tx.run(sql))
    last = store.read("SELECT max(seq) FROM loans.twins")[0][0]
    store.write(lambda tx: tx.run(f"UPDATE loans.twins SET seq = {last}"))
    store.write(lambda tx: tx.run("DELETE FROM rhml.migrations WHERE scope = 'loans' AND number > 5"))
    store._root.execute("CHECKPOINT the_log")
    store._root.close()
    return path


@pytest.mark.parametrize("at_once", [1, 3, 8_192])
def test_an_older_log_is_sealed_as_it_is_opened(old, tmp_path, monkeypatch, at_once):
    monkeypatch.setattr(sealing, "AT_ONCE", at_once)
    file = shutil.copy(old, tmp_path / "log.duckdb")
    found = of(file)
    assert found.sound, found.lines()
    [(facts, seals)] = asked(file, "SELECT sum(facts), count(*) FROM loans.seals")
    assert facts == found.chains[-1].facts > 100 and (seals == 1) == (at_once > 1_000)


def test_what_is_written_afterwards_goes_on_from_there(old, tmp_path):
    file = shutil.copy(old, tmp_path / "log.duckdb")
    head = of(file).chains[-1].head
    looking(
        file,
        lambda s: s.write(
            lambda tx: organization.set_role(
                tx, "m3", "manager", at=tx.run("SELECT now()::timestamp")[0][0], by="lead"
            )
        ),
    )
    assert of(file, head=head).sound
    assert not after(file, "UPDATE loans.outcomes SET recorded_by = 'x' WHERE case_id = 'a00003'").sound
