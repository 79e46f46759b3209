"""The machine learns within the minute: look where the model is off, propose a correction, test it on what follows.

A job asks for this after every outcome. Nothing here changes a recommendation unless the domain says so
(`corrections = "apply"`): a lead applies what later outcomes have proved, or switches it off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.loop import permit
from rhml.loop.apply_correction import record, rescore, segments
from rhml.loop.correcting import LOOK, Gathered, gathered
from rhml.machine.corrections.correction import Correction, corrected
from rhml.machine.corrections.gate import Gate
from rhml.machine.corrections.look import Looked
from rhml.machine.corrections.stream import Standing, follow, judged
from rhml.store import corrections as kept
from rhml.store import registry, studies
from rhml.store.corrections import Event, Wording
from rhml.store.engine import Store, Transaction
from rhml.store.studies import Study


@dataclass(frozen=True)
class Corrected:
    """What one run came to: cases seen since the training, whether it looked (1) or not, ids of what is new or has changed."""

    version: str | None
    cases: int = 0
    looks: int = 0
    proposed: tuple[str, ...] = ()
    sharpened: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    switched_off: tuple[str, ...] = ()
    rescored: int = 0
    message: str = ""
    corrections: list[dict[str, Any]] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether any correction is new, or stands differently from before."""
        return bool(
            self.proposed + self.sharpened + self.proved + self.refuted + self.applied + self.switched_off
        )


def correct(store: Store, domain: DecisionDomain, *, by: str, at: datetime) -> Corrected:
    """Look for corrections of the live version on the outcomes since its training, and test those proposed."""
    permit.lead(store, by, "look for corrections")
    version = registry.live_version(store, domain.name)
    if version is None or domain.outcome is None:
        why = (
            "no model is live"
            if version is None
            else "the domain declares no outcome that could prove a correction"
        )
        return Corrected(version, message=f"There is nothing to correct: {why}.")
    held = gathered(store, domain, version)

    names = _names(store, domain)
    looked, after = follow(
        held.seen,
        held.standing(_looks(store, domain)),
        domain=domain,
        name=lambda: next(names),
        before=held.before,
    )
    gates = {line.now.correction_id: judged(line, held.seen) for line in after.lines}

    done = store.write(lambda tx: _record(tx, store, domain, held, looked, after, gates, by, at))
    return _with_effect(store, domain, done, version, held, by, at)


def _names(store: Store, domain: DecisionDomain) -> Iterator[str]:
    known = len(kept.corrections(store, domain.name))
    while True:
        known += 1
        yield f"k{known}"


def _looks(store: Store, domain: DecisionDomain) -> int:
    """How many looks the domain's versions have had: together they spend one α."""
    newest = studies.newest(store, domain.name, LOOK)
    return newest.content["looks"] if newest else 0


def _record(
    tx: Transaction,
    store: Store,
    domain: DecisionDomain,
    held: Gathered,
    looked: Looked | None,
    after: Standing,
    gates: dict[str, Gate],
    by: str,
    at: datetime,
) -> Corrected:
    """Write down new wordings, what the tests say now, and the looks made."""
    known = {c.correction_id: c for c in held.corrections}
    proposed, sharpened, proved, refuted = [], [], [], []
    for line in after.lines:
        name = line.now.correction_id
        before = len(known[name].wordings) if name in known else 0
        for count, correction in line.stood[before:]:
            kept.word(
                tx, domain.name, name, held.version, _wording(store, domain, held, count, correction, by, at)
            )
        if before == 0:
            proposed.append(name)
        elif len(line.stood) > before:
            sharpened.append(name)
        gate = gates[name]
        was = known[name].last("tested") if name in known else None
        if gate.gain.n and (was is None or was.evidence != gate.as_dict()):
            kept.happen(tx, domain.name, name, Event("tested", gate.as_dict(), by, "", at))
        if gate.state != (was.evidence["state"] if was else "proposed"):
            (proved if gate.state == "proved" else refuted).append(name)
    if looked:
        content = {"looks": after.looks, "cases": after.looked_at, "p": looked.p, "level": looked.level}
        studies.add(tx, domain.name, Study(LOOK, held.version, content, at, by))
    return Corrected(
        held.version,
        len(held.seen),
        int(looked is not None),
        tuple(proposed),
        tuple(sharpened),
        tuple(proved),
        tuple(refuted),
    )


def _wording(
    store: Store,
    domain: DecisionDomain,
    held: Gathered,
    count: int,
    correction: Correction,
    by: str,
    at: datetime,
) -> Wording:
    """A correction in words, with what it rests on: its cases so far, before and after, and the rest."""
    part = held.seen.first(count)
    inside = correction.segment.holds(part.cases)
    before, labels = part.probabilities[inside], part.labels[inside]
    after = corrected(before, (correction,), part.cases[inside])
    right = labels.argmax(axis=1)
    move, size = (after - before).mean(axis=0), np.abs(after - before).mean(axis=0)
    main = int(size.argmax()) if len(domain.action_keys) > 2 else 0
    evidence = {
        "cases": int(inside.sum()),
        "of": count,
        "right_before": int((before.argmax(axis=1) == right).sum()),
        "right_after": int((after.argmax(axis=1) == right).sum()),
        "rest_right": int(
            (part.probabilities[~inside].argmax(axis=1) == part.labels[~inside].argmax(axis=1)).sum()
        ),
        "points": float(move[main]),
        "size": float(size[main]),
        "action": correction.actions[main],
    }
    return Wording(
        content=correction.to_dict(),
        sentence=correction.words(domain, float(move[main]), float(size[main]), correction.actions[main]),
        evidence=evidence,
        authors=kept.authors(store, domain, list(part.cases["case_id"][inside])),
        learned_from=int(held.numbers[count - 1]),
        at=at,
        by=by,
    )


def _with_effect(
    store: Store, domain: DecisionDomain, done: Corrected, version: str, held: Gathered, by: str, at: datetime
) -> Corrected:
    """Where the domain applies corrections at once: apply what is new, switch off what was not borne out."""
    on, off, changed = [], [], []
    at_once = domain.training.corrections == "apply"
    for found in kept.corrections(store, domain.name, version):
        name = found.correction_id
        if found.ended or (found.refused and not found.applied):
            continue
        if found.tested == "not borne out" and found.applied:
            why = "Later outcomes did not bear it out."
            record(store, domain, found, Event("switched off", {}, by, why, at))
            off.append(name)
            changed.append(found)
        elif at_once and found.in_force is not found.now:
            event = Event("applied", {"wording": len(found.wordings) - 1, "at_once": True}, by,
                          "Applied at once, as the domain says.", at)  # fmt: skip
            record(store, domain, found, event)
            on.append(name)
            changed.append(found)
    rescored = rescore(store, domain, [c for found in changed for c in segments(found)], at=at)
    everything = [c.listed() for c in kept.corrections(store, domain.name, version)]
    result = replace(
        done, applied=tuple(on), switched_off=tuple(off), rescored=rescored, corrections=everything
    )
    return replace(result, message=_message(result, domain))


def _message(done: Corrected, domain: DecisionDomain) -> str:
    parts = [
        f"{len(names)} {said}"
        for names, said in (
            (done.proposed, "proposed"), (done.sharpened, "sharpened"), (done.proved, "proved by later outcomes"),
            (done.refuted, "not borne out"), (done.applied, "applied"), (done.switched_off, "switched off"),
        )
        if names
    ]  # fmt: skip
    seen = f"{done.cases:,} {domain.terms.many} with an outcome since {done.version} was trained"
    if parts:
        return f"Corrections: {', '.join(parts)} ({seen})."
    return f"No new correction ({seen}; {'looked' if done.looks else 'too few new ones for another look'})."
