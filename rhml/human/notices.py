"""What became of a manager's decisions after they were made, for the one who made them.

The author of every decision that somebody else took back, that its outcome contradicted, or that was rescued,
hears of it; so does who asked a lead, who had a side in a conflict that was settled, and who was told an outcome
that was corrected later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

COUNTED = {
    "reversed": ("reversed by somebody else", "reversed by somebody else"),
    "contradicted by a lead": ("decided otherwise by a lead", "decided otherwise by a lead"),
    "answered": ("answered by a lead", "answered by a lead"),
    "settled": ("conflict settled", "conflicts settled"),
    "not signed": ("not signed", "not signed"),
    "second opinion": ("second opinion", "second opinions"),
    "withdrawn": ("outcome withdrawn", "outcomes withdrawn"),
    "corrected": ("outcome corrected", "outcomes corrected"),
    "contradicted": ("override proved wrong", "overrides proved wrong"),
    "rescued": ("override proved right", "overrides proved right"),
}
"""Each kind of notice as it is counted, one and several; in the order in which they are told."""

BY_PEOPLE = (
    "reversed", "contradicted by a lead", "answered", "settled", "not signed", "second opinion", "withdrawn",
    "corrected",
)  # fmt: skip
"""What no outcome list tells: somebody did something about the decision, or about what was told of it."""


@dataclass(frozen=True)
class Notice:
    """One piece of news for an author: what they had decided, what stands against it, who did it, and why.

    `mine` is the author's action (of a corrected outcome: what had been told), `other` what there is now.
    """

    kind: str
    case_id: str
    decision_id: str
    mine: str | None
    other: str | None
    by_whom: str
    why: str
    happened_at: datetime

    @property
    def counted(self) -> tuple[str, str]:
        """Its kind in words, one and several."""
        return COUNTED[self.kind]


def notices(news: Iterable[Mapping[str, Any]]) -> tuple[Notice, ...]:
    """The news of `store.hindsight.news`, each thing once, by kind and then newest first.

    What an outcome says of a case is told once: a corrected outcome stands for what it makes of the override.
    """
    found: dict[tuple[str, str], Notice] = {}
    for row in news:
        one = Notice(**{**row, "kind": _kind(row)})
        # A case handed over and decided several times: the newest answer counts.
        found.setdefault((one.kind, one.case_id), one)
    settled = {one.case_id for one in found.values() if one.kind in ("corrected", "withdrawn")}
    told = [
        one for one in found.values()
        if one.kind not in ("rescued", "contradicted") or one.case_id not in settled
    ]  # fmt: skip
    order = list(COUNTED)
    return tuple(
        sorted(
            sorted(told, key=lambda one: one.happened_at, reverse=True), key=lambda one: order.index(one.kind)
        )
    )


def _kind(row: Mapping[str, Any]) -> str:
    differs = row["mine"] is not None and row["mine"] != row["other"]
    return "contradicted by a lead" if row["kind"] == "answered" and differs else row["kind"]


def counts(found: Iterable[Notice]) -> str:
    """How many of each kind, in one line.

    >>> counts([])
    ''
    """
    many = Counter(one.kind for one in found)
    return " · ".join(
        f"{many[kind]} {words[many[kind] > 1]}" for kind, words in COUNTED.items() if many[kind]
    )
