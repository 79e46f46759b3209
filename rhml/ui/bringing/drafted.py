"""The draft of an uploaded table, kept while its form is being filled in."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.demo.fields import FIELDS
from rhml.demo.templates import template
from rhml.intake.drafting.draft import Roles
from rhml.intake.drafting.planning import Plan
from rhml.intake.drafting.roles import words_of
from rhml.intake.tables import Table
from rhml.ui import computed_drafts

BLANK = "My table alone"

SPEAKS = {
    "logistics": {"delivery", "deliveries", "late", "shipment", "shipments", "carrier", "order", "orders", "batch", "defect",
                  "lot", "process", "production", "lieferung", "verspatet", "machine", "yield", "scrap", "ausschuss"},
    "cybersecurity": {"spam", "phishing", "message", "messages", "sms", "mail", "email", "malware", "url", "threat", "fraud"},
    "open_science": {"replication", "replications", "replicated", "study", "studies", "paper", "papers", "effect", "journal"},
    "workplace_training": {"claim", "claims", "warranty", "insurance", "schaden", "trainee"},
}  # fmt: skip
"""Words of headings or of a file's name that speak of a field; whatever speaks of none is an organization's decision."""


def suggested(table: Table) -> str:
    """The key of the field whose words the table uses most; organizational decisions where it uses none."""
    said = [
        word
        for text in (table.name.rsplit(".", 1)[0], *map(str, table.frame.columns))
        for word in words_of(text)
    ]
    counts = {key: sum(word in words for word in said) for key, words in SPEAKS.items()}
    best = max(counts, key=lambda key: counts[key])
    return best if counts[best] else FIELDS[0].key


def start_from(table: Table, key: str) -> DecisionDomain | None:
    """The choice of a field to begin with; None begins with the table alone."""
    titles = {field.key: field.title for field in FIELDS}
    if f"field_{key}" not in st.session_state:
        st.session_state[f"field_{key}"] = suggested(table)
    chosen = st.pills(
        "Start from", [*titles, BLANK], key=f"field_{key}", format_func=lambda k: titles.get(k, k),
        help="The field lends its actions, reasons, rules and words; everything can be changed below.",
    )  # fmt: skip
    field = next((one for one in FIELDS if one.key == chosen), None)
    if field is None:
        return None
    if len(field.domains) == 1:
        return template(field.domains[0])
    named = {name: template(name) for name in field.domains}
    like = st.pills(
        "Most like", list(named), key=f"like_{key}_{field.key}", default=field.domains[0],
        format_func=lambda name: named[name].title,
    )  # fmt: skip
    return named[like or field.domains[0]]


def guessed(file_id: str, table: Table) -> tuple[Roles, dict[str, list[str]]]:
    """The roles that were guessed, and the headings that may stand in each."""
    found, choices = computed_drafts.sketched(file_id, table)
    return Roles.of(found), choices


def drafted(file_id: str, name: str, table: Table, lent: DecisionDomain | None, roles: Roles) -> Plan:
    """The plan for a table by a template and the roles that somebody confirmed."""
    return computed_drafts.planned(file_id, name, lent.name if lent else "", roles, table, lent)
