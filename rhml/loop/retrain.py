"""The machine learns from people: gather what they taught, train a challenger and its twins, judge, record.

Nothing here promotes. Evidence comes from the bank, which no model trains on, and from live cases that
arrived after the champion had been trained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop import permit
from rhml.machine.challenge import Verdict, judge
from rhml.machine.learning import Learned, learn
from rhml.machine.model import Model
from rhml.store import frames, registry
from rhml.store.engine import Store, Transaction
from rhml.store.registry import Version

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Retrained:
    """What a retraining came to; `known` says that nothing new was learned and the version existed."""

    version: str
    verdict: str
    paragraph: str
    evidence: dict[str, Any]
    card: dict[str, Any]
    known: bool = False


def retrain(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress, seed: int = 7
) -> Retrained:
    """Train on outcomes and on what people taught; TrainingRefused says what is missing."""
    permit.lead(store, by, "retrain a model")
    learned_from = frames.counter(store, domain)
    cases, calls = frames.cases(store, domain), frames.decided(store, domain)

    learned = learn(cases, calls, domain=domain, seed=seed, progress=lambda p, m: progress(0.9 * p, m))
    progress(0.9, "Judging the challenger against the champion")
    verdict = judge(_scores(store, domain, cases, calls, learned), domain=domain)

    return store.write(lambda tx: _record(tx, domain, learned, verdict, learned_from, by, at))


def _record(
    tx: Transaction,
    domain: DecisionDomain,
    learned: Learned,
    verdict: Verdict,
    learned_from: int,
    by: str,
    at: datetime,
) -> Retrained:
    model = learned.challenger
    held = registry.same(tx, domain.name, model.version)
    if held:
        version, name, paragraph = held
        words = f"Nothing new to learn: this training gives {version} again. {paragraph}"
        return Retrained(version, name, words, verdict.evidence, learned.card, known=True)
    entry = Version(
        version=registry.next_name(tx, domain.name),
        hash=model.version,
        features=model.features,
        card={**learned.card, "typical": model.encoding.typical},
        verdict=verdict.verdict,
        paragraph=verdict.paragraph,
        evidence=verdict.evidence,
        learned_from=learned_from,
        trained_at=at,
        trained_by=by,
    )
    registry.add(tx, domain.name, entry, model.to_bytes())
    return Retrained(entry.version, entry.verdict, entry.paragraph, entry.evidence, entry.card)


def _scores(
    store: Store, domain: DecisionDomain, cases: pd.DataFrame, calls: pd.DataFrame, learned: Learned
) -> pd.DataFrame:
    """One row an evaluation case, with what challenger, champion, reference and twin say of it."""
    champion, reference = _champion_and_reference(store, domain)
    cases = cases if domain.outcome else _with_usual(cases, calls)
    live = _live(store, domain, cases, [v for v in (champion, reference) if v])
    known = cases["right_action"].notna()
    chosen = known & (cases["bank"].astype(bool) | live)
    at = np.flatnonzero(chosen.to_numpy())
    rows = cases.iloc[at].reset_index(drop=True)

    scores = rows[["case_id", "right_action", "explore", *domain.segment_columns]].copy()
    scores["value"] = rows[domain.value.column] if domain.value.column else np.nan
    scores["source"] = np.where(rows["bank"].astype(bool), "bank", "live")
    _add(scores, "challenger", _unseen(learned, rows), domain)
    # A twin has trained on live cases with outcomes, so it is asked about the bank alone.
    bank = scores["source"] == "bank"
    scores = scores.join(learned.twin_scores(rows[bank]))
    for who, version in (("champion", champion), ("reference", reference)):
        if version:
            model = Model.from_bytes(registry.content(store, domain.name, version.version))
            _add(scores, who, model.probabilities(rows), domain)
    return scores


def _unseen(learned: Learned, cases: pd.DataFrame) -> np.ndarray:
    """The challenger's probabilities (n, K), out-of-fold for the cases it trained on."""
    probabilities = learned.challenger.probabilities(cases)
    places = pd.Index(learned.case_ids).get_indexer(cases["case_id"])
    trained = places >= 0
    probabilities[trained] = learned.oof[places[trained]]
    return probabilities


def _champion_and_reference(store: Store, domain: DecisionDomain) -> tuple[Version | None, Version | None]:
    """The live version, and the first ever promoted: else every promotion may lose the margin again."""
    promoted = registry.promotions(store, domain.name)
    if not promoted:
        return None, None
    return (
        registry.version(store, domain.name, promoted[0].version),
        registry.version(store, domain.name, promoted[-1].version),
    )


def _live(store: Store, domain: DecisionDomain, cases: pd.DataFrame, judged: list[Version]) -> pd.Series:
    """Cases that arrived after every version they judge had been trained."""
    if not judged:
        return pd.Series(False, index=cases.index)
    cutoff = max(v.learned_from for v in judged)
    return cases["case_id"].isin(frames.arrived_after(store, domain, cutoff))


def _with_usual(cases: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """Without outcomes the newest final decision stands for what this team usually decides."""
    final = calls[calls["final_action"].notna()]
    usual = final.drop_duplicates("case_id", keep="last").set_index("case_id")["final_action"]
    return cases.assign(right_action=cases["case_id"].map(usual))


def _add(scores: pd.DataFrame, who: str, probabilities: np.ndarray, domain: DecisionDomain) -> None:
    keys = domain.action_keys
    scores[f"{who}_action"] = [keys[i] for i in probabilities.argmax(axis=1)]
    for place, key in enumerate(keys):
        # An older version does not know an action that came into the domain after it was trained.
        scores[f"{who}_p_{key}"] = probabilities[:, place] if place < probabilities.shape[1] else 0.0
