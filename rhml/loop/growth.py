"""How much of the growth people brought and how much the model: gather calls and both versions' answers, compute."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.asked import Asked
from rhml.loop.replay import Replays, probabilities
from rhml.reports.calls import Calls
from rhml.reports.growth import Growth
from rhml.reports.growth import growth as compute
from rhml.reports.unaided import rows_of
from rhml.stats.periods import middle
from rhml.store import registry
from rhml.store.engine import Store

NO_MODEL = "No version of the model has advised on a decision that is known to be right or wrong yet."
FOREIGN = (
    "Cannot be known: the models that recommended in this log are not stored here, so they cannot be asked about the "
    "same cases."
)
MOSTLY = 0.5
"""The share of a half's recommendations that must come from stored versions."""


def growth(asked: Asked) -> Growth:
    """People's part and the model's between the two halves since a version first advised."""
    calls = asked.calls
    _, why = calls.judged()
    if why:
        return Growth.unknown(why)
    since = _advised(asked)
    if not len(since):
        return Growth.unknown(FOREIGN if (calls.recommended >= 0).any() else NO_MODEL)
    replays = asked.replays
    if len(since) < len(calls):
        calls = calls.take(since)
        replays = Replays.among(asked.store, asked.domain, calls)
    shown = _shown(calls, _stored(asked))
    if shown is None:
        return Growth.unknown(FOREIGN)
    answers = replays.answers(list(dict.fromkeys(shown))).pair(*shown)
    return compute(calls, answers, difficulty=asked.hard)


def calls_of_half(asked: Asked, half: str) -> tuple[np.ndarray, np.ndarray]:
    """Positions among the decisions asked for of the unaided calls of the earlier or later half, and which were right."""
    since = _advised(asked)
    calls = asked.calls.take(since)
    judged, _ = calls.judged()
    times = pd.to_datetime(calls.column("decided_at"))
    at, _ = rows_of(calls)
    if not len(at):
        return at, np.zeros(0, bool)
    cut = middle(times[judged & times.notna().to_numpy()])
    at = at[((times >= cut) == (half == "later")).to_numpy()[at]]
    return since[at], calls.hits("first")[at]


def replay(
    store: Store, domain: DecisionDomain, version: str, cases: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """What a stored version recommends in each case, as the action's place, and how likely it holds that (n,)."""
    chances = probabilities(store, domain, version, cases)
    return chances.argmax(axis=1), chances.max(axis=1)


def _stored(asked: Asked) -> set[str]:
    return {found.version for found in registry.versions(asked.store, asked.domain.name)}


def _mine(calls: Calls, stored: set[str]) -> np.ndarray:
    """Decisions that a stored version advised; an imported log may name its own versions alike."""
    elsewhere = calls.column("imported").fillna(False).to_numpy(bool)
    return calls.column("model_version").isin(stored).to_numpy() & ~elsewhere


def _advised(asked: Asked) -> np.ndarray:
    """Positions of the decisions since a stored version first advised on one that is known to be right or wrong."""
    calls = asked.calls
    judged, _ = calls.judged()
    times = pd.to_datetime(calls.column("decided_at"))
    mine = _mine(calls, _stored(asked)) & times.notna().to_numpy()
    if not (mine & judged).any():
        return np.zeros(0, np.int64)
    return np.flatnonzero((times >= times[mine].min()).to_numpy())


def _shown(calls: Calls, stored: set[str]) -> tuple[str, str] | None:
    """The first version of the earlier half and the newest of the later one; None where others mostly advised."""
    judged, _ = calls.judged()
    times = pd.to_datetime(calls.column("decided_at"))
    later = (times >= middle(times[judged])).to_numpy()
    versions = calls.column("model_version")
    mine, advised = _mine(calls, stored), calls.recommended >= 0
    for side in (~later, later):
        if not mine[side].any() or mine[side].sum() < MOSTLY * (advised & side).sum():
            return None
    first = versions[mine & ~later].unique()[0]
    return str(first), str(_newest(versions[mine & later], times[mine & later]))


def _newest(versions: pd.Series, times: pd.Series) -> str:
    """The version that began to advise last."""
    return times.groupby(versions).min().idxmax()
