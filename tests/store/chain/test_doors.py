"""Nothing of the product writes a fact past its seal, and every column of text is known to erasing."""

import ast
import re
from pathlib import Path

import pytest

from rhml.store import organization
from rhml.store.chain import rows
from rhml.store.engine import quoted
from rhml.store.erasing.columns import known
from tests.loans import NOW

RHML = Path(__file__).parents[3] / "rhml"
WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\s+(\S+)")
MAY = {("case_values.py", "cases"), *((f, t) for f in ("rewriting.py", "person.py", "case.py")
                                      for t in ("{source}", "{facts}", "{texts}", "{name}", "team_models"))}  # fmt: skip
"""The field filled in later, which is a fact of its own beside it; and erasing, which keeps the sealed digest."""


@pytest.fixture
def facts(log, loans):
    log.write(lambda tx: organization.save_domain(tx, loans, at=NOW, by="lead"))
    return {schema: rows.shapes(log.read, schema) for schema in ("rhml", "loans")}


def written(path: Path):
    """Tables that SQL of a module writes to, as it names them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                part.value if isinstance(part, ast.Constant) else "{" + ast.unparse(part.value) + "}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        yield from ((verb, table.rpartition(".")[2].strip('"')) for verb, table in WRITES.findall(text))


def test_no_module_writes_facts_but_through_the_unit_of_work(facts):
    tables = set(facts["rhml"]) | set(facts["loans"])
    for path in RHML.rglob("*.py"):
        if path.parent.name == "reading":  # copies beside the log, which hold no facts of their own
            continue
        wrong = {t for _, t in written(path) if t in tables and (path.name, t) not in MAY}
        assert not wrong, f"{path.relative_to(RHML)} writes {sorted(wrong)}: use tx.append or tx.append_frame"


def test_what_it_looks_for_is_found():
    found = set(written(RHML / "store" / "case_values.py"))
    assert ("UPDATE", "cases") in found


def test_erasing_knows_what_every_column_of_text_holds(facts, loans):
    for schema, tables in facts.items():
        for table, shape in tables.items():
            own = {f.name for f in loans.features} if table == "cases" else set()
            texts = {c for c, kind in shape.items() if kind in ("VARCHAR", "VARCHAR[]")} - own
            unknown = sorted(c for c in texts if not known(c))
            assert not unknown, f"{schema}.{table}: say in rhml/store/erasing/columns.py what {unknown} hold"


def test_no_table_of_facts_is_named_like_a_seal(facts):
    assert all("," not in table for tables in facts.values() for table in tables)


def test_every_fact_has_a_number_of_its_own(log, facts):
    for schema, tables in facts.items():
        numbers = " UNION ALL ".join(f"SELECT seq FROM {quoted(schema)}.{quoted(t)}" for t in tables)
        assert log.read(f"SELECT seq FROM ({numbers}) GROUP BY seq HAVING count(*) > 1") == []
