"""The sections on segments of the domain's own and on how people and model decide together."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.printed import claims, pictures
from rhml.printed.blocks import Block, Paragraph, Section, Table
from rhml.printed.marks import SIDES
from rhml.printed.measured import amount, coefficient, difference, of, share
from rhml.printed.numbers import number
from rhml.printed.pictures import Place
from rhml.reports.report import Report
from rhml.stats.measure import Measure

AHEAD = {
    "people beat the model": "human",
    "the model beats people": "model",
    "recommendations beat decisions": "model",
}


def segments(report: Report, domain: DecisionDomain, found: dict | None) -> Section:
    """The domain's own segments as drawing and table, then those that were discovered."""
    blocks: list[Block] = []
    for column in dict.fromkeys(s.column for s in report.segments):
        blocks += _column(report, column, domain.feature(column).label or column)
    if not blocks:
        blocks.append(Paragraph("The domain file lists no segments of its own."))
    if found is not None:
        blocks += _discovered(found)
    return Section("Segments", tuple(blocks))


def _column(report: Report, column: str, label: str) -> list[Block]:
    here = [s for s in report.segments if s.column == column]
    drawn = pictures.by_segment([(s.segment, {who: getattr(s, who) for who in SIDES}) for s in here], label)
    rows = tuple(
        (s.segment, number(s.decisions), *(share(getattr(s, who)) for who in SIDES), s.words,
         amount(s.override_value, report.reliance.unit))
        for s in here
    )  # fmt: skip
    head = (label, "Decisions", *SIDES.values(), "In words", "Overrides were worth")
    return [*([drawn] if drawn else []), Table(f"By {label}", head, rows)]


def _discovered(found: dict) -> list[Block]:
    title = "Segments that were found in the data"
    if found["why"]:
        return [Paragraph(f"{title}: {found['why']}")]
    searched = (
        f"{number(found['searched'])} rules were looked at on earlier cases, {number(found['asked'])} were asked of later "
        f"ones, {number(found['confirmed'])} held (false discoveries at most {number(found['level'] * 100)} in 100)."
    )
    if not found["segments"]:
        return [Paragraph(f"{title}: none held on later cases."), Paragraph(searched, small=True)]
    rows = tuple(
        (str(i), one["rule"], one["question"], number(one["later"]["n"]), share(of(one["people"])),
         share(of(one["model"])), difference(_expected(one)))
        for i, one in enumerate(found["segments"], 1)
    )  # fmt: skip
    head = ("No.", "Where", "What", "Later cases", "People right", "Model right", "Gap there")
    note = (
        "Filled with their number: the segments found, on later cases. Rings: the domain’s own. The larger, the more cases. "
        "The gap is drawn towards the other rules where enough were asked, which takes off what luck adds."
    )
    return [*_drawn(pictures.segment_map(_places(found))), Table(title, head, rows),
            Paragraph(f"{note} {searched}", small=True)]  # fmt: skip


def _places(found: dict) -> list[Place]:
    own = [
        Place(
            f"{one['segment']}", "team", one["people"]["n"], of(one["people"]), of(one["model"]), named=False
        )
        for one in found["own"]
    ]
    return own + [
        Place(
            str(i),
            AHEAD.get(one["question"], "team"),
            one["people"]["n"],
            of(one["people"]),
            of(one["model"]),
        )
        for i, one in enumerate(found["segments"], 1)
    ]


def _expected(one: dict) -> Measure:
    """The gap to expect, as on the page: drawn towards the other rules, else that of the later cases."""
    drawn = of(one["shrunk"])
    return drawn if drawn.known else of(one["later"])


def _drawn(block: Block | None) -> tuple[Block, ...]:
    return () if block is None else (block,)


def together(report: Report, domain: DecisionDomain, detail: dict | None) -> Section:
    """Whether deciding together beats first call and model, what that is made of, and what overrides were worth."""
    found = report.reliance
    blocks: list[Block] = []
    if domain.outcome is not None:
        first, *rest = _said(report, detail)
        blocks += [Paragraph(first, strong=found.complementarity.known), *(Paragraph(text) for text in rest)]
    rows = []
    for key, (name, about) in claims.reliance_shown(domain).items():
        say = coefficient if key == "error_correlation" else share
        rows.append((name, say(getattr(found, key)), about))
    blocks.append(Table("Who follows whom", ("Measure", "Value", "What it says"), tuple(rows)))
    if found.complementarity.known:
        blocks.append(Table("What makes the team differ from people’s first call", ("Part", "Points of all cases"),
                            _breakdown(report)))  # fmt: skip
    return Section("Together", (*blocks, *_worth(report)))


def _said(report: Report, detail: dict | None) -> list[str]:
    """What deciding together comes to: in full where the part was computed, else in a sentence."""
    if detail is not None and detail["sentences"]:
        return list(detail["sentences"])
    return [claims.better_together(report.reliance)]


def _breakdown(report: Report) -> tuple[tuple[str, str], ...]:
    found = report.reliance
    parts = [
        (name, difference(found.breakdown[key], sign))
        for key, (name, sign) in claims.PARTS.items()
        if key in found.breakdown
    ]
    against = ("Against the better of the two", difference(found.complementarity))
    return (*parts, ("Team − first call", difference(found.team_minus_human)), against)


def _worth(report: Report) -> list[Block]:
    [total] = report.overrides
    found, unit = report.reliance.override_value, report.reliance.unit
    if not total.overridden:
        return [Paragraph("No decision differs from its recommendation so far.")]
    if not found.known:
        return [Paragraph(f"{number(total.overridden)} overrides. {found.why}")]
    said = (
        f"{claims.counted(total)} {claims.worth(found)} Net: {amount(found, unit)}. {claims.uncounted(total)}"
    )
    return [Paragraph(said.strip())]
