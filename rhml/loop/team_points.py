"""What the team would call, put beside each recommendation while it is scored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.team.team_model import Held, TeamModel, held_for
from rhml.store import team_models
from rhml.store.engine import Store


def live_team(store: Store, domain: DecisionDomain) -> TeamModel | None:
    """The newest model of the team, for scoring; None before the first."""
    entry = team_models.newest(store, domain.name)
    stored = team_models.content(store, domain.name, entry.version) if entry else None
    return TeamModel.from_bytes(stored) if stored else None


def held(store: Store, domain_name: str, version: str, person: str) -> Held | None:
    """What one person's card needs of a team's model; their own weights and nobody else's."""
    stored = team_models.content(store, domain_name, version)
    return held_for(stored, person) if stored else None


def columns(
    model: TeamModel | None, cases: pd.DataFrame, actions: pd.Series, features: tuple[str, ...]
) -> dict[str, Any]:
    """team_version, team_probability, team_base and team_points of recommended actions, as the log keeps them."""
    if model is None:
        return {}
    found = model.score(cases, actions.to_numpy(dtype=object), features)
    known = ~np.isnan(found.probability)
    return {
        "team_version": [model.version if k else None for k in known],
        "team_probability": found.probability,
        "team_base": found.base,
        "team_points": [p if k else None for p, k in zip(found.points, known, strict=True)],
    }
