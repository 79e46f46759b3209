"""The waiting cases as an intent sees them: what the model gives each action, what is at stake, which segments; all at once."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from rhml.core.domain import DecisionDomain
from rhml.core.intent import PROTECTABLE
from rhml.store.engine import Store, Transaction, quoted

Source = Store | Transaction
KEPT = (
    "recommendation_id", "case_id", "model_version", "action", "probability", "probabilities", "base", "points",
    "by_action", "similar_n", "low", "high", "notes", "peers", "words", "action_set", "unlike", "help", "place",
    "correction", "corrections", "uncorrected_action", "uncorrected_probability", "team_version",
    "team_probability", "team_base", "team_points",
)  # fmt: skip
"""What a recommendation holds beside what an intent makes of it."""


def segments(domain: DecisionDomain) -> tuple[str, ...]:
    """The segment columns that have a few values."""
    return tuple(c for c in domain.segment_columns if domain.feature(c).kind in PROTECTABLE)


def listed(source: Source, domain: DecisionDomain) -> pa.Table:
    """Every waiting recommended case in the order of the cases: recommendation_id, stake, hidden, snoozed_until."""
    return source.arrow(
        "SELECT recommendation_id, stake, mode <> 'assisted' AS hidden, snoozed_until "
        f"FROM {quoted(domain.name)}.waiting WHERE recommendation_id IS NOT NULL ORDER BY case_id"
    )


def recommended(source: Source, domain: DecisionDomain, only: str = "TRUE") -> pa.Table:
    """recommendation_id, case_id, model_version, action, probabilities and segments of waiting cases, `only` over `w`."""
    d = quoted(domain.name)
    told = "".join(f", CAST(c.{quoted(name)} AS TEXT) AS {quoted(f'in_{name}')}" for name in segments(domain))
    return source.arrow(
        f"SELECT w.recommendation_id, w.case_id, r.model_version, r.action, r.probabilities{told} FROM {d}.waiting w "
        f"JOIN {d}.recommendations r ON r.recommendation_id = w.recommendation_id "
        f"JOIN {d}.cases c ON c.case_id = w.case_id WHERE {only} ORDER BY w.case_id"
    )


def answered(store: Store, domain: DecisionDomain, most: int) -> list[list[float]]:
    """The probabilities of the recommendations that the newest decisions answered."""
    d = quoted(domain.name)
    rows = store.read(
        f"SELECT r.probabilities FROM {d}.decisions x JOIN {d}.recommendations r "
        "ON r.recommendation_id = x.recommendation_id WHERE NOT r.imported AND x.final_action IS NOT NULL "
        f"ORDER BY x.seq DESC LIMIT {int(most)}"
    )
    return [given for (given,) in rows if given]


def stored(tx: Transaction, domain: DecisionDomain, ids: pd.DataFrame) -> pd.DataFrame:
    """What the log holds of recommendations, in the order of `ids` (id, place)."""
    names = ", ".join(f"r.{name}" for name in KEPT)
    with tx.lent(ids, "moved"):
        return tx.frame(
            f"SELECT {names} FROM {quoted(domain.name)}.recommendations r JOIN moved m ON m.id = r.recommendation_id "
            "ORDER BY m.place"
        )


def unscored(source: Source, domain: DecisionDomain) -> int:
    """How many waiting cases have no recommendation yet."""
    found = source.arrow(
        f"SELECT count(*) AS n FROM {quoted(domain.name)}.waiting WHERE recommendation_id IS NULL"
    )
    return found["n"][0].as_py()


def newest(tx: Transaction, domain: DecisionDomain) -> int:
    """The number of the newest fact."""
    [(n,)] = tx.run(f"SELECT n FROM {quoted(domain.name)}.counter")
    return n


def become_of(store: Store, domain: DecisionDomain, case_ids: list[str], seq: int) -> tuple[int, int, int]:
    """Of some cases: how many wait, how many have been decided since a fact, and of these as recommended."""
    d = quoted(domain.name)
    [(waiting, decided, followed)] = store.read(
        f"SELECT (SELECT count(*) FROM {d}.waiting WHERE case_id = ANY($1)), count(DISTINCT case_id), "
        "count(DISTINCT case_id) FILTER (final_action = recommended_action) "
        f"FROM {d}.live_decisions WHERE seq > $2 AND case_id = ANY($1) AND final_action IS NOT NULL",
        [case_ids, seq],
    )
    return waiting, decided, followed


def waiting_at(domain: DecisionDomain, seq: int) -> str:
    """SQL: the case ids that were waiting when a fact was recorded, from the facts alone."""
    d = quoted(domain.name)
    over = ""
    if not domain.pending.over and domain.outcome is not None:
        over = (
            f" AND NOT EXISTS (SELECT 1 FROM {d}.outcomes o WHERE o.case_id = c.case_id AND o.seq < {seq} "
            f"GROUP BY o.case_id HAVING NOT arg_max(o.withdrawn, o.seq))"
        )
    return (
        f"SELECT c.case_id FROM {d}.cases c WHERE c.seq < {seq} AND NOT EXISTS (SELECT 1 FROM {d}.decisions x "
        f"WHERE x.case_id = c.case_id AND x.seq < {seq} AND x.final_action IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
        f"{d}.reversals v WHERE v.decision_id = x.decision_id AND v.seq < {seq})){over}"
    )


def recommended_at(source: Source, domain: DecisionDomain, seq: int, before: int) -> pa.Table:
    """What the log shows of the cases that were waiting at a fact's number, `before` another: case_id, action,
    probabilities, stake, hidden, segments; in the order of the cases."""
    d, column = quoted(domain.name), domain.value.column
    told = "".join(f", CAST(c.{quoted(name)} AS TEXT) AS {quoted(f'in_{name}')}" for name in segments(domain))
    stake = f"c.{quoted(column)}" if column else "CAST(NULL AS FLOAT8)"
    return source.arrow(
        f"SELECT r.recommendation_id, c.case_id, r.model_version, r.action, r.probabilities, {stake} AS stake, "
        f"c.mode <> 'assisted' AS hidden, r.seq{told} FROM {d}.cases c JOIN (SELECT *, row_number() OVER "
        f"(PARTITION BY case_id ORDER BY seq DESC) AS newest FROM {d}.recommendations WHERE NOT imported "
        f"AND seq < {before}) r ON r.case_id = c.case_id AND r.newest = 1 "
        f"WHERE c.case_id IN ({waiting_at(domain, seq)}) ORDER BY c.case_id"
    )
