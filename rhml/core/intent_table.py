"""The optional table `[intent]` of a domain file: what the two ends of the control are called, and how far it goes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rhml.core.domain_parts import Part


class IntentTable(Part):
    """How an organization names what may matter more; without it the names follow from its actions.

    `against_low` is the end at which low-side mistakes weigh more (an earlier action where a later one proved right),
    `against_high` the other. `most` is how many times one kind may at most weigh the other.
    """

    against_low: str = ""
    against_high: str = ""
    most: Annotated[float, Field(ge=2, le=32, strict=True)] = 32.0
