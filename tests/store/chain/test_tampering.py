"""Whatever a stranger does to the facts with another tool, verifying names the first bad fact."""

import duckdb
import numpy as np
import pytest

from rhml.store.chain.entries import salted
from rhml.store.chain.reading import Facts
from rhml.store.chain.rows import digest_sql
from rhml.store.erasing import salts
from tests.loans import NOW
from tests.store.chain.tampering import after, asked, looking, of

FACTS = ("rhml.domain_files", "rhml.people", "loans.cases", "loans.recommendations", "loans.first_calls",
         "loans.first_call_marks", "loans.decisions", "loans.marks", "loans.reversals", "loans.outcomes",
         "loans.case_events", "loans.case_values", "loans.looks", "loans.twins")  # fmt: skip


def first(found):
    return (
        found.findings[0].schema + "." + found.findings[0].table,
        found.findings[0].seq,
        found.findings[0].kind,
    )


def newest(file, table):
    return asked(file, f"SELECT max(seq) FROM {table}")[0][0]


def test_a_log_that_nobody_touched_is_as_it_was_written(untouched):
    found = of(untouched)
    assert found.sound and found.facts > 100
    assert found.sentence == f"All {found.facts:,} facts are as they were written."


def test_every_table_of_facts_that_the_desk_fills_is_tampered_with_below(untouched):
    filled = asked(untouched, "SELECT schema_name || '.' || table_name FROM duckdb_columns() JOIN duckdb_tables() "
                              "USING (schema_name, table_name) WHERE column_name = 'seq'")  # fmt: skip
    assert set(FACTS) == {
        table for (table,) in filled if asked(untouched, f"SELECT count(*) FROM {table}") != [(0,)]
    }


OTHER = {"VARCHAR": "'x'", "DOUBLE": "0.123", "BIGINT": "90009", "TIMESTAMP": "TIMESTAMP '2001-01-01'",
         "BLOB": "'x'::BLOB", "VARCHAR[]": "['x']", "DOUBLE[]": "[0.123]"}  # fmt: skip


@pytest.mark.parametrize("table", FACTS)
def test_a_changed_row_is_named(file, table):
    name = next(name for (name, kind, *_) in asked(file, f"DESCRIBE {table}") if kind == "TIMESTAMP") if table not in (
        "loans.marks", "loans.first_call_marks", "loans.twins") else {"loans.twins": "side"}.get(table, "factor")  # fmt: skip
    value = "TIMESTAMP '2001-01-01'" if name not in ("side", "factor") else "'x'"
    seq = newest(file, table)
    found = after(file, f"UPDATE {table} SET {name} = {value} WHERE seq = {seq}")
    assert first(found) == (table, seq, "changed")


@pytest.mark.parametrize("table", FACTS)
def test_no_cell_of_a_row_can_change_without_changing_what_is_sealed(untouched, table):
    shape = {name: kind for (name, kind, *_) in asked(untouched, f"DESCRIBE {table}")}
    digest = digest_sql(shape)
    for name, kind in shape.items():
        other = OTHER.get(kind, f'NOT coalesce("{name}", FALSE)')
        changed = f'SELECT seq, {digest} AS digest FROM (SELECT * REPLACE ({other} AS "{name}") FROM {table})'
        [(same,)] = asked(untouched, f"SELECT count(*) FROM (SELECT {digest} AS digest FROM {table}) t JOIN ({changed}) o "
                                     "USING (digest)")  # fmt: skip
        assert same == 0, name


@pytest.mark.parametrize("table", FACTS)
def test_a_removed_row_is_named(file, table):
    seq = newest(file, table)
    found = after(file, f"DELETE FROM {table} WHERE seq = {seq}")
    assert first(found) == (table, seq, "missing")
    assert f"{seq:,}" in found.sentence


@pytest.mark.parametrize("table", FACTS)
def test_a_row_that_something_else_wrote_is_named(file, table):
    listed = {name for (name, *_) in asked(file, f"DESCRIBE {table}")}
    ids = ", ".join(f"{name} || 'x' AS {name}" for name in listed & {"case_id", "decision_id"})
    star = f"* REPLACE (90001 AS seq{', ' + ids if ids else ''})"
    found = after(file, f"INSERT INTO {table} SELECT {star} FROM {table} LIMIT 1")
    assert (table, 90001, "added") in [(f"{f.schema}.{f.table}", f.seq, f.kind) for f in found.findings]


@pytest.mark.parametrize("table", ["loans.outcomes", "loans.marks", "rhml.people"])
def test_a_row_under_a_number_that_is_taken_is_named(file, table):
    seq = newest(file, table)
    found = after(file, f"INSERT INTO {table} SELECT * FROM {table} WHERE seq = {seq}")
    assert first(found) == (table, seq, "added")


@pytest.mark.parametrize("table", ["loans.outcomes", "loans.recommendations", "rhml.people"])
def test_rows_that_changed_places_are_told_from_rows_that_changed(file, table):
    [(one,), (other,)] = asked(file, f"SELECT seq FROM {table} ORDER BY seq LIMIT 2")
    found = after(
        file,
        f"UPDATE {table} SET seq = CASE seq WHEN {one} THEN {other} ELSE {one} END WHERE seq IN ({one}, {other})",
    )
    assert {(f.seq, f.kind) for f in found.findings} == {(one, "moved"), (other, "moved")}
    assert f"It belongs at {other:,}." in found.sentence


def test_a_fact_moved_to_a_new_number_is_named_with_the_number_it_left(file):
    seq = newest(file, "loans.outcomes")
    found = after(file, f"UPDATE loans.outcomes SET seq = 5 WHERE seq = {seq}")
    assert (5, "moved") in {(f.seq, f.kind) for f in found.findings}


def test_the_first_of_several_bad_facts_comes_first_and_the_others_are_counted(file):
    found = after(file, "UPDATE loans.outcomes SET recorded_by = 'x'")
    low = asked(file, "SELECT min(seq), count(*) FROM loans.outcomes")[0]
    assert first(found) == ("loans.outcomes", low[0], "changed")
    assert found.wrong == low[1]


def test_a_tail_that_was_cut_with_its_seals_is_seen_by_the_counter(file):
    last = newest(file, "loans.twins")
    found = after(file, f"DELETE FROM loans.twins WHERE seq >= {last - 1}",
                  "DELETE FROM loans.seals WHERE seal = (SELECT max(seal) FROM loans.seals)")  # fmt: skip
    assert not found.sound
    assert found.findings[0].kind == "tail"


def test_a_tail_cut_with_its_seals_and_the_counter_is_seen_by_a_head_noted_before(file):
    head = of(file).chains[-1].head
    cut = ("DELETE FROM loans.twins", "DELETE FROM loans.seals WHERE seal = (SELECT max(seal) FROM loans.seals)",
           "UPDATE loans.counter SET n = (SELECT max(last_seq) FROM loans.seals)")  # fmt: skip
    assert after(file, *cut).sound
    found = of(file, head=head)
    assert found.knows_head is False and not found.sound
    assert "cut or written anew" in found.sentence


@pytest.mark.parametrize("length", [12, 64])
def test_a_head_noted_earlier_is_found_in_a_log_that_has_grown(file, length):
    head = asked(file, "SELECT hex(hash) FROM loans.seals ORDER BY seal LIMIT 1")[0][0]
    found = of(file, head=head[:length])
    assert found.sound and found.knows_head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans.seals SET digest = 'x'::BLOB WHERE seal = 2",
        "UPDATE loans.seals SET hash = digest WHERE seal = 2",
        "UPDATE loans.seals SET sealed_at = '2001-01-01' WHERE seal = 2",
        "UPDATE loans.seals SET tables = 'x' WHERE seal = 2",
        "UPDATE loans.seals SET entries = ''::BLOB, salts = ''::BLOB, facts = 0 WHERE seal = 2",
        "DELETE FROM loans.seals WHERE seal = 2",
        "INSERT INTO loans.seals SELECT * FROM loans.seals WHERE seal = 2",
        "UPDATE loans.seals SET seal = seal + 1 WHERE seal >= 2",
        "UPDATE rhml.secret SET value = 'another'",
    ],
)
def test_a_seal_that_was_touched_is_named(file, statement):
    found = after(file, statement)
    assert not found.sound
    assert any(f.kind == "seal" for f in found.findings)


@pytest.mark.parametrize("part", ["salts", "entries"])
def test_bytes_of_a_seal_that_were_touched_are_seen(file, part):
    found = after(file, f"UPDATE loans.seals SET {part} = unhex(hex({part})[3:] || '00') WHERE seal = 2")
    assert not found.sound


def test_a_fact_changed_together_with_its_seals_bytes_is_seen_by_the_seal(file):
    seq = newest(file, "loans.outcomes")
    found = after(file, f"UPDATE loans.outcomes SET recorded_by = 'x' WHERE seq = {seq}",
                  f"UPDATE loans.seals SET entries = unhex(repeat('00', facts::INT * 13)) WHERE last_seq >= {seq} AND first_seq <= {seq}")  # fmt: skip
    assert {"seal"} <= {f.kind for f in found.findings}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE loans.rationales SET text = 'never said' WHERE decision_id = (SELECT max(decision_id) FROM loans.rationales)", "text"),
        ("DELETE FROM loans.rationales WHERE decision_id = (SELECT max(decision_id) FROM loans.rationales)", "text gone"),
        ("INSERT INTO loans.rationales SELECT * FROM loans.rationales LIMIT 1", "text added"),
        ("INSERT INTO loans.rationales VALUES ('nobody', 'x')", "text added"),
        ("UPDATE loans.cases SET rent = 900 WHERE case_id = 'a00025'", "value"),
        ("UPDATE loans.cases SET rent = 900 WHERE case_id = 'a00024'", "changed"),
        ("DELETE FROM loans.waiting WHERE case_id = 'a00026'", "waiting"),
        ("INSERT INTO loans.waiting (case_id, mode) VALUES ('a00001', 'assisted')", "waiting"),
        ("ALTER TABLE loans.reversals ADD COLUMN note TEXT DEFAULT 'x'", "changed"),
        ("ALTER TABLE loans.reversals DROP COLUMN why", "changed"),
        ("DROP TABLE loans.looks", "missing"),
        ("DROP TABLE loans.erased", "dropped"),
        ("DROP TABLE rhml.api_keys", "dropped"),
        ("ALTER TABLE loans.drills RENAME TO drills_of_old", "dropped"),
        ("ALTER TABLE loans.studies DROP COLUMN seq", "dropped"),
        ("UPDATE loans.counter SET n = n + 5", "tail"),
        ("INSERT INTO loans.counter VALUES (3)", "tail"),
        ("DELETE FROM rhml.people", "missing"),
        ("DROP SCHEMA loans CASCADE", "unreadable"),
        ("DROP TABLE loans.decisions", "missing"),
        ("DROP TABLE loans.counter", "unreadable"),
        ("DROP TABLE loans.seals", "unreadable"),
        ("INSERT INTO rhml.secret VALUES ('another')", "unreadable"),
    ],
)  # fmt: skip
def test_what_lies_beside_the_facts_is_held_against_them(file, statement, kind):
    found = after(file, statement)
    assert kind in {f.kind for f in found.findings}
    assert not found.sound


def test_a_field_filled_in_twice_leaves_its_case_as_it_was_imported(untouched):
    assert asked(untouched, "SELECT rent FROM loans.cases WHERE case_id = 'a00025'") == [(800,)]
    assert of(untouched).sound


def test_a_row_without_a_number_is_named_by_its_table(file):
    found = after(file, "ALTER TABLE rhml.people ALTER seq DROP NOT NULL",
                  "INSERT INTO rhml.people SELECT * REPLACE (NULL AS seq, 'lead' AS role) FROM rhml.people LIMIT 1")  # fmt: skip
    assert ("people", "unnumbered") in {(f.table, f.kind) for f in found.findings}


@pytest.mark.parametrize("column", ["first_seq", "entries", "digest", "sealed_at", "hash", "seal"])
def test_a_seal_with_an_empty_cell_is_named(file, column):
    found = after(file, f"ALTER TABLE loans.seals ALTER {column} DROP NOT NULL",
                  f"UPDATE loans.seals SET {column} = NULL WHERE seal = 2")  # fmt: skip
    assert "seal" in {f.kind for f in found.findings}


def test_a_list_of_texts_cannot_hide_what_was_put_into_it():
    digest = f"SELECT {digest_sql({'seq': 'BIGINT', 'peers': 'VARCHAR[]'})} FROM (SELECT 1::BIGINT AS seq, {{}} AS peers)"
    one, other = (duckdb.execute(digest.format(peers)).fetchall() for peers in ("['x']", "['x,', ':null']"))
    assert one != other


def test_a_changed_decision_that_claims_to_be_erased_is_named_itself(file):
    seq = newest(file, "loans.decisions")
    found = after(file, f"UPDATE loans.decisions SET final_action = 'x' WHERE seq = {seq}",
                  f"INSERT INTO loans.erased VALUES (90001, 'e', 'decisions', {seq}, repeat('0', 64), repeat('0', 64))",
                  "INSERT INTO loans.erasures VALUES (90002, 'e', 'case', 'erased case 0', 'x', 1, now()::TIMESTAMP, 'lead')")  # fmt: skip
    assert first(found) == ("loans.decisions", seq, "changed")
    assert {("erased", "added"), ("erasures", "added")} <= {(f.table, f.kind) for f in found.findings}


@pytest.mark.parametrize(
    ("ordered", "says"), [(None, "Nobody ordered"), (7, "It speaks of 7, and redacted 1")]
)
def test_a_sealed_erasure_whose_parts_do_not_fit_each_other_is_named(file, ordered, says):
    seq = newest(file, "loans.decisions")

    def forge(tx):
        seqs = list(tx.numbers("loans", 2))
        tx.append("loans.erased", ("seq", "erasure_id", "fact_table", "fact_seq", "sealed", "digest"),
                  [(seqs[0], "e", "decisions", seq, "0" * 64, "0" * 64)])  # fmt: skip
        if ordered:
            tx.append("loans.erasures", ("seq", "erasure_id", "kind", "alias", "why", "facts", "erased_at", "erased_by"),
                      [(seqs[1], "e", "case", "erased case 0", "x", ordered, NOW, "lead")])  # fmt: skip

    looking(file, lambda store: store.write(forge))
    found = [f for f in of(file).findings if f.kind == "erasure"]
    assert {f.seq for f in found} == {seq} and says in found[0].sentence


def test_a_decision_changed_by_a_whole_and_sealed_erasure_still_needs_an_alias(file):
    seq = newest(file, "loans.decisions")

    def forge(tx):
        one, other = tx.numbers("loans", 2)
        sealed, now = _disguised(tx, seq)
        tx.append("loans.erased", ("seq", "erasure_id", "fact_table", "fact_seq", "sealed", "digest"),
                  [(one, "e", "decisions", seq, sealed, now)])  # fmt: skip
        tx.append("loans.erasures", ("seq", "erasure_id", "kind", "alias", "why", "facts", "erased_at", "erased_by"),
                  [(other, "e", "person", "erased person 0", "x", 1, NOW, "lead")])  # fmt: skip

    looking(file, lambda store: store.write(forge))
    found = of(file).findings
    assert [(f.table, f.seq, f.kind) for f in found] == [("decisions", seq, "erasure")]
    assert "No alias stands in it" in found[0].sentence


def _disguised(tx, seq):
    """What a decision was sealed with, and what it would be sealed with once somebody has changed it."""
    [held] = salts.held(tx, "loans", {"decisions": np.array([seq])})
    salt = held.salt(int(held.places[0]))
    before = Facts(tx, "loans").digests("decisions", f"seq = {seq}")[1][0].tobytes()
    tx.run(f"UPDATE loans.decisions SET final_confidence = 0.123 WHERE seq = {seq}")
    after = Facts(tx, "loans").digests("decisions", f"seq = {seq}")[1][0].tobytes()
    return [salted(salt, digest).hex() for digest in (before, after)]
