"""Which calls show what people think on their own: those made before any output of a model, where there are enough."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rhml.core.domain import DecisionDomain

FEWEST = 50
"""With fewer calls of one kind the next kind is added."""

NEWEST = 20_000
"""More calls than this say no more about people, and older ones say less about them now."""

KINDS = {
    "unaided": "calls made before anything of the model was shown",
    "own": "own calls, some of them made beside the model's evidence",
    "decisions": "own calls and, where there were none, final decisions",
}
"""What the calls are, from the best to the last resort."""


@dataclass(frozen=True, eq=False)
class OwnCalls:
    """People's calls, newest last: a frame of case_id, manager, action, and which of `KINDS` they are."""

    rows: pd.DataFrame
    kind: str

    def __len__(self) -> int:
        return len(self.rows)


def own_calls(decisions: pd.DataFrame, domain: DecisionDomain) -> OwnCalls:
    """One call a person and case: unaided ones, else first calls of any mode, else final decisions too.

    decisions: case_id, manager, mode, first_action, final_action, imported, in the order they were made.
    """
    known = domain.action_keys
    first = decisions["first_action"].where(decisions["first_action"].isin(known))
    final = decisions["final_action"].where(decisions["final_action"].isin(known))
    imported = decisions["imported"].fillna(False).astype(bool)
    unaided = (decisions["mode"] == "first_call") | (decisions["mode"].isna() & imported)

    tried = {"unaided": first.where(unaided), "own": first, "decisions": first.where(first.notna(), final)}
    for kind, action in tried.items():
        rows = decisions[["case_id", "manager"]].assign(action=action)
        rows = rows[rows["action"].notna() & rows["manager"].notna()]
        rows = rows.drop_duplicates(["case_id", "manager"], keep="last")
        if len(rows) >= FEWEST or kind == "decisions":
            return OwnCalls(rows.tail(NEWEST).reset_index(drop=True), kind)
    raise AssertionError("unreachable")
