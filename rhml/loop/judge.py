"""The gate's evidence: what challenger, champion and reference say of cases that none of them learned from.

Two kinds of case count: the bank, which no model trains on, and live ones, whose outcome (and every decision)
came into the log after all of the models had been trained. A version never changes, so what it says of a case
now is what it would have said before the outcome: a challenger that waits keeps gathering evidence, and can be
judged again without a retraining.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import PromotionRefused
from rhml.loop import lesson_tests, permit
from rhml.loop.correcting import in_force
from rhml.machine.corrections.correction import Corrected
from rhml.machine.judging.challenge import Looks
from rhml.machine.judging.challenge import judge as judge_scores
from rhml.machine.judging.comparison import EARLIER
from rhml.machine.judging.lesson_tests import Checked
from rhml.machine.learning.recipe import Learned
from rhml.machine.model import Model
from rhml.reports.late_outcomes import set_aside
from rhml.store import frames, registry
from rhml.store.corrections import corrections as corrections_of
from rhml.store.engine import Store
from rhml.store.registry import Judgement, Version


@dataclass(frozen=True)
class Judged:
    """What looking again came to; `before` is the verdict until now, `known` says that nothing was new."""

    version: str
    verdict: str
    paragraph: str
    evidence: dict[str, Any]
    before: str
    known: bool = False


def judge(store: Store, domain: DecisionDomain, version: str, *, by: str, at: datetime) -> Judged:
    """Judge a version again with the outcomes and lesson tests since; the verdict is a new fact."""
    permit.lead(store, by, "judge a model")
    entry = registry.version(store, domain.name, version)
    _check(store, domain, entry)
    judged_from = frames.counter(store, domain)
    model = Model.from_bytes(registry.content(store, domain.name, version))
    lessons = lesson_tests.check(store, domain, model)
    if not _anything_new(store, domain, entry, lessons):
        return Judged(version, entry.verdict, entry.paragraph, entry.evidence, entry.verdict, known=True)
    cases, calls = frames.cases(store, domain), frames.decided(store, domain)

    scores = evidence(store, domain, model, entry.learned_from, cases=cases, calls=calls)
    found = judge_scores(
        scores, domain=domain, lessons=lessons, looks=looks(store, domain, entry),
        taught_before=entry.evidence.get("taught"),
    )  # fmt: skip

    told = Judgement(version, found.verdict, found.paragraph, found.evidence, judged_from, at, by)
    store.write(lambda tx: registry.judge(tx, domain.name, told))
    return Judged(version, found.verdict, found.paragraph, found.evidence, entry.verdict)


def in_words(found: Judged) -> str:
    """What looking again came to, in a sentence."""
    if found.known:
        return f"{found.version}: nothing is new since it was judged, so its verdict stays: {found.verdict}."
    if found.verdict == found.before:
        return f"{found.version}: the verdict stays, {found.verdict}."
    return f"{found.version}: the verdict is now {found.verdict} (it was {found.before})."


def _check(store: Store, domain: DecisionDomain, entry: Version) -> None:
    live = registry.live_version(store, domain.name)
    if live is None:
        raise PromotionRefused("No version is live, so there is nothing to compare with. Promote one first.")
    if live == entry.version:
        raise PromotionRefused(f"{live} is live itself. Name a version that may take its place.")


def _anything_new(store: Store, domain: DecisionDomain, entry: Version, lessons: Checked) -> bool:
    """A look that can see nothing new would only spend the chance of a later one."""
    champion = registry.promotions(store, domain.name)[0]
    if champion.promoted_at > (entry.judged_at or entry.trained_at):
        return True
    if frames.new_outcomes(store, domain, entry.judged_from or entry.learned_from):
        return True
    return json.loads(json.dumps(lessons.as_dict())) != entry.evidence.get("lessons")


def looks(store: Store, domain: DecisionDomain, entry: Version | None = None) -> Looks:
    """How often versions were judged, counting the verdict about to be given: on `entry`, or a new one."""
    versions = len(registry.versions(store, domain.name))
    again = registry.judgements(store, domain.name)
    if entry is None:
        return Looks(1, versions + 1, versions + 1 + len(again))
    mine = sum(found.version == entry.version for found in again)
    return Looks(mine + 2, versions, versions + len(again) + 1)


def evidence(
    store: Store,
    domain: DecisionDomain,
    challenger: Model,
    learned_from: int,
    *,
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    learned: Learned | None = None,
) -> pd.DataFrame:
    """One row an evaluation case, with what challenger, champion, reference and twins say of it.

    The champion speaks as it recommends: with the corrections that are in force.
    """
    champion, reference = champion_and_reference(store, domain)
    rivals = {"champion": champion, "reference": reference}
    corrections = in_force(store, domain, champion.version) if champion else ()
    learned_by = [learned_from, *(v.learned_from for v in rivals.values() if v)]
    cutoff = max([*learned_by, *_corrected_from(store, domain, champion)])
    rows = _unseen(store, domain, cases if domain.outcome else _with_usual(cases, calls), cutoff)
    # Where late outcomes end otherwise, what is known of the newest cases would favour who says what comes first.
    rows = rows[~rows["case_id"].isin(set_aside(calls, domain=domain))].reset_index(drop=True)

    scores = rows[["case_id", "right_action", "explore", *domain.segment_columns]].copy()
    scores["value"] = rows[domain.value.column] if domain.value.column else np.nan
    scores["source"] = np.where(rows["bank"].astype(bool), "bank", "live")
    add(scores, "challenger", challenger.probabilities(rows), domain)
    if learned is not None:
        scores = scores.join(learned.twin_scores(rows))
    for who, version in rivals.items():
        if version:
            model = Model.from_bytes(registry.content(store, domain.name, version.version))
            as_it_recommends = Corrected(model, corrections if who == "champion" else ())
            add(scores, who, as_it_recommends.probabilities(rows), domain)
    if champion and domain.outcome:
        earlier = frames.resolved_before(store, domain, champion.learned_from)
        scores[EARLIER] = rows["case_id"].isin(earlier)
    return scores


def _unseen(store: Store, domain: DecisionDomain, cases: pd.DataFrame, cutoff: int) -> pd.DataFrame:
    """The cases with an outcome that nothing has learned from: the bank's, and those of after the cutoff."""
    taught = frames.taught_before(store, domain, cutoff)
    unseen = cases["bank"].astype(bool) | ~cases["case_id"].isin(taught)
    chosen = (cases["right_action"].notna() & unseen).to_numpy()
    return cases.iloc[np.flatnonzero(chosen)].reset_index(drop=True)


def _corrected_from(store: Store, domain: DecisionDomain, champion: Version | None) -> list[int]:
    """Up to which facts the champion's corrections have learned: it recommends with them."""
    held = corrections_of(store, domain.name, champion.version) if champion else []
    return [c.in_force.learned_from for c in held if c.in_force]


def champion_and_reference(store: Store, domain: DecisionDomain) -> tuple[Version | None, Version | None]:
    """The live version, and the first ever promoted: else every promotion may lose the margin again."""
    promoted = registry.promotions(store, domain.name)
    if not promoted:
        return None, None
    return (
        registry.version(store, domain.name, promoted[0].version),
        registry.version(store, domain.name, promoted[-1].version),
    )


def _with_usual(cases: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """Without outcomes the newest final decision stands for what this team usually decides."""
    final = calls[calls["final_action"].notna()]
    usual = final.drop_duplicates("case_id", keep="last").set_index("case_id")["final_action"]
    return cases.assign(right_action=cases["case_id"].map(usual))


def add(scores: pd.DataFrame, who: str, probabilities: np.ndarray, domain: DecisionDomain) -> None:
    """Put a model's actions and probabilities (n, K) into the columns that `judge` reads."""
    keys = domain.action_keys
    scores[f"{who}_action"] = [keys[i] for i in probabilities.argmax(axis=1)]
    for place, key in enumerate(keys):
        # An older version does not know an action that came into the domain after it was trained.
        scores[f"{who}_p_{key}"] = probabilities[:, place] if place < probabilities.shape[1] else 0.0
