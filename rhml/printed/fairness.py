"""The sections on equal treatment and on methods, from the report's parts as plain values."""

from __future__ import annotations

from rhml.printed.blocks import Block, Pairs, Paragraph, Section, Table
from rhml.printed.measured import difference, of, share
from rhml.printed.numbers import number

SHOWN = 2
"""Measures a table of equal treatment has room for; the first ones are about decisions and overrides."""

SIDE = {"human": "people, unaided:", "team": "team:"}


def equal_treatment(found: dict) -> Section:
    """The questions first, each a question; then every kind of case against the rest."""
    blocks: list[Block] = [Paragraph(found["said"], strong=True)]
    blocks += [Paragraph(one["sentence"]) for one in found["questions"]]
    for column in found["columns"]:
        blocks += [
            _table(column, measure) for measure in found["measures"][:SHOWN] if measure["kind"] == "share"
        ]
    if found["columns"]:
        held = "; ".join(found["held_alike"])
        blocks.append(Paragraph(
            f"On like cases: {held}. {number(found['tests'])} comparisons were tested together. A difference is a "
            "question, not an accusation: what the log does not hold may be a good reason.", small=True,
        ))  # fmt: skip
    return Section("Equal treatment", tuple(blocks))


def _table(column: dict, measure: dict) -> Table:
    rows = []
    for one in column["values"]:
        compared = one["measures"].get(measure["name"])
        if compared is None:
            continue
        rows.append((one["value"], number(one["decisions"]), share(of(compared["here"])), share(of(compared["rest"])),
                     difference(of(compared["alike"])), compared["words"]))  # fmt: skip
    head = (column["label"], "Decisions", "Here", "All others", "On like cases", "In words")
    return Table(measure["label"], head, tuple(rows))


def methods(found: dict) -> Section:
    """Each method: what it does, what it takes for granted, what it comes to here; then for whom it all speaks."""
    rows = tuple((one["name"], _method(one)) for one in found["entries"])
    general = "; ".join(f"{SIDE[who]} {share(of(m))}" for who, m in found["managers_in_general"].items())
    return Section("Methods and assumptions", (
        Paragraph(found["selective"]),
        Pairs(rows),
        Paragraph(found["intervals"], small=True),
        Paragraph(f"{found['in_general']} Share right: {general}", small=True),
    ))  # fmt: skip


def _method(one: dict) -> str:
    assumed = f" It takes for granted: {'; '.join(one['assumes'])}." if one["assumes"] else ""
    here = f" Here: {' '.join(one['here'])}" if one["here"] else ""
    return f"{one['does']}{assumed}{here} Source: {one['source']}."
