"""Are cases of every protected kind decided alike: of the decisions that are asked about."""

from __future__ import annotations

from rhml.loop.asked import Asked
from rhml.reports.equal_treatment import EqualTreatment
from rhml.reports.equal_treatment import equal_treatment as compute


def equal_treatment(asked: Asked) -> EqualTreatment:
    """Each protected kind of case against the rest, as counted and on like cases."""
    return compute(asked.kept, domain=asked.domain, seed=asked.seed, calls=asked.calls)
