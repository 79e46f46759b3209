"""What matters now, as the recommending machine reads it: the intent in force, its rule, and what it leaves on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.core.intent_words import in_words, problems, short
from rhml.machine.deciding import Rule
from rhml.machine.model import Model
from rhml.store import intents
from rhml.store.engine import Store, Transaction


@dataclass(frozen=True, eq=False)
class Intended:
    """The intent that recommendations follow; nothing of it where none is in force.

    `usual` is what a mistake is expected to cost per unit at stake on the average case: it stands for cases that ask for
    an own call, so that their place in the queue tells nothing of what the model holds.
    """

    intent_id: str | None = None
    intent: Intent | None = None
    rule: Rule | None = None
    usual: float = 0.0

    @classmethod
    def of(
        cls, domain: DecisionDomain, intent_id: str | None, intent: Intent | None, model: Model
    ) -> Intended:
        """An intent held against a model; none where the domain has changed so that it speaks of nothing any more."""
        if intent is None or problems(domain, intent):
            return cls()
        rule = Rule.of(domain, intent, model.actions)
        known = model.reference.astype(np.float64)
        if not len(known):  # nothing is known of how sure the model is: as at even chances
            known = np.full((1, len(model.actions)), 1 / len(model.actions))
        least = rule.expected(known, rule.outside(len(known))).min(axis=1)
        return cls(intent_id, intent, rule, float(least.mean()))

    def matters(
        self, probabilities: np.ndarray, inside: np.ndarray, action: np.ndarray, stake: np.ndarray, hidden: np.ndarray
    ) -> np.ndarray:  # fmt: skip
        """What each recommendation (n,) is expected to cost as the intent weighs it; NaN where nothing is known at stake."""
        if self.rule is None:
            return np.full(len(action), np.nan)
        own = self.rule.expected(probabilities, inside)[np.arange(len(action)), action]
        return np.where(hidden, self.usual, own) * stake

    def columns(
        self, domain: DecisionDomain, part: pd.DataFrame, probabilities: np.ndarray, action: np.ndarray
    ) -> dict[str, Any]:
        """What the log keeps of it beside each recommendation; nothing without an intent."""
        if self.rule is None:
            return {}
        likeliest, at = probabilities.argmax(axis=1), np.arange(len(part))
        moved = likeliest != action
        keys, hidden = domain.action_keys, (part["mode"] != "assisted").to_numpy(bool)
        return {
            "intent_id": self.intent_id,
            "likeliest_action": [keys[i] if m else None for i, m in zip(likeliest, moved, strict=True)],
            "likeliest_probability": np.where(moved, probabilities[at, likeliest], np.nan),
            "matters": self.matters(
                probabilities, self.rule.inside(part), action, stakes(domain, part), hidden
            ),
        }


def stakes(domain: DecisionDomain, cases: pd.DataFrame) -> np.ndarray:
    """What is at stake in each case (n,), NaN where that is not known; 1 each where the domain names nothing."""
    if domain.value.column is None:
        return np.ones(len(cases))
    return pd.to_numeric(cases[domain.value.column], errors="coerce").to_numpy(np.float64, na_value=np.nan)


def intended(store: Store | Transaction, domain: DecisionDomain, model: Model) -> Intended:
    """The intent in force, held against a model."""
    entry = intents.in_force(store, domain.name)
    if entry is None:
        return Intended()
    return Intended.of(domain, entry.intent_id, Intent.of(entry.content), model)


def likelier(domain: DecisionDomain, intent: Intent | None, action: str, probability: float) -> list[str]:
    """The note beside a recommendation that an intent moved: why, and which action is likelier."""
    what = f" ({short(domain, intent)})" if intent else ""
    return [
        f"Because of what matters now{what}; likelier to prove right: {domain.label(action)} ({probability:.0%})"
    ]


def words_of(store: Store, domain: DecisionDomain, intent_id: str | None) -> tuple[str, ...]:
    """What mattered when a recommendation was made, in sentences; nothing without an intent."""
    found = said(store, domain, intent_id) if intent_id else None
    return in_words(domain, found) if found else ()


def said(store: Store, domain: DecisionDomain, intent_id: str) -> Intent | None:
    """An intent by its id, as it was stated."""
    found = store.remembered((domain.name, "intent", intent_id), lambda: _stated(store, domain, intent_id))
    return Intent.of(found) if found else None


def _stated(store: Store, domain: DecisionDomain, intent_id: str) -> dict[str, Any] | None:
    entries = intents.entries(store, domain.name)
    return next((e.content for e in entries if e.intent_id == intent_id and e.kind == intents.STATED), None)


def on_record(store: Store, domain: DecisionDomain, version: str | None = None) -> dict[str, Any]:
    """What the cards of a model and of the process say of it: what is in force, how often one was stated, what it moved."""
    entry = intents.in_force(store, domain.name)
    moved, followed = intents.moved(store, domain.name, version)
    return {
        "in_force": list(in_words(domain, Intent.of(entry.content))) if entry else [],
        "since": entry.at if entry else None,
        "why": entry.why if entry else None,
        "stated": sum(e.kind == intents.STATED for e in intents.entries(store, domain.name)),
        "moved": moved,
        "followed": followed,
    }
