"""How far to trust a recommendation, said beside it: what cannot be ruled out, what is new, where people help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import draw
from rhml.machine.model import Model
from rhml.machine.trust.conformal import ActionSets
from rhml.machine.trust.deferral import MOST, Deferral, learn
from rhml.machine.trust.novelty import Surroundings
from rhml.store import registry, studies, watching
from rhml.store.engine import Store
from rhml.store.studies import Study

SAMPLE = 4_000
"""Training cases that new ones are held against."""

BY_LOT = 0.1
"""Beside the cases that ask for an own call, this share of the others gets its place in the order "where
people help most" by lot: else what people are worth would be measured only where it is thought to be high."""


@dataclass(frozen=True, eq=False)
class Humility:
    """What a version knows of its own limits; each part is None where there is too little to know it by."""

    sets: ActionSets | None
    around: Surroundings | None
    deferral: Deferral | None
    gains: np.ndarray
    lot: Callable[[str, str], float]

    def columns(
        self, cases: pd.DataFrame, probabilities: np.ndarray, domain: DecisionDomain
    ) -> dict[str, Any]:
        """action_set, unlike, help and place of each case, as the log keeps them.

        `help` is NaN where the place is by lot: of a case that asks for an own call, the list must tell nothing.
        """
        n = len(cases)
        columns: dict[str, Any] = {
            "action_set": [list(s) for s in self.sets.of(probabilities)] if self.sets else [None] * n,
            "unlike": self.around.look(cases)[1] if self.around else [None] * n,
            "help": np.full(n, np.nan),
            "place": np.full(n, np.nan),
        }
        if self.deferral is None:
            return columns
        help_, gains = _gains(self.deferral, cases, probabilities, domain)
        chosen = np.array([self.lot("help", case_id) for case_id in cases["case_id"]]) < BY_LOT
        chosen |= (cases["mode"] != "assisted").to_numpy()
        by_lot = np.array([self.lot("place", case_id) for case_id in cases["case_id"]])
        columns["help"] = np.where(chosen, np.nan, help_)
        columns["place"] = np.where(chosen, by_lot, _place(gains, self.gains))
        return columns


def humility(store: Store, domain: DecisionDomain, version: str, model: Model, *, at: datetime) -> Humility:
    """Gather what a version's recommendations are held against; learns where people help if nobody has yet."""
    entry = registry.version(store, domain.name, version)
    seen = watching.learned_sample(store, domain, entry.learned_from, SAMPLE)
    held = studies.newest(store, domain.name, "deferral", version)
    if held is None:
        held = learn_deferral(store, domain, version, model, by=entry.trained_by, at=at)
    deferral = read_deferral(held, domain)
    gains = np.zeros(0)
    if deferral is not None and len(seen):
        gains = np.sort(_gains(deferral, seen, model.probabilities(seen), domain)[1])

    return Humility(
        sets=ActionSets.fit(model.reference, model.right, model.actions, domain.training.sets),
        around=Surroundings.fit(seen, domain, reads=model.features),
        deferral=deferral,
        gains=gains,
        lot=lambda purpose, case_id: draw(store.secret, purpose, domain.name, case_id),
    )


def learn_deferral(
    store: Store, domain: DecisionDomain, version: str, model: Model, *, by: str, at: datetime
) -> Study:
    """Learn where people help beside a version, from the newest resolved calls, and keep it as a finding."""
    calls = watching.resolved_calls(store, domain, MOST)
    content: dict[str, Any] = {"deferral": None}
    if len(calls):
        cases = watching.cases_of(store, domain, MOST)
        rows = pd.Index(cases["case_id"]).get_indexer(calls["case_id"])
        # A decision made between the two reads moves the oldest case out of the second.
        calls, cases = (
            calls[rows >= 0].reset_index(drop=True),
            cases.iloc[rows[rows >= 0]].reset_index(drop=True),
        )
        found = learn(
            calls, cases, model.probabilities(cases), domain=domain, actions=model.actions, version=version
        )
        content = {"deferral": found.to_dict() if found else None}

    held = studies.newest(store, domain.name, "deferral", version)
    if held is not None and held.content == content:
        return held
    study = Study("deferral", version, content, at, by)
    store.write(lambda tx: studies.add(tx, domain.name, study))
    return study


def read_deferral(study: Study | None, domain: DecisionDomain) -> Deferral | None:
    """What was learned, where the domain still declares every feature it rests on."""
    plain = study.content["deferral"] if study else None
    if plain is None or not {a["name"] for a in plain["space"]} <= {f.name for f in domain.features}:
        return None
    return Deferral.from_dict(plain, domain)


def _gains(
    deferral: Deferral, cases: pd.DataFrame, probabilities: np.ndarray, domain: DecisionDomain
) -> tuple[np.ndarray, np.ndarray]:
    """What a look adds to the chance of deciding rightly, and that times what is at stake."""
    help_ = deferral.help(cases, probabilities)
    if domain.value.column is None:
        return help_, help_
    stake = pd.to_numeric(cases[domain.value.column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return help_, help_ * np.where(np.isnan(stake), 0.0, np.abs(stake))


def _place(gains: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """The share of usual cases where a look gains more, 0 first; beyond the ends the order still holds."""
    rank = len(usual) - np.searchsorted(usual, gains, "right")
    scale = float(np.abs(usual).max()) if len(usual) else 1.0
    return (rank + 1 / (1 + np.exp(np.clip(gains / (scale or 1.0), -30, 30)))) / (len(usual) + 1)
