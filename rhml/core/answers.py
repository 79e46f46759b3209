"""The tables of a domain file that say where an answer stands: which action proved right, and what was decided."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rhml.core.domain_parts import Names, Part, Share, Word


class Outcome(Part):
    """How it shows which action was right, and after which actions it shows at all.

    `means` translates words of the column into actions, "" for *nothing is known yet*; `yes_from` turns a number into
    yes (as much or more) or no.
    """

    column: Word = "right_action"
    true_means: str | None = None
    means: dict[str, str] = Field(default_factory=dict)
    yes_from: Annotated[float, Field(strict=True)] | None = None
    observed_after: Names = ()
    explore: Share = 0.0
    known_at: Word = "known_at"


class Decided(Part):
    """The columns of a file of cases that say what was decided before this log began, by whom and when.

    `true_means`, `means` and `yes_from` read the column as they read the outcome's.
    """

    column: Word | None = None
    true_means: str | None = None
    means: dict[str, str] = Field(default_factory=dict)
    yes_from: Annotated[float, Field(strict=True)] | None = None
    manager: Word | None = None
    at: Word | None = None
