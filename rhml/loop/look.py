"""Look at one person's record: allowed to a lead, with enough cases, as the domain says; every look is a fact.

Looking again within the hour is the same look. What is a person's alone is no part of a record: the model of
their own calls, lessons, drills and courses, drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import LookRefused
from rhml.human.calibration import Calibration, calibration
from rhml.human.feedback import Duel, duel, judged
from rhml.human.strengths import Strengths, strengths
from rhml.loop import permit, privacy
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample
from rhml.store import frames, looks, organization
from rhml.store.engine import Store, Transaction
from rhml.store.looks import RECORD, Look
from rhml.store.veil import counts, decision_counts

ONE_LOOK = timedelta(hours=1)
LONGEST = 500
ACT = "look at another person's record"


@dataclass(frozen=True)
class Record:
    """What a person sees of their own decisions: shares right, honesty, strong and weak ground; bank left out."""

    person: str
    decided: int
    right: Measure
    duel: Duel
    own: Calibration
    model: Calibration
    strengths: Strengths


def look(
    store: Store, domain: DecisionDomain, person: str, *, by: str, why: str = "", at: datetime
) -> Record:
    """A person's record; a reason is asked unless a look of the last hour is still open.

    NotPermitted for who is no lead, LookRefused where the domain, the counts or a missing reason forbid it.
    """
    if person != by:
        store.write(lambda tx: _allowed(tx, domain, Look(by, person, RECORD, why.strip()[:LONGEST], at)))

    decisions = frames.decided_by(store, domain, person)

    return record(decisions, person, domain=domain)


def is_open(store: Store, domain: DecisionDomain, person: str, *, by: str, at: datetime) -> bool:
    """Whether a look at this person's record is still the same one."""
    found = looks.listed(store, domain.name, person, limit=100)
    return any(k.by == by and k.what == RECORD and k.at > at - ONE_LOOK for k in found)


def _allowed(tx: Transaction, domain: DecisionDomain, asked: Look) -> None:
    """Check everything again inside the unit, and record the look unless it is the same one."""
    role, _ = organization.role_and_champion(tx, domain.name, asked.by)
    permit.may_lead(asked.by, role, ACT)
    if not organization.is_newest(tx, domain):
        raise LookRefused("The domain file has just been changed. Look again.")
    held = decision_counts(tx.run, domain, only=asked.about)
    if asked.about not in held:
        raise LookRefused(f"Nobody called {asked.about!r} has decided anything in {domain.title}.")
    if refused := privacy.why_not(domain, asked.about, held[asked.about]):
        raise LookRefused(refused)
    if _same(tx, domain.name, asked):
        return
    if not asked.why:
        raise LookRefused(
            f"Say why you look at the record of {asked.about}: the reason is shown to them, and stays."
        )
    looks.append(tx, domain.name, [asked])


def _same(tx: Transaction, schema: str, asked: Look) -> bool:
    recent = looks.since(tx, schema, asked.by, asked.at - ONE_LOOK)
    return any((k.about, k.what) == (asked.about, asked.what) for k in recent)


def seen(
    store: Store,
    domain: DecisionDomain,
    people: Sequence[str],
    *,
    by: str,
    what: str,
    why: str = "",
    at: datetime,
) -> None:
    """Record that other people's decisions are shown to somebody under their own names, before they are.

    The same thing for the same reason within the hour is one look; nothing is written for one's own.
    """  # fmt: skip
    others = sorted({person for person in people if person != by})
    if others:
        store.write(lambda tx: _append_new(tx, domain.name, others, Look(by, "", what, why[:LONGEST], at)))


def taken_along(store: Store, *, by: str, at: datetime) -> None:
    """Record that somebody takes a copy of the whole log along: everyone's record in every domain."""
    for name in organization.domain_names(store):
        domain = organization.domain(store, name)
        seen(store, domain, list(counts(store, domain)), by=by, what="copy of the log", at=at)


def _append_new(tx: Transaction, schema: str, people: list[str], like: Look) -> None:
    recent = looks.since(tx, schema, like.by, like.at - ONE_LOOK)
    had = {k.about for k in recent if (k.what, k.why) == (like.what, like.why)}
    fresh = [Look(like.by, person, like.what, like.why, like.at) for person in people if person not in had]
    looks.append(tx, schema, fresh)


def record(decisions: pd.DataFrame, person: str, *, domain: DecisionDomain) -> Record:
    """The findings that a person's own page shows, from the same frame and by the same functions."""
    rows, why = judged(decisions, domain)
    rows = rows[rows["final_action"].notna()]
    right = (rows["final_action"] == rows["right_action"]).to_numpy(bool)
    return Record(
        person=person,
        decided=int(decisions["final_action"].notna().sum()),
        right=Measure.unknown(why) if why else share(right, Sample.of(rows["case_id"])),
        duel=duel(decisions, domain=domain),
        own=calibration(decisions, domain=domain, who="human"),
        model=calibration(decisions, domain=domain, who="model"),
        strengths=strengths(decisions, domain=domain),
    )
