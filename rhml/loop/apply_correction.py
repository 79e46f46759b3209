"""A lead lets a correction recommend, or switches it off; the waiting cases it speaks of are scored anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import CorrectionRefused
from rhml.loop import permit
from rhml.loop.correcting import correction_of
from rhml.loop.recommend import recommend_again
from rhml.machine.corrections.correction import Correction
from rhml.store import corrections as kept
from rhml.store import frames, registry, waiting
from rhml.store.corrections import Event, StoredCorrection
from rhml.store.engine import Store, Transaction


def apply(
    store: Store,
    domain: DecisionDomain,
    correction_id: str,
    *,
    by: str,
    why: str,
    at: datetime,
    anyway: bool = False,
) -> int:
    """Let a correction recommend, as it is worded now; returns how many waiting cases it changed.

    One that later outcomes have not proved yet needs `anyway`, which stays on record.
    """
    permit.lead(store, by, "apply a correction")
    found = _open(store, domain, correction_id, why)
    if found.in_force is found.now:
        raise CorrectionRefused(f"{correction_id} is applied already.")
    if found.tested != "proved" and not anyway:
        raise CorrectionRefused(
            f"Later outcomes have not proved {correction_id} ({found.tested}). Wait for more of them, or apply it "
            "all the same with --anyway; that stays on record."
        )
    evidence = {"wording": len(found.wordings) - 1, "unproved": found.tested != "proved"}
    event = Event("applied", evidence, by, why.strip(), at)
    record(store, domain, found, event)
    return rescore(store, domain, segments(found), at=at)


def switch_off(
    store: Store, domain: DecisionDomain, correction_id: str, *, by: str, why: str, at: datetime
) -> int:
    """Take a correction out of force, or refuse a proposed one; returns how many waiting cases it changed."""
    permit.lead(store, by, "switch off a correction")
    found = _open(store, domain, correction_id, why)
    if not found.applied and found.last("switched off"):
        raise CorrectionRefused(f"{correction_id} is switched off already.")
    event = Event("switched off", {}, by, why.strip(), at)
    record(store, domain, found, event)
    return rescore(store, domain, segments(found), at=at) if found.applied else 0


def _open(store: Store, domain: DecisionDomain, correction_id: str, why: str) -> StoredCorrection:
    if not why.strip():
        raise CorrectionRefused("Say why: the reason stays beside the correction for good.")
    found = kept.correction(store, domain.name, correction_id)
    if found.ended or found.version != registry.live_version(store, domain.name):
        raise CorrectionRefused(
            f"{correction_id} belonged to {found.version}, which does not recommend any more."
        )
    return found


def segments(found: StoredCorrection) -> list[Correction]:
    """Every wording of a correction: where its cases may be recommended for otherwise than before."""
    return [correction_of(found, wording) for wording in found.wordings]


def record(store: Store, domain: DecisionDomain, found: StoredCorrection, event: Event) -> None:
    """Record what became of a correction; the cases it speaks of are marked for a new recommendation with it.

    In one commit: whatever ends the process before they are scored, the next scoring finds them.
    """
    moved = _inside(store, domain, segments(found)) if found.applied or event.kind == "applied" else None

    def unit(tx: Transaction) -> None:
        kept.happen(tx, domain.name, found.correction_id, event)
        if moved is not None:
            waiting.score_again(tx, domain.name, moved["case_id"].tolist())

    store.write(unit)


def rescore(store: Store, domain: DecisionDomain, touched: Sequence[Correction], *, at: datetime) -> int:
    """Recommend anew for the waiting cases in the segments of corrections that changed; returns how many."""
    inside = _inside(store, domain, touched)
    return recommend_again(store, domain, inside, at=at) if len(inside) else 0


def _inside(store: Store, domain: DecisionDomain, touched: Sequence[Correction]) -> pd.DataFrame:
    undecided = frames.undecided(store, domain)
    if undecided.empty or not touched:
        return undecided.iloc[:0]
    inside = np.logical_or.reduce([c.segment.holds(undecided) for c in touched])
    return undecided[inside].reset_index(drop=True)
