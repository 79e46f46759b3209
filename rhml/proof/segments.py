"""Found segments against the plant: is what the report claims of a rule true, and is what was planted found?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from rhml.loop.asked import Asked
from rhml.loop.onboard import onboard
from rhml.loop.report import part
from rhml.proof.judged import Judged
from rhml.proof.log import BY, NOW, fresh_log, table
from rhml.proof.plant import Plant
from rhml.proof.spotted import Spotted, covers, overlap, spotted
from rhml.proof.steps import Progress

QUESTIONS = {"people": "people beat the model", "model": "the model beats people", "both weak": "both weak"}
SIGN = {"people beat the model": 1, "decisions beat recommendations": 1, "the model beats people": -1,
        "recommendations beat decisions": -1, "both weak": 1}  # fmt: skip
HALF = 0.5


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What the search of the report found in one organization, against its spots."""
    made = spotted(plant, seed, kinds=tuple(QUESTIONS))
    progress(0.2, "Bringing the files in")
    with fresh_log() as store:
        parts = {name: table(getattr(made, name)) for name in ("cases", "outcomes", "decisions")}
        onboard(store, Spotted.domain(), **parts, by=BY, at=NOW)
        progress(0.6, "Searching for segments")
        said = part("found_segments", Asked(store, Spotted.domain(), seed=seed)).as_dict()
    sheet = Judged()
    size = 2 * plant.calls
    told = [one for one in said["segments"] if not one["of_calls"]]
    for question in SIGN:
        _question(sheet, question, [one for one in told if one["question"] == question], made, size)
    return {"asked": said["asked"], "of_calls": len(said["segments"]) - len(told), "claims_": said.get("claims"),
            **sheet.as_dict()}  # fmt: skip


def _question(sheet: Judged, question: str, told: list[dict[str, Any]], made: Spotted, size: int) -> None:
    """One question: false among those reported, found among those planted, and the confirmed gaps."""
    where = [covers(one["conditions"], made.cases) for one in told]
    false = 0
    for one, inside in zip(told, where, strict=True):
        here, elsewhere = gap(made, question, inside), gap(made, question, ~inside)
        true = here - elsewhere if question == "both weak" else here
        false += SIGN[question] * true <= 0 or SIGN[question] * (here - elsewhere) <= 0
        sheet.interval("gap of found segments, on later cases", true, one["later"])
        sheet.interval("gap of found segments, shrunk", true, one["shrunk"])
    planted = [spot.covers for spot in made.spots if QUESTIONS[spot.kind] == question]
    hit = sum(any(overlap(spot, inside) >= HALF for inside in where) for spot in planted)
    if told or planted:
        sheet.search(
            f"segments: {question}", size, planted=len(planted), hit=hit, reported=len(told), false=false
        )


def gap(made: Spotted, question: str, inside: np.ndarray) -> float:
    """The true value of the quantity that a question claims, over some cases."""
    if question == "both weak":
        return float(((1 - made.people) * (1 - made.model))[inside].mean())
    who = made.final if "decisions" in question else made.people
    return float((who - made.model)[inside].mean())


def kinds_of(made: Spotted) -> Counter[str]:
    """How many spots of each kind are planted."""
    return Counter(spot.kind for spot in made.spots)
