"""Which decisions need a second person: a signature, a blind opinion, or somebody who settles a disagreement.

>>> from rhml.core.domain import parse_domain
>>> text = 'title = "Loans"\\n[actions]\\nlend = "Lend"\\ndecline = "Decline"\\n[value]\\ncolumn = "amount"\\n'
>>> text += '[features.amount]\\nkind = "number"\\n[governance]\\nsecond_signature_above = 10000\\n'
>>> domain = parse_domain("loans", text + 'signature_for = ["lend"]')
>>> [needs_signature(domain, value, "lend", override=False) for value in (10_000, 10_001, None)]
[False, True, True]
>>> needs_signature(domain, 20_000, "decline", override=True)
False
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rhml.core.domain import DecisionDomain
from rhml.core.policy import draw
from rhml.core.records import Decision

REFUSED, DIFFERS, SURE, ESCALATION, RAISED = (
    "signature refused", "opinion differs", "sure model", "escalation", "raised",
)  # fmt: skip
KINDS = (REFUSED, DIFFERS, SURE, ESCALATION, RAISED)
"""What brings a decision into the conflict room."""

STANDS, OTHER, SENT_BACK = "stands", "another action", "sent back"
Result = Literal["stands", "another action", "sent back"]
RESULTS = (STANDS, OTHER, SENT_BACK)
"""What a lead makes of a conflict: the decision stands, another action takes its place, the case is decided anew."""

EFFECTIVE, AWAITING, IN_CONFLICT = "effective", "awaiting signature", "in conflict"
STATES = (EFFECTIVE, AWAITING, IN_CONFLICT)
"""Whether the organization's systems may act on a decision."""


@dataclass(frozen=True)
class Opinion:
    """What another manager called, knowing nothing of the decision, the recommendation or the outcome."""

    opinion_id: str
    case_id: str
    decision_id: str
    manager: str
    action: str
    confidence: float | None
    rationale: str
    seconds: float | None = None


def needs_signature(domain: DecisionDomain, value: float | None, action: str, *, override: bool) -> bool:
    """Whether somebody else must sign; a value nobody gave is not below any limit."""
    rules = domain.governance
    if rules.second_signature_above is None or (rules.signature_overrides_only and not override):
        return False
    if rules.signature_for and action not in rules.signature_for:
        return False
    return value is None or value > rules.second_signature_above


def opinion_drawn(secret: bytes, domain: DecisionDomain, case_id: str) -> bool:
    """Whether the lot asks for a second opinion on a case; the same whoever decides it, and however."""
    share = domain.governance.second_opinion
    return share > 0 and draw(secret, "opinion", domain.name, case_id) < share


def against_a_sure_model(domain: DecisionDomain, decision: Decision, probability: float | None) -> bool:
    """Whether a decision overrides a recommendation so sure that the domain wants it settled."""
    sure = domain.governance.conflict_when_sure
    return sure is not None and decision.is_override and probability is not None and probability >= sure
