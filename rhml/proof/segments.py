"""Found segments against the plant: is what the report claims of a rule true, and is what was planted found?

Rules may speak of calls as well as of facts, so what is true under one is summed over every way in which the calls on
each case may fall out, each as often as planted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from rhml.loop.asked import Asked
from rhml.loop.onboard import onboard
from rhml.loop.report import part
from rhml.proof.judged import Judged
from rhml.proof.log import BY, NOW, fresh_log, table
from rhml.proof.plant import Plant
from rhml.proof.spotted import FOLLOWS, Spotted, covers, overlap, spotted
from rhml.proof.steps import Progress

QUESTIONS = {"people": "people beat the model", "model": "the model beats people", "both weak": "both weak"}
IN_VIEW = "both weak, with the recommendation in view"
WEAK = ("both weak", IN_VIEW)
UNAIDED = tuple(QUESTIONS.values())
SIGN = {"people beat the model": 1, "decisions beat recommendations": 1, "the model beats people": -1,
        "recommendations beat decisions": -1, "both weak": 1, IN_VIEW: 1}  # fmt: skip
NAMED = ("recommended_action", "first_action")
"""What a rule may say of calls that right and wrong depend on; how sure the model said it was is drawn apart from both."""
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
    for question in SIGN:
        told = [one for one in said["segments"] if one["question"] == question]
        _question(sheet, question, told, made, size)
    return {"asked": said["asked"], "of_calls": sum(one["of_calls"] for one in said["segments"]),
            "claims_": said.get("claims"), **sheet.as_dict()}  # fmt: skip


def _question(sheet: Judged, question: str, told: list[dict[str, Any]], made: Spotted, size: int) -> None:
    """One question: false among those reported, found among those planted, and the confirmed gaps."""
    false = 0
    for one in told:
        here, elsewhere = gaps(made, question, one["conditions"])
        true = here - elsewhere if question in WEAK else here
        false += SIGN[question] * true <= 0 or SIGN[question] * (here - elsewhere) <= 0
        sheet.interval("gap of found segments, on later cases", true, one["later"])
        sheet.interval("gap of found segments, shrunk", true, one["shrunk"])
    where = [covers(one["conditions"], made.cases) for one in told if not one["of_calls"]]
    planted = [spot.covers for spot in made.spots if QUESTIONS[spot.kind] == question]
    hit = sum(any(overlap(spot, inside) >= HALF for inside in where) for spot in planted)
    if told or planted:
        sheet.search(
            f"segments: {question}", size, planted=len(planted), hit=hit, reported=len(told), false=false
        )


def gaps(made: Spotted, question: str, conditions: list[dict[str, Any]]) -> tuple[float, float]:
    """The true value of what a question claims, where a rule holds and elsewhere, over all cases and ways to call."""
    stated = made.decisions["recommended_confidence"].to_numpy() * 100
    of_facts = [one for one in conditions if one["feature"] not in NAMED]
    met = covers(of_facts, made.cases.assign(recommended_confidence=stated))
    claimed, weight = np.zeros(2), np.zeros(2)
    for call, lead, chance in _ways(made, question):
        named = all(_says(one, call) for one in conditions if one["feature"] in NAMED)
        inside = met & named
        for place, rows in enumerate((inside, ~inside)):
            claimed[place] += lead * chance[rows].sum()
            weight[place] += chance[rows].sum()
    here, elsewhere = (claimed / weight).tolist()
    return here, elsewhere


def _ways(made: Spotted, question: str) -> Iterator[tuple[dict[str, str], float, np.ndarray]]:
    """Every way in which a case may prove right and be called: who says what, what is claimed of it, how likely."""
    for first, own, shown, follows in product((True, False), repeat=4):
        final = shown if follows else own
        person = own if question in UNAIDED else final
        lead = float(not person and not shown) if question in WEAK else float(person) - float(shown)
        model = made.model + made.leaning * (1 if first else -1)
        chance = np.where(own, made.people, 1 - made.people) * np.where(shown, model, 1 - model)
        chance = chance * 0.5 * (FOLLOWS if follows else 1 - FOLLOWS)
        yield (
            {"recommended_action": _action(first == shown), "first_action": _action(first == own)},
            lead,
            chance,
        )


def _action(first: bool) -> str:
    return "accept" if first else "refuse"


def _says(condition: dict[str, Any], call: dict[str, str]) -> bool:
    said, value = call[condition["feature"]], condition["value"]
    return said in value if condition["op"] == "in" else said == value
