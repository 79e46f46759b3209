"""What can be wrong with a domain file, said in sentences with a remedy.

Two passes: `shape` turns the file's tables into the model's fields, `cross_check` holds the parts of a
valid model against each other. `sentences` translates pydantic's findings in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rhml.core import answer_checks, rule_checks
from rhml.core.reserved import RESERVED_DOMAINS, is_reserved
from rhml.errors import Problem

if TYPE_CHECKING:
    from pydantic import ValidationError

    from rhml.core.domain import DecisionDomain

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

DECISION_COLUMNS = {
    "decision_id", "manager", "mode", "first_action", "first_confidence", "recommended_action",
    "recommended_confidence", "final_action", "final_confidence", "reason", "rationale", "decided_at", "seconds",
}  # fmt: skip
"""Columns of a decision log, whose names say nothing else in any file."""

MOST_FEATURES = 1_000
"""Features of a domain; a card, a query and a person are lost long before."""


def shape(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Turn `[actions]` and `[features.*]` tables into lists that carry their own keys."""
    problems = [
        Problem(key, "", "This is set by the product.", "Leave it out: the file's name is the domain's name.")
        for key in ("name", "text")
        if key in raw
    ]
    shaped = {key: value for key, value in raw.items() if key not in ("name", "text")}
    if isinstance(raw.get("actions"), dict):
        shaped["actions"] = tuple({"key": key, "label": label} for key, label in raw["actions"].items())
    if isinstance(raw.get("features"), dict):
        shaped["features"] = tuple(
            {**table, "label": table.get("label") or _words(name), "name": name}
            if isinstance(table, dict)
            else table
            for name, table in raw["features"].items()
        )
    return shaped, problems


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def sentences(error: ValidationError) -> list[Problem]:
    """Pydantic's findings as sentences: where, what is there, what to do."""
    return [_sentence(e) for e in error.errors(include_url=False)]


def _sentence(found: Any) -> Problem:
    where = ".".join(str(part) for part in found["loc"]) or "file"
    value = "" if found["type"] == "missing" else repr(found["input"])[:80]
    match found["type"]:
        case "missing":
            return Problem(where, "", f"{where} is missing.", f"Add {where} to the file.")
        case "extra_forbidden":
            return Problem(
                where, value, f"{where} is not a key of a domain file.", "Remove it, or check its spelling."
            )
        case _:
            return Problem(where, value, f"{found['msg']}, but the file says {value}.", "Change the value.")


def cross_check(domain: DecisionDomain) -> list[Problem]:
    """Hold the parts of a domain against each other; every problem, not the first."""
    return [
        *_names(domain),
        *_actions(domain),
        *_features(domain),
        *_outcome(domain),
        *answer_checks.read_as_actions(domain),
        *_columns(domain),
        *_shares(domain),
        *rule_checks.terms(domain),
        *rule_checks.governance(domain),
        *rule_checks.retention(domain),
        *rule_checks.pairs(domain),
        *rule_checks.policies(domain),
    ]


def _names(domain: DecisionDomain) -> Iterator[Problem]:
    rule = "Names start with a letter and hold small letters, digits and underscores only."
    if not NAME.fullmatch(domain.name) or domain.name in RESERVED_DOMAINS:
        yield Problem(
            "file name", domain.name, f"{domain.name!r} cannot name a domain.", f"Rename the file. {rule}"
        )
    for where, names in (
        ("actions", domain.action_keys),
        ("features", tuple(f.name for f in domain.features)),
    ):
        for name in names:
            if not NAME.fullmatch(name):
                yield Problem(f"{where}.{name}", name, f"{name!r} cannot be a name.", f"Rename it. {rule}")
    for feature in domain.features:
        if is_reserved(feature.name):
            yield Problem(
                f"features.{feature.name}",
                feature.name,
                f"{feature.name!r} is a name the product uses itself.",
                f"Rename it, for example to its_{feature.name}, and set column = {feature.name!r} "
                "so that files may keep their heading.",
            )


def _actions(domain: DecisionDomain) -> Iterator[Problem]:
    if len(domain.actions) < 2:
        yield Problem(
            "actions", "", "A decision needs at least two actions.", "Add another line under [actions]."
        )
    if len(domain.actions) > 20:
        yield Problem("actions", "", "More than 20 actions do not fit a form.", "Merge the rare ones.")
    for action in domain.actions:
        if not action.label:
            yield Problem(
                f"actions.{action.key}", "", "The action has no label.", "Say what its button should read."
            )
    labels = [action.label for action in domain.actions if action.label]
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield Problem("actions", label, "Two actions have this label.", "Give each button its own words.")
    if not domain.title:
        yield Problem("title", "", "The title is empty.", "Name the decision in a few words.")


def _features(domain: DecisionDomain) -> Iterator[Problem]:
    if len(domain.features) > MOST_FEATURES:
        yield Problem(
            "features", "", f"More than {MOST_FEATURES:,} features are declared.",
            "Keep those that a decision needs.",
        )  # fmt: skip
    for feature in domain.features:
        where = f"features.{feature.name}"
        if feature.effect != "any" and feature.kind not in ("number", "yes_no", "date"):
            yield Problem(where, feature.effect, f"A {feature.kind} has no direction.", "Remove effect.")
        if feature.effect != "any" and len(domain.actions) > 2:
            yield Problem(
                where, feature.effect, "An effect is on the first of two actions.", "Remove effect."
            )
        if feature.step is not None and feature.kind not in ("number", "date"):
            yield Problem(where, str(feature.step), f"A {feature.kind} has no step.", "Remove step.")
        if feature.levels and feature.kind != "category":
            yield Problem(
                where, "", f"A {feature.kind} has no levels.", "Remove levels, or set kind = 'category'."
            )
        if len(set(feature.levels)) < len(feature.levels):
            yield Problem(where, "", "A level is listed twice.", "List each level once.")


def _outcome(domain: DecisionDomain) -> Iterator[Problem]:
    outcome, known = domain.outcome, f"Use one of: {', '.join(domain.action_keys)}."
    if outcome is None:
        return
    if outcome.true_means is not None and outcome.true_means not in domain.action_keys:
        yield Problem(
            "outcome.true_means", outcome.true_means, f"{outcome.true_means!r} is no action.", known
        )
    if outcome.true_means is not None and len(domain.actions) != 2:
        yield Problem("outcome.true_means", outcome.true_means, "Yes or no can name one of two actions only.",
                      "Remove true_means and give the action's key in the outcome column.")  # fmt: skip
    for action in outcome.observed_after:
        if action not in domain.action_keys:
            yield Problem("outcome.observed_after", action, f"{action!r} is no action.", known)
    if outcome.explore and not domain.selective:
        yield Problem("outcome.explore", str(outcome.explore), "Every action's outcome is observed already.",
                      "Remove explore, or say in observed_after which actions show one.")  # fmt: skip
    for feature in domain.features:
        if {feature.name, feature.column} & {outcome.column, outcome.known_at}:
            yield Problem(f"features.{feature.name}", feature.column or feature.name, "The outcome is declared as a "
                          "feature: a model would read the answer.", f"Remove [features.{feature.name}].")  # fmt: skip


def _columns(domain: DecisionDomain) -> Iterator[Problem]:
    declared = {f.name: f for f in domain.features}
    add = "Add [features.{0}] with use = false if no model may read it."
    for where, columns in (
        ("segments.columns", domain.segments.columns),
        ("segments.protected", domain.segments.protected),
        ("value.column", (domain.value.column,) if domain.value.column else ()),
    ):
        for column in columns:
            if column not in declared:
                yield Problem(where, column, f"{column!r} is not declared.", add.format(column))
    for column in domain.segments.protected:
        if column in declared and declared[column].use:
            yield Problem(f"features.{column}", column, f"{column!r} is protected, so no model may read it.",
                          "Set use = false.")  # fmt: skip
    value = domain.value.column
    if value in declared and declared[value].kind != "number":
        yield Problem("value.column", value, f"{value!r} is no number.", "Name a feature of kind 'number'.")
    for chosen, row in domain.value.cost.items():
        for action in (chosen, *row):
            if action not in domain.action_keys:
                yield Problem("value.cost", action, f"{action!r} is no action.",
                              f"Use one of: {', '.join(domain.action_keys)}.")  # fmt: skip
    own = [f.column or f.name for f in domain.features] + [domain.case_id]
    for column in sorted({c for c in own if own.count(c) > 1}):
        yield Problem(
            "features", column, f"Two features read the column {column!r}.", "Give each its own column."
        )
    said = domain.outcome
    own = [domain.case_id, domain.received_at, domain.due_at, *((said.column, said.known_at) if said else ())]
    for column in sorted({c for c in own if own.count(c) > 1}):
        yield Problem("file", column, f"The column {column!r} is named for two different things.",
                      "Name a column of its own for case_id, received_at, due_at and the outcome.")  # fmt: skip
    for column in sorted(DECISION_COLUMNS.intersection(own)):
        yield Problem("file", column, f"A decision log means something else by the column {column!r}.",
                      "Rename the column in the file, and here.")  # fmt: skip


def _shares(domain: DecisionDomain) -> Iterator[Problem]:
    total = domain.modes.first_call + domain.modes.evidence_only
    if total > 1:
        yield Problem("modes", f"{total:.2f}", "The shares of first_call and evidence_only exceed 1.",
                      "Lower one; the rest is assisted.")  # fmt: skip
    limited = ("manager", "direction", *domain.segment_columns)
    for by, limit in {"": domain.override, **domain.override.limits}.items():
        where = f"override.limits.{by}" if by else "override"
        if by and by not in limited:
            yield Problem(
                where, by, f"No override rate is told by {by!r}.", f"Use one of: {', '.join(limited)}."
            )
        if limit.look_above > limit.act_above:
            yield Problem(where, "", "look_above is higher than act_above.", "Swap them.")
    reasons = domain.override.reasons
    if not reasons or len(set(reasons)) < len(reasons) or not all(reasons):
        yield Problem("override.reasons", "", "Reasons must be given, each once and none empty.",
                      "List six to eight short reasons.")  # fmt: skip
