"""The champion recommends: for every waiting case, stored as it will be shown, or for a file, stored nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import NoChampion
from rhml.machine.changes import Change, what_would_change
from rhml.machine.explanation import Scored, explain
from rhml.machine.model import Model
from rhml.machine.peers import nearest
from rhml.store import frames, registry, scores
from rhml.store.engine import Store

Progress = Callable[[float, str], None]

PEERS = 5
POOL = 20_000
"""Decided cases among which peers are looked for: the most recent ones."""
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
    pool = frames.recently_decided(store, domain, POOL)
    reasons = explain(model, pool).points if len(pool) else np.zeros((0, len(model.features)))

    for start in range(0, len(fresh), CHUNK):
        part = fresh.iloc[start : start + CHUNK].reset_index(drop=True)
        scored = explain(model, part)
        rows = _rows(part, scored, what_would_change(model, part, domain=domain))
        rows["peers"] = _peers(part, scored, pool, reasons)

        store.write(
            lambda tx, rows=rows: scores.append_recommendations(tx, domain, rows, version=version, at=at)
        )
        done = start + len(part)
        progress(done / len(fresh), f"Recommending: {done:,} of {len(fresh):,} {domain.terms.many}")
    return len(fresh)


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
            "similar_n": scored.similar_n,
            "low": scored.low,
            "high": scored.high,
            "notes": [list(notes) for notes in scored.notes],
            "changes": [json.dumps(asdict(c), default=str) if c else None for c in changes],
        }
    )


def _peers(cases: pd.DataFrame, scored: Scored, pool: pd.DataFrame, reasons: np.ndarray) -> list[list[str]]:
    """The nearest decided cases by the reasons the model has for them."""
    if pool.empty:
        return [[] for _ in range(len(cases))]
    indices, _ = nearest(scored.points, reasons, PEERS)
    ids = pool["case_id"].to_numpy()
    return [list(ids[row]) for row in indices]


def recommend_table(store: Store, domain: DecisionDomain, cases: pd.DataFrame) -> pd.DataFrame:
    """Recommendations for new cases, read only: case_id, action, confidence, p_<action>, top reasons."""
    version, model = champion(store, domain)
    scored = explain(model, cases)
    return _listed(domain, cases["case_id"], scored).assign(model_version=version)


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
    stored["notes"] = ["; ".join(notes) for notes in stored["notes"]]
    order = ["case_id", "action", "confidence", *(f"p_{k}" for k in domain.action_keys), "reasons", "notes"]
    return stored[[*order, "model_version"]]


def _listed(domain: DecisionDomain, case_ids: pd.Series, scored: Scored) -> pd.DataFrame:
    at = np.arange(len(case_ids))
    listed = {
        "case_id": case_ids.to_numpy(),
        "action": [scored.actions[i] for i in scored.action_index],
        "confidence": scored.probabilities[at, scored.action_index],
    }
    given = {key: scored.probabilities[:, i] for i, key in enumerate(scored.actions)}
    listed |= {f"p_{key}": given.get(key, 0.0) for key in domain.action_keys}
    listed["reasons"] = [_top(domain, scored.features, points) for points in scored.points]
    listed["notes"] = ["; ".join(notes) for notes in scored.notes]
    return pd.DataFrame(listed)


def _top(domain: DecisionDomain, features: tuple[str, ...], points: np.ndarray, count: int = 4) -> str:
    """The strongest reasons in words: 'Late payments −11 points; …'."""
    order = np.argsort(-np.abs(points), kind="stable")[:count]
    return "; ".join(
        f"{domain.feature(features[i]).label} {'+' if points[i] >= 0 else '−'}{abs(points[i]) * 100:.0f} points"
        for i in order
    )
