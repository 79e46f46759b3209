"""What an organization brings along: cases of the time before, decided without a model, and their outcomes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from rhml.demo import people
from rhml.demo.world import World
from rhml.intake.tables import Table

DAYS_TO_DECIDE = timedelta(days=3)
LAST_OUTCOME = timedelta(days=5)


def older_log(world: World) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Cases, decisions and outcomes from before the year, as three files of the usual columns.

    Nobody had a model then, so there are final decisions only. Where the decision hides the outcome, only
    what was decided so that it shows has one.
    """
    cases = world.cases[world.cases["case_id"].isin(world.history)].reset_index(drop=True)
    taken_by = world.planted.set_index("case_id")["manager"]
    decisions = pd.DataFrame(
        [_decided(world, case_id, taken_by[case_id], received)
         for case_id, received in zip(cases["case_id"], cases["received_at"], strict=True)]
    )  # fmt: skip
    seen = decisions["final_action"].isin(world.domain.outcome.observed_after or world.domain.action_keys)
    shown = decisions.loc[seen, "case_id"]
    outcomes = pd.DataFrame(
        {
            "case_id": shown,
            "right_action": [world.plants[case_id].right_action for case_id in shown],
            "known_at": world.start - LAST_OUTCOME,
        }
    )
    return cases, decisions, outcomes


def table(frame: pd.DataFrame) -> Table:
    """A frame as if it had been read from a file."""
    return Table(frame.reset_index(drop=True), "demo", False)


def _decided(world: World, case_id: str, manager: str, received: datetime) -> dict[str, object]:
    view = people.own_view(world.managers[manager], world.plants[case_id], progress=0.0)
    return {
        "case_id": case_id,
        "manager": manager,
        "final_action": world.domain.action_keys[world.scale.place(view.log_odds)],
        "decided_at": received + DAYS_TO_DECIDE,
    }
