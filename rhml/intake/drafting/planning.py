"""What a domain file drafted from a table will say: guessed from the table, worded by a template, open to correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rhml.core.domain import DecisionDomain
from rhml.intake.drafting.answering import Answer
from rhml.intake.drafting.guesses import Guess
from rhml.intake.drafting.mapping import Reading, blank_reading, template_reading
from rhml.intake.drafting.naming import domain_name
from rhml.intake.drafting.roles import AT_STAKE, NAMING, PLACES, words_of
from rhml.intake.drafting.sketching import Sketch
from rhml.intake.figures import numbers
from rhml.intake.findings import shown
from rhml.intake.tables import Table

SEGMENTS, SEGMENT_LEVELS = 3, 12


@dataclass(frozen=True)
class Plan:
    """Everything a drafted domain file says; `write` puts it into words, a form may replace any of it."""

    source: str
    rows: int
    title: str
    question: str
    case: str
    cases: str
    manager: str
    sketch: Sketch
    actions: tuple[tuple[str, str], ...]
    outcome: Reading | None = None
    decided: Reading | None = None
    value: str = ""
    unit: str = ""
    large: float | None = None
    template: DecisionDomain | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def segments(self) -> tuple[str, ...]:
        """Features with a few levels, by which reports are split."""
        few = [
            c.name for c in self.sketch.features
            if c.kind == "category" and 2 <= len(c.levels) <= SEGMENT_LEVELS and c.use and not c.protected
        ]  # fmt: skip
        return tuple(few[:SEGMENTS])

    @property
    def protected(self) -> tuple[str, ...]:
        """Features that are watched for unequal treatment."""
        return tuple(c.name for c in self.sketch.features if c.protected)

    @property
    def questions(self) -> tuple[str, ...]:
        """What nothing in the table answers for sure: a sentence each, the weightiest first."""
        asked = []
        if self.outcome is None and self.decided is None:
            asked.append("No column says how a case ended or what was decided. Is there one?")
        for reading in (self.outcome, self.decided):
            if reading is not None and reading.unsure:
                asked.append(
                    f"Which action does each word of {shown(reading.answer.heading)!r} stand for? It was guessed."
                )
        if self.sketch.repeats:
            asked.append(
                f"{shown(self.sketch.repeats)!r} names several rows alike. Is each row a case of its own?"
            )
        asked += [
            f"Is {shown(c.heading)!r} known before the decision? {c.doubt[:1].upper()}{c.doubt[1:]}; so it was left out."
            for c in self.sketch.doubted
        ]
        return tuple(asked)

    def with_columns(self, columns: Mapping[str, Guess]) -> Plan:
        """The same with some columns, by their headings, as somebody corrected them."""
        changed = tuple(columns.get(c.heading, c) for c in self.sketch.columns)
        return replace(self, sketch=replace(self.sketch, columns=changed))


def plan(
    table: Table, found: Sketch, *, name: str, title: str | None, template: DecisionDomain | None
) -> Plan:
    """What to write of a sketch: actions, words and what is at stake, from a template where one is given."""
    actions, outcome, decided = readings(found.outcome, found.decided, template)
    case, cases = _case(found, name, template)
    value = at_stake(found)
    stake = found.guess(next((c.heading for c in found.features if c.name == value), None))
    return Plan(
        source=shown(table.name),
        rows=len(table.frame),
        title=shown((title or domain_name(name).replace("_", " ").capitalize()).strip()) or "Decisions",
        question=question(actions, case) if template else f"Which action is right in this {case}?",
        case=case,
        cases=cases,
        manager=template.terms.manager if template else "manager",
        sketch=found,
        actions=actions,
        outcome=outcome,
        decided=decided,
        value=value,
        unit=_unit(stake),
        large=_large(table, stake),
        template=template,
    )


def readings(
    outcome: Answer | None, decided: Answer | None, template: DecisionDomain | None
) -> tuple[tuple[tuple[str, str], ...], Reading | None, Reading | None]:
    """The actions of the domain, and how the columns of what proved right and of what was decided are read as them."""
    read = template_reading if template else blank_reading
    ended = read(outcome, template) if outcome else None
    said = read(decided, template) if decided else None
    if template:
        used = {key for one in (ended, said) if one for key in one.used} or set(template.action_keys)
        pairs = tuple((a.key, a.label) for a in template.actions if a.key in used)
        return pairs, ended, said
    if (
        ended and said and ended.actions != said.actions
    ):  # two vocabularies: what proved right names the actions
        said = template_reading(decided, ended.as_template)
    first = ended or said
    pairs = first.actions if first else (("yes", "Yes"), ("no", "No"))
    return pairs, ended, said


def question(actions: tuple[tuple[str, str], ...], case: str) -> str:
    """The question above every card: which of the actions."""
    labels = [label[:1].lower() + label[1:] for _, label in actions]
    return f"Which is right for this {case}: {', '.join(labels[:-1])} or {labels[-1]}?"


_CASES = {
    "loan": "loans", "application": "applications", "request": "requests", "ticket": "tickets", "order": "orders",
    "employee": "employees", "shipment": "shipments", "delivery": "deliveries", "grant": "grants", "message": "messages",
    "claim": "claims", "customer": "customers", "batch": "batches", "lot": "lots", "wafer": "wafers", "invoice": "invoices",
    "study": "studies", "proposal": "proposals", "student": "students", "patient": "patients", "parcel": "parcels",
    "complaint": "complaints", "account": "accounts", "run": "runs", "part": "parts", "email": "e-mails",
    "transaction": "transactions", "contract": "contracts", "policy": "policies", "candidate": "candidates",
}  # fmt: skip
"""What a case may be called, and several of them, where the heading of its name or the file says so."""


def _case(found: Sketch, name: str, template: DecisionDomain | None) -> tuple[str, str]:
    several = {many: one for one, many in _CASES.items()}
    for word in (*words_of(found.case_id or ""), *words_of(name)):
        one = several.get(word, word)
        if one in _CASES:
            return one, _CASES[one]
    return (template.terms.case, template.terms.many) if template else ("case", "cases")


def _speaks_of_money(heading: str) -> bool:
    said = words_of(heading)
    return bool(AT_STAKE & set(said)) or any(word.endswith(("summe", "betrag", "preis")) for word in said)


def _unit(stake: Guess | None) -> str:
    """The unit at the numbers, else the sign of money in the heading."""
    if stake is None:
        return ""
    return stake.unit or next((sign for sign in "€$£¥₹" if sign in stake.heading), "")


def at_stake(found: Sketch) -> str:
    """The name of the number that is at stake in a case; "" if no heading speaks of an amount."""
    fits = [
        c for c in found.features
        if c.kind == "number" and _speaks_of_money(c.heading) and not c.seen.startswith("from -")
        and not (PLACES | NAMING | {"term", "rate", "count", "days", "ratio"}) & set(words_of(c.heading))
    ]  # fmt: skip
    amounts = [
        c
        for c in fits
        if {"amount", "amt", "betrag", "kreditsumme", "montant", "importe"} & set(words_of(c.heading))
    ]
    return next((c.name for c in [*amounts, *fits]), "")


def _large(table: Table, stake: Guess | None) -> float | None:
    """An amount that one case in twenty exceeds, in two figures."""
    if stake is None:
        return None
    headings = [str(heading).strip() for heading in table.frame.columns]
    values = numbers(table.frame.iloc[:, headings.index(stake.heading)], stake.missing).values.dropna()
    return float(f"{values.quantile(0.95):.2g}") if len(values) else None
