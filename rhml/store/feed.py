"""What became of each recommendation, read from the facts in the order of the log, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store import frames
from rhml.store.engine import Store, quoted


@dataclass(frozen=True)
class Row:
    """One decision on a recommendation; `withdrawn_at` says when an earlier one was taken back.

    `seq` is the number of the fact that says so: of the decision, or of its reversal.
    """

    seq: int
    recommendation_id: str
    recommended: str
    final: str
    reason: str | None
    rationale: str | None
    at: datetime
    timed: bool
    withdrawn_at: datetime | None


_ADVISED = (
    "x.recommendation_id IS NOT NULL AND x.recommended_action IS NOT NULL AND x.final_action IS NOT NULL"
)
_OF_DECISION = (
    "x.decision_id, x.recommendation_id, x.recommended_action, x.final_action, x.reason, "
    "coalesce(x.decided_at, x.recorded_at) AS at, x.decided_at IS NOT NULL AS timed"
)


def rows(
    store: Store, domain: DecisionDomain, *, after: int, limit: int, sent_to: int | None = None
) -> tuple[list[Row], int]:
    """At most `limit` rows after a fact's number, and the number of the newest fact they were read from.

    A decision that was taken back is left out; where its number is `sent_to` or less, a reader may have it
    already, and the reversal is a row of its own.
    """
    until, d = frames.counter(store, domain), quoted(domain.name)
    found = store.read(
        f"""WITH page AS MATERIALIZED (SELECT * FROM (
        SELECT x.seq, {_OF_DECISION}, CAST(NULL AS TIMESTAMP) AS withdrawn_at FROM {d}.decisions x
        WHERE x.seq > $1 AND x.seq <= $2 AND {_ADVISED}
        AND x.decision_id NOT IN (SELECT decision_id FROM {d}.reversals WHERE seq <= $2)
        UNION ALL
        SELECT v.seq, {_OF_DECISION}, v.reversed_at FROM {d}.reversals v
        JOIN {d}.decisions x ON x.decision_id = v.decision_id
        WHERE v.seq > $1 AND v.seq <= $2 AND x.seq <= $3 AND {_ADVISED}
        ) every ORDER BY seq LIMIT {int(limit)})
        SELECT p.seq, p.recommendation_id, p.recommended_action, p.final_action, p.reason, t.text, p.at, p.timed,
        p.withdrawn_at FROM page p LEFT JOIN {d}.rationales t ON t.decision_id = p.decision_id ORDER BY p.seq""",
        [after, until, after if sent_to is None else sent_to],
    )
    return [Row(*row) for row in found], until


def names(store: Store, domain: DecisionDomain) -> list[str]:
    """Everyone whose name the log knows from a role or from a decision in this domain."""
    found = store.read(
        f"SELECT manager FROM {quoted(domain.name)}.decisions GROUP BY manager "
        "UNION SELECT person FROM rhml.people ORDER BY 1"
    )
    return [name for (name,) in found if name]
