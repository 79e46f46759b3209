"""The screen as it was when a decision was saved, put together from the facts that stood then.

Nothing is computed anew: the recommendation is the stored one, values that were filled in later are taken out again,
similar cases say what was decided and known before, and the domain file is the one that was in force.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.records import FirstCall
from rhml.errors import UnknownCase
from rhml.loop.card import Card, revealed, with_evidence
from rhml.loop.intent.tipping import NOT_YET
from rhml.machine.team.team_model import Held
from rhml.store import case_file, corrections, moments, registry
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store

NEVER = (
    "how wide the window was, light or dark",
    "the reader’s language and time zone, in which numbers and times were written",
    "which parts were unfolded or scrolled to, and what was typed and taken back before it was saved",
    "who was signed in beside the name on record",
)
"""What the log cannot know about a screen."""


@dataclass(frozen=True)
class Shown:
    """What was on the screen before (`called_on`, if an own call was asked) and when the decision was saved (`card`),
    what the person entered, and what was in force. `missing` says what is not on record, in sentences."""

    decision: dict[str, Any]
    domain: DecisionDomain
    file: dict[str, Any]
    card: Card
    called_on: Card | None
    own_marks: tuple[tuple[str, str], ...]
    corrections: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def at(self) -> datetime:
        """When the decision was saved."""
        return self.decision["recorded_at"]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, the same for ever."""
        return {
            "decision": {k: v for k, v in self.decision.items() if k != "seq"},
            "domain": self.domain.name,
            "domain_file": self.file,
            "first_screen": _plain(self.called_on),
            "screen": _plain(self.card),
            "own_call_marks": list(self.own_marks),
            "corrections": list(self.corrections),
            "policies": [asdict_policy(one) for one in self.domain.policy],
            "actions": {action.key: action.label for action in self.domain.actions},
            "reasons": list(self.domain.override.reasons),
            "not_on_record": [*self.missing, *(f"The log does not know {one}." for one in NEVER)],
        }


def asdict_policy(one: Any) -> dict[str, Any]:
    """A policy as plain values."""
    return one.model_dump(mode="json")


def _plain(card: Card | None) -> dict[str, Any] | None:
    if card is None:
        return None
    held = asdict(replace(card, waiting=None, draft={}))
    for name in ("waiting", "draft"):
        held.pop(name)
    # What judges models is not on any card.
    held["facts"] = {k: v for k, v in held["facts"].items() if k not in ("bank", "explore")}
    held["peers"] = [
        {k: v for k, v in peer.items() if k not in ("bank", "explore", "mode")} for peer in held["peers"]
    ]
    return held


def shown(
    store: Store,
    domain: DecisionDomain,
    decision_id: str,
    *,
    held_of: Callable[[str], Held | None] | None = None,
) -> Shown:
    """The screen of one decision; `held_of` gives the author's own way of weighing, which is nobody else's business.

    UnknownCase where the log holds no such decision. Who may see it is the caller's to check.
    """
    made = moments.decision(store, domain, decision_id)
    then, file = moments.file_at(store, domain.name, made["recorded_at"])
    missing = [] if then else ["The domain file of that day can no longer be read; today’s words stand in."]
    then = then or domain
    given = (
        case_file.recommendation(store, domain.name, made["recommendation_id"])
        if made["recommendation_id"]
        else None
    )
    base = _base(store, then, made, given)

    if given is None:
        missing += _without(made)
        return Shown(made, then, file, base, None, (), (), tuple(missing))

    marks = case_file.own_marks(store, domain.name, base.first_call.first_call_id) if base.first_call else ()
    near = moments.peers_at(store, then, given.peers, made["seq"])
    card = revealed(store, then, base, given, peers=near, held_of=held_of, decided=decision_id)
    if not card.tips_known and not made["imported"] and any(f.changeable for f in then.inputs):
        missing.append(NOT_YET)
    if card.weighed is None and base.first_call and given.team_version:
        missing.append("Where the author’s own way of weighing differed is shown to the author alone.")
    if made["imported"]:
        missing.append("The decision came from an older log, which says nothing of its screen.")
    said = _sentences(store, domain.name, given)
    return Shown(made, then, file, card, _before(then, base, given, made), marks, said, tuple(missing))


def _base(
    store: Store, then: DecisionDomain, made: dict[str, Any], given: StoredRecommendation | None
) -> Card:
    """The facts of the card with the mode it had."""
    facts = moments.facts_at(store, then, [made["case_id"]], made["seq"]).get(made["case_id"])
    if facts is None:
        raise UnknownCase(f"The log no longer holds {made['case_id']!r}.")
    drawn, asked = facts["mode"], made["asked"]
    features = registry.features(store, then.name, given.model_version) if given else ()
    words = registry.version(store, then.name, given.model_version).card if features else {}
    groups = tuple(tuple(group) for group in words.get("groups", ()))
    overdue = asked is False and drawn != "assisted"
    return Card(
        case_id=made["case_id"], facts=facts, mode="assisted" if overdue else made["mode"],
        stage="decide" if given else "no model", recommendation=None, features=features,
        first_call=_first_call(store, then.name, made), waiting=None, typical=words.get("typical", {}),
        groups=groups, overdue=overdue,
    )  # fmt: skip


def _first_call(store: Store, name: str, made: dict[str, Any]) -> FirstCall | None:
    """The own call that this decision rests on; one made without any model is the decision itself."""
    if made["first_action"] is None:
        return None
    held = case_file.first_call(store, name, made["case_id"], made["manager"])
    if held is not None and held.action == made["first_action"]:
        return held
    return FirstCall("", made["case_id"], made["manager"], made["mode"], made["first_action"],
                     made["first_confidence"], made["decided_at"] or made["recorded_at"])  # fmt: skip


def _before(
    then: DecisionDomain, base: Card, given: StoredRecommendation, made: dict[str, Any]
) -> Card | None:
    """What was on the screen when the own call was asked; None where none was, or where it is not on record."""
    if base.first_call is None or made["imported"]:
        return None
    early = replace(base, first_call=None)
    if made["mode"] == "evidence_only":
        return with_evidence(then, replace(early, stage="evidence"), given)
    return replace(early, stage="first call")


def _sentences(store: Store, name: str, given: StoredRecommendation) -> tuple[str, ...]:
    """The corrections of the recommendation as they were worded when it was made."""
    held = (
        {c.correction_id: c.wordings for c in corrections.corrections(store, name)}
        if given.corrections
        else {}
    )
    stood = [[w for w in held.get(one, ()) if w.at <= given.made_at] for one in given.corrections]
    return tuple(wordings[-1].sentence for wordings in stood if wordings)


def _without(made: dict[str, Any]) -> list[str]:
    if made["imported"]:
        return [
            "The decision came from an older log: which recommendation was shown with it, and how, is not on record."
        ]
    return []
