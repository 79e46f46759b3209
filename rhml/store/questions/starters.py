"""Questions to begin with: each is one SELECT that any domain of its shape can answer, whatever its features.

Names are those of the data dictionary; a domain's own segment column appears where it has one. What speaks of right
and wrong is left out where a domain records no outcomes, and rests on the random exploration share alone where
decisions choose which outcomes are seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import may_speak, saved
from rhml.store.engine import quoted


@dataclass(frozen=True)
class Starter:
    """A question in words, and the SELECT that answers it; `of_outcomes` where it needs to know what was right."""

    title: str
    sql: str
    of_outcomes: bool = False


def starters(domain: DecisionDomain) -> tuple[Starter, ...]:
    """The starter questions of a domain, in the order of the page."""
    column = _segment(domain)
    of = {
        "segment": quoted(column),
        "speaks": f"\n  AND {may_speak(domain)}" if domain.selective else "",
        "saved": saved(domain),
        "unit": quoted(f"saved, {domain.value.unit}".strip(", ")),
        "both_wrong": _BOTH_WRONG if len(domain.actions) > 2 else "",
    }
    name = _name(domain, column)
    every = (
        Starter("How many decisions a month?", _MONTHS),
        Starter("How often is each recommendation overridden?", _OVERRIDDEN),
        Starter("How does the override rate move?", _RATE),
        Starter("Which reasons are given, and what came of them?", _REASONS.format(**of)),
        Starter("What came of the decisions?", _VERDICTS),
        Starter(f"Where do decisions differ: by {name}?", _SEGMENT.format(**of)),
        Starter(f"Where do overrides rescue or spoil: by {name}?", _WORTH.format(**of), True),
        Starter("Who was right more often, people or the model?", _RIGHT.format(**of), True),
        Starter("When the model was sure, was it right?", _SURE.format(**of), True),
        Starter("When people were sure, were they right?", _PEOPLE_SURE.format(**of), True),
        Starter("What does seeing the recommendation change?", _FIRST),
        Starter("Is the first call or the final decision right more often?", _BEFORE.format(**of), True),
        Starter("How often do people agree with each version?", _VERSION),
        Starter("From which recommendation to which decision?", _FROM_TO),
        Starter("How long does a decision take?", _SECONDS),
        Starter("Which cases wait the longest?", _WAITING),
        Starter("Which version was live when?", _VERSIONS),
    )
    return tuple(starter for starter in every if domain.outcome is not None or not starter.of_outcomes)


def _segment(domain: DecisionDomain) -> str:
    """The first segment that has names of its own; numbers have too many."""
    kinds = {f.name: f.kind for f in domain.features}
    named = [c for c in domain.segments.columns if kinds.get(c) in ("category", "yes_no")]
    return next(iter((*named, *domain.segments.columns)), "mode")


def _name(domain: DecisionDomain, column: str) -> str:
    return next((f.label or f.name for f in domain.features if f.name == column), column).lower()


_BOTH_WRONG = "\n  count(*) FILTER (WHERE verdict = 'both wrong') AS both_wrong,"

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

_RATE = """SELECT date_trunc('month', decided_at) AS month, count(*) AS decisions,
  round(avg((final_action <> recommended_action)::INT), 3) AS share_overridden
FROM decided
WHERE recommended_action IS NOT NULL AND final_action IS NOT NULL AND decided_at IS NOT NULL
GROUP BY ALL
ORDER BY month"""

_REASONS = """SELECT coalesce(reason, 'no reason given') AS reason,
  count(*) FILTER (WHERE verdict = 'rescued') AS rescued,
  count(*) FILTER (WHERE verdict = 'spoiled') AS spoiled,{both_wrong}
  count(*) FILTER (WHERE verdict IS NULL) AS not_known,
  count(*) AS overrides
FROM overrides
GROUP BY ALL
ORDER BY overrides DESC"""

_VERDICTS = """SELECT coalesce(verdict, 'not known') AS verdict, count(*) AS decisions
FROM decided
WHERE final_action IS NOT NULL
GROUP BY ALL
ORDER BY decisions DESC"""

_SEGMENT = """SELECT CAST({segment} AS TEXT) AS segment, count(*) AS decisions,
  round(avg((final_action <> recommended_action)::INT), 3) AS share_overridden
FROM decided
WHERE recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
HAVING count(*) >= 20
ORDER BY share_overridden DESC
LIMIT 40"""

_WORTH = """SELECT CAST({segment} AS TEXT) AS segment,
  count(*) FILTER (WHERE verdict = 'rescued') AS rescued,
  count(*) FILTER (WHERE verdict = 'spoiled') AS spoiled,{both_wrong}
  count(*) AS overrides_judged,
  round(sum({saved}), 2) AS {unit}
FROM overrides
WHERE verdict IS NOT NULL{speaks}
GROUP BY ALL
ORDER BY overrides_judged DESC
LIMIT 40"""

_RIGHT = """SELECT date_trunc('month', decided_at) AS month, count(*) AS judged,
  round(avg((final_action = right_action)::INT), 3) AS decisions_right,
  round(avg((recommended_action = right_action)::INT), 3) AS recommendations_right
FROM decided
WHERE right_action IS NOT NULL AND recommended_action IS NOT NULL AND final_action IS NOT NULL
  AND decided_at IS NOT NULL{speaks}
GROUP BY ALL
ORDER BY month"""

_SURE = """SELECT floor(least(recommended_confidence, 0.999) * 10) / 10 AS model_said_at_least,
  count(*) AS decisions, round(avg((recommended_action = right_action)::INT), 3) AS came_true
FROM decided
WHERE recommended_confidence IS NOT NULL AND right_action IS NOT NULL{speaks}
GROUP BY ALL
ORDER BY model_said_at_least"""

_PEOPLE_SURE = """SELECT floor(least(final_confidence, 0.999) * 10) / 10 AS people_said_at_least,
  count(*) AS decisions, round(avg((final_action = right_action)::INT), 3) AS came_true
FROM decided
WHERE final_confidence IS NOT NULL AND right_action IS NOT NULL{speaks}
GROUP BY ALL
ORDER BY people_said_at_least"""

_FIRST = """SELECT CASE WHEN first_action = recommended_action AND final_action = first_action THEN 'agreed from the start'
    WHEN first_action = recommended_action THEN 'agreed, then left it'
    WHEN final_action = recommended_action THEN 'took the recommendation'
    WHEN final_action = first_action THEN 'kept the first call'
    ELSE 'took a third' END AS what_people_did,
  count(*) AS decisions
FROM decided
WHERE first_action IS NOT NULL AND recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
ORDER BY decisions DESC"""

_BEFORE = """SELECT date_trunc('month', decided_at) AS month, count(*) AS judged,
  round(avg((first_action = right_action)::INT), 3) AS first_call_right,
  round(avg((final_action = right_action)::INT), 3) AS final_decision_right
FROM decided
WHERE first_action IS NOT NULL AND final_action IS NOT NULL AND right_action IS NOT NULL
  AND decided_at IS NOT NULL{speaks}
GROUP BY ALL
ORDER BY month"""

_VERSION = """SELECT model_version, count(*) AS decisions,
  round(avg((final_action = recommended_action)::INT), 3) AS share_agreed
FROM decided
WHERE model_version IS NOT NULL AND recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
ORDER BY min(decided_at)"""

_FROM_TO = """SELECT recommended_action, final_action, count(*) AS decisions
FROM decided
WHERE recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
ORDER BY decisions DESC
LIMIT 100"""

_SECONDS = """SELECT mode, CASE WHEN final_action <> recommended_action THEN 'differs' ELSE 'follows' END AS decision,
  count(*) AS decisions, round(quantile_cont(seconds, 0.9), 1) AS nine_in_ten_within_seconds,
  round(median(seconds), 1) AS median_seconds
FROM decided
WHERE seconds IS NOT NULL AND recommended_action IS NOT NULL AND final_action IS NOT NULL
GROUP BY ALL
ORDER BY mode, decision"""

_WAITING = """SELECT case_id, received_at, due_at, value
FROM pending
ORDER BY received_at NULLS LAST
LIMIT 100"""

_VERSIONS = """SELECT version, trained_at, verdict, promoted_at, promoted_by, why
FROM versions
ORDER BY promoted_at DESC NULLS LAST, trained_at DESC"""
