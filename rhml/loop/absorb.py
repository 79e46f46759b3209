"""At a promotion the corrections of the version before end: absorbed where the new one knows them by itself.

The new version's out-of-fold probabilities of its training cases answer that: no model that gave them had seen
the case. A correction it does not know is dropped, and proposed again for it where it would still help.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.loop.correcting import correction_of, reference_cases
from rhml.machine.corrections.correction import Correction, corrected
from rhml.machine.corrections.fit import fit, log_loss_of, scores
from rhml.machine.corrections.look import LEAST_MOVE, Seen, moved
from rhml.machine.model import Model
from rhml.store import corrections as kept
from rhml.store import registry
from rhml.store.corrections import Event, StoredCorrection, Wording
from rhml.store.engine import Store, Transaction
from rhml.store.registry import Version

FEWEST = 20
"""Cases of the segment that the new version was trained on, below which nothing is said about them."""


@dataclass(frozen=True)
class Ending:
    """What becomes of one correction: *absorbed* or *dropped*, why, and what the new version still needs."""

    one: StoredCorrection
    kind: str
    why: str
    again: Correction | None


def endings(store: Store, domain: DecisionDomain, before: str | None, now: str) -> tuple[Ending, ...]:
    """What becomes of the corrections of version `before` when `now` recommends; nothing is written."""
    open_ones = [c for c in kept.corrections(store, domain.name, before) if not c.ended] if before else []
    if not open_ones:
        return ()
    entry = registry.version(store, domain.name, now)
    since = kept.outcome_numbers(store, domain, registry.version(store, domain.name, before).learned_from)
    model, old = (Model.from_bytes(registry.content(store, domain.name, v)) for v in (now, before))
    known = reference_cases(store, domain, entry.learned_from, model)
    known = known.where(known.cases["case_id"].isin(since).to_numpy()) if known else None
    return tuple(Ending(one, *_became(one, known, old, now)) for one in open_ones)


def end(
    tx: Transaction,
    domain: DecisionDomain,
    found: tuple[Ending, ...],
    entry: Version,
    *,
    by: str,
    at: datetime,
) -> list[str]:
    """Record the endings beside the promotion of `entry`; returns what became of each, in words."""
    said = []
    for ending in found:
        one, why = ending.one, ending.why
        if ending.again is not None:
            name = _again(tx, domain, one, ending.again, entry, by, at)
            why = f"{why} It is proposed again for {entry.version} as {name}."
        kept.happen(
            tx, domain.name, one.correction_id, Event(ending.kind, {"for": entry.version}, by, why, at)
        )
        said.append(f"{one.correction_id} {ending.kind}: {why}")
    return said


def _became(
    one: StoredCorrection, known: Seen | None, old: Model, now: str
) -> tuple[str, str, Correction | None]:
    """*absorbed* or *dropped*, why, and the correction that the new version would still need."""
    if one.refused or (one.tested != "proved" and one.applied is None):
        return "dropped", f"It was {one.state} when {now} was promoted.", None
    correction = correction_of(one, one.in_force or one.now)
    inside = correction.segment.holds(known.cases) if known is not None else np.zeros(0, bool)
    if known is None or inside.sum() < FEWEST or old.actions != tuple(correction.actions):
        return (
            "dropped",
            f"{now} learned from too few such cases with an outcome to tell whether it knows it.",
            None,
        )
    cases, labels = known.cases[inside], known.labels[inside]
    alone = old.probabilities(cases)
    losses = [
        float(log_loss_of(scores(p), labels).mean())
        for p in (alone, corrected(alone, (correction,), cases), known.probabilities[inside])
    ]
    told = f"On {inside.sum():,} such cases the log loss was {losses[0]:.2f} without the correction, {losses[1]:.2f} with it"
    told += f", and is {losses[2]:.2f} by {now} alone."
    if losses[2] <= (losses[0] + losses[1]) / 2:
        return "absorbed", told, None
    z = scores(known.probabilities[inside])
    again = Correction.of(correction.segment, correction.actions, fit(z, labels))
    return "dropped", told, again if moved(again, z) >= LEAST_MOVE else None


def _again(
    tx: Transaction, domain: DecisionDomain, one: StoredCorrection, again: Correction, entry: Version, by: str,
    at: datetime,
) -> str:  # fmt: skip
    """Word it anew for the new version; only outcomes after its training can prove it there."""
    name = kept.next_name(tx, domain.name)
    held = one.now.evidence
    wording: Wording = replace(
        one.now, content=again.to_dict(), sentence=again.words(domain, held["points"], held["size"], held["action"]),
        learned_from=entry.learned_from, at=at, by=by,
    )  # fmt: skip
    kept.word(tx, domain.name, name, entry.version, wording)
    return name
