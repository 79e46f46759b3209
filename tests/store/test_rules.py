"""Cases by rules: SQL and frames agree on which case meets which rule."""

import pandas as pd
import pyarrow as pa
import pytest

from rhml.stats.rules.rule import Condition, Rule
from rhml.store import frames, organization, rules
from rhml.store.opening import open_store
from tests.past_segments import NOW, fill

RULES = (
    Rule((Condition("amount", "<=", 40_000.0), Condition("amount", ">=", 5_000.0))),
    Rule((Condition("tenure", ">=", 6.0),)),
    Rule((Condition("sector", "=", "crafts"), Condition("tenure", "<=", 6.0))),
    Rule((Condition("sector", "in", ("crafts", "o'ther")),)),
    Rule((Condition("secured", "=", True),)),
    Rule((Condition("secured", "=", False), Condition("amount", ">=", 70_000.0))),
    Rule((Condition("founded", ">=", 12_000.0),)),
    Rule(()),
)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log') / 'log.duckdb'}", now=NOW)
    fill(store, n=400)
    yield store, organization.domain(store, "loans")
    store.close()


def test_sql_and_frames_agree_on_who_meets_a_rule(held):
    store, domain = held
    cases = frames.cases(store, domain).set_index("case_id", drop=False)
    ids, met = rules.meets(store, domain, [rule.content("")["conditions"] for rule in RULES])
    for rule, inside in zip(RULES, met, strict=True):
        assert (inside == rule.covers(cases.loc[ids.to_pylist()])).all()
        assert inside.any()


def test_facts_of_some_cases_are_those_of_all(held):
    store, domain = held
    every = frames.cases(store, domain).set_index("case_id")
    some = rules.facts(store, domain, ["A00007", "A00003"]).set_index("case_id")
    assert set(some.index) == {"A00007", "A00003"}
    for name in ("amount", "tenure", "secured", "sector", "founded"):
        for case in some.index:
            a, b = some.loc[case, name], every.loc[case, name]
            assert a == b or (pd.isna(a) and pd.isna(b))


def test_places_are_those_of_the_ids():
    known = pa.chunked_array([["a", "b"], ["c"]])
    assert rules.places(pd.Series(["c", "a", "c"]), known).tolist() == [2, 0, 2]
