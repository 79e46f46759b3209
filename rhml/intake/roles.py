"""Headings, as slugs, by which a column's role is guessed; the first of a tuple is the surest."""

from __future__ import annotations

CASE_ID = ("case_id", "id", "request_id", "application_id", "case", "key", "reference", "ref", "unnamed_0")
RECEIVED = (
    "received_at", "received_on", "received", "created_at", "created_on", "submitted_at", "submitted_on",
    "requested_at", "requested_on", "date_received", "request_date", "application_date", "opened_at", "opened_on",
)  # fmt: skip
DUE = ("due_at", "due_on", "due", "due_date", "deadline")
KNOWN = (
    "known_at",
    "known_on",
    "settled_on",
    "settled_at",
    "resolved_at",
    "resolved_on",
    "closed_at",
    "closed_on",
    "outcome_date",
)
OUTCOME = (
    "right_action", "outcome", "truth", "target", "label", "approved", "accepted", "granted", "repaid", "paid_back",
    "default", "defaulted", "churn", "churned", "fraud", "is_fraud", "converted", "won", "success", "result", "y",
)  # fmt: skip
DECIDED = frozenset({
    "decision", "decision_id", "manager", "decided_at", "decided_by", "first_action", "first_confidence", "final_action",
    "final_confidence", "recommended_action", "recommended_confidence", "recommendation", "reason", "rationale",
    "reviewer", "override", "verdict", "model_version",
})  # fmt: skip
PROTECTED = frozenset(
    {"sex", "gender", "race", "ethnicity", "ethnic", "religion", "nationality", "disability", "marital"}
)
MESSAGES = frozenset({
    "message", "text", "sms", "email", "mail", "subject", "body", "content", "complaint", "request", "query", "question",
    "tweet", "ticket", "headline", "transcript", "enquiry", "inquiry",
})  # fmt: skip
"""Words of headings of texts that arrive with the case; whatever else people write may come after the decision."""

AT_STAKE = frozenset({"amount", "value", "price", "total", "sum", "cost", "loan", "budget"})
ID_ENDINGS = ("_id", "_number", "_no", "_nr", "_ref", "_reference", "_key")
