"""Every version of the model side by side: gather the register, the bank's answers and the cycles, compute."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from rhml.errors import RhmlError
from rhml.loop.asked import Asked
from rhml.reports.version_rows import Known, Versions
from rhml.reports.versions import versions as compute
from rhml.store import registry
from rhml.store.registry import Promotion

MOST = 10
"""Versions asked anew: the first and the newest ones."""

MOST_CYCLES = 12


def versions(asked: Asked) -> Versions:
    """The versions that are stored here, or named in the log, oldest first."""
    name = asked.domain.name
    promotions = registry.promotions(asked.store, name)[::-1]
    stored = [_known(v.version, v.trained_at, promotions) for v in registry.versions(asked.store, name)[::-1]]
    if len(stored) > MOST:
        stored = [stored[0], *stored[1 - MOST :]]
    judged, why = asked.calls.judged()
    names = [] if why else [one.version for one in stored]
    calls, at = asked.calls, np.flatnonzero(judged)
    brought = at[calls.column("imported").iloc[at].fillna(False).to_numpy(bool)]
    foreign = pd.unique(calls.column("model_version").iloc[brought].dropna())
    named = [Known(str(one), imported=True) for one in foreign][:MOST]
    return compute(
        asked.calls.credited,
        asked.replays.answers(names),
        [*named, *stored],
        _spans(promotions, asked),
        uses=len(registry.versions(asked.store, name)) + len(registry.judgements(asked.store, name)),
    )


def only(asked: Asked, version: str, other: str) -> np.ndarray:
    """Positions of one decision on each bank case that a version gets right and another one wrong."""
    stored = {found.version for found in registry.versions(asked.store, asked.domain.name)}
    if not {version, other} <= stored:
        raise RhmlError("This address names a version that is not stored. Open it from Versions again.")
    found = asked.replays.answers([version, other])
    this, that = found.hits
    ids = pd.Index(asked.kept["case_id"].astype(object))
    first = pd.Series(np.arange(len(ids)), index=ids).groupby(level=0, sort=False).first()
    return np.sort(first.reindex(found.case_ids[this > that]).to_numpy(np.int64))


def _known(version: str, trained_at: datetime, promotions: list[Promotion]) -> Known:
    """With when it first went live and when it last ceased to be."""
    at = [k for k, p in enumerate(promotions) if p.version == version]
    if not at:
        return Known(version, trained_at)
    last = at[-1] + 1
    until = promotions[last].promoted_at if last < len(promotions) else None
    return Known(version, trained_at, promotions[at[0]].promoted_at, until, is_live=until is None)


def _spans(promotions: list[Promotion], asked: Asked) -> list[tuple[str, datetime | None, datetime | None]]:
    """The learning cycles within the dates asked for: what was decided before the first, then each promotion's."""
    ends = [p.promoted_at for p in promotions]
    spans = [("", None, ends[0] if ends else None)] + [
        (p.version, p.promoted_at, end) for p, end in zip(promotions, [*ends[1:], None], strict=False)
    ]
    within = [
        span
        for span in spans
        if (asked.until is None or span[1] is None or span[1] < asked.until)
        and (asked.since is None or span[2] is None or span[2] > asked.since)
    ]
    return within[-MOST_CYCLES:]
