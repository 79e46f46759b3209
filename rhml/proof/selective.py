"""Outcomes that show after one action alone: with a random share the intervals hold, without one nothing is claimed."""

from __future__ import annotations

from typing import Any

import numpy as np

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.proof import live, organization, world
from rhml.proof.judged import Judged
from rhml.proof.log import BY, NOW, fresh_log, table
from rhml.proof.organization import BEGIN, DOMAIN
from rhml.proof.people import WHO, in_short
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress

MEASURES = ("human", "model", "team", "rair", "rsr", "override_precision", "override_value", "team_minus_human", "team_minus_model")  # fmt: skip


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What the report says where an outcome is seen only after the first action, and in a random share if there is one."""
    return _explored(plant, seed, progress) if plant.explored else _unexplored(plant, seed, progress)


def _unexplored(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """Nothing of right and wrong can be known here: any number, or any word on a change, is false."""
    made = organization.organization(plant, seed)
    domain = parse_domain(
        "planted", DOMAIN.replace("[outcome]\n", '[outcome]\nobserved_after = ["accept"]\n')
    )
    seen = made.decisions["final_action"] == "accept"
    with fresh_log() as store:
        progress(0.3, "Bringing the files in")
        parts = {"cases": made.cases, "outcomes": made.outcomes[seen], "decisions": made.decisions}
        onboard(store, domain, **{k: table(v) for k, v in parts.items()}, by=BY, at=NOW)
        said = report(store, domain, seed=seed, parts=()).as_dict()
    sheet = Judged()
    words = {said["improvement"][who]["verdict"] for who in WHO}
    stated = [name for name in MEASURES if said[name]["value"] is not None]
    sheet.claim("selective outcomes, no random share: anything stated", ", ".join(sorted(words)),
                false=bool(stated) or words != {"cannot be known"})  # fmt: skip
    return {**in_short(said), "stated": stated, **sheet.as_dict()}


def _explored(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """The random share speaks for all cases: people's accuracy and change, and who follows whom."""
    with fresh_log(BEGIN) as store:
        made = live.worked(store, plant, seed, lambda share, words: progress(0.8 * share, words))
        said = report(store, made.domain, seed=seed, parts=()).as_dict()
    sheet = Judged()
    mix = world.population(organization.spreads(plant))
    base = float(np.mean([mix.right(world.own_calls(mix.odds, size)).mean() for size in made.noise]))
    kind = "selective outcomes, random share:"
    sheet.interval(f"{kind} change of people", plant.change, said["improvement"]["human"])
    sheet.change(f"{kind} people", plant.change, said["improvement"]["human"]["verdict"])
    sheet.interval(f"{kind} share right of people", base + plant.change / 2, said["human"])
    sheet.interval(f"{kind} RAIR", plant.follows, said["rair"])
    sheet.interval(f"{kind} RSR", 1 - plant.follows, said["rsr"])
    return {**in_short(said), **sheet.as_dict()}
