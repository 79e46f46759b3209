"""Names that a domain file may not give: the database and the product use them beside an organization's own."""

from __future__ import annotations

RESERVED_DOMAINS = {
    "backup", "information_schema", "main", "memory", "pg_catalog", "public", "rhml", "system", "temp", "the_log",
}  # fmt: skip
"""Names the database uses for its own schemas."""

RESERVED_COLUMNS = {
    "action", "advised", "all", "and", "any", "arrived_at", "as", "asc", "assigned_to", "at", "bank",
    "by", "case", "case_id", "claimed_by", "claimed_until", "column", "decided_at", "decision_id",
    "desc", "direction", "distinct", "domain", "due_at", "else", "end", "escalated_by", "escalation",
    "explore", "false", "final_action", "final_confidence", "first_action", "first_confidence", "fold",
    "for", "from", "group", "having", "hits", "imported", "imported_at", "imported_by", "in", "intent_id",
    "is", "known_at", "likeliest_action", "likeliest_confidence", "limit", "live_version", "manager", "mode",
    "model_version", "month", "moved_by_intent", "not", "null",
    "offset", "on", "open_with", "or", "order", "outcome", "overridden", "period", "points",
    "probabilities", "probability", "rationale", "reason", "received_at", "recommendation_id",
    "recommended_action", "recommended_confidence", "resolved_id", "right_action", "rowid", "scored",
    "seconds", "select", "seq", "share_bank", "share_evidence_only", "share_explore",
    "share_first_call", "skipped_at", "snoozed_until", "source", "stake", "status", "table", "then",
    "to", "true", "union", "user", "value", "verdict", "when", "where", "with",
}  # fmt: skip
"""Words of SQL, and columns that the product itself puts beside an organization's own."""

RESERVED_BEGINNINGS = ("p_", "rhml_", "champion_", "challenger_", "reference_", "twin_")


def is_reserved(name: str) -> bool:
    """Whether a feature of this name would be taken for something of the product's.

    >>> is_reserved("bank"), is_reserved("p_lend"), is_reserved("amount")
    (True, True, False)
    """
    return name in RESERVED_COLUMNS or name.startswith(RESERVED_BEGINNINGS)
