"""What can be wrong with the columns that a domain file reads as actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rhml.errors import Problem

if TYPE_CHECKING:
    from rhml.core.domain import DecisionDomain


def read_as_actions(domain: DecisionDomain) -> Iterator[Problem]:
    """Whether the columns of what proved right and of what was decided can be read as actions."""
    said = domain.decided
    known = f"Use one of: {', '.join(domain.action_keys)}."
    for where, part in (("outcome", domain.outcome), ("decided", said)):
        if part is None:
            continue
        for word, action in part.means.items():
            if action and action not in domain.action_keys:
                yield Problem(
                    f"{where}.means", action, f"{word!r} stands for {action!r}, which is no action.", known
                )
        if part.yes_from is not None and part.true_means is None:
            yield Problem(f"{where}.yes_from", str(part.yes_from), "A number from which it is yes names no action.",
                          "Add true_means with the action that a yes stands for.")  # fmt: skip
    if said.true_means is not None and (
        said.true_means not in domain.action_keys or len(domain.actions) != 2
    ):
        yield Problem(
            "decided.true_means", said.true_means, "Yes or no can name one of two actions only.", known
        )
    if said.column is None and said.model_fields_set:
        yield Problem(
            "decided", "", "[decided] names no column.", "Add column with the heading in your files."
        )
    named = {said.column, said.manager, said.at} - {None}
    for feature in domain.features:
        if (feature.column or feature.name) in named:
            yield Problem(f"features.{feature.name}", feature.column or feature.name, "What was decided, by whom or when, "
                          "is declared as a feature.", f"Remove [features.{feature.name}].")  # fmt: skip
    if domain.outcome and domain.outcome.column in named:
        yield Problem("decided", domain.outcome.column, "One column cannot be both what was decided and what proved "
                      "right.", "Keep it under [outcome] or under [decided].")  # fmt: skip
