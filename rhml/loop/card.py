"""What a manager may see of a case at this moment: facts always, the recommendation when its mode allows.

The recommendation is withheld here, in the loop, not hidden on the page: a page cannot show what it was not
given.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from rhml.core.domain import DecisionDomain
from rhml.core.records import FirstCall
from rhml.loop.intent.intending import words_of
from rhml.loop.intent.tipping import tips_known
from rhml.loop.weighed import Weighed, weighed
from rhml.machine.explaining.contrast import Contrast, contrast, runner_up
from rhml.machine.team.team_model import Held
from rhml.store import case_file, claims
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store

ModelWords = tuple[tuple[str, ...], dict[str, Any], tuple[tuple[str, ...], ...]]
"""A model version's features, in the order of its points, their typical values, and which say the same."""

Stage = Literal["no model", "first call", "evidence", "decide", "closed"]


@dataclass(frozen=True)
class Card:
    """One case as this manager may see it now.

    stage: *no model* (nothing to recommend yet), *first call* (facts only), *evidence* (facts and factors,
    no recommendation), *decide* (recommendation shown), *closed* (no longer waiting).
    In the evidence stage `recommendation` carries the factors alone: action, probabilities and frequency are
    taken out; points speak for the first of two actions; among more they say how strongly each factor speaks
    for the action it speaks for most, which `by_action` names.
    `mode` is the one this card has; `overdue` says that an own call was drawn and is not asked for, because the case
    is overdue. `weighed` is the contrast with the own call, once there is one. `intent` is what mattered when the case was
    recommended for, in sentences. `tips_known`: whether the card can say what would tip its recommendation.
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
    tips_known: bool = True
    typical: dict[str, Any] = field(default_factory=dict)
    groups: tuple[tuple[str, ...], ...] = ()
    contrast: Contrast | None = None
    weighed: Weighed | None = None
    overdue: bool = False
    intent: tuple[str, ...] = ()
    draft: dict[str, Any] = field(default_factory=dict)


def card(
    store: Store, domain: DecisionDomain, case_id: str, *, manager: str, at: datetime,
    words_of: Callable[[str], ModelWords], held_of: Callable[[str], Held | None] | None = None,
    peers: list[dict[str, Any]] | None = None,
) -> Card:  # fmt: skip
    """Read one case's card; `words_of` gives what is said of a version on every card, `held_of` what is known of this
    manager's own way of weighing in a version of the team's model (both kept by the caller).

    `peers` are those of its recommendation where the caller has read them a moment ago.
    """
    facts = case_file.facts(store, domain, case_id)
    row = case_file.waiting_row(store, domain, case_id)
    called = row is None or row["called"] is not False
    first = case_file.first_call(store, domain.name, case_id, manager) if called else None
    shown_id = row["recommendation_id"] if row else None
    shown = case_file.recommendation(store, domain.name, shown_id) if shown_id else None
    asked = first is not None or (row is not None and claims.asks(domain, row, manager=manager, at=at))
    mode = facts["mode"] if asked or row is None else "assisted"
    stage = _stage(row, mode, shown, first)

    features, typical, groups = words_of(shown.model_version) if shown else ((), {}, ())
    drafted = row is not None and row["drafted"] is not False
    draft = case_file.draft(store, domain.name, case_id, manager) if drafted else None
    base = Card(
        case_id=case_id, facts=facts, mode=mode, stage=stage, recommendation=None, features=features,
        first_call=first, waiting=row, typical=typical, groups=groups, overdue=mode != facts["mode"],
        draft=json.loads(draft) if draft else {},
    )  # fmt: skip
    if stage == "evidence" and shown:
        return with_evidence(domain, base, shown)
    if stage == "decide" and shown:
        near = case_file.peers(store, domain, shown.peers) if peers is None else peers
        return revealed(store, domain, base, shown, peers=near, held_of=held_of)
    return base


def with_evidence(domain: DecisionDomain, base: Card, shown: StoredRecommendation) -> Card:
    """The card as it stands before an own call that is made from the factors."""
    return replace(base, recommendation=_evidence(domain, shown))


def revealed(
    store: Store, domain: DecisionDomain, base: Card, shown: StoredRecommendation, *, peers: list[dict[str, Any]],
    held_of: Callable[[str], Held | None] | None, decided: str | None = None,
) -> Card:  # fmt: skip
    """The card with its recommendation and all that is said beside it; `decided` is the decision of a past one."""
    known = tips_known(store, domain, base.waiting, shown, decided)
    return replace(
        base,
        recommendation=shown,
        peers=peers,
        changes=json.loads(shown.changes) if shown.changes and known else None,
        tips_known=known,
        intent=words_of(store, domain, shown.intent_id),
        contrast=_contrast(domain, shown, base.first_call),
        weighed=_weighed(store, domain, base, shown, held_of),
    )


def _weighed(
    store: Store,
    domain: DecisionDomain,
    card: Card,
    shown: StoredRecommendation,
    held_of: Callable[[str], Held | None] | None,
) -> Weighed | None:
    """The contrast with the own call; where none was made nothing is read."""
    if card.first_call is None or shown.team_version is None or held_of is None:
        return None
    marks = case_file.own_marks(store, domain.name, card.first_call.first_call_id)
    held = held_of(shown.team_version)
    return weighed(shown, card.features, lines(card.features, card.groups), held=held, marks=marks)


def lines(features: tuple[str, ...], groups: tuple[tuple[str, ...], ...]) -> list[tuple[int, ...]]:
    """The places of features that are told as one: those of a group together, every other alone."""
    places = {name: place for place, name in enumerate(features)}
    joined = [tuple(places[name] for name in group if name in places) for group in groups]
    joined = [line for line in joined if len(line) > 1]
    taken = {place for line in joined for place in line}
    return joined + [(place,) for place in places.values() if place not in taken]


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


def _contrast(
    domain: DecisionDomain, shown: StoredRecommendation, first: FirstCall | None
) -> Contrast | None:
    """Why this action rather than the manager's own, or the next likeliest; where more than two were stored."""
    actions = domain.action_keys[: len(shown.probabilities)]
    # The points of other actions leave out what a correction adds to them, so they would not add up.
    if shown.corrections or not shown.by_action or shown.action not in actions:
        return None
    called = first.action if first and first.action in actions and first.action != shown.action else None
    other = called or runner_up(actions, shown.probabilities, shown.action)
    return contrast(actions, shown.probabilities, shown.by_action, shown.action, other) if other else None


def _evidence(domain: DecisionDomain, shown: StoredRecommendation) -> StoredRecommendation:
    """The factors without the suggestion that they add up to."""
    if len(domain.actions) == 2:
        sign = 1 if shown.action == domain.action_keys[0] else -1
        points = tuple(sign * p for p in shown.points)
    elif shown.by_action:
        width = len(shown.points)
        sign, points = 1, tuple(max(shown.by_action[place::width]) for place in range(width))
    else:
        sign, points = 1, tuple(abs(p) for p in shown.points)
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
        words=turned(shown.words, sign) if len(domain.actions) == 2 else None,
        action_set=(),
        unlike=None,
        correction=None,
        corrections=(),
        uncorrected_action=None,
        uncorrected_probability=None,
        team_version=None,
        team_probability=None,
        team_base=None,
        team_points=(),
        intent_id=None,
        likeliest_action=None,
        likeliest_probability=None,
    )


def turned(words: str | None, sign: int) -> str | None:
    """What words contributed, as JSON, for the first action instead of the recommended one."""
    if words is None:
        return None
    given = json.loads(words)
    return json.dumps({name: [[a, b, sign * p] for a, b, p in told] for name, told in given.items()})
