"""The alarms of a domain: looked at whenever outcomes arrive, kept once raised, and answered by a lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DecisionInvalid
from rhml.human.reliance.alarm import Alarm
from rhml.human.reliance.telling import alarms as compute
from rhml.loop import permit, settle
from rhml.loop.settle import Settled
from rhml.machine.proposing.edits import FirstCalls, as_dict, edited, kind_of
from rhml.store import frames, organization, proposals, studies
from rhml.store.engine import Store
from rhml.store.opening import new_id
from rhml.store.proposals import Proposal
from rhml.store.studies import Study

KIND = "alarm"


def alarms(store: Store, domain: DecisionDomain, decisions: pd.DataFrame | None = None) -> tuple[Alarm, ...]:
    """The alarms as they stand; one that was recorded as raised keeps the moment it was first raised."""
    found = compute(_with_facts(store, domain, decisions), domain=domain)
    return tuple(_answered(store, domain, _since(store, domain, one)) for one in found)


def look(store: Store, domain: DecisionDomain, *, by: str, at: datetime) -> tuple[Alarm, ...]:
    """Look after outcomes have arrived, and record each alarm that is newly raised, or no longer is."""
    found = alarms(store, domain)
    if any((one.state == "raised") != bool(_held(store, domain, one.kind)) for one in found):
        fact = Study(KIND, None, {"alarms": [one.as_dict() for one in found]}, at, by)
        store.write(lambda tx: studies.add(tx, domain.name, fact))
    return found


def raise_first_call(
    store: Store, domain: DecisionDomain, share: float, *, by: str, why: str, at: datetime
) -> Settled:
    """Ask for the own call first on this share of new cases: a lead's edit of the domain file, with a reason."""
    permit.lead(store, by, "change how many cases ask for the own call first")
    newest = organization.domain(store, domain.name)
    edit = FirstCalls(round(share, 4))
    if not newest.modes.first_call < share <= 1 - newest.modes.evidence_only:
        raise DecisionInvalid(
            f"Choose a share above today's {newest.modes.first_call * 100:.0f} % and not above "
            f"{(1 - newest.modes.evidence_only) * 100:.0f} %, what is left beside the cases that show evidence only."
        )
    if not why.strip():
        raise DecisionInvalid("Say why: the reason stays on record beside the change.")
    edited(newest, edit)
    asked = Proposal(
        new_id(), kind_of(edit), as_dict(edit),
        f"The alarms ask for more own calls: {share * 100:.0f} % instead of {newest.modes.first_call * 100:.0f} %.",
        _evidence(alarms(store, newest)), frames.counter(store, newest), at, by,
    )  # fmt: skip
    store.write(lambda tx: proposals.add(tx, domain.name, [asked]))
    return settle.accept(store, newest, asked.proposal_id, by=by, why=why, at=at)


def _evidence(found: tuple[Alarm, ...]) -> dict[str, object]:
    """What stands beside such an edit in the list of proposals: no model is trained for it."""
    why = "No model was trained for it: it changes which cases ask first, not what a model learns."
    gain = {"value": None, "low": None, "high": None, "n": 0, "why": why}
    raised = [one.sentence for one in found if one.state == "raised"]
    return {"how": "alarm", "gain": gain, "measure": "accuracy", "cases": 0, "changed": 0, "won": 0, "lost": 0,
            "support": {"overrides": 0}, "examples": [], "alarms": raised}  # fmt: skip


def _with_facts(store: Store, domain: DecisionDomain, decisions: pd.DataFrame | None) -> pd.DataFrame:
    """Decisions with the facts of their cases, which say how hard each is whatever the model's version."""
    rows = frames.decided(store, domain) if decisions is None else decisions
    facts = [
        f.name for f in domain.features if f.kind in ("number", "yes_no", "category") and f.name not in rows
    ]
    if not facts or rows.empty:
        return rows
    return rows.merge(frames.cases(store, domain)[["case_id", *facts]], on="case_id", how="left")


def _answered(store: Store, domain: DecisionDomain, one: Alarm) -> Alarm:
    """A proposal that a lead has carried out since the alarm is not made again: its effect takes time."""
    if one.proposal is None or one.since is None:
        return one
    done = [
        p
        for p in proposals.everything(store, domain.name)
        if p.kind == "first_call" and p.decided == "accepted"
    ]
    if not done or done[0].decided_at < one.since:
        return one
    said = (
        f"{done[0].decided_by} raised the share of {domain.terms.many} that ask for the own call first to "
        f"{done[0].content['share'] * 100:.0f} % since; whether it helps will show here."
    )
    return replace(one, proposal={"kind": "carried out", "drills": one.proposal["drills"], "sentence": said})


def _held(store: Store, domain: DecisionDomain, kind: str) -> dict | None:
    """The recorded alarm of a kind, if the newest record says it is raised."""
    newest = studies.newest(store, domain.name, KIND)
    held = newest.content["alarms"] if newest else []
    return next((one for one in held if one["kind"] == kind and one["state"] == "raised"), None)


def _since(store: Store, domain: DecisionDomain, one: Alarm) -> Alarm:
    held = _held(store, domain, one.kind) if one.state == "raised" else None
    return replace(one, since=datetime.fromisoformat(held["since"])) if held else one
