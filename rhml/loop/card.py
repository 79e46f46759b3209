"""What a manager may see of a case at this moment: facts always, the recommendation when its mode allows.

The recommendation is withheld here, in the loop, not hidden on the page: a page cannot show what it was not
given.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from rhml.core.domain import DecisionDomain
from rhml.core.records import FirstCall
from rhml.store import case_file
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store

Stage = Literal["no model", "first call", "evidence", "decide", "closed"]


@dataclass(frozen=True)
class Card:
    """One case as this manager may see it now.

    stage: *no model* (nothing to recommend yet), *first call* (facts only), *evidence* (facts and factors,
    no recommendation), *decide* (recommendation shown), *closed* (no longer waiting).
    In the evidence stage `recommendation` carries the factors alone: action, probabilities and frequency are
    taken out; points speak for the first of two actions, or only say how much a factor weighs among more.
    """

    case_id: str
    facts: dict[str, Any]
    mode: str
    stage: Stage
    recommendation: StoredRecommendation | None
    features: tuple[str, ...]
    first_call: FirstCall | None
    waiting: dict[str, Any] | None
    peers: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, Any] | None = None
    typical: dict[str, Any] = field(default_factory=dict)
    draft: dict[str, Any] = field(default_factory=dict)


def card(
    store: Store,
    domain: DecisionDomain,
    case_id: str,
    *,
    manager: str,
    words_of: Callable[[str], tuple[tuple[str, ...], dict[str, Any]]],
) -> Card:
    """Read one case's card; `words_of` gives a version's features and typical values (kept by the caller)."""
    facts = case_file.facts(store, domain, case_id)
    row = case_file.waiting_row(store, domain, case_id)
    first = case_file.first_call(store, domain.name, case_id, manager)
    shown_id = row["recommendation_id"] if row else None
    shown = case_file.recommendation(store, domain.name, shown_id) if shown_id else None
    stage = _stage(row, facts["mode"], shown, first)

    features, typical = words_of(shown.model_version) if shown else ((), {})
    draft = case_file.draft(store, domain.name, case_id, manager)
    base = Card(
        case_id=case_id, facts=facts, mode=facts["mode"], stage=stage, recommendation=None, features=features,
        first_call=first, waiting=row, typical=typical, draft=json.loads(draft) if draft else {},
    )  # fmt: skip
    if stage == "evidence" and shown:
        return replace(base, recommendation=_evidence(domain, shown))
    if stage == "decide" and shown:
        return replace(
            base,
            recommendation=shown,
            peers=case_file.peers(store, domain, shown.peers),
            changes=json.loads(shown.changes) if shown.changes else None,
        )
    return base


def _stage(row: dict | None, mode: str, shown: StoredRecommendation | None, first: FirstCall | None) -> Stage:
    if row is None:
        return "closed"
    if shown is None:
        return "no model"
    if first is None and mode == "first_call":
        return "first call"
    if first is None and mode == "evidence_only":
        return "evidence"
    return "decide"


def _evidence(domain: DecisionDomain, shown: StoredRecommendation) -> StoredRecommendation:
    """The factors without the suggestion that they add up to."""
    if len(domain.actions) == 2:
        sign = 1 if shown.action == domain.action_keys[0] else -1
        points = tuple(sign * p for p in shown.points)
    else:
        points = tuple(abs(p) for p in shown.points)
    return replace(
        shown,
        action="",
        probability=None,
        probabilities=(),
        base=None,
        points=points,
        similar_n=None,
        low=None,
        high=None,
        peers=(),
        changes=None,
    )
