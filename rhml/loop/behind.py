"""The cases behind a number of the report, named by a key that an address can carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.errors import RhmlError
from rhml.loop.asked import Asked
from rhml.loop.found_segments import covered_by
from rhml.loop.growth import calls_of_half
from rhml.loop.versions import only
from rhml.reports.behind import HALVES, behind_side
from rhml.reports.equal_treatment import hits_in
from rhml.reports.parting import CALL

SIDES = {
    "human": "Unaided calls",
    "model": "Recommendations",
    "team": "Final decisions",
}
SHOWN = (
    "decision_id", "case_id", "bank", "decided_at", "first_action", "recommended_action", "final_action", "right_action",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Behind:
    """What is listed, in a few words; which call of each is looked at; and the rows, newest first.

    rows: SHOWN and right (1.0, 0.0, or NaN where it says nothing); never who decided: the report is of all.
    """

    title: str
    call: str
    rows: pd.DataFrame

    @classmethod
    def of(cls, title: str, call: str, decisions: pd.DataFrame, at: np.ndarray, right: np.ndarray) -> Behind:
        """Some rows of the frame of decisions by their positions; call: first, recommended or final."""
        rows = decisions[list(SHOWN)].iloc[at].assign(right=np.asarray(right, float))
        return cls(title, call, rows.iloc[::-1].reset_index(drop=True))


def behind(asked: Asked, key: str) -> Behind:
    """The cases behind what `key` names, such as `side:human:later`; RhmlError where it names nothing."""
    kind, *rest = key.split(":")
    if kind not in KINDS:
        raise RhmlError("This address names no cases of the report. Open them from the number again.")
    return KINDS[kind](asked, tuple(rest))


def _side(asked: Asked, rest: tuple[str, ...]) -> Behind:
    if len(rest) != 2 or rest[0] not in CALL or rest[1] not in HALVES:
        raise RhmlError(
            "This address names no half of people, model or team. Open it from the verdict again."
        )
    who, half = rest
    found = behind_side(asked.kept, domain=asked.domain, who=who, half=half, calls=asked.calls)
    which = f"of {', '.join(found.versions)}" if found.versions else f"of the {half} half"
    return Behind.of(f"{SIDES[who]} {which}", CALL[who], asked.kept, found.at, found.right)


def _growth(asked: Asked, rest: tuple[str, ...]) -> Behind:
    if len(rest) != 1 or rest[0] not in HALVES:
        raise RhmlError("This address names no half of the calls. Open it from Growth again.")
    at, right = calls_of_half(asked, rest[0])
    return Behind.of(f"Unaided calls, {rest[0]} half", "first", asked.kept, at, right)


def _versions(asked: Asked, rest: tuple[str, ...]) -> Behind:
    if len(rest) != 2:
        raise RhmlError("This address names no two versions. Open it from Versions again.")
    at = only(asked, *rest)
    title = f"Bank {asked.domain.terms.many} that {rest[0]} gets right and {rest[1]} wrong"
    return Behind.of(title, "recommended", asked.kept, at, np.full(len(at), np.nan))


def _found(asked: Asked, rest: tuple[str, ...]) -> Behind:
    segment, at, right = covered_by(asked, ":".join(rest))
    call = "final" if segment.of_decisions else "first"
    return Behind.of(f"{segment.title}: {segment.rule}", call, asked.kept, at, right)


def _treated(asked: Asked, rest: tuple[str, ...]) -> Behind:
    if len(rest) < 3:
        raise RhmlError("This address names no kind of case. Open it from Equal treatment again.")
    column, measure, value = rest[0], rest[1], ":".join(rest[2:])
    label, at, right = hits_in(asked.calls, column, value, measure)
    return Behind.of(
        f"{label}, {asked.domain.feature(column).label or column} {value}", "final", asked.kept, at, right
    )


KINDS: dict[str, Callable[[Asked, tuple[str, ...]], Behind]] = {
    "side": _side,
    "growth": _growth,
    "versions": _versions,
    "found": _found,
    "treated": _treated,
}
"""What can be listed, by the first word of its key; each reads the rest of it."""
