"""An organization brings its decisions: a domain file, cases, outcomes, an older log; all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import DomainInvalid, ImportRefused, Problem
from rhml.intake.cases import CasesRead, check_cases
from rhml.intake.decisions import check_decisions
from rhml.intake.leaks import leaks
from rhml.intake.outcomes import check_outcomes
from rhml.intake.tables import Table
from rhml.loop import permit
from rhml.loop.checked import Checked, held_back
from rhml.loop.intent import domain as intent_domain
from rhml.store import case_file, imports, organization, registry, waiting
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

    @property
    def words(self) -> str:
        """What the import came to, in a sentence."""
        if not self.changed:
            return "Nothing changed: the log holds all of this already."
        parts = (("case", self.cases), ("outcome", self.outcomes), ("decision", self.decisions))
        said = [
            f"{count:,} {how} {noun}{'' if count == 1 else 's'}"
            for noun, part in parts
            for how, count in (("new", part.new), ("corrected", part.corrected), ("known", part.known))
            if count
        ]
        saved = ["the domain file"] if self.domain_changed else []
        return f"Imported: {', '.join(saved + said)}."


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
    refusals: list[ImportRefused] = []
    notes: list[str] = []

    def attempt(check_file, *arguments):
        try:
            read = check_file(*arguments, now=now)
        except ImportRefused as refused:
            refusals.append(refused)
            return None
        notes.extend(read.notes)
        return read

    read = attempt(check_cases, cases, domain) if cases else None
    known = _known(store, domain, cases, read)
    resolved = attempt(check_outcomes, outcomes, domain, known) if outcomes else None
    called = attempt(check_decisions, decisions, domain, known) if decisions else None
    parts = [p for p in (read and read.outcomes, resolved and resolved.frame) if p is not None]
    found, problems = _joined(parts)
    if read:
        problems += leaks(read.frame, found, domain)
    _refuse(refusals, problems)
    earlier = [p for p in (read and read.decisions, called and called.frame) if p is not None]
    decided = pd.concat(earlier, ignore_index=True).drop_duplicates("identity") if earlier else None
    return Checked(read.frame if read else None, found, decided, tuple(dict.fromkeys(notes)))


def _known(
    store: Store, domain: DecisionDomain, cases: Table | None, read: CasesRead | None
) -> set[str] | None:
    """Ids that outcomes and decisions may name; None where a refused case file leaves it open."""
    if cases and read is None:
        return None
    return case_file.known_ids(store, domain) | (set(read.frame["case_id"]) if read else set())


def _refuse(refusals: list[ImportRefused], problems: list[Problem]) -> None:
    """One refused file speaks for itself; several are told together."""
    if len(refusals) == 1 and not problems:
        raise refusals[0]
    listed = [problem for refused in refusals for problem in refused.problems] + problems
    if listed:
        raise ImportRefused(_headline(refusals, listed), listed)


def _headline(refusals: list[ImportRefused], listed: list[Problem]) -> str:
    if len(refusals) > 1:
        return "Nothing was imported. " + " ".join(str(refused) for refused in refusals)
    count = "1 problem" if len(listed) == 1 else f"{len(listed):,} problems"
    return f"Nothing was imported: {count}. The first: {listed[0]}"


def _joined(parts: list[pd.DataFrame]) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Outcomes from the case file and from their own file as one; the two may not contradict each other."""
    if not parts:
        return None, []
    joined = pd.concat(parts, ignore_index=True)
    sides = joined.groupby("case_id")["right_action"].nunique()
    problems = [
        Problem(f"case {case_id}", case_id, "The case file and the outcome file name different outcomes.",
                "Correct one of the two files.", column="right_action")
        for case_id in sides.index[sides > 1][:200]
    ]  # fmt: skip
    return joined.drop_duplicates("case_id", keep="last").reset_index(drop=True), problems


def onboard(
    store: Store,
    domain: DecisionDomain,
    *,
    cases: Table | None = None,
    outcomes: Table | None = None,
    decisions: Table | None = None,
    hold: int = 0,
    by: str,
    at: datetime,
) -> Onboarded:
    """Record a domain and its files in one transaction; the same files again change nothing.

    Of `hold` cases that are over the file's answers are left out, so that they wait to be decided: the same file
    given again, without it, brings them.
    """
    permit.lead(store, by, "bring a domain or import data")
    earlier = _earlier(store, domain)
    checked = check(store, domain, cases=cases, outcomes=outcomes, decisions=decisions, now=at)
    checked = held_back(checked, hold)

    def unit(tx: Transaction) -> Onboarded:
        changed = organization.save_domain(tx, domain, at=at, by=by)
        if earlier and earlier.value.column != domain.value.column:
            waiting.rebuild(tx, domain)  # the list holds what is at stake in each case
        if changed:
            intent_domain.follow(tx, earlier, domain, at=at)
        parts = {}
        if checked.cases is not None:
            parts["cases"] = imports.append_cases(
                tx, domain, checked.cases, secret=store.secret, at=at, by=by
            )
        if checked.outcomes is not None:
            parts["outcomes"] = imports.append_outcomes(tx, domain, checked.outcomes, at=at, by=by)
        if checked.decisions is not None:
            parts["decisions"] = imports.append_decisions(
                tx, domain, checked.decisions, secret=store.secret, at=at
            )
        return Onboarded(domain.name, changed, notes=checked.notes, **parts)

    done = store.write(unit)
    if done.cases.corrected:
        store.forget()
    return done


def _earlier(store: Store, domain: DecisionDomain) -> DecisionDomain | None:
    """The domain as the log holds it; DomainInvalid where the new file drops what recorded facts need."""
    if domain.name not in organization.domain_names(store):
        return None
    earlier = organization.domain(store, domain.name)
    version = registry.live_version(store, domain.name)
    read = registry.version(store, domain.name, version).features if version else ()
    problems = [
        Problem(f"actions.{key}", key, f"The action {key!r} is missing, and the log has decisions about it.",
                "Keep its line; its label may change.")
        for key in sorted(set(earlier.action_keys) - set(domain.action_keys))
    ] + [
        Problem(f"features.{name}", name, f"The live model {version} reads {name!r}.",
                "Keep the feature, with use = false if the next model shall not read it.")
        for name in read if name not in {f.name for f in domain.features}
    ]  # fmt: skip
    kept = [key for key in domain.action_keys if key in earlier.action_keys]
    if version and not problems and tuple(domain.action_keys[: len(kept)]) != earlier.action_keys:
        problems.append(
            Problem("actions", ", ".join(domain.action_keys), "The actions stand in another order, and what "
                    f"{version} recommended is on record in the old one.",
                    f"Begin with {', '.join(earlier.action_keys)}; new ones come after them.")
        )  # fmt: skip
    if problems:
        raise DomainInvalid(f"The domain file {domain.name}.toml was not saved. {problems[0]}", problems)
    return earlier
