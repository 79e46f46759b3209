"""Which organizations a proof examines, in which order, and what tells one plan and product from another."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import rhml
from rhml.proof import plant
from rhml.proof.plant import Plant

FIRST: tuple[Plant, ...] = (
    plant.GROWN, plant.STABLE.looked_at(10), plant.STABLE, plant.DESKILLING, plant.LEARNING.sized(3_000), plant.SPOTTED,
    plant.BLIND_TEAM, plant.TAUGHT, plant.UNTAUGHT, plant.HARDER, plant.VERSION, plant.EQUAL, plant.UNSEEN, plant.DRIFTING,
    plant.CALLED, plant.EXPLORED, plant.GRADUAL, plant.EASIER, plant.NAMED, plant.SEGMENT,
)  # fmt: skip
"""A small proof has seen every subject, and is through in a minute: what takes longest is left to larger ones.

Dear ones come first among the fourteen and again after them, so that no core waits for another at the end.
"""
SECOND: tuple[Plant, ...] = (
    plant.STABLE.looked_at(), plant.HARDER.looked_at(), plant.STILL, plant.BLIND, plant.LEARNING, plant.UNSPOTTED, plant.SIGHTED, plant.UNNAMED, plant.UNEQUAL, plant.LEANING,
    plant.EASIER.looked_at(), plant.UNTAUGHT, plant.STABLE.sized(3_000), plant.BOTH, plant.HARD_AND_DEFERRING,
    plant.STABLE.looked_at(), plant.SPOTTED_LARGE, plant.STABLE.sized(500), plant.LEARNING.sized(500), plant.DESKILLING,
    plant.DRIFTING.looked_at(), plant.GROWN, plant.TAUGHT, plant.BLIND_TEAM, plant.SEGMENT.sized(3_000), plant.HARDER.looked_at(),
    plant.NAMED.looked_at(), plant.UNTAUGHT, plant.SPOTTED, plant.BOTH.sized(3_000), plant.EASIER.looked_at(),
    plant.STABLE.looked_at(), plant.BOTH.looked_at(),
)  # fmt: skip
PLAN: tuple[Plant, ...] = FIRST + SECOND
"""Organizations take turns in this order, so that a proof cut short has still seen every kind."""


def planned(organizations: int, seed: int) -> list[tuple[Plant, int]]:
    """Which organizations a proof examines: plant and seed of each, always the same for a seed."""
    return [(PLAN[i % len(PLAN)], _seed(seed, i)) for i in range(organizations)]


def _seed(seed: int, place: int) -> int:
    return int.from_bytes(sha256(f"{seed} {place}".encode()).digest()[:4], "big")


@cache
def edition() -> str:
    """A short name of the product's code as it stands: lines of another edition are not counted with these."""
    home = Path(rhml.__file__).parent
    found = sha256()
    for file in sorted([*home.rglob("*.py"), *home.rglob("*.sql")]):
        if "ui" not in file.relative_to(home).parts[:1]:
            found.update(str(file.relative_to(home)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:12]
