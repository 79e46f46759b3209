"""The Improvement report as one HTML page that needs nothing else: for a mail, a meeting, a file."""

from __future__ import annotations

from html import escape

from rhml.core.domain import DecisionDomain
from rhml.reports.report import SPEAKS_FOR, Report
from rhml.ui import findings, measured, together
from rhml.ui.charts import SIDES, WHO

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8886; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .9rem; }
dt, dd { margin: 0; }
"""


def page(report: Report, domain: DecisionDomain, about: dict[str, str]) -> str:
    """The whole page; every text that somebody typed is escaped."""
    parts = [
        _facts(about),
        _table("Who improved", ["", "Verdict", "Change, like cases", "Before", "After"], _verdicts(report)),
        _table("Over time", ["Period", *(_marked(who) for who in WHO)], _course(report)),
        *_segments(report, domain),
        _table(
            "Who follows whom, and what it is worth",
            ["Measure", "Value", "What it says"],
            _reliance(report, domain),
        ),
        f"<p>{escape(SPEAKS_FOR)}</p>",
    ]
    title = escape(about["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1><p><strong>{escape(findings.claim(report.improvement))}</strong></p>"
        f"{''.join(parts)}</body></html>"
    )


def _facts(about: dict[str, str]) -> str:
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in about.items() if k != "title")
    return f"<dl>{rows}</dl>"


def _marked(who: str, name: str = "") -> str:
    return WHO[who].html + escape(name or WHO[who].name)


def _table(title: str, head: list[str], rows: list[list[str]]) -> str:
    """Heads and first cells may hold our own marks; every other cell is escaped."""
    if not rows:
        return ""
    cells = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{escape(c)}</td>" for c in rest)}</tr>'
        for first, *rest in rows
    )
    return f"<h2>{escape(title)}</h2><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _verdicts(report: Report) -> list[list[str]]:
    sides = ((who, getattr(report.improvement, who)) for who in WHO)
    return [
        [_marked(who), side.verdict.words, measured.difference(side.change),
         measured.share(side.earlier), measured.share(side.later)]
        for who, side in sides
    ]  # fmt: skip


def _course(report: Report) -> list[list[str]]:
    return [
        [escape(measured.period(str(point["period"]))), *(measured.share(point[who]) for who in WHO)]
        for point in report.improvement.series
    ]


def _segments(report: Report, domain: DecisionDomain) -> list[str]:
    tables = []
    for column in dict.fromkeys(s.column for s in report.segments):
        label = domain.feature(column).label or column
        head = [
            escape(label),
            "Decisions",
            *(_marked(who, SIDES[who]) for who in WHO),
            "In words",
            "Overrides were worth",
        ]
        rows = [
            [escape(s.segment), str(s.decisions), *(measured.share(getattr(s, who)) for who in WHO), s.words,
             measured.amount(s.override_value, report.reliance.unit)]
            for s in report.segments
            if s.column == column
        ]  # fmt: skip
        tables.append(_table(f"By {label}", head, rows))
    return tables


def _reliance(report: Report, domain: DecisionDomain) -> list[list[str]]:
    found = report.reliance
    shown = together.ALWAYS if domain.outcome is None else {**together.WITH_OUTCOMES, **together.ALWAYS}
    rows = []
    for key, (name, about) in shown.items():
        say = measured.coefficient if key == "error_correlation" else measured.share
        rows.append([escape(name), say(getattr(found, key)), about])
    rows.append(["Against the better of the two", measured.difference(found.complementarity), "The team's share right "
                 "minus that of people alone or the model alone, whichever is better."])  # fmt: skip
    for key, (name, sign) in together.PARTS.items():
        if key in found.breakdown:
            rows.append([name, measured.difference(found.breakdown[key], sign), "A part of team − people."])
    rows.append(["Team − people", measured.difference(found.team_minus_human), "The sum of the four parts."])
    rows.append(
        ["Overrides were worth", measured.amount(found.override_value, found.unit), "Rescued minus spoiled."]
    )
    return rows
