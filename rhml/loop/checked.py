"""Files that passed every check; and some of their cases held back, so that there is something to decide."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pandas as pd


@dataclass(frozen=True)
class Checked:
    """Files that passed every check, ready to be appended; a page previews them."""

    cases: pd.DataFrame | None = None
    outcomes: pd.DataFrame | None = None
    decisions: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()


def advised_hold(checked: Checked) -> int:
    """How many cases to hold back where each has its answer: a tenth, at least 20 and at most 60; none of few."""
    if checked.cases is None:
        return 0
    over = checked.cases["case_id"].isin(_answered(checked)).sum()
    if len(checked.cases) - over >= 20 or over < 100:
        return 0
    return int(min(60, max(20, over // 10)))


def held_back(checked: Checked, hold: int) -> Checked:
    """The same without the answers of the newest cases that are over; by lot where no date orders them."""
    if hold <= 0 or checked.cases is None:
        return checked
    over = checked.cases[checked.cases["case_id"].isin(_answered(checked))]
    lot = over["case_id"].map(lambda name: hashlib.sha256(str(name).encode()).hexdigest())
    order = over.assign(lot=lot).sort_values(["received_at", "lot"], na_position="first")
    gone = set(order["case_id"].tail(hold))
    note = (
        f"{len(gone):,} of the newest cases were held back: they wait to be decided as if nobody knew yet. "
        "Give the same file again later, and their answers come with it."
    )
    return replace(
        checked,
        outcomes=_others(checked.outcomes, gone),
        decisions=_others(checked.decisions, gone),
        notes=(*checked.notes, note),
    )


def _answered(checked: Checked) -> set[str]:
    parts = [part["case_id"] for part in (checked.outcomes, checked.decisions) if part is not None]
    return set(pd.concat(parts)) if parts else set()


def _others(frame: pd.DataFrame | None, gone: set[str]) -> pd.DataFrame | None:
    return None if frame is None else frame[~frame["case_id"].isin(gone)].reset_index(drop=True)
