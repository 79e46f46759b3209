"""A domain file drafted from a table, by a template if one is named, every line commented, for a person to correct."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.core.domain_text import is_plain
from rhml.errors import ImportRefused, Problem
from rhml.intake.cases import CasesRead, check_cases
from rhml.intake.drafting.answering import Answer, answer_of
from rhml.intake.drafting.case_names import names_rows
from rhml.intake.drafting.naming import domain_name
from rhml.intake.drafting.planning import Plan, plan
from rhml.intake.drafting.sketching import Sketch, sketch
from rhml.intake.drafting.suspicion import suspicions
from rhml.intake.drafting.writing import write
from rhml.intake.leaks import leaks
from rhml.intake.tables import Table


def draft(
    table: Table, *, name: str, title: str | None = None, template: DecisionDomain | None = None
) -> str:
    """The text of a domain file for a table of cases: a beginning, with the reason for each guess.

    What the table itself shows to be wrong is left out with its reason: columns that cannot be read,
    and columns that give the outcome away. `name` is the domain's; `title` is made from it if not given. A `template`
    lends its actions, words, reasons and rules.
    """
    return write(planned(table, name=name, title=title, template=template))


def planned(
    table: Table, *, name: str, title: str | None = None, template: DecisionDomain | None = None
) -> Plan:
    """What the draft will say, before it is written."""
    return replanned(table, sketch(table), name=name, title=title, template=template)


def replanned(
    table: Table,
    found: Sketch,
    *,
    name: str,
    title: str | None = None,
    template: DecisionDomain | None = None,
) -> Plan:
    """The same for a sketch whose roles somebody corrected: its columns are doubted anew."""
    given = {"name": name, "title": title, "template": template}
    made = plan(table, found, **given)
    for _ in range(len(found.columns) + 5):
        read, faults = _tried(table, made, domain_name(name))
        better = found.without(faults)
        if better == found:
            break
        found = better
        made = plan(table, found, **given)
    if read is None:
        return made
    domain = parse_domain(domain_name(name), write(made))
    doubts = {one.name: one.sentence for one in suspicions(read.frame, _answers(read), domain)}
    return plan(table, found.doubting(doubts), **given)


@dataclass(frozen=True)
class Roles:
    """Which column is what, by headings, as somebody says; "" for none."""

    case_id: str = ""
    received_at: str = ""
    due_at: str = ""
    outcome: str = ""
    decided: str = ""

    @classmethod
    def of(cls, found: Sketch) -> Roles:
        """The roles that were guessed."""
        outcome, decided = found.outcome, found.decided
        return cls(
            found.case_id or "", found.received_at or "", found.due_at or "",
            outcome.heading if outcome else "", decided.heading if decided else "",
        )  # fmt: skip


def with_roles(table: Table, found: Sketch, roles: Roles) -> Sketch:
    """The sketch with the roles that somebody named; columns that have none of them any more are features again."""
    headings = [str(heading).strip() for heading in table.frame.columns]

    def answer(heading: str) -> Answer | None:
        column = found.guess(heading)
        if column is None:
            return None
        return answer_of(
            column, table.frame.iloc[:, headings.index(heading)].reset_index(drop=True), asked=True
        )

    outcome, decided = (
        answer(roles.outcome),
        answer(roles.decided) if roles.decided != roles.outcome else None,
    )
    kept = {"known_at": found.known_at if outcome else None}
    if decided is None:
        kept |= {"decided_by": None, "decided_at": None}
    return replace(
        found, case_id=roles.case_id or None, received_at=roles.received_at or None, due_at=roles.due_at or None,
        outcome=outcome, decided=decided, **kept,
    )  # fmt: skip


def candidates(table: Table, found: Sketch) -> dict[str, list[str]]:
    """The headings that may stand in each role: for names of cases, for dates, and for answers."""
    headings = [str(heading).strip() for heading in table.frame.columns]
    cells = {h: table.frame.iloc[:, at].reset_index(drop=True) for at, h in enumerate(headings)}
    plain = [c for c in found.columns if c.heading and is_plain(c.heading)]
    return {
        "names": [c.heading for c in plain if names_rows(cells[c.heading])],
        "dates": [c.heading for c in plain if c.kind == "date"],
        "answers": [c.heading for c in plain if answer_of(c, cells[c.heading], asked=True) is not None],
    }


def _tried(table: Table, made: Plan, name: str) -> tuple[CasesRead | None, dict[str, str]]:
    """The table read by its own draft, and the headings that would keep it from being imported, and why."""
    domain = parse_domain(name, write(made))
    read, problems = None, []
    try:
        read = check_cases(table, domain)
        problems: list[Problem] = leaks(read.frame, _as_outcomes(read), domain)
    except ImportRefused as refused:
        problems = refused.problems
    return read, {p.column: p.problem.rstrip(".") for p in reversed(problems) if p.column}


def _answers(read: CasesRead) -> pd.DataFrame | None:
    """One action a case: what proved right where that is known, else what was decided."""
    if read.outcomes is not None:
        return read.outcomes[["case_id", "right_action"]].set_axis(["case_id", "action"], axis=1)
    if read.decisions is not None:
        return read.decisions[["case_id", "final_action"]].set_axis(["case_id", "action"], axis=1)
    return None


def _as_outcomes(read: CasesRead) -> pd.DataFrame | None:
    answers = _answers(read)
    return None if answers is None else answers.set_axis(["case_id", "right_action"], axis=1)
