"""Why a case is where it is in the waiting list, and what is suggested for it, in words."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.policy import confidence_word
from rhml.store.waiting import Queue
from rhml.ui import words
from rhml.ui.intent.expected import amount
from rhml.ui.shell import Here


def why(domain: DecisionDomain, wanted: Queue, row: dict[str, Any], here: Here) -> str:
    """Why the case is where it is in the list, in words."""
    if row["escalated_by"]:
        return f"{who(row['escalated_by'], here)} asks: {row['escalation']} ({_due(row, here)})"
    if wanted.snoozed:
        return f"snoozed until {words.day(row['snoozed_until'])} ({_due(row, here)})"
    if row["skipped_at"] is not None:
        return f"you skipped it ({_due(row, here)})"
    match wanted.order:
        case "due_soonest":
            return _due(row, here)
        case "oldest_first":
            return _waits(row, here)
        case "most_at_stake" if row["stake"] is not None:
            return f"{words.money(row['stake'], domain.value.unit)} at stake"
        case "model_least_sure" if row["mode"] != "assisted":
            return "mixed in by lot: your call first"
        case "model_least_sure" if row["probability"] is not None:
            return f"the model gives its suggestion {words.number(100 * row['probability'])} of 100"
        case "people_help_most" if row["help"] is not None and row["probability"] is not None:
            return _helped(row)
        case "people_help_most" if row["placed"]:
            return "mixed in by lot" if row["mode"] == "assisted" else "mixed in by lot: your call first"
        case "what_matters" if row["mode"] != "assisted":
            return "your call first"
        case "what_matters" if row["matters"] is not None:
            return f"mistakes: {amount(row['matters'], domain.value.unit)} expected, as weighed now"
    return "nothing is known to order it by"


def _helped(row: dict[str, Any]) -> str:
    """Who is right how often in such cases."""
    model, people = (
        words.number(100 * min(max(p, 0.0), 1.0))
        for p in (row["probability"], row["probability"] + row["help"])
    )
    return f"model right in {model} of 100, people in {people}"


def _due(row: dict[str, Any], here: Here) -> str:
    said = words.due(row["due_at"], here.now)
    return _waits(row, here) if row["due_at"] is None else said if "late" in said else f"due {said}"


def _waits(row: dict[str, Any], here: Here) -> str:
    if row["received_at"] is None:
        return "no date is known"
    days = (here.now - row["received_at"]).days
    return "came today" if days < 1 else f"waits {days} day{'s' if days > 1 else ''}"


def suggested(domain: DecisionDomain, row: dict[str, Any]) -> str:
    """The suggestion with its word; never for a case that asks for the manager's own call first."""
    if row["mode"] != "assisted" and row["scored"]:
        return "your call first"
    if row["action"] is None:
        return "nothing yet"
    said = f"{domain.label(row['action'])}, {confidence_word(row['probability'], len(domain.actions))}"
    if likelier := row.get("likeliest_action"):  # how sure the model is would be said of another action
        said = f"{domain.label(row['action'])}, likelier: {domain.label(likelier)}"
    if row["uncorrected_action"] not in (None, row["action"]):
        said += "; changed by the team’s correction"
    return f"{said}; unlike anything seen" if row["unlike"] else said


def who(person: str | None, here: Here) -> str:
    """A person as the reader calls them."""
    return "you" if person == here.person else person or ""
