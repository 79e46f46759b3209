"""A manager agrees with several recommendations at once: each is a decision of its own, and each refusal says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.core.records import Decision
from rhml.errors import DecisionInvalid, FirstCallMissing, RhmlError
from rhml.loop.decide import Choice, decide
from rhml.store import case_file, claims, waiting
from rhml.store.engine import Store


@dataclass(frozen=True)
class Agreed:
    """What came of agreeing with several recommendations at once."""

    saved: tuple[Decision, ...]
    refused: tuple[tuple[str, str], ...]


def agree_with_all(
    store: Store, domain: DecisionDomain, case_ids: tuple[str, ...], *, manager: str, at: datetime
) -> Agreed:
    """Agree with the recommendations of several cases; each that cannot be agreed with says why."""
    saved, refused = [], []
    for case_id in case_ids:
        try:
            saved.append(_agree(store, domain, case_id, manager, at))
        except RhmlError as error:
            refused.append((case_id, str(error)))
    return Agreed(tuple(saved), tuple(refused))


def _agree(store: Store, domain: DecisionDomain, case_id: str, manager: str, at: datetime) -> Decision:
    row = case_file.waiting_row(store, domain, case_id)
    if row is None:
        raise waiting.gone(case_id)
    if claims.asks(domain, row, manager=manager, at=at):
        raise FirstCallMissing("This case asks for your own call first. Open its card.")
    if row["recommendation_id"] is None:
        raise DecisionInvalid("There is no recommendation for this case yet. Open its card and decide.")
    shown = case_file.recommendation(store, domain.name, row["recommendation_id"])
    choice = Choice(case_id, shown.action, recommendation_id=shown.recommendation_id)
    return decide(store, domain, choice, manager=manager, at=at)
