"""What the reading room puts beside each row of `decided`, so that questions of millions of rows only group and count.

No feature of a domain begins with an underscore, so these names never meet an organization's own.
"""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import FIXED, computed, may_speak, saved, status
from rhml.store.engine import quoted
from rhml.store.schema import DECISION_COLUMNS, INTENT_COLUMNS

OVER = "final_action <> recommended_action"


def of_view(domain: DecisionDomain) -> tuple[str, ...]:
    """The columns of the view `decided`, in its order."""
    outcome = ("rationale", "right_action", "known_at", "verdict", "direction", "bank", "explore", "value")
    return (*DECISION_COLUMNS, *outcome, "received_at", "arrived_at", *INTENT_COLUMNS, *_features(domain))


def of_resolved(domain: DecisionDomain) -> tuple[str, ...]:
    """The columns of the view `resolved`, in its order."""
    return ("case_id", "received_at", "right_action", "known_at", "value", *_features(domain))


def of_pending(domain: DecisionDomain) -> tuple[str, ...]:
    """The columns of the view `pending`, in its order."""
    return ("case_id", "received_at", "due_at", "value", *_features(domain))


def _features(domain: DecisionDomain) -> tuple[str, ...]:
    return tuple(feature.name for feature in domain.features)


def extras(domain: DecisionDomain) -> dict[str, str]:
    """SQL over `decided` for each column that the reading room adds, by its name."""
    speaks = f"verdict IS NOT NULL AND {may_speak(domain)}"
    return {
        "_over": OVER,
        "_status": status(domain),
        "_speaks": speaks,
        "_saved": f"CASE WHEN {OVER} AND {speaks} THEN CAST({saved(domain)} AS FLOAT8) END",
        "_shared": "count(*) FILTER (final_action IS NOT NULL) OVER (PARTITION BY case_id) > 1",
        **{f"_in_{by}": computed(domain, by) for by in FIXED},
    }


def listed(names: tuple[str, ...]) -> str:
    """Columns as SQL, in their order."""
    return ", ".join(map(quoted, names))
