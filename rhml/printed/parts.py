"""The sections on who taught whom, growth, learning cycles and versions, from the report's parts as plain values."""

from __future__ import annotations

from datetime import datetime

from rhml.printed.blocks import Block, Paragraph, Section, Table
from rhml.printed.measured import difference, of, share
from rhml.printed.numbers import day_in_print, number

MOST = 12
CLAIMED = ("taught", "association", "fell")


def ledger(found: dict) -> Section:
    """Both directions: the total in a sentence, then the lines that say most; never who it was."""
    blocks: list[Block] = []
    for direction, total in found["totals"].items():
        blocks.append(Paragraph(total["words"], strong=True))
        lines = [one for one in found["entries"] if one["direction"] == direction]
        if lines:
            blocks += _lines(direction, lines)
    blocks.append(Paragraph(
        "Taught is said only where the comparison sets other causes apart: a version against its twins without people’s "
        "input, a lesson whose start was drawn by lot. All else that got better is an association.", small=True,
    ))  # fmt: skip
    blocks += [Paragraph(text, small=True) for text in found["left_out"]]
    return Section("Who taught whom", tuple(blocks))


def _lines(direction: str, lines: list[dict]) -> list[Block]:
    chosen = sorted(lines, key=lambda one: one["claim"] not in CLAIMED)[:MOST]
    rows = tuple(
        (one["what"], _day(one["when"]), share(of(one["before"])), share(of(one["after"])),
         difference(of(one["change"])), one["claim"])
        for one in chosen
    )  # fmt: skip
    head = ("What", "Since", "Before", "After", "Change", "In words")
    table = Table(direction[0].upper() + direction[1:], head, rows)
    if len(chosen) == len(lines):
        return [table]
    return [
        table,
        Paragraph(
            f"{number(len(chosen))} of {number(len(lines))} lines; all of them are in the JSON.", small=True
        ),
    ]


def growth(found: dict, versions: dict | None) -> Section:
    """People's part and the model's, which add up to the whole; then the versions, one by one."""
    blocks: list[Block] = []
    if found["why"]:
        blocks.append(Paragraph(found["why"]))
    else:
        blocks += [Paragraph(found["headline"] or "No growth is shown so far.", strong=True), _parts(found)]
        blocks.append(Paragraph(
            f"On {number(found['counts']['bank_replayed'])} cases of the bank, both models asked anew about the same ones. "
            f"The interaction ({difference(of(found['interaction']))}) is a memo: half of it is in each part.", small=True,
        ))  # fmt: skip
    return Section("Growth", (*blocks, *([] if versions is None else _versions(versions))))


def _parts(found: dict) -> Table:
    rows = tuple(
        (name, found[key]["verdict"], difference(of(found[key])))
        for key, name in (("people", "People brought"), ("model", "The model brought"), ("total", "Together"))
    )
    earlier, later = found["versions"]["earlier"], found["versions"]["later"]
    return Table(
        f"Growth from the earlier half ({earlier}) to the later ({later})", ("Who", "Verdict", "Growth"), rows
    )


def cycles(found: dict) -> Section:
    """Both learners from one training to the next, and what was exchanged."""
    if found["why"]:
        return Section("Learning cycles", (Paragraph(found["why"]),))
    rows = tuple(
        (f"{one['number']} · {one['version']}", _day(one["from"]), share(of(one["human"])), share(of(one["model"])),
         _given(one["given"]))
        for one in found["cycles"]
    )  # fmt: skip
    head = ("Cycle", "From", "People, own calls", "Model, on the bank", "People gave")
    note = (
        f"People: {number(found['calls'])} own calls made before any suggestion, as if on like cases by the same people. Model: "
        f"each version on the same {number(found['bank']['replayed'])} bank cases, which none learned from. Intervals are 95 %, "
        "each for itself; the words are those of the report and of the versions."
    )
    some = f" {number(found['left_out'])} earlier cycles are not shown." if found["left_out"] else ""
    return Section(
        "Learning cycles",
        (
            Paragraph(found["sentence"], strong=True),
            Table("From one training to the next", head, rows),
            Paragraph(note + some, small=True),
        ),
    )


def _given(found: dict) -> str:
    said = [f"{number(found['decisions'])} decisions", f"{number(found['overrides'])} overrides"]
    if found["marks"]:
        said.append(f"{number(found['marks'])} marks")
    return ", ".join([*said, f"{number(found['outcomes'])} outcomes"])


def _versions(found: dict) -> list[Block]:
    if found["why"]:
        return [Paragraph(found["why"])]
    rows = tuple(
        (one["version"] + (" (live)" if one["is_live"] else ""), _day(one["live_from"]),
         share(of(one["bank"]["accuracy"])), share(of(one["live"]["accuracy"])), _against(one["against_before"]))
        for one in found["versions"]
    )  # fmt: skip
    head = ("Version", "Live from", "Right on the bank", "Right as shown", "Against the one before")
    said = [Paragraph(found["headline"])] if found["headline"] else []
    return [*said, Table("Versions of the model", head, rows)]


def _day(moment: str | None) -> str:
    return day_in_print(datetime.fromisoformat(moment)) if moment else "—"


def _against(found: dict | None) -> str:
    if found is None:
        return "—"
    return f"{found['verdict']}: {difference(of(found['accuracy']))}"
