"""The first sections of a report: the answer, the verdicts with what they rest on, the course over time, alarms."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.printed import pictures
from rhml.printed.blocks import Block, Pairs, Paragraph, Section, Table
from rhml.printed.claims import ABOUT, ARROWS, ROWS, asked, rate
from rhml.printed.marks import WHO
from rhml.printed.measured import difference, period, share
from rhml.printed.numbers import day_in_print, number
from rhml.reports.answer import Answer
from rhml.reports.improvement import Improvement, Side
from rhml.reports.report import SPEAKS_FOR, Report

NO_OUTCOMES = (
    "This domain has no outcomes, so nobody can say who was right: what follows shows who agrees with whom."
)


def answer(found: Answer, domain: DecisionDomain) -> Section:
    """The five sentences."""
    rows = tuple((s.title, f"{_word(s.mark)}{s.text}") for s in found.sentences)
    more = () if domain.outcome else (Paragraph(NO_OUTCOMES),)
    return Section("The answer", (Pairs(rows, wide=True), *more))


def _word(mark: str) -> str:
    return f"{ARROWS.get(mark, '')} {mark[0].upper()}{mark[1:]}. ".lstrip() if mark else ""


def verdicts(report: Report) -> Section:
    """The three verdicts, each with change, interval, count and halves."""
    found = report.improvement
    rows = tuple(_verdict(who, getattr(found, who)) for who in WHO)
    table = Table(
        "Verdicts, and what they rest on", ("Who", "Verdict", "Change on like cases", "Before", "After"), rows
    )
    drawn = pictures.verdicts(found)
    notes = [
        Paragraph(f"{WHO[who].name}: {ABOUT[who]} {getattr(found, who).note}".strip(), small=True)
        for who in WHO
    ]
    return Section(
        "Did they improve?", (*_if(drawn), table, *_periods(found), *notes, Paragraph(SPEAKS_FOR, small=True))
    )


def _verdict(who: str, side: Side) -> tuple[str, ...]:
    first, _, rest = side.verdict.words.partition(" (")
    more = f" ({rest[:-1]} {ROWS[who]} would tell)" if rest else ""
    said = f"{ARROWS.get(first, '')} {first}{more}".strip()
    return (WHO[who].name, said, difference(side.change), share(side.earlier), share(side.later))


def _periods(found: Improvement) -> tuple[Block, ...]:
    if found.cut is None:
        return ()
    said = (
        f"Compared: {day_in_print(found.start)} to {day_in_print(found.cut)} with {day_in_print(found.cut)} to "
        f"{day_in_print(found.end)}. Before and after are as counted; the change is for like cases (taken out: "
        f"{'; '.join(found.adjusted_for)}). The words ask more than the 95 % intervals shown, as the report is read again and "
        f"again: {'; '.join(f'{WHO[who].name} {asked(getattr(found, who))}' for who in WHO)}. "
        f"No change shown means that all of it lies within ±{number(found.smallest_change * 100, 1)} points."
    )
    return (Paragraph(said, small=True),)


def course(found: Improvement) -> Section:
    """The share right by period."""
    drawn = pictures.course(found.series)
    if drawn is None:
        return Section(
            "Over time", (Paragraph("Too few periods with enough resolved cases for a course over time."),)
        )
    rows = tuple(
        (period(str(point["period"])), *(f"{rate(point[who])}, n {number(point[who].n)}" for who in WHO))
        for point in found.series
    )
    head = ("Period", *(mark.name for mark in WHO.values()))
    note = "As counted, not adjusted for harder or easier cases: the verdicts are. The scale does not begin at zero."
    return Section("Over time", (drawn, Table("Share right by period, with 95 % intervals", head, rows),
                                 Paragraph(note, small=True)))  # fmt: skip


def alarms(report: Report) -> Section:
    """What each alarm says of the whole log."""
    said = tuple(Paragraph(str(one["sentence"]), strong=one["state"] == "raised") for one in report.alarms)
    about = Paragraph("Alarms are about the whole log, whatever span of it is reported.", small=True)
    return Section("Alarms", (*said, about) if said else (Paragraph("No alarm is watched here."),))


def _if(block: Block | None) -> tuple[Block, ...]:
    return () if block is None else (block,)
