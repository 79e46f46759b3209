"""What oversees a decision process, and what people can do to stop or overrule the model: rules, and how often each was used."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.printed.answering import by_a_person
from rhml.printed.blocks import Paragraph, Section, Table
from rhml.printed.numbers import number, percent


def oversight(card: dict[str, Any], domain: DecisionDomain) -> Section:
    """Each measure, the rule of the domain, and how often the log has it."""
    held, rules = card["entered"], card["rules"]["governance"]
    above, share = rules["second_signature_above"], rules["second_opinion"]
    modes, people = card["rules"]["modes"], card["rules"]["people"]
    record = (
        "nobody but the person"
        if people["record"] == "nobody"
        else f"leads, from {number(people['minimum'])} decisions on"
    )
    rows = (
        ("Own call before the model’s", percent(modes["first_call"] + modes["evidence_only"]) + " of cases", f"{number(held['asked'])} asked"),
        ("Second signature", "not asked for" if above is None else f"above {number(above)} {domain.value.unit}".strip(),
         f"{number(held['signatures_asked'])} asked, {number(held['signatures_given'])} given, "
         f"{number(held['signatures_refused'])} refused"),
        ("Blind second opinion", percent(share) + " of decided cases" if share else "not asked for",
         f"{number(held['opinions_given'])} given"),
        ("Conflict room", "disagreements that were raised", f"{number(held['conflicts'])} raised, {number(held['resolutions'])} resolved"),
        ("Asking a lead", "any waiting case", f"{number(held['escalated'])} asked"),
        ("Cases that judge models and people", percent(card["rules"]["training"]["bank"]) + " of cases, drawn by lot",
         f"{number(held['bank_cases'])} cases"),
        ("Who sees one person’s record", record, f"{number(held['looks'])} looks on record"),
    )  # fmt: skip
    policies = "; ".join(one["why"] for one in card["rules"]["policies"])
    return Section("4 Oversight", (
        Table("Measures, the domain’s rule, and what the log has of each", ("Measure", "Rule", "On record"), rows),
        Paragraph(f"Stated policies on cards: {policies or 'none'}."),
    ))  # fmt: skip


def stopping(card: dict[str, Any]) -> Section:
    """What people can do, and how often they did."""
    held = card["entered"]
    [whole] = card["whole"] or [{"overridden": 0}]
    rows = (
        ("Decide differently from a recommendation", "anyone who decides, with a reason", number(whole["overridden"])),
        ("Take a decision back", "its author; a lead who says why, until the outcome is known", number(held["reversed"])),
        ("Ask a lead instead of deciding", "anyone who decides", number(held["escalated"])),
        ("Leave a case for another", "anyone who decides", number(held["skipped"])),
        ("Switch a correction off; make an earlier version live again", "a lead, on Models, with a reason", "see the register"),
    )  # fmt: skip
    return Section("6 How people overrule or stop it", (
        Table("What people can do", ("Act", "Who", "On record"), rows),
        Paragraph("Recommendations decide nothing by themselves: if nobody decides, nothing happens."),
        Paragraph(f"Stopping the model altogether: {by_a_person(card['by_a_person'], 'stop')}"),
    ))  # fmt: skip
