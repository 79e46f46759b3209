"""The ledger against the plant: lessons found in blind spots are taught from a moment drawn by lot, and learned or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from rhml.loop.asked import Asked
from rhml.loop.lessons import look
from rhml.loop.onboard import onboard
from rhml.loop.report import part
from rhml.loop.teach_lesson import teach
from rhml.proof.judged import Judged
from rhml.proof.log import BY, fresh_log, table
from rhml.proof.plant import Plant
from rhml.proof.spotted import BEGIN, Spotted, covers, spotted
from rhml.proof.steps import Progress
from rhml.store import lessons as kept
from rhml.store.engine import Store

WHY = "Planted: the team is taught where the model is better."
TEAM = "teach the team"
BEST = 0.97


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What the ledger says of the lessons of one organization."""
    made, domain = spotted(plant, seed, kinds=("model",)), Spotted.domain()
    half = len(made.cases) // 2
    sheet = Judged()
    with fresh_log(BEGIN) as store:
        at = _bring(store, made, slice(0, half), made.decisions[:half])
        progress(0.3, "Looking for lessons and teaching them")
        look(store, domain, by=BY, at=at)
        told = at + timedelta(hours=1)
        taught = [teach(store, domain, one.lesson_id, TEAM, by=BY, why=WHY, at=told)
                  for one in kept.held(store, domain) if one.manager is None and one.learner == "people"]  # fmt: skip
        if not taught:
            return {"taught": 0, **sheet.as_dict()}
        progress(0.6, "Deciding after the teaching")
        _bring(store, made, slice(half, None), _later(made, half, taught, plant, seed))
        said = part("ledger", Asked(store, domain, seed=seed)).as_dict()
    lines = [one for one in said["entries"] if one["kind"] == "lesson"]
    for one in lines:
        sheet.interval("ledger: a lesson's change beyond elsewhere", plant.taught, one["change"])
        wrong = (one["claim"] == "taught" and not plant.taught) or one["claim"] == "fell"
        sheet.claim(
            "ledger: a lesson taught something",
            one["claim"].split(" (")[0],
            false=wrong,
            still=not plant.taught,
        )
    if plant.taught and lines:
        found = any(one["claim"] == "taught" for one in lines)
        sheet.power(f"ledger: lessons that bring {plant.taught * 100:.0f} points", plant.calls, hit=found)
    return {"taught": len(taught), "headline": said["headline"], **sheet.as_dict()}


def _bring(store: Store, made: Spotted, rows: slice, decisions: pd.DataFrame) -> datetime:
    at = decisions["decided_at"].iloc[-1].to_pydatetime() + timedelta(hours=1)
    parts = {"cases": made.cases[rows], "outcomes": made.outcomes[rows], "decisions": decisions}
    onboard(store, Spotted.domain(), **{name: table(frame) for name, frame in parts.items()}, by=BY, at=at)
    return at


def _later(made: Spotted, half: int, taught: list, plant: Plant, seed: int) -> pd.DataFrame:
    """The decisions of the second half, drawn anew: inside what is taught people are right more often from its start."""
    rng = np.random.default_rng([seed, 3])
    decisions, chance = made.decisions[half:].copy(), made.people[half:].copy()
    for lesson in taught:
        inside = covers(lesson.content["conditions"], made.cases)[half:]
        begun = (decisions["decided_at"] >= lesson.starts_at).to_numpy()
        chance = np.where(inside & begun, np.minimum(made.people[half:] + plant.taught, BEST), chance)
    right = made.outcomes["right_action"][half:].to_numpy()
    wrong = np.where(right == "accept", "refuse", "accept")
    called = np.where(rng.random(len(right)) < chance, right, wrong)
    return decisions.assign(
        first_action=np.where(decisions["mode"] == "first_call", called, None), final_action=called
    )
