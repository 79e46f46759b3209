"""Decided cases as the champion sees them, among which peers are looked for; kept while the app runs.

Explaining a million cases takes a minute, so what is explained once for a version is not explained again:
every run adds the cases decided since, and leaves out those whose decision was taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.explaining.explanation import explain
from rhml.machine.explaining.peers import Pool, nearest, view
from rhml.machine.model import Model
from rhml.store import frames
from rhml.store.engine import Store

Progress = Callable[[float, str], None]

PEERS = 5
MOST = 1_000_000
"""Decided cases among which peers are looked for: the most recent ones."""

CELLS = 40_000_000
"""Numbers held at once, 160 MB: a million cases of 30 factors, fewer of more."""

CHUNK = 20_000


@dataclass(frozen=True, eq=False)
class Decided:
    """The ids of decided cases, newest decision first, and where the model sees each."""

    version: str
    ids: pd.Index
    pool: Pool

    def peers(self, seen: np.ndarray) -> list[list[str]]:
        """The nearest decided cases of each case, by how the model sees it."""
        if not len(self.ids):
            return [[] for _ in range(len(seen))]
        return [list(self.ids[row]) for row in nearest(seen, self.pool, PEERS)[0]]


_KEPT: WeakKeyDictionary[Store, dict[str, Decided]] = WeakKeyDictionary()


def decided_pool(
    store: Store, domain: DecisionDomain, version: str, model: Model, *, progress: Progress
) -> Decided:
    """The pool of a version as the log stands; only what was decided since the last time is explained."""
    columns = len(model.features) * (len(model.actions) - 1) + 1
    ids = pd.Index(frames.decided_ids(store, domain, min(MOST, CELLS // columns)), dtype=object)
    kept = _KEPT.setdefault(store, {}).get(domain.name)
    if kept is None or kept.version != version or kept.pool.laid_out.shape[1] != columns:
        kept = Decided(version, pd.Index([], dtype=object), Pool(np.zeros((0, columns), dtype=np.float32)))
    fresh = ids.difference(kept.ids, sort=False)
    laid_out, known = [kept.pool.laid_out], [kept.ids]
    for start in range(0, len(fresh), CHUNK):
        cases = frames.cases_of(store, domain, list(fresh[start : start + CHUNK]))
        laid_out.append(Pool.of(view(explain(model, cases))).laid_out)
        known.append(pd.Index(cases["case_id"], dtype=object))
        progress(start / len(fresh), f"Looking at what was decided: {start:,} of {len(fresh):,}")
    held = known[0].append(known[1:])
    found = Decided(version, ids, Pool(np.concatenate(laid_out)[held.get_indexer(ids)]))
    _KEPT[store][domain.name] = found
    return found
