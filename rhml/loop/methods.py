"""The methods of the report beside the facts of the decisions that are asked about."""

from __future__ import annotations

from rhml.loop.asked import Asked
from rhml.reports.methods import Methods
from rhml.reports.methods import methods as compute


def methods(asked: Asked) -> Methods:
    """Every assumption in plain words, with what this log says about it."""
    return compute(asked.kept, domain=asked.domain, calls=asked.calls, late=asked.late.sentence)
