"""Looks for lessons after outcomes, both ways, and asks later cases again about those nobody has acted on yet.

Each look spends a part of the doubt that all looks together may leave; what it confirms gives some of it back.
A decision that one look has seen judged never confirms anything in a later one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.lessons import mining, wording
from rhml.human.lessons.calls import Duels
from rhml.human.lessons.confirming import Evidence, enough, evidence
from rhml.human.lessons.mining import Asked, Known, Mined
from rhml.stats.rules.rule import Rule
from rhml.store import frames, studies
from rhml.store import lessons as kept
from rhml.store.engine import Store, Transaction
from rhml.store.lessons import LessonEvent, StoredLesson
from rhml.store.studies import Study

KIND = "lessons"
AGAIN = 200
"""New outcomes after which another look is worth its share of the doubt, and a fifth of those seen before."""

FIRST = 0.8
"""The share of the doubt that the first look may spend; all later ones share the rest."""

SURE = 0.05
SHOWN = 60

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Looked:
    """What a look came to: ids of lessons found, confirmed again and refuted, and that in words."""

    message: str
    found: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    judged: int = 0


def due(store: Store, domain: DecisionDomain) -> bool:
    """Whether enough outcomes have arrived since the last look."""
    if domain.outcome is None:
        return False
    last = _last(store, domain)
    return frames.new_outcomes(store, domain, last["until"]) >= max(AGAIN, 0.2 * last["judged"])


def _last(store: Store, domain: DecisionDomain) -> dict[str, Any]:
    newest = studies.newest(store, domain.name, KIND)
    return newest.content if newest else {"looks": 0, "until": 0, "judged": 0}


def level(looks: int, confirmed: int) -> float:
    """The share of false discoveries that the next look may risk, after so many looks and confirmed lessons.

    Most of it goes to the first; the rest is spread over all to come, and each true find earns its share again.
    """
    share = FIRST if not looks else (1 - FIRST) * 6 / (np.pi * looks) ** 2
    return float(mining.LEVEL * min(1.0, share * (1 + confirmed)))


def look(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress = lambda s, w: None
) -> Looked:
    """Mine lessons from what is judged by now, and ask new cases about lessons that wait."""
    cases, decisions = frames.cases(store, domain), frames.own_calls(frames.decided(store, domain))
    until, last, held = frames.counter(store, domain), _last(store, domain), kept.held(store, domain)
    used = kept.seen_judged(store, domain, last["until"]) if last["looks"] else set()
    known = [
        Known(Rule.of(x.content), x.learner, x.manager)
        for x in held
        if x.state not in ("withdrawn", "refuted")
    ]

    progress(0.2, "Looking where one of the two is right and the other wrong")
    allowed = level(last["looks"], len(held))
    mined = mining.mine(cases, decisions, domain=domain, level=allowed, used=used, known=known)
    progress(0.8, "Asking later cases about lessons that wait")
    said = _again(store, domain, held, mined.duels, until)

    if mined.why:
        return Looked(mined.why, judged=len(mined.duels))
    times = pd.to_datetime(decisions.set_index("decision_id")["decided_at"])
    return store.write(lambda tx: _record(tx, domain, mined, said, times, last, until, by, at))


def _again(
    store: Store, domain: DecisionDomain, held: list[StoredLesson], duels: Duels, until: int
) -> dict[str, tuple[str, dict[str, Any]]]:
    """For each lesson that waits and has enough new cases: 'confirmed' or 'refuted', with the counts."""
    said = {}
    for lesson in held:
        if lesson.state not in ("proposed", "not yet"):
            continue
        newest = lesson.last("confirmed", "refuted")
        since = (newest.evidence or {}).get("until") if newest else lesson.learned_from
        used = kept.seen_judged(store, domain, since if since is not None else lesson.learned_from)
        fresh = duels.rows(~np.isin(duels.decision, list(used)))
        if lesson.manager is not None:
            fresh = fresh.rows(fresh.manager == lesson.manager)
        found = evidence(fresh, Rule.of(lesson.content).covers(fresh.facts), _sign(lesson.learner))
        if enough(found) and (kind := _verdict(found, _sign(lesson.learner))):
            said[lesson.lesson_id] = (kind, {"later": found.as_dict(), "until": until})
    return said


def _verdict(found: Evidence, sign: int) -> str | None:
    """What new cases say of a lesson: borne out, gone, or nothing that counts yet."""
    if found.p <= SURE and found.inside * sign >= mining.LEAST:
        return "confirmed"
    gone = found.inside * sign <= 0 or found.inside * sign + 1.96 * found.error < mining.LEAST
    return "refuted" if gone else None


def _sign(learner: str) -> int:
    return 1 if learner == "people" else -1


def _record(
    tx: Transaction,
    domain: DecisionDomain,
    mined: Mined,
    said: dict[str, tuple[str, dict[str, Any]]],
    times: pd.Series,
    last: dict[str, Any],
    until: int,
    by: str,
    at: datetime,
) -> Looked:
    count = len(kept.held(tx, domain))
    new = [
        _stored(a, f"l{count + 1 + i}", mined.duels, _drawn_until(a, times), domain, until, by, at)
        for i, a in enumerate(mined.lessons)
    ]
    kept.append(tx, domain.name, new)
    for lesson_id, (kind, found) in said.items():
        kept.happen(tx, domain.name, lesson_id, LessonEvent(kind, by, "", at, evidence=found))
    content = {"looks": last["looks"] + 1, "until": until, "judged": len(mined.duels), "asked": mined.asked}
    studies.add(tx, domain.name, Study(KIND, None, content, at, by))
    by_kind = {kind: tuple(x for x, (k, _) in said.items() if k == kind) for kind in ("confirmed", "refuted")}
    found = tuple(lesson.lesson_id for lesson in new)
    return Looked(_message(found, by_kind, mined, domain), found, **by_kind, judged=len(mined.duels))


def _stored(
    asked: Asked,
    name: str,
    duels: Duels,
    drawn_until: str | None,
    domain: DecisionDomain,
    until: int,
    by: str,
    at: datetime,
) -> StoredLesson:
    own = asked.manager is not None
    inside = asked.where & (duels.manager == asked.manager) if own else asked.where
    telling = duels.case[inside & (duels.lead * asked.sign > 0)]
    found = {
        "found": asdict(asked.found),
        "later": asdict(asked.later),
        "covered": int(inside.sum()),
        "unaided": int(duels.own[inside].sum()),
        "cases": list(dict.fromkeys(telling[::-1]))[:SHOWN],
        "drawn_until": drawn_until,
    }
    said = wording.sentence(asked.rule, found["later"], domain=domain, learner=asked.learner, own=own)
    content = asked.rule.content(asked.learner)
    return StoredLesson(name, asked.learner, asked.manager, content, said, found, until, at, by)


def _drawn_until(asked: Asked, times: pd.Series) -> str | None:
    """The time of the last decision that a rule was looked for on: later ones are what it has not seen."""
    last = times.reindex(asked.drawn_on).max()
    return None if pd.isna(last) else last.isoformat()


def _message(
    found: tuple[str, ...], by_kind: dict[str, tuple[str, ...]], mined: Mined, domain: DecisionDomain
) -> str:
    parts = [f"{len(x)} {word}" for word, x in (("new", found), *by_kind.items()) if x]
    judged = f"{len(mined.duels):,} judged decisions, {mined.asked} rules asked about"
    return f"Lessons: {', '.join(parts)} ({judged})." if parts else f"No new lesson ({judged})."
