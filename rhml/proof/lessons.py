"""Lessons against the plant: does one of the two really lead where a lesson says so, and are planted leads found?"""

from __future__ import annotations

from typing import Any

from rhml.loop.lessons import look
from rhml.loop.onboard import onboard
from rhml.proof.judged import Judged
from rhml.proof.log import BY, NOW, fresh_log, table
from rhml.proof.plant import Plant
from rhml.proof.spotted import Spot, Spotted, covers, overlap, spotted
from rhml.proof.steps import Progress
from rhml.store import lessons as kept

LEADS = {"people": "model", "model": "people"}
"""Who learns where the one or the other is better."""
HALF = 0.5


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What a look for lessons found in one organization, against its spots."""
    several = plant.managers > 1
    made = spotted(plant, seed, kinds=tuple(LEADS), own=several)
    progress(0.2, "Bringing the files in")
    with fresh_log() as store:
        parts = {name: table(getattr(made, name)) for name in ("cases", "outcomes", "decisions")}
        onboard(store, Spotted.domain(), **parts, by=BY, at=NOW)
        progress(0.6, "Looking for lessons")
        look(store, Spotted.domain(), by=BY, at=NOW)
        found = kept.held(store, Spotted.domain())
    sheet, size = Judged(), len(made.cases) // plant.managers
    where = [covers(one.content["conditions"], made.cases) for one in found]
    false = sum(not _leads(made, one, inside) for one, inside in zip(found, where, strict=True))
    hit = sum(
        any(_same(spot, one, inside, alone=not several) for one, inside in zip(found, where, strict=True))
        for spot in made.spots
    )
    kind = "lessons: several managers" if several else "lessons: one manager"
    sheet.search(kind, size, planted=len(made.spots), hit=hit, reported=len(found), false=false)
    return sheet.as_dict()


def _leads(made: Spotted, one: Any, inside: Any) -> bool:
    """Whether the one who is to teach is really better there, by more than elsewhere."""
    own = (made.decisions["manager"] == one.manager).to_numpy() if one.manager else True
    lead = (made.model - made.people) * (1 if one.learner == "people" else -1)
    there, elsewhere = lead[inside & own], lead[~inside & own]
    return bool(len(there) and there.mean() > 0 and there.mean() > elsewhere.mean())


def _same(spot: Spot, one: Any, inside: Any, *, alone: bool) -> bool:
    """Whether a lesson says of about the same cases what was planted, of the same person or of the team."""
    return (
        LEADS[spot.kind] == one.learner
        and (one.manager in (None, spot.manager) or alone)
        and overlap(spot.covers, inside) >= HALF
    )
