"""Lesson tests: does a model do with similar cases what the people who overrode it said it should?

A test that the case's own outcome contradicts is void: the outcome settles it. Of one manager's tests on a
case the newest counts; where managers want different actions the case is contested, and binds nobody until
they agree or an outcome settles it: else whoever speaks last could silence a colleague.

>>> tests = pd.DataFrame({"lesson_test_id": ["t1"], "case_id": ["c2"], "of_case": ["c1"], "should": ["change"],
...     "action": ["lend"], "manager": ["m1"], "right_action": [None]})
>>> check(tests, {"c2": "decline"}).failed[0].got
'decline'
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Examined:
    """One lesson test and the action that the model would recommend on its case."""

    lesson_test_id: str
    case_id: str
    of_case: str
    should: str
    action: str
    manager: str
    got: str | None = None
    right_action: str | None = None


@dataclass(frozen=True)
class Checked:
    """The standing tests by what came of them; `void` and `contested` ones bind no model."""

    passed: tuple[Examined, ...] = ()
    failed: tuple[Examined, ...] = ()
    void: tuple[Examined, ...] = ()
    contested: tuple[Examined, ...] = ()

    @property
    def binding(self) -> int:
        """How many tests a model must pass."""
        return len(self.passed) + len(self.failed)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def newest(tests: pd.DataFrame) -> pd.DataFrame:
    """Of each manager's tests on a case the newest (rows are in the order in which they were made)."""
    return tests.drop_duplicates(["manager", "case_id"], keep="last")


def check(tests: pd.DataFrame, actions: dict[str, str]) -> Checked:
    """Hold a model's `actions` (by case) against the standing tests, oldest first.

    Columns: lesson_test_id, case_id, of_case, should, action, manager, right_action (None while unknown).
    """
    if tests.empty:
        return Checked()
    standing = newest(tests)
    wanted = standing.groupby("case_id")["action"].nunique()
    found: dict[str, list[Examined]] = {"passed": [], "failed": [], "void": [], "contested": []}
    for row in standing.itertuples(index=False):
        got, right = actions.get(row.case_id), row.right_action if isinstance(row.right_action, str) else None
        tested = Examined(
            row.lesson_test_id, row.case_id, row.of_case, row.should, row.action, row.manager, got, right
        )
        if right is not None and right != row.action:
            state = "void"
        elif right is None and wanted[row.case_id] > 1:
            state = "contested"
        else:
            state = "passed" if got == row.action else "failed"
        found[state].append(tested)
    return Checked(**{state: tuple(rows) for state, rows in found.items()})
