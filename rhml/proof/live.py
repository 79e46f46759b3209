"""A simulated organization at work in the product itself: its models learn here, and its managers decide on cards.

A history with outcomes trains the first version; then cases come in two halves, each recommended by the version live
then, decided by managers with planted skill, and resolved; between the halves the next version is trained and promoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.proof import organization as planted
from rhml.proof import world
from rhml.proof.log import BY, table
from rhml.proof.organization import BEGIN, DOMAIN
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress, silent
from rhml.store import case_file, frames, waiting
from rhml.store.engine import Store

HISTORY = 150
"""Cases with an outcome that the first version learns from."""
SHORT = 110
"""The same where most later outcomes never become known, so that there is something left for calls to teach."""

HALF = timedelta(days=200)
WHY = "Planted: the next version takes over half-way."
SHARES = "[modes]\nfirst_call = {first_call}\nevidence_only = 0.0\n[training]\nminimum = 50\nbank = 0.5\n"
EVERYTHING = 1_000_000


@dataclass(frozen=True, eq=False)
class Live:
    """What is known of an organization at work: its domain, its managers' noise, and who was asked what."""

    plant: Plant
    domain: DecisionDomain
    noise: np.ndarray
    versions: tuple[str, ...]


def domain_of(plant: Plant) -> DecisionDomain:
    """What it decides; with an exploration share, outcomes show after one action alone and for that share."""
    share = plant.calls / (plant.calls + plant.assisted)
    text = DOMAIN + SHARES.format(first_call=round(share, 3))
    if plant.explored:
        text = text.replace(
            "[outcome]\n", f'[outcome]\nobserved_after = ["accept"]\nexplore = {plant.explored}\n'
        )
    return parse_domain("planted", text)


def worked(store: Store, plant: Plant, seed: int, progress: Progress = silent) -> Live:
    """Let an organization work in an empty log; what it is like depends on the plant and the seed alone."""
    rng, domain = np.random.default_rng([seed, sum(plant.name.encode()), 9]), domain_of(plant)
    noise = world.noise_of(plant.accuracy + rng.normal(0, 0.03, plant.managers))
    begin = BEGIN
    few = HISTORY if plant.outcomes == 1 else SHORT
    history, right = facts_of(rng, few, "h", begin, 1.0)
    onboard(
        store, domain, cases=table(history), outcomes=table(_outcomes(history, right, begin)), by=BY, at=begin
    )
    versions = []
    for later in (False, True):
        start = begin + HALF * later
        progress(0.05 + 0.45 * later, "Training a version")
        made = retrain(store, domain, by=BY, at=start, progress=silent, seed=seed)
        if not made.known:
            promote(
                store,
                domain,
                made.version,
                by=BY,
                why=WHY,
                at=start + timedelta(hours=1),
                anyway=True,
                waive=WHY,
            )
            versions.append(made.version)
        progress(0.1 + 0.45 * later, "Deciding")
        _half(store, domain, plant, rng, noise, start, later)
    return Live(plant, domain, noise, tuple(versions))


def facts_of(
    rng: np.random.Generator, n: int, letter: str, at: datetime, spread: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """Cases that arrive at a moment, and whether the first action proves right in each."""
    income, debt = rng.normal(0, 1, (2, n)) * spread
    region = rng.integers(0, len(world.REGIONS), n)
    odds = world.SHARPNESS * (world.INCOME * income + world.DEBT * debt + world.SHIFTS[region])
    cases = pd.DataFrame({
        "case_id": [f"{letter}{i:05}" for i in range(n)], "received_at": at, "income": income, "debt": debt,
        "amount": np.round(planted.AMOUNT * np.exp(planted.SPREAD * rng.normal(size=n)), 2),
        "region": np.array(world.REGIONS, object)[region],
        "site": rng.choice(np.array(planted.SITES, object), n, p=planted.SHARES),
    })  # fmt: skip
    return cases, rng.random(n) < world.sigmoid(odds)


def odds_of(cases: pd.DataFrame) -> np.ndarray:
    """The log-odds that the first action proves right in each case."""
    shift = cases["region"].map(dict(zip(world.REGIONS, world.SHIFTS, strict=True))).to_numpy(float)
    facts = world.INCOME * cases["income"].to_numpy(float) + world.DEBT * cases["debt"].to_numpy(float)
    return world.SHARPNESS * (facts + shift)


def own_chance(plant: Plant, noise: np.ndarray, cases: pd.DataFrame, *, later: bool) -> np.ndarray:
    """The chance that each manager's own call is the first action (managers, cases)."""
    odds = odds_of(cases)
    base, best = planted.levels(plant, noise, world.population(planted.spreads(plant)))
    lapse, insight = world.mixing(np.array(plant.change * later), base, best)
    return world.moved(world.own_calls(odds, noise[:, None]), world.expert_calls(odds), lapse, insight)


def _half(
    store: Store, domain: DecisionDomain, plant: Plant, rng, noise: np.ndarray, start: datetime, later: bool
) -> None:
    n = plant.calls + plant.assisted
    cases, right = facts_of(rng, n, "bc"[later], start + timedelta(hours=2), plant.drift if later else 1.0)
    onboard(store, domain, cases=table(cases), by=BY, at=start + timedelta(hours=2))
    recommend_waiting(store, domain, at=start + timedelta(hours=3), progress=silent)
    who = rng.integers(0, plant.managers, n)
    first = rng.random(n) < own_chance(plant, noise, cases, later=later)[who, np.arange(n)]
    first = np.where(rng.random(n) < plant.tips, right, first)
    follows = rng.random(n) < plant.follows + plant.deferring * later
    rows = {row["case_id"]: row for row in waiting.page(store, domain, waiting.Queue(manager=""), now=start + timedelta(hours=4), limit=EVERYTHING)}  # fmt: skip
    finals, ends = [], start + HALF - timedelta(days=2)
    for i, case_id in enumerate(cases["case_id"]):
        at = start + timedelta(hours=4) + (ends - start) * (i / n)
        finals.append(
            _decided(store, domain, rows[case_id], f"m{who[i] + 1}", bool(first[i]), bool(follows[i]), at)
        )
    seen = (rng.random(n) < plant.outcomes) | later
    if domain.selective:
        explored = set(frames.cases(store, domain, only="c.explore")["case_id"])
        seen = np.array(finals) | cases["case_id"].isin(explored).to_numpy()
    resolve(store, domain, _outcomes(cases[seen], right[seen], ends), by=BY, at=ends + timedelta(hours=1))


def _decided(
    store: Store, domain: DecisionDomain, row: dict, manager: str, first: bool, follows: bool, at: datetime
) -> bool:
    """One case on the card: own call first where it asks for it, then the final decision; whether that is the first action."""
    own = domain.action_keys[0 if first else 1]
    if row["mode"] == "first_call":
        commit_first_call(store, domain, row["case_id"], own, manager=manager, at=at)
    opened = case_file.waiting_row(store, domain, row["case_id"])
    shown = case_file.recommendation(store, domain.name, opened["recommendation_id"])
    final = shown.action if follows else own
    differs = final != shown.action
    choice = Choice(row["case_id"], final, recommendation_id=shown.recommendation_id,
                    reason=domain.override.reasons[0] if differs else None,
                    rationale="because the facts look otherwise to me" if differs else "")  # fmt: skip
    decide(store, domain, choice, manager=manager, at=at + timedelta(minutes=1))
    return final == domain.action_keys[0]


def _outcomes(cases: pd.DataFrame, right: np.ndarray, known_at: datetime) -> pd.DataFrame:
    action = np.where(right, "accept", "refuse")
    return pd.DataFrame(
        {"case_id": cases["case_id"].to_numpy(), "right_action": action, "known_at": known_at}
    )
