"""An organization brings its decisions: a domain file, cases, outcomes, an older log; all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import ImportRefused, Problem
from rhml.intake.cases import check_cases
from rhml.intake.decisions import check_decisions
from rhml.intake.leaks import leaks
from rhml.intake.outcomes import check_outcomes
from rhml.intake.tables import Table
from rhml.loop import permit
from rhml.store import case_file, imports, organization
from rhml.store.engine import Store, Transaction
from rhml.store.imports import Appended

NOTHING = Appended()


@dataclass(frozen=True)
class Onboarded:
    """What was new in the files, what the log held already, and what is worth knowing about them."""

    domain: str
    domain_changed: bool
    cases: Appended = NOTHING
    outcomes: Appended = NOTHING
    decisions: Appended = NOTHING
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the log holds anything it did not hold before."""
        parts = (self.cases, self.outcomes, self.decisions)
        return self.domain_changed or any(part.new or part.corrected for part in parts)


@dataclass(frozen=True)
class Checked:
    """Files that passed every check, ready to be appended; a page previews them."""

    cases: pd.DataFrame | None = None
    outcomes: pd.DataFrame | None = None
    decisions: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()


def check(
    store: Store,
    domain: DecisionDomain,
    *,
    cases: Table | None = None,
    outcomes: Table | None = None,
    decisions: Table | None = None,
    now: datetime,
) -> Checked:
    """Check every file before anything is written; ImportRefused lists the problems of all of them."""
    problems: list[Problem] = []
    notes: list[str] = []

    def attempt(check_file, *arguments, **named):
        try:
            read = check_file(*arguments, **named)
        except ImportRefused as refused:
            problems.extend(refused.problems)
            return None
        notes.extend(read.notes)
        return read

    read = attempt(check_cases, cases, domain) if cases else None
    known = case_file.known_ids(store, domain) | (set(read.frame["case_id"]) if read else set())
    resolved = attempt(check_outcomes, outcomes, domain, known, now=now) if outcomes else None
    called = attempt(check_decisions, decisions, domain, known) if decisions else None
    parts = [
        p for p in (read.outcomes if read else None, resolved.frame if resolved else None) if p is not None
    ]
    found = _joined(parts, problems)
    if read and found is not None:
        problems.extend(leaks(read.frame, found, domain))
    if problems:
        raise ImportRefused(_headline(problems), problems)
    return Checked(
        read.frame if read else None, found, called.frame if called else None, tuple(dict.fromkeys(notes))
    )


def _joined(parts: list[pd.DataFrame], problems: list[Problem]) -> pd.DataFrame | None:
    """Outcomes from the case file and from their own file as one; the two may not contradict each other."""
    if not parts:
        return None
    joined = pd.concat(parts, ignore_index=True)
    sides = joined.groupby("case_id")["right_action"].nunique()
    for case_id in sides.index[sides > 1][:200]:
        problems.append(
            Problem(f"case {case_id}", case_id, "The case file and the outcome file name different outcomes.",
                    "Correct one of the two files.", column="right_action")
        )  # fmt: skip
    return joined.drop_duplicates("case_id", keep="last").reset_index(drop=True)


def _headline(problems: list[Problem]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
    return f"Nothing was imported: {count}. The first: {problems[0]}"


def onboard(
    store: Store,
    domain: DecisionDomain,
    *,
    cases: Table | None = None,
    outcomes: Table | None = None,
    decisions: Table | None = None,
    by: str,
    at: datetime,
) -> Onboarded:
    """Record a domain and its files in one transaction; the same files again change nothing."""
    permit.lead(store, by, "bring a domain or import data")
    checked = check(store, domain, cases=cases, outcomes=outcomes, decisions=decisions, now=at)
    secret = organization.secret(store)

    def unit(tx: Transaction) -> Onboarded:
        changed = organization.save_domain(tx, domain, at=at, by=by)
        parts = {}
        if checked.cases is not None:
            parts["cases"] = imports.append_cases(tx, domain, checked.cases, secret=secret, at=at, by=by)
        if checked.outcomes is not None:
            parts["outcomes"] = imports.append_outcomes(tx, domain, checked.outcomes, at=at, by=by)
        if checked.decisions is not None:
            parts["decisions"] = imports.append_decisions(tx, domain, checked.decisions, secret=secret, at=at)
        return Onboarded(domain.name, changed, notes=checked.notes, **parts)

    return store.write(unit)
