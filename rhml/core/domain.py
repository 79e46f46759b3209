"""What an organization decides, read from a TOML file that a manager can write.

>>> domain = parse_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"\\ndecline = "Decline"')
>>> domain.action_keys
('lend', 'decline')
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from rhml.core import domain_checks, domain_text
from rhml.core.answers import Decided, Outcome
from rhml.core.domain_parts import (
    Action,
    Card,
    Feature,
    Governance,
    Modes,
    Override,
    Part,
    Pending,
    People,
    Policy,
    Report,
    Retention,
    Segments,
    Terms,
    Training,
    Value,
    Word,
)
from rhml.core.intent_table import IntentTable
from rhml.errors import DomainInvalid, Problem


class DecisionDomain(Part):
    """Everything the product knows about one kind of decision; made by `parse_domain`, then frozen."""

    name: str
    title: str
    question: str = ""
    case_id: Word = "case_id"
    received_at: Word = "received_at"
    due_at: Word = "due_at"
    ordered: bool | None = None
    terms: Terms = Terms()
    actions: tuple[Action, ...]
    outcome: Outcome | None = None
    decided: Decided = Decided()
    value: Value = Value()
    features: tuple[Feature, ...] = ()
    segments: Segments = Segments()
    modes: Modes = Modes()
    override: Override = Override()
    training: Training = Training()
    pending: Pending = Pending()
    report: Report = Report()
    people: People = People()
    card: Card = Card()
    governance: Governance = Governance()
    retention: Retention = Retention()
    intent: IntentTable = IntentTable()
    policy: tuple[Policy, ...] = ()
    text: Annotated[str, StringConstraints(strip_whitespace=False)] = Field(default="", repr=False)

    @property
    def action_keys(self) -> tuple[str, ...]:
        """The actions' keys in the order of the form."""
        return tuple(action.key for action in self.actions)

    @property
    def kept_columns(self) -> tuple[str, ...]:
        """The features that a case keeps when it is erased."""
        if self.retention.keep is not None:
            return self.retention.keep
        stake = (self.value.column,) if self.value.column else ()
        return tuple(dict.fromkeys((*self.segment_columns, *stake)))

    @property
    def inputs(self) -> tuple[Feature, ...]:
        """The features a model reads."""
        return tuple(f for f in self.features if f.is_input)

    @property
    def has_order(self) -> bool:
        """Whether 'higher' and 'lower' mean something among the actions; two actions always have one."""
        return len(self.actions) == 2 if self.ordered is None else self.ordered

    @property
    def selective(self) -> bool:
        """Whether the final action decides if an outcome is ever seen."""
        observed = self.outcome.observed_after if self.outcome else ()
        return bool(observed) and set(observed) != set(self.action_keys)

    @property
    def segment_columns(self) -> tuple[str, ...]:
        """Every column a report may be split by, protected ones included, each once."""
        return tuple(dict.fromkeys(self.segments.columns + self.segments.protected))

    def feature(self, name: str) -> Feature:
        """The feature of this name; KeyError if the domain declares none."""
        return next((f for f in self.features if f.name == name), None) or _unknown(name)

    def label(self, action: str | None) -> str:
        """What the button says for an action key; the key itself where no button has it."""
        return next((a.label for a in self.actions if a.key == action), action or "")

    def cost_of(self, chosen: str, right: str) -> float:
        """Cost per unit of value of choosing one action where another proved right; 1 unless declared."""
        if chosen == right:
            return 0.0
        return float(self.value.cost.get(chosen, {}).get(right, 1.0))

    def direction(self, recommended: str | None, final: str | None) -> int:
        """+1 if the decision is high-side (refuses what the model accepts), −1 low-side, else 0."""
        if not self.has_order or recommended is None or final is None:
            return 0
        at = self.action_keys.index
        return (at(final) > at(recommended)) - (at(final) < at(recommended))


def _unknown(name: str) -> Feature:
    raise KeyError(name)


def parse_domain(name: str, text: str) -> DecisionDomain:
    """Read a domain file's text; DomainInvalid lists every problem at once."""
    domain, problems = _read(name, text)
    if domain is None or problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise DomainInvalid(f"The domain file {name}.toml has {count}: {problems[0]}", problems)
    return domain


def read_domain(path: Path) -> DecisionDomain:
    """Read a domain from a file; its name is the file's stem."""
    return parse_domain(path.stem, domain_text.file_text(path))


def check_domain(name: str, text: str) -> list[Problem]:
    """Every problem of a domain file, in sentences with a remedy; empty when it can be used.

    >>> [p.where for p in check_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"')]
    ['actions']
    """
    return _read(name, text)[1]


def _read(name: str, text: str) -> tuple[DecisionDomain | None, list[Problem]]:
    raw, problems = domain_text.tables(text)
    if problems:
        return None, problems
    shaped, problems = domain_checks.shape(raw)
    try:
        domain = DecisionDomain.model_validate({**shaped, "name": name, "text": text})
    except ValidationError as error:
        return None, problems + domain_checks.sentences(error)
    return domain, problems + domain_checks.cross_check(domain)
