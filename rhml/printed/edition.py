"""One report in all the forms in which it leaves the app: an HTML page, a PDF, JSON; the same numbers in each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import rhml
from rhml.core.domain import DecisionDomain
from rhml.printed import html, pdf
from rhml.printed.about import About, command, covered
from rhml.printed.blocks import Document
from rhml.printed.numbers import number, printed_in
from rhml.printed.own_words import printed_about
from rhml.printed.report import document
from rhml.printed.retold import retold
from rhml.reports.answer import answer
from rhml.reports.fingerprint import Fingerprint
from rhml.reports.report import Report

FORMATS = ("html", "pdf", "json")


@dataclass(frozen=True, eq=False)
class Edition:
    """A report with its print; each form is made when it is asked for, and is the same each time."""

    report: Report
    domain: DecisionDomain
    about: About
    locale: str = "en"

    def form(self, name: str) -> bytes:
        """The file of one of FORMATS."""
        return {"html": self.html, "pdf": self.pdf, "json": self.json}[name]()

    def html(self) -> bytes:
        """One page that needs nothing else."""
        return html.page(self._document()).encode()

    def pdf(self) -> bytes:
        """For a board meeting."""
        footer = f"{self.about.title} · data {self.about.fingerprint.short}"
        return pdf.page(self._document(), at=self.about.made, footer=footer)

    def json(self) -> bytes:
        """All numbers, also those that print has no room for."""
        return (json.dumps(self.as_dict(), ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()

    def as_dict(self) -> dict[str, object]:
        """The keys of `report --json`, which begin with what the report says about itself."""
        return {"about": self.about.as_dict(), **self.report.as_dict()}

    def _document(self) -> Document:
        with printed_in(self.locale), printed_about(self.domain.terms):
            said = answer(self.report, self.report.parts, domain=self.domain, number=number)
            return retold(document(self.report, said, self.domain, self.about))


def edition(
    report: Report, domain: DecisionDomain, *, at: datetime, filters: str = "", locale: str = "en"
) -> Edition:
    """A report that holds the part `fingerprint`, ready for print; filters: in the reader's words, else in UTC days."""
    held = report.parts["fingerprint"]
    if not isinstance(held, Fingerprint):
        raise TypeError("A report is printed with the fingerprint of its data.")
    with printed_in(locale):
        about = About(
            f"Improvement: {domain.title}",
            filters or covered(report, domain),
            f"{number(report.reliance.decisions)} decisions",
            tuple(sorted(set(report.improvement.model.versions))),
            at,
            f"rhml {rhml.__version__}",
            command(report),
            held,
        )
    return Edition(report, domain, about, locale)
