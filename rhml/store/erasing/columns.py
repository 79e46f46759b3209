"""What each column of text in the facts holds: who did something, words somebody typed, text that may name somebody."""

from __future__ import annotations

ACTORS = {
    "manager", "by_whom", "imported_by", "recorded_by", "reversed_by", "trained_by", "judged_by", "promoted_by",
    "made_by", "proposed_by", "found_by", "changed_by", "saved_by", "noted_by", "erased_by", "owner",
}  # fmt: skip
"""Who did what the row says."""

NAMED = {"person", "about", "authors", "author"}
"""Whom the row is about."""

TYPED = {"why", "note", "waived"}
"""What the actor of the row typed."""

HASHES = {"rationale_hash"}
"""Keyed hash of a text that lies beside the fact."""

TOLD = {
    "content", "evidence", "sentence", "paragraph", "card", "plan", "what", "name", "filters", "statement", "why", "note",
    "waived", "detail", "title", "sql", "columns",
    "promise",
}  # fmt: skip
"""Text or JSON that may name a person or a case."""

PLAIN = {
    "mode", "kind", "action", "first_action", "final_action", "recommended_action", "uncorrected_action", "likeliest_action", "right_action",
    "reason", "verdict", "feature", "features", "factor", "mark", "value", "was", "version", "model_version",
    "team_version", "live_version", "hash", "domain", "scope", "role", "text", "phase", "should", "side", "dimension",
    "result", "action_set", "corrections", "notes", "words", "changes", "unlike", "peers", "fact_table", "sealed",
    "digest", "alias",
}  # fmt: skip
"""Words of the domain and of the product, and what only erasing a case redacts."""

OF_CASE = ("notes", "peers", "changes", "words", "unlike", "points", "by_action", "team_points", "similar_n", "low",
           "high")  # fmt: skip
"""What a recommendation tells of its case."""

MARKS = (("marks", "decision_id", "decisions"), ("first_call_marks", "first_call_id", "first_calls"))
TEXTS = (("decisions", "decision_id", "rationales"), ("opinions", "opinion_id", "opinion_texts"))


def known(column: str) -> bool:
    """Whether it is said what a column of text holds; ids need no saying."""
    return column.endswith("_id") or column in ACTORS | NAMED | TYPED | HASHES | TOLD | PLAIN
