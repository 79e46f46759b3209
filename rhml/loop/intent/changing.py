"""Which waiting cases an intent would move, most at stake first; never one that asks for the own call first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.loop.intent.cases import Held
from rhml.loop.intent.preview import recommended

LISTED = 25


@dataclass(frozen=True)
class Changing:
    """A case whose recommendation would change, with how likely each of the two actions is to prove right."""

    case_id: str
    now: str
    then: str
    probability_now: float
    probability_then: float
    stake: float


def changing(
    held: Held, domain: DecisionDomain, intent: Intent | None, *, limit: int = LISTED
) -> tuple[Changing, ...]:
    """The first so many of them, for a list; None: what withdrawing would move."""
    then = recommended(held, domain, intent)
    moved = np.flatnonzero((then != held.now) & (held.now >= 0) & ~held.hidden)
    stake = np.nan_to_num(held.stake[moved], nan=-np.inf)
    order = moved[np.lexsort((moved, -stake))][:limit]
    ids, keys = held.ids["case_id"], domain.action_keys
    return tuple(
        Changing(
            ids[int(i)].as_py(),
            keys[held.now[i]],
            keys[then[i]],
            float(held.probabilities[i, held.now[i]]),
            float(held.probabilities[i, then[i]]),
            float(held.stake[i]),
        )
        for i in order
    )
