"""Equal treatment against the plant: is a question asked where people treat one site otherwise, and only then?"""

from __future__ import annotations

from typing import Any

from rhml.loop.asked import Asked
from rhml.loop.onboard import onboard
from rhml.loop.report import part
from rhml.proof.judged import Judged
from rhml.proof.log import BY, NOW, files, fresh_log
from rhml.proof.organization import SITES, Organization, organization
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress

MEASURE = "override_high"
"""Refusing where accepting was recommended: what is planted at one site."""


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """Which questions the report asks about the sites of one organization."""
    made = organization(plant, seed)
    with fresh_log() as store:
        progress(0.2, "Bringing the files in")
        onboard(store, Organization.domain(), **files(made), by=BY, at=NOW)
        progress(0.7, "Comparing the sites")
        said = part("equal_treatment", Asked(store, Organization.domain(), seed=seed)).as_dict()
    sheet = Judged()
    asked = [(one["value"], name) for one in said["questions"] for name in one["measures"]]
    if plant.unequal:
        sheet.power(f"equal treatment: advice to accept heeded {plant.unequal * 100:.0f} % less at one site",
                    plant.calls, hit=(SITES[0], MEASURE) in asked)  # fmt: skip
    else:
        sheet.claim("equal treatment: a question", f"{len(asked)} asked", false=bool(asked))
        for value in said["columns"][0]["values"]:
            for one in value["measures"].values():
                if one["alike"]["value"] is not None:
                    sheet.interval("equal treatment: difference on like cases", 0.0, one["alike"])
    return {"asked": [list(one) for one in asked], **sheet.as_dict()}
