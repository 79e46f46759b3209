"""The whole report in print: its sections in the order in which a board reads them."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.printed import fairness, parts, together, verdicts
from rhml.printed.about import About
from rhml.printed.blocks import Document, Pairs, Paragraph, Section
from rhml.printed.numbers import number
from rhml.reports.answer import Answer
from rhml.reports.fingerprint import METHOD
from rhml.reports.report import Report


def document(report: Report, found: Answer, domain: DecisionDomain, about: About) -> Document:
    """The answer first, then what it rests on, then how it was made; a part that was not computed has no section."""
    held = {name: part.as_dict() for name, part in report.parts.items()}
    sections = [verdicts.answer(found, domain)]
    if domain.outcome is not None:
        sections += [verdicts.verdicts(report), verdicts.course(report.improvement)]
    if "ledger" in held:
        sections.append(parts.ledger(held["ledger"]))
    if "growth" in held:
        sections.append(parts.growth(held["growth"], held.get("versions")))
    if "cycles" in held and held["cycles"]["cycles"]:
        sections.append(parts.cycles(held["cycles"]))
    if domain.outcome is not None:
        sections.append(together.segments(report, domain, held.get("found_segments")))
    sections.append(together.together(report, domain, held.get("complementarity_detail")))
    if "equal_treatment" in held:
        sections.append(fairness.equal_treatment(held["equal_treatment"]))
    sections.append(verdicts.alarms(report))
    if "methods" in held:
        sections.append(fairness.methods(held["methods"]))
    covers = (
        f"{about.filters} · {about.rows} · made {about.as_dict()['made']} · data {about.fingerprint.short}"
    )
    return Document(about.title, covers, (*sections, _about(about)))


def _about(about: About) -> Section:
    """Filters, time, versions and the fingerprint of the data, and how to make the report again."""
    found = about.fingerprint
    rows = ", ".join(f"{number(count)} {name}" for name, count in found.rows.items())
    facts = {
        **about.as_dict(),
        "domain file": f"version {found.domain_version}, hash {found.domain_file}",
        "log": f"fact number {found.counter}",
        "data": f"{rows}; fingerprint {found.whole}",
    }
    facts.pop("title")
    pairs = tuple((name[0].upper() + name[1:], said) for name, said in facts.items())
    how = f"The same data give the same fingerprint; the command prints it again. {METHOD}"
    people = "Numbers are of the team as a whole: no person is named in this report."
    return Section(
        "About this report", (Pairs(pairs), Paragraph(how, small=True), Paragraph(people, small=True))
    )
