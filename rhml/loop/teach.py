"""People learn from the machine: what set a manager and the model apart, and what has been seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import Feedback
from rhml.human.opposite import differences, other_way
from rhml.human.set_apart import Apart, Seen, set_apart
from rhml.loop.card import ModelWords
from rhml.store import case_file, hindsight, organization
from rhml.store.engine import Store
from rhml.store.hindsight import OnCard


@dataclass(frozen=True)
class Opposite:
    """The nearest case that went the other way: what proved right there, its facts, and what may tell it apart.

    `differs` are factors, the most different in the model's eyes first; the facts of some may be the same.
    """

    case_id: str
    right_action: str
    facts: dict[str, Any]
    differs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Hindsight:
    """What one outcome teaches: the factor that set person and model apart, with the facts of the case as decided."""

    apart: Apart | None
    facts: dict[str, Any]
    typical: dict[str, Any]
    opposite: Opposite | None


def hindsight_of(
    store: Store,
    domain: DecisionDomain,
    told: Iterable[Feedback],
    *,
    words_of: Callable[[str], ModelWords],
) -> dict[str, Hindsight]:
    """For a few decisions with an outcome, by their ids: from what the card showed, and nothing computed anew.

    Decisions of an older log, and those of the bank, have nothing stored to look at: they are left out.
    """
    told = tuple(told)
    cards = hindsight.on_card(store, domain, [one.decision_id for one in told])
    found = {}
    for one in told:
        card = cards.get(one.decision_id)
        if card is not None and card.action == one.recommended_action:
            found[one.decision_id] = _hindsight(store, domain, one, card, words_of(card.model_version))
    return found


def _hindsight(
    store: Store, domain: DecisionDomain, one: Feedback, card: OnCard, said: ModelWords
) -> Hindsight:
    features, typical, groups = said
    seen = Seen(
        features=features, actions=domain.action_keys, action=card.action, points=card.points,
        by_action=card.by_action, team_points=card.team_points, correction=card.correction, groups=groups,
    )  # fmt: skip
    facts = case_file.facts(store, domain, one.case_id) | card.late
    if len(features) != len(card.points):
        return Hindsight(None, facts, typical, None)
    return Hindsight(
        apart=set_apart(seen, called=one.called, right=one.right_action),
        facts=facts,
        typical=typical,
        opposite=_opposite(store, domain, one, card, seen),
    )


def _opposite(
    store: Store, domain: DecisionDomain, one: Feedback, card: OnCard, seen: Seen
) -> Opposite | None:
    """Of the card's peers where one went the other way, else the nearest among what the same version saw."""
    proved = other_way(one.right_action, (one.called, one.recommended_action), domain.action_keys)
    peers = hindsight.opposite_peers(store, domain, card.peers, proved) if card.peers else []
    case_id = peers[0] if peers else hindsight.nearest_opposite(store, domain, card, proved)
    if case_id is None:
        return None
    [there] = case_file.peers(store, domain, (case_id,))
    stored = hindsight.points_of(store, domain, case_id, card.model_version)
    apart = differences(seen, _as_seen(seen, stored) if stored else None)
    return Opposite(case_id, there["right_action"], there, apart)


def _as_seen(like: Seen, stored: tuple[str, tuple[float, ...], tuple[float, ...]]) -> Seen:
    action, points, by_action = stored
    return Seen(like.features, like.actions, action, points, by_action, groups=like.groups)


def acknowledge(store: Store, domain: DecisionDomain, person: str, *, until: datetime) -> None:
    """Remember that a person has seen what arrived up to a moment; what was seen once stays seen."""

    def unit(tx) -> None:
        seen = organization.last_visit(store, person, domain.name)
        if seen is None or until > seen:
            organization.record_visit(tx, person, domain.name, at=until)

    store.write(unit)
