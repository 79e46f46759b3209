"""Questions to begin with: each is one SELECT that every domain can answer, whatever its features.

Names are those of the data dictionary; a domain's own segment column appears where it has one.
"""

from __future__ import annotations

from dataclasses import dataclass

from rhml.core.domain import DecisionDomain
from rhml.store.engine import quoted


@dataclass(frozen=True)
class Starter:
    """A question in words, and the SELECT that answers it."""

    title: str
    sql: str


def starters(domain: DecisionDomain) -> tuple[Starter, ...]:
    """The starter questions of a domain, in the order of the page."""
    segment = domain.segments.columns[0] if domain.segments.columns else "mode"
    return (
        Starter("How many decisions a month?", _MONTHS),
        Starter("How often is each recommendation overridden?", _OVERRIDDEN),
        Starter("Which reasons are given, and what came of them?", _REASONS),
        Starter("What came of the decisions?", _VERDICTS),
        Starter("When the model was sure, was it right?", _SURE),
        Starter(
            f"Where do decisions differ: by {_name(domain, segment)}?",
            _SEGMENT.format(segment=quoted(segment)),
        ),
        Starter("Which cases wait the longest?", _WAITING),
        Starter("Which version was live when?", _VERSIONS),
    )


def _name(domain: DecisionDomain, column: str) -> str:
    return next((f.label or f.name for f in domain.features if f.name == column), column).lower()


_MONTHS = """SELECT date_trunc('month', decided_at) AS month, count(*) AS decisions
FROM decided
WHERE final_action IS NOT NULL AND decided_at IS NOT NULL
GROUP BY ALL
ORDER BY month"""

_OVERRIDDEN = """SELECT recommended_action, count(*) AS decisions,
  count(*) FILTER (WHERE final_action <> recommended_action) AS overridden,
  round(avg((final_action <> recommended_action)::INT), 3) AS share_overridden
FROM decided
WHERE recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
ORDER BY share_overridden DESC"""

_REASONS = """SELECT coalesce(reason, 'no reason given') AS reason,
  count(*) FILTER (WHERE verdict = 'rescued') AS rescued,
  count(*) FILTER (WHERE verdict = 'spoiled') AS spoiled,
  count(*) FILTER (WHERE verdict IS NULL) AS not_known_yet,
  count(*) AS overrides
FROM overrides
GROUP BY ALL
ORDER BY overrides DESC"""

_VERDICTS = """SELECT coalesce(verdict, 'not known yet') AS verdict, count(*) AS decisions
FROM decided
WHERE final_action IS NOT NULL
GROUP BY ALL
ORDER BY decisions DESC"""

_SURE = """SELECT floor(least(recommended_confidence, 0.999) * 10) / 10 AS model_said_at_least,
  count(*) AS decisions, round(avg((recommended_action = right_action)::INT), 3) AS came_true
FROM decided
WHERE recommended_confidence IS NOT NULL AND right_action IS NOT NULL
GROUP BY ALL
ORDER BY model_said_at_least"""

_SEGMENT = """SELECT CAST({segment} AS TEXT) AS segment, count(*) AS decisions,
  round(avg((final_action <> recommended_action)::INT), 3) AS share_overridden
FROM decided
WHERE recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
HAVING count(*) >= 20
ORDER BY share_overridden DESC
LIMIT 40"""

_WAITING = """SELECT case_id, received_at, due_at, value
FROM pending
ORDER BY received_at NULLS LAST
LIMIT 100"""

_VERSIONS = """SELECT version, trained_at, verdict, promoted_at, promoted_by, why
FROM versions
ORDER BY promoted_at DESC NULLS LAST, trained_at DESC"""
