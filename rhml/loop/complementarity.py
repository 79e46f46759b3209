"""Whether deciding together is worth it, in depth, for what a report is asked about."""

from __future__ import annotations

from rhml.loop.asked import Asked
from rhml.reports.complementarity import Complementarity
from rhml.reports.complementarity import complementarity as compute


def complementarity(asked: Asked) -> Complementarity:
    """Against either alone, what is left to gain, and what the way mistakes fall together allows."""
    return compute(asked.calls, seed=asked.seed)
