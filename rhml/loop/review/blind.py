"""While a second opinion is asked, nothing of the decision, the recommendation or their verdict shows to who may give it."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store import organization
from rhml.store.engine import Store
from rhml.store.review import reviews
from rhml.store.review.reviews import Run

GIVES = "manager"
"""The role that gives second opinions: leads see what everyone decided, so nothing could be blind to them."""

SEEN = {
    "decided": "You have decided this {case} yourself",
    "called": "You have made a call on this {case}",
    "handled": "You have had this {case} on your desk",
    "signed": "You have signed the decision on this {case}",
    "refused": "You have refused to sign the decision on this {case}",
    "disputed": "You have disputed the decision on this {case}",
    "seen": "You have had this {case}'s card or its decision before you",
    "given": "You have given your opinion on this {case}",
}
"""Why somebody gives no second opinion."""

KNOWS = {"decided", "signed", "refused", "disputed", "seen", "given"}
"""Who has seen the decision itself; a call or a snooze before it was made tells nothing of it."""


def hidden(store: Store, domain: DecisionDomain, case_id: str, *, person: str, role: str) -> bool:
    """Whether a reader must see nothing of what was decided on a case.

    Who decided it, or has seen it already, sees it as ever; so do leads and analysts, who give no opinions.
    """
    return kept_from(store.read, domain, case_id, person=person, role=role)


def kept_from(run: Run, domain: DecisionDomain, case_id: str, *, person: str, role: str) -> bool:
    """As `hidden`, inside a unit of work."""
    if role not in organization.OWN_ONLY or reviews.open_opinion(run, domain.name, case_id) is None:
        return False
    return not KNOWS.intersection(reviews.involvement(run, domain.name, case_id, person))


def why_not(domain: DecisionDomain, involved: list[str]) -> str:
    """Why somebody who has had to do with a case gives no second opinion on it; empty where nothing forbids it."""
    known = next((what for what in SEEN if what in involved), None)
    if known is None:
        return ""
    return f"{SEEN[known].format(case=domain.terms.case)}, so your opinion could not be blind. Take the next one."


def saw(store: Store, domain: DecisionDomain, case_id: str, *, person: str, at: datetime) -> None:
    """Record that somebody is shown a decision on which a second opinion is asked; they give none from now on."""
    if reviews.open_opinion(store.read, domain.name, case_id) is not None:
        store.write(lambda tx: reviews.append_seen(tx, domain.name, case_id, person, at=at))
