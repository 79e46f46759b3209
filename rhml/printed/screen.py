"""The screen of a past decision in print: what was shown and what was entered, from its plain values."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.printed.blocks import Block, Document, Pairs, Paragraph, Section, Table
from rhml.printed.numbers import fixed, number


def document(held: dict[str, Any], domain: DecisionDomain) -> Document:
    """The whole screen; `domain` is the one whose file was in force then."""
    made, file = held["decision"], held["domain_file"]
    sections = [_facts(held, domain)]
    if held["first_screen"]:
        sections.append(_own_call(held, domain))
    sections += [_suggested(held, domain), _entered(held, domain), _peers(held, domain), _rules(held)]
    read = (
        f"domain file version {file['number']}, hash {file['hash']}" if file else "no domain file on record"
    )
    covers = f"As it was when it was saved at {made['recorded_at']} UTC, live version {made['live_version'] or 'none'}, {read}"
    return Document(
        f"{domain.terms.case.capitalize()} {made['case_id']} as it was shown", covers, tuple(sections)
    )


def _label(domain: DecisionDomain, name: str) -> str:
    return next((f.label or f.name for f in domain.features if f.name == name), name)


def _told(value: Any) -> str:
    if value is None or value != value:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _facts(held: dict[str, Any], domain: DecisionDomain) -> Section:
    facts = held["screen"]["facts"]
    rows = [(_label(domain, f.name), _told(facts.get(f.name))) for f in domain.features]
    rows += [(name.replace("_", " ").capitalize(), _told(facts[name])) for name in ("received_at", "due_at")]
    return Section("The case", (Pairs(tuple(rows)),))


def _own_call(held: dict[str, Any], domain: DecisionDomain) -> Section:
    call = held["screen"]["first_call"]
    marks = (
        "; ".join(f"{_label(domain, f.partition(':')[0])}: {mark}" for f, mark in held["own_call_marks"])
        or "none"
    )
    pairs = (("Mode", held["first_screen"]["mode"]), ("Called", domain.label(call["action"])),
             ("Confidence", _told(call["confidence"])), ("Seconds", _told(call["seconds"])), ("Marks", marks))  # fmt: skip
    return Section("First, the own call", (Pairs(pairs),))


def _suggested(held: dict[str, Any], domain: DecisionDomain) -> Section:
    card, shown = held["screen"], held["screen"]["recommendation"]
    if shown is None:
        return Section("The suggestion", (Paragraph("No recommendation was on the card."),))
    about = "" if shown["probability"] is None else f", {fixed(100 * shown['probability'], 1)} of 100"
    blocks: list[Block] = [
        Paragraph(f"{domain.label(shown['action'])}{about} ({shown['model_version']})", strong=True)
    ]
    if shown["likeliest_action"]:
        blocks.append(Paragraph(
            f"Because of what mattered then. Likelier to prove right was {domain.label(shown['likeliest_action'])}, "
            f"{fixed(100 * shown['likeliest_probability'], 1)} of 100."
        ))  # fmt: skip
    blocks += [Paragraph(text) for text in card["intent"]]
    if shown["similar_n"] and shown["low"] is not None:
        blocks.append(Paragraph(
            f"Among {number(shown['similar_n'])} similar cases it proved right in {fixed(100 * shown['low'], 1)} to "
            f"{fixed(100 * shown['high'], 1)} of 100."
        ))  # fmt: skip
    blocks += [Paragraph(text) for text in (*held["corrections"], shown["unlike"], *shown["notes"]) if text]
    rows = tuple(
        (
            _label(domain, name),
            _told(card["facts"].get(name)),
            _told(card["typical"].get(name)),
            fixed(100 * points, 1),
        )
        for name, points in sorted(
            zip(card["features"], shown["points"], strict=False), key=lambda p: -abs(p[1])
        )
    )
    if rows:
        start = (
            "" if shown["base"] is None else f", from {fixed(100 * shown['base'], 1)} for the average case"
        )
        blocks.append(
            Table(f"What moved it, in points{start}", ("Factor", "Here", "Typical", "Points"), rows)
        )
    if card["changes"]:
        steps = " and ".join(
            f"{_label(domain, s['feature'])} were {_told(s['then'])}" for s in card["changes"]["steps"]
        )
        blocks.append(Paragraph(f"It would tip to {domain.label(card['changes']['action'])} if {steps}."))
    return Section("The suggestion", tuple(blocks))


def _entered(held: dict[str, Any], domain: DecisionDomain) -> Section:
    made = held["decision"]
    marks = "; ".join(f"{_label(domain, f.partition(':')[0])}: {mark}" for f, mark in made["marks"]) or "none"
    pairs = (
        ("By", made["manager"]), ("Decided", domain.label(made["final_action"] or made["first_action"])),
        ("Confidence", _told(made["final_confidence"])), ("Reason", made["reason"] or "none"),
        ("In their own words", made["rationale"] or "nothing"), ("Marks", marks), ("Seconds", _told(made["seconds"])),
        ("Mode", f"{made['mode']}{'' if made['asked'] is not False else ', not asked: overdue'}"),
    )  # fmt: skip
    return Section("What was entered", (Pairs(pairs),))


def _peers(held: dict[str, Any], domain: DecisionDomain) -> Section:
    rows = tuple(
        (
            peer["case_id"],
            domain.label(peer["final_action"]) or "—",
            domain.label(peer["right_action"]) or "not known",
        )
        for peer in held["screen"]["peers"]
    )
    if not rows:
        return Section("Similar cases", (Paragraph("None were shown."),))
    return Section(
        "Similar cases",
        (Table("As far as they were decided and known then", ("Case", "Decided", "Proved right"), rows),),
    )


def _rules(held: dict[str, Any]) -> Section:
    pairs = (("Actions", ", ".join(held["actions"].values())), ("Reasons offered", ", ".join(held["reasons"])),
             ("Policies", "; ".join(one["why"] for one in held["policies"]) or "none"))  # fmt: skip
    return Section("What was in force, and what the log cannot know",
                   (Pairs(pairs), *(Paragraph(text, small=True) for text in held["not_on_record"])))  # fmt: skip
