"""Which courses a person has begun; each is read whole by `rhml.store.drills`."""

from __future__ import annotations

from rhml.store import drills
from rhml.store.drills import Drill
from rhml.store.engine import Store, quoted

KIND = "course"


def courses(store: Store, schema: str, person: str | None = None) -> list[Drill]:
    """Every course, of one person where one is named, oldest first, with answers and events."""
    rows = store.read(
        f"SELECT drill_id FROM {quoted(schema)}.drills WHERE kind = $1 "
        "AND ($2::text IS NULL OR manager = $2::text) ORDER BY seq",
        [KIND, person],
    )
    return [drills.held(store, schema, drill_id) for (drill_id,) in rows]
