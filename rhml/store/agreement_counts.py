"""Who chose what on the same cases, counted in the log: own calls, final decisions, and calls beside recommendations.

Cases of one kind (so many people chose this, so many that) are one row with their number, so that ten million
decisions come back as a few dozen rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import expression
from rhml.store.engine import Store, quoted
from rhml.store.explorer import OF_OVERRIDES_ONLY, Filters, where
from rhml.store.reading import source

MOST_PAIRS = 200
MOST_KINDS = 20_000
"""Kinds of cases that are told apart: six people and three actions have twenty-eight."""


def whole(filters: Filters) -> Filters:
    """The filters without those that only overrides have: agreement is of all decisions."""
    chosen = tuple(part for part in filters.chosen if part[0] not in OF_OVERRIDES_ONLY)
    return replace(filters, chosen=chosen, words="", meant="", author=None)


def among_people(
    store: Store, domain: DecisionDomain, filters: Filters, *, own: bool, by: str | None = None
) -> pd.DataFrame:
    """Kinds of cases that several people called: name, n_0 … (how many people chose each action), cases.

    own: their own calls before any recommendation and blind second opinions; else final decisions that had one.
    Beyond `MOST_KINDS` the rest is left out, a name whole or not at all: see `cut`.
    """
    calls, bound = _calls(store, domain, filters, own=own, by=by)
    keys = domain.action_keys
    counted = ", ".join(f"count(*) FILTER (action = {_text(key)}) AS n_{i}" for i, key in enumerate(keys))
    names = ", ".join(f"n_{i}" for i in range(len(keys)))
    found = store.frame(
        f"SELECT name, {names}, count(*) AS cases FROM (SELECT any_value(name) AS name, {counted} FROM ({calls}) c "
        f"GROUP BY case_id HAVING count(*) >= 2) k GROUP BY name, {names} ORDER BY name, {names} LIMIT {MOST_KINDS + 1}",
        bound,
    )
    if len(found) <= MOST_KINDS:
        return found
    whole_names = found["name"] != found["name"].iloc[-1] if by else slice(MOST_KINDS)
    kept = found[whole_names].reset_index(drop=True)
    kept.attrs["cut"] = True
    return kept


def cut(*found: pd.DataFrame | None) -> bool:
    """Whether there were more kinds of cases than these tables hold."""
    return any(table is not None and table.attrs.get("cut", False) for table in found)


def between_people(
    store: Store, domain: DecisionDomain, filters: Filters, *, own: bool, least: int
) -> pd.DataFrame:
    """Two people at a time who called at least so many cases both: one, other, first, second (actions), cases."""
    calls, bound = _calls(store, domain, filters, own=own, by=None)
    return store.frame(
        f"WITH c AS MATERIALIZED ({calls}), p AS (SELECT a.manager AS one, b.manager AS other, a.action AS first, "
        "b.action AS second, count(*) AS cases FROM c a JOIN c b ON a.case_id = b.case_id AND a.manager < b.manager "
        "GROUP BY ALL), t AS (SELECT one, other, sum(cases) AS called FROM p GROUP BY ALL "
        f"HAVING called >= {int(least)} ORDER BY one, other LIMIT {MOST_PAIRS}) "
        "SELECT p.* FROM p JOIN t USING (one, other) ORDER BY one, other, first, second",
        bound,
    )  # fmt: skip


def with_model(store: Store, domain: DecisionDomain, filters: Filters) -> pd.DataFrame:
    """Calls beside the recommendation shown: who ('first', 'final'), mode, pairs (codes call × K + recommended), cases.

    A row a kind of case: the pairs of all its decisions, because several on one case go together.
    """
    limits, bound = where(store, domain, whole(filters))
    code, size = _codes(domain), len(domain.action_keys)
    pair = "({}) * " + str(size) + f" + {code.format('recommended_action')}"
    rows = (
        f"SELECT case_id, coalesce(mode, 'not stated') AS mode, _shared AS shared, {pair.format(code.format('first_action'))} AS first, "
        f"{pair.format(code.format('final_action'))} AS final FROM {source.decided(store, domain)} d "
        f"WHERE recommended_action IS NOT NULL AND {limits}"
    )
    each = " UNION ALL ".join(
        f"SELECT '{who}' AS who, mode, [{who}] AS pairs, count(*) AS cases FROM r WHERE NOT shared AND {who} IS NOT NULL "
        f"GROUP BY mode, {who} UNION ALL SELECT '{who}', mode, pairs, count(*) FROM (SELECT mode, list_sort(list({who})) AS pairs "
        f"FROM r WHERE shared AND {who} IS NOT NULL GROUP BY mode, case_id) s GROUP BY mode, pairs"
        for who in ("first", "final")
    )
    found = store.frame(
        f"WITH r AS ({rows}) SELECT * FROM ({each}) e ORDER BY who, mode, pairs LIMIT {MOST_KINDS + 1}", bound
    )
    kept = found.head(MOST_KINDS)
    kept.attrs["cut"] = len(found) > MOST_KINDS
    return kept


def second_opinions(store: Store, domain: DecisionDomain, filters: Filters) -> pd.DataFrame:
    """Blind second opinions beside the decisions they were asked about: pairs (codes opinion × K + decided), cases."""
    limits, bound = where(store, domain, whole(filters))
    code, size = _codes(domain), len(domain.action_keys)
    return store.frame(
        f"SELECT pairs, count(*) AS cases FROM (SELECT list_sort(list(pair)) AS pairs FROM "
        f"(SELECT d.case_id, ({code.format('o.action')}) * {size} + {code.format('d.final_action')} AS pair "
        f"FROM {quoted(domain.name)}.opinions o JOIN (SELECT * FROM {source.decided(store, domain)} d WHERE {limits}) d "
        "ON d.decision_id = o.decision_id WHERE o.kind = 'given') p WHERE pair IS NOT NULL GROUP BY case_id) s GROUP BY pairs ORDER BY pairs",
        bound,
    )  # fmt: skip


def counts(kinds: pd.DataFrame, size: int) -> tuple[np.ndarray, np.ndarray]:
    """How many people chose each action in each kind of case (kinds, K), and how many such cases there are."""
    return kinds[[f"n_{i}" for i in range(size)]].to_numpy(float), kinds["cases"].to_numpy(float)


def _calls(
    store: Store, domain: DecisionDomain, filters: Filters, *, own: bool, by: str | None
) -> tuple[str, list[Any]]:
    """One row a person and case that more than one person may have called: case_id, manager, action (the newest), name."""
    limits, bound = where(store, domain, whole(filters))
    d = quoted(domain.name)
    name = expression(store, domain, by) if by else "CAST(NULL AS TEXT)"
    alone = (
        f"SELECT case_id FROM {d}.opinions WHERE kind = 'given' UNION SELECT case_id FROM {source.decided(store, domain)} o "
        "WHERE final_action IS NULL"  # calls that ended in no decision: forecasts by several people
    )
    action = OWN if own else "CASE WHEN recommended_action IS NOT NULL THEN final_action END"
    rows = (
        f"SELECT case_id, manager, {action} AS action, decided_at AS moment, {name} AS name FROM "
        f"{source.decided(store, domain)} d WHERE (_shared{f' OR case_id IN ({alone})' if own else ''}) AND {limits}"
    )
    if own:
        rows = f"WITH r AS MATERIALIZED ({rows}) SELECT * FROM r UNION ALL SELECT o.case_id, o.manager, o.action, o.happened_at, x.name FROM {d}.opinions o JOIN (SELECT case_id, any_value(name) AS name FROM r GROUP BY case_id) x ON x.case_id = o.case_id WHERE o.kind = 'given'"
    return (
        "SELECT case_id, manager, arg_max(action, coalesce(moment, TIMESTAMP '1900-01-01')) AS action, any_value(name) AS name "
        f"FROM ({rows}) u WHERE action IS NOT NULL GROUP BY case_id, manager",
        bound,
    )


OWN = (
    "CASE WHEN first_action IS NOT NULL AND (mode = 'first_call' OR (mode IS NULL AND imported)) THEN first_action "
    "WHEN first_action IS NULL AND recommended_action IS NULL THEN final_action END"
)
"""SQL: a call that no output of the model could sway; NULL where there is none."""


def _codes(domain: DecisionDomain) -> str:
    """SQL with a place for a column: an action's place in the order of the form, from 0."""
    whens = " ".join(f"WHEN {_text(key)} THEN {i}" for i, key in enumerate(domain.action_keys))
    return f"CASE {{}} {whens} END"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
