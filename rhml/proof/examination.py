"""One organization through the product's own doors: brought in as files, read as a report, held against the truth."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from rhml.intake.tables import Table
from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.proof.organization import Organization, organization
from rhml.proof.plant import Plant
from rhml.store.opening import open_store

NOW = datetime(2026, 1, 5, 9)
BY = "examiner"
LEVEL = 0.95
"""Of the intervals in a report; its verdicts rest on wider ones."""
SECRET = "a proof needs no secret, and the same one each time"


def examined(plant: Plant, seed: int) -> dict[str, Any]:
    """What the report said of one planted organization, beside what is true of it; plain values for JSON."""
    made = organization(plant, seed)
    with tempfile.TemporaryDirectory(prefix="rhml-proof-") as folder:
        store = open_store(f"duckdb:///{Path(folder) / 'log.duckdb'}", now=NOW, secret=SECRET)
        try:
            onboard(store, Organization.domain(), **files(made), by=BY, at=NOW)
            said = report(store, Organization.domain(), seed=seed).as_dict()
        finally:
            store.close()
    return {"plant": plant.name, "calls": plant.calls, "seed": seed, "truth": made.truth, **_read(said)}


def files(made: Organization) -> dict[str, Table]:
    """The three files of an organization as if they had been read from disk."""
    frames = {name: getattr(made, name) for name in ("cases", "outcomes", "decisions")}
    return {name: Table(frame.reset_index(drop=True), "proof", False) for name, frame in frames.items()}


def _read(said: dict[str, Any]) -> dict[str, Any]:
    """What the examiner looks at: verdicts and changes, and each alarm's state and time."""
    improvement = said["improvement"]
    kept = ("verdict", "value", "low", "high", "n", "more")
    return {
        "level": LEVEL,
        "cut": improvement["cut"],
        **{who: {k: improvement[who].get(k) for k in kept} for who in ("human", "model", "team")},
        "skill": {
            str(one["name"]): {k: one.get(k) for k in ("verdict", "value", "low", "high")}
            for one in said["skill"]["by_segment"]
        },
        "alarms": {a["kind"]: {"state": a["state"], "since": a["since"]} for a in said["alarms"]},
    }
