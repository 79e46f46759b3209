"""What people's calls taught the model, as the ledger has it, against the same models asked about many fresh cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from rhml.loop.asked import Asked
from rhml.loop.report import part
from rhml.loop.taught_model import asked_anew
from rhml.proof import live
from rhml.proof.judged import Judged
from rhml.proof.log import fresh_log
from rhml.proof.organization import BEGIN
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress

FRESH = 40_000
LEAST = 0.005
"""A true gain below this is hardly one: whether it is claimed counts for power no more than for falsehood."""


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What the ledger says of the versions of one organization, most of whose outcomes never become known."""
    sheet = Judged()
    with fresh_log(BEGIN) as store:
        made = live.worked(store, plant, seed, lambda share, words: progress(0.8 * share, words))
        asked = Asked(store, made.domain, seed=seed)
        said = part("ledger", asked).as_dict()
        true = {name: gain for name in made.versions if (gain := _gain(asked, name)) is not None}
    for one in said["entries"]:
        if one["kind"] != "version" or one["about"] not in true:
            continue
        gain = true[one["about"]]
        sheet.interval("ledger: what people's calls taught a version", gain, one["change"])
        wrong = (one["claim"] == "taught" and gain <= 0) or (one["claim"] == "fell" and gain >= 0)
        sheet.claim("ledger: people taught the model", one["claim"].split(" (")[0], false=wrong, still=True)
        if gain > LEAST:
            sheet.power("ledger: calls that teach the model", plant.calls, hit=one["claim"] == "taught")
    whys = [one["why"] for one in said["entries"] if one["kind"] == "version"]
    return {"truth": true, "headline": said["headline"], "why": whys, **sheet.as_dict()}


def _gain(asked: Asked, version: str) -> float | None:
    """By how much more often models that learned from calls are right than their twins; None where none were kept."""
    rng = np.random.default_rng(78)
    cases, right = live.facts_of(rng, FRESH, "x", BEGIN, 1.0)
    shares = asked_anew(asked, version, cases.assign(right_action=np.where(right, "accept", "refuse")))
    if not shares:
        return None
    return float(shares["sibling"].mean() - shares["twin"].mean())
