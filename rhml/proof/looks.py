"""The report read again and again while decisions and outcomes arrive: no verdict may be false at any of the looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.proof import truth
from rhml.proof.judged import Judged
from rhml.proof.log import BY, fresh_log, table
from rhml.proof.organization import BEGIN, Organization, organization
from rhml.proof.people import NAMES, WHO, in_short
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress, silent

Watch = Callable[[dict[str, Any]], None]
Batch = dict[str, pd.DataFrame]


def examined(
    plant: Plant, seed: int, progress: Progress = silent, watch: Watch | None = None
) -> dict[str, Any]:
    """What the reports said after each batch: every claim false at any look counts once for the organization."""
    made, domain = organization(plant, seed), Organization.domain()
    course, false, said, true = [], {}, {}, {}
    with fresh_log(BEGIN) as store:
        for look, (at, batch, known) in enumerate(batches(made), start=1):
            brought = {name: table(frame) for name, frame in batch.items() if len(frame)}
            onboard(store, domain, **brought, by=BY, at=at)
            said = report(store, domain, seed=seed, parts=()).as_dict()
            true = truth.changes_at(made, said["improvement"]["cut"], known)
            for kind in _false(said, true, plant):
                false.setdefault(kind, look)
            course.append(_look(look, at, known, said, true))
            progress(look / plant.looks, f"Read {look} of {plant.looks} times")
            if watch:
                watch(course[-1])
    sheet = Judged()
    _last(sheet, said, true, plant, false, course)
    return {"truth": true, **in_short(said), "course": course, "first_false": false, **sheet.as_dict()}


def batches(made: Organization) -> Iterator[tuple[Any, Batch, np.ndarray]]:
    """When each batch is recorded, its files, and which outcomes are known by then (bool, one a case)."""
    decided, known_at = made.decisions["decided_at"], made.outcomes["known_at"]
    edges = np.linspace(0, len(decided), made.plant.looks + 1).round().astype(int)
    before = np.zeros(len(decided), bool)
    for first, end in pairwise(edges):
        at = decided.iloc[end - 1].to_pydatetime() + timedelta(hours=1)
        known = (known_at <= at).to_numpy() & (np.arange(len(decided)) < end)
        new = {"cases": made.cases[first:end], "decisions": made.decisions[first:end],
               "outcomes": made.outcomes[known & ~before]}  # fmt: skip
        yield at, new, known
        before = known


def _false(said: dict[str, Any], true: dict[str, float], plant: Plant) -> list[str]:
    """Which claims are false at this look."""
    sheet = Judged()
    for who in WHO:
        sheet.change(NAMES[who], true[who], said["improvement"][who]["verdict"])
    for part in (said["skill"] or {}).get("by_segment") or ():
        sheet.change("people in a segment", true.get(part["name"], true["human"]), part["verdict"])
    raised = {a["kind"]: a["state"] == "raised" for a in said["alarms"]}
    sheet.claim("alarm: deskilling", "", false=raised["deskilling"] and plant.change >= 0)
    sheet.claim("alarm: automation bias", "", false=raised["automation bias"] and not plant.deferring)
    return [kind for kind, _, false, _ in sheet.claims if false]


def _look(
    look: int, at: Any, known: np.ndarray, said: dict[str, Any], true: dict[str, float]
) -> dict[str, Any]:
    short = {who: in_short(said)[who] for who in WHO}
    return {"look": look, "decided": said["decisions"], "resolved": int(known.sum()), "at": at.isoformat(),
            **short, "truth": {who: true[who] for who in WHO}}  # fmt: skip


def _still(kind: str, plant: Plant) -> bool:
    """Whether there was never anything to claim of a side."""
    people, model = plant.change == 0, not plant.better
    return {"model": model, "team": people and model and not plant.deferring,
            "alarm: automation bias": not plant.deferring}.get(kind, people)  # fmt: skip


def _last(
    sheet: Judged, said, true, plant: Plant, false: dict[str, int], course: list[dict[str, Any]]
) -> None:
    for kind in (
        "people",
        "model",
        "team",
        "people in a segment",
        "alarm: deskilling",
        "alarm: automation bias",
    ):
        said_at = f"look {false[kind]}" if kind in false else "never"
        sheet.claim(kind, said_at, false=kind in false, still=_still(kind, plant))
    for who in WHO:
        sheet.interval(
            f"change of {NAMES[who]}, at the last of many looks", true[who], said["improvement"][who]
        )
    if plant.change > 0:
        ever = any(one["human"]["verdict"] == "improved" for one in course)
        sheet.power(
            f"people: gain of {plant.change * 100:.0f} points, at some of {plant.looks} looks",
            plant.calls,
            hit=ever,
        )
    if plant.better and plant.named:
        ever = any(one["model"]["verdict"] == "improved" for one in course)
        sheet.power(f"model: a better version, at some of {plant.looks} looks", plant.calls, hit=ever)
