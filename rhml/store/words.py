"""What the analysts' views and columns mean; written into the database as comments."""

from __future__ import annotations

VIEW_COMMENTS = {
    "decided": "One row for each decision that was not reversed, with its case, recommendation and outcome",
    "overrides": "The decisions that differ from the recommendation that was shown",
    "pending": "Cases that nobody has decided yet",
    "resolved": "Cases whose outcome is known",
    "versions": "Model versions with their verdicts and promotions",
}

_DECISION = {
    "decision_id": "Identity of the decision",
    "case_id": "The case, in the organization's own numbering",
    "manager": "Who decided",
    "mode": "How the card was shown: assisted, first_call or evidence_only",
    "first_action": "The manager's own call before any recommendation was shown; empty in assisted mode",
    "first_confidence": "Probability the manager gave to that call, 0 to 1",
    "model_version": "Version of the model whose recommendation was shown",
    "recommended_action": "What the model suggested",
    "recommended_confidence": "The model's probability of its suggestion, 0 to 1",
    "final_action": "What the manager decided in the end",
    "final_confidence": "Probability the manager gave to the final decision, 0 to 1",
    "reason": "Reason for deciding differently",
    "decided_at": "When, in UTC",
    "seconds": "Time the card was open, in seconds",
    "live_version": "Version of the model that was live at that moment",
    "imported": "Whether the decision came from an older log",
    "rationale": "The manager's own words",
    "right_action": "The action that proved right; empty while unknown",
    "known_at": "When the outcome became known, in UTC",
    "verdict": "Rescued, spoiled, followed right …: decision and recommendation against the outcome",
    "direction": "+1 refuses what the model accepts, -1 accepts what it refuses, 0 neither",
    "bank": "Whether the case is kept aside to judge models and never trains one",
    "explore": "Whether the case was drawn to have its outcome observed whatever was decided",
    "value": "What is at stake, in the domain's unit",
    "received_at": "When the case arrived, in UTC",
    "arrived_at": "Since when the log holds both the decision and its outcome, in UTC",
    "likeliest_action": "What the model held likeliest to prove right; the recommendation, unless an intent moved it",
    "likeliest_confidence": "The model's probability of that action, 0 to 1",
    "intent_id": "The intent in force when the recommendation was made; empty without one",
    "moved_by_intent": "Whether an intent made the model recommend another action than the likeliest",
}

_CASE = {key: _DECISION[key] for key in ("case_id", "received_at", "value")}

VIEW_WORDS: dict[str, dict[str, str]] = {
    "decided": _DECISION,
    "overrides": _DECISION,
    "pending": {**_CASE, "due_at": "When the decision is due, in UTC"},
    "resolved": {**_CASE, "right_action": _DECISION["right_action"], "known_at": _DECISION["known_at"]},
    "versions": {
        "version": "Name of the version",
        "trained_at": "When it was trained, in UTC",
        "trained_by": "Who asked for the training",
        "verdict": "The gate's newest verdict: first, promote, keep or too early",
        "paragraph": "The verdict in words",
        "promoted_at": "When a person promoted it, in UTC; one row for each promotion",
        "promoted_by": "Who promoted it",
        "why": "The reason given",
        "against_verdict": "Whether it was promoted against its verdict",
        "waived": "Failed lesson tests that were waived for it, and why",
    },
}
