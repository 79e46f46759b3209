"""The champion recommends: for every waiting case, stored as it will be shown, or for a file, stored nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import NoChampion
from rhml.loop.correcting import in_force
from rhml.loop.humility import Humility, humility
from rhml.loop.intent.intending import Intended, intended, likelier, said
from rhml.loop.peer_pool import Decided, decided_pool
from rhml.loop.team_points import columns as team_columns
from rhml.loop.team_points import live_team
from rhml.machine.corrections.correction import Correction
from rhml.machine.deciding import chosen
from rhml.machine.explaining.changes import Change, what_would_change
from rhml.machine.explaining.explanation import Scored, explain
from rhml.machine.explaining.peers import view
from rhml.machine.model import Model
from rhml.machine.proposing import policies
from rhml.machine.team.team_model import TeamModel
from rhml.machine.texts.word_points import word_points
from rhml.store import frames, registry, scores
from rhml.store.engine import Store

Progress = Callable[[float, str], None]

CHUNK = 2_000


def champion(store: Store, domain: DecisionDomain) -> tuple[str, Model]:
    """The live version and its model; NoChampion before the first promotion."""
    version = registry.live_version(store, domain.name)
    if version is None:
        raise NoChampion(
            f"{domain.title} has no promoted model yet. Retrain on resolved {domain.terms.many}, "
            "then promote the version."
        )
    return version, Model.from_bytes(registry.content(store, domain.name, version))


def recommend_waiting(store: Store, domain: DecisionDomain, *, at: datetime, progress: Progress) -> int:
    """Score every waiting case the champion has not scored yet, due soonest first; returns how many.

    Each chunk commits on its own, so an interrupted run continues where it stopped.
    """
    version, model = champion(store, domain)
    fresh = frames.unscored(store, domain, version)
    if fresh.empty:
        return 0
    scoring = _Scoring.of(store, domain, version, model, at=at, progress=progress)

    for start in range(0, len(fresh), CHUNK):
        part = fresh.iloc[start : start + CHUNK].reset_index(drop=True)
        rows = scoring.rows(part)

        store.write(
            lambda tx, rows=rows: scores.append_recommendations(tx, domain, rows, version=version, at=at)
        )
        done = start + len(part)
        progress(done / len(fresh), f"Recommending: {done:,} of {len(fresh):,} {domain.terms.many}")
    return len(fresh)


def recommend_again(store: Store, domain: DecisionDomain, cases: pd.DataFrame, *, at: datetime) -> int:
    """Score waiting cases anew because corrections changed; what was shown before stays on record."""
    version, model = champion(store, domain)
    if cases.empty:
        return 0
    scoring = _Scoring.of(store, domain, version, model, at=at, progress=lambda share, words: None)
    for start in range(0, len(cases), CHUNK):
        rows = scoring.rows(cases.iloc[start : start + CHUNK].reset_index(drop=True))
        store.write(
            lambda tx, rows=rows: scores.append_recommendations(tx, domain, rows, version=version, at=at)
        )
    return len(cases)


@dataclass(frozen=True, eq=False)
class _Scoring:
    """What every chunk of cases is scored with: the model, the corrections in force, the pool of peers, its limits,
    what the team would call, and what matters now."""

    domain: DecisionDomain
    model: Model
    corrections: tuple[Correction, ...]
    pool: Decided
    limits: Humility
    team: TeamModel | None
    intended: Intended

    @classmethod
    def of(
        cls,
        store: Store,
        domain: DecisionDomain,
        version: str,
        model: Model,
        *,
        at: datetime,
        progress: Progress,
    ) -> _Scoring:
        pool = decided_pool(store, domain, version, model, progress=progress)
        limits = humility(store, domain, version, model, at=at)
        corrections, team = in_force(store, domain, version), live_team(store, domain)
        return cls(domain, model, corrections, pool, limits, team, intended(store, domain, model))

    def rows(self, part: pd.DataFrame) -> pd.DataFrame:
        """A scored chunk in the columns that the log keeps."""
        rule = self.intended.rule
        plain = explain(self.model, part, rule=rule)
        scored = explain(self.model, part, self.corrections, rule) if self.corrections else plain
        changes = what_would_change(
            self.model, part, domain=self.domain, corrections=self.corrections, rule=rule
        )
        rows = _rows(part, scored, changes)
        rows["notes"] = _with_policies(part, rows["notes"], self.domain)
        rows["peers"] = self.pool.peers(view(plain))
        if self.model.encoding.texts:
            rows["words"] = [json.dumps(said) for said in word_points(self.model.encoding, scored, part)]
        return rows.assign(
            **_corrected(scored, chosen(rule, scored.uncorrected, part)),
            **self.intended.columns(self.domain, part, scored.probabilities, scored.action_index),
            **self.limits.columns(part, scored.probabilities, self.domain),
            **team_columns(self.team, part, rows["action"], self.model.features),
        )


def _corrected(scored: Scored, own: np.ndarray) -> dict[str, Any]:
    """What corrections moved: the line of their own, their names, and what the model alone would recommend (`own`)."""
    touched = np.array([bool(held) for held in scored.correction_ids], dtype=bool)
    return {
        "correction": np.where(touched, scored.correction, np.nan),
        "corrections": [list(held) or None for held in scored.correction_ids],
        "uncorrected_action": [scored.actions[i] if t else None for i, t in zip(own, touched, strict=True)],
        "uncorrected_probability": np.where(touched, scored.uncorrected[np.arange(len(own)), own], np.nan),
    }


def _rows(cases: pd.DataFrame, scored: Scored, changes: list[Change | None]) -> pd.DataFrame:
    """A scored chunk in the columns that the log keeps."""
    at = np.arange(len(cases))
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "action": [scored.actions[i] for i in scored.action_index],
            "probability": scored.probabilities[at, scored.action_index],
            "probabilities": list(scored.probabilities),
            "base": scored.base,
            "points": list(scored.points),
            "by_action": _by_action(scored),
            "similar_n": scored.similar_n,
            "low": scored.low,
            "high": scored.high,
            "notes": [list(notes) for notes in scored.notes],
            "changes": [json.dumps(asdict(c), default=str) if c else None for c in changes],
        }
    )


def _with_policies(
    cases: pd.DataFrame, notes: Iterable[Sequence[str]], domain: DecisionDomain
) -> list[list[str]]:
    """What the card says beside the recommendation: stated policies first; the model's own output stays."""
    return [[*said, *had] for said, had in zip(policies.notes(cases, domain), notes, strict=True)]


def _by_action(scored: Scored) -> list[np.ndarray | None]:
    """The points of every action, action by action, where there are more than two to contrast."""
    if len(scored.actions) == 2:
        return [None] * len(scored.points)
    return list(scored.by_action.reshape(len(scored.points), -1))


def recommend_table(store: Store, domain: DecisionDomain, cases: pd.DataFrame) -> pd.DataFrame:
    """Recommendations for new cases, read only: case_id, action, confidence, p_<action>, top reasons."""
    version, model = champion(store, domain)
    held = intended(store, domain, model)
    scored = explain(model, cases, in_force(store, domain, version), held.rule)
    return _listed(domain, cases, scored, held).assign(model_version=version)


def recommend_stored(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The waiting cases' recommendations as stored, in the same columns as `recommend_table`."""
    champion(store, domain)
    stored = frames.recommended(store, domain)
    features = {v.version: v.features for v in registry.versions(store, domain.name)}
    for place, key in enumerate(domain.action_keys):
        # An action that came into the domain after the version was trained.
        stored[f"p_{key}"] = [float(p[place]) if place < len(p) else 0.0 for p in stored["probabilities"]]
    stored["reasons"] = [
        _top(domain, features[version], points)
        for version, points in zip(stored["model_version"], stored["points"], strict=True)
    ]
    told = {i: said(store, domain, i) for i in stored["intent_id"].dropna().unique()}
    stored["notes"] = [
        "; ".join([*(likelier(domain, told[i], own, p) if isinstance(own, str) else ()), *notes])
        for i, own, p, notes in zip(
            stored["intent_id"], stored["likeliest_action"], stored["likeliest_probability"], stored["notes"], strict=True
        )
    ]  # fmt: skip
    order = ["case_id", "action", "confidence", *(f"p_{k}" for k in domain.action_keys), "reasons", "notes"]
    return stored[[*order, "model_version"]]


def _listed(domain: DecisionDomain, cases: pd.DataFrame, scored: Scored, held: Intended) -> pd.DataFrame:
    at = np.arange(len(cases))
    listed = {
        "case_id": cases["case_id"].to_numpy(),
        "action": [scored.actions[i] for i in scored.action_index],
        "confidence": scored.probabilities[at, scored.action_index],
    }
    given = {key: scored.probabilities[:, i] for i, key in enumerate(scored.actions)}
    listed |= {f"p_{key}": given.get(key, 0.0) for key in domain.action_keys}
    listed["reasons"] = [_top(domain, scored.features, points) for points in scored.points]
    said = [[*because, *notes] for because, notes in zip(
        _because(domain, scored, held), _with_policies(cases, scored.notes, domain), strict=True)]  # fmt: skip
    listed["notes"] = ["; ".join(notes) for notes in said]
    return pd.DataFrame(listed)


def _because(domain: DecisionDomain, scored: Scored, held: Intended) -> list[list[str]]:
    """Where what matters now moved the recommendation: that it did, and which action is likelier."""
    likeliest = scored.probabilities.argmax(axis=1)
    return [
        likelier(domain, held.intent, scored.actions[own], p[own]) if held.intent and own != given else []
        for own, given, p in zip(likeliest, scored.action_index, scored.probabilities, strict=True)
    ]


def _top(domain: DecisionDomain, features: tuple[str, ...], points: np.ndarray, count: int = 4) -> str:
    """The strongest reasons in words: 'Late payments −11 points; …'."""
    order = np.argsort(-np.abs(points), kind="stable")[:count]
    return "; ".join(
        f"{domain.feature(features[i]).label} {'+' if points[i] >= 0 else '−'}{abs(points[i]) * 100:.0f} points"
        for i in order
    )
