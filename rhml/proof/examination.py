"""One organization through the product's own doors, read as a report and held against the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rhml.proof import growth, ledger, lessons, looks, people, segments, selective, teaching, treatment
from rhml.proof.log import NOW, files
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress, silent

__all__ = ["NOW", "SUBJECTS", "examined", "files"]

SUBJECTS: dict[str, Callable[[Plant, int, Progress], dict[str, Any]]] = {
    "people": people.examined,
    "looks": looks.examined,
    "segments": segments.examined,
    "lessons": lessons.examined,
    "growth": growth.examined,
    "ledger": ledger.examined,
    "teaching": teaching.examined,
    "treatment": treatment.examined,
    "selective": selective.examined,
}
"""Who examines which subject."""


def examined(
    plant: Plant, seed: int, progress: Progress = silent, *, watch: looks.Watch | None = None
) -> dict[str, Any]:
    """What the report said of one planted organization, beside what is true of it; plain values for JSON.

    watch: is handed each reading as it is made, where the report is read several times.
    """
    if plant.subject == "looks":
        found = looks.examined(plant, seed, progress, watch)
    else:
        found = SUBJECTS[plant.subject](plant, seed, progress)
    progress(1.0, "Held against the plant")
    return {"plant": plant.name, "subject": plant.subject, "calls": plant.calls, "seed": seed, **found}
