"""What an organization decides, read from a TOML file that a manager can write.

>>> domain = parse_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"\\ndecline = "Decline"')
>>> domain.action_keys
('lend', 'decline')
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from rhml.core import domain_checks
from rhml.errors import DomainInvalid, Problem

Kind = Literal["number", "category", "yes_no", "date", "text"]
Share = Annotated[float, Field(ge=0, le=1)]

REASONS = (
    "New information",
    "Data is wrong",
    "Factor does not apply",
    "Policy exception",
    "Relationship or strategy",
    "Model misjudges this kind",
    "Other",
)


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Part(BaseModel):
    """A table of a domain file: frozen, and a key nobody declared is a problem, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Action(_Part):
    """One of the choices of a decision; `key` goes into the log, `label` on the button."""

    key: str
    label: str


class Feature(_Part):
    """One fact about a case. `use = false` keeps it on the card and out of the model."""

    name: str = ""
    label: str = ""
    kind: Kind = "number"
    unit: str = ""
    description: str = ""
    column: str | None = None
    levels: Names = ()
    missing: tuple[str | float | bool, ...] = ()
    effect: Literal["increasing", "decreasing", "any"] = "any"
    changeable: bool = False
    step: Annotated[float, Field(gt=0)] | None = None
    use: bool = True

    @property
    def is_input(self) -> bool:
        """Whether a model reads it; text is shown and kept until a text model exists."""
        return self.use and self.kind != "text"


class Terms(_Part):
    """The organization's own words for ours."""

    case: str = "case"
    cases: str = ""
    manager: str = "manager"

    @property
    def many(self) -> str:
        """The plural of `case`."""
        return self.cases or f"{self.case}s"


class Outcome(_Part):
    """How it shows which action was right, and after which actions it shows at all."""

    column: str = "right_action"
    true_means: str | None = None
    observed_after: Names = ()
    explore: Share = 0.0
    known_at: str = "known_at"


class Value(_Part):
    """What is at stake in a case, and what each mistake costs per unit of it."""

    column: str | None = None
    unit: str = ""
    cost: dict[str, dict[str, Annotated[float, Field(ge=0)]]] = {}


class Segments(_Part):
    """Columns by which the report is split; protected ones are watched, and never model inputs."""

    columns: Names = ()
    protected: Names = ()


class Modes(_Part):
    """Shares of cases whose card asks for the manager's own call first (science: three modes)."""

    first_call: Share = 0.2
    evidence_only: Share = 0.1


class Override(_Part):
    """The reasons a manager may give for deciding differently, and when a rate deserves a look."""

    reasons: Names = REASONS
    look_above: Share = 0.05
    act_above: Share = 0.10


class Training(_Part):
    """When a model may be trained and by how much a challenger may fall short of the champion."""

    minimum: Annotated[int, Field(ge=10)] = 50
    bank: Annotated[float, Field(ge=0.0, le=0.5)] = 0.2
    margin: Share = 0.005


class Pending(_Part):
    """How the queue is ordered when a manager has not said, and how long an open case is theirs."""

    order: Literal["due_soonest", "oldest_first", "most_at_stake", "model_least_sure"] = "due_soonest"
    claim_minutes: Annotated[int, Field(ge=1, le=1440)] = 20


class Report(_Part):
    """The smallest change of accuracy that means something here."""

    smallest_change: Annotated[float, Field(gt=0, le=0.5)] = 0.05


class DecisionDomain(_Part):
    """Everything the product knows about one kind of decision; made by `parse_domain`, then frozen."""

    name: str
    title: str
    question: str = ""
    case_id: str = "case_id"
    received_at: str = "received_at"
    due_at: str = "due_at"
    ordered: bool | None = None
    terms: Terms = Terms()
    actions: tuple[Action, ...]
    outcome: Outcome | None = None
    value: Value = Value()
    features: tuple[Feature, ...] = ()
    segments: Segments = Segments()
    modes: Modes = Modes()
    override: Override = Override()
    training: Training = Training()
    pending: Pending = Pending()
    report: Report = Report()
    text: Annotated[str, StringConstraints(strip_whitespace=False)] = Field(default="", repr=False)

    @property
    def action_keys(self) -> tuple[str, ...]:
        """The actions' keys in the order of the form."""
        return tuple(action.key for action in self.actions)

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
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(str(path), "", f"The file cannot be read ({error}).", "Give a UTF-8 TOML file.")
        raise DomainInvalid(str(problem), [problem]) from error
    return parse_domain(path.stem, text)


def check_domain(name: str, text: str) -> list[Problem]:
    """Every problem of a domain file, in sentences with a remedy; empty when it can be used.

    >>> [p.where for p in check_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"')]
    ['actions']
    """
    return _read(name, text)[1]


def _read(name: str, text: str) -> tuple[DecisionDomain | None, list[Problem]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Problem("file", "", f"This is not valid TOML: {error}.", "Mend the line it names.")]
    shaped, problems = domain_checks.shape(raw)
    try:
        domain = DecisionDomain.model_validate({**shaped, "name": name, "text": text})
    except ValidationError as error:
        return None, problems + domain_checks.sentences(error)
    return domain, problems + domain_checks.cross_check(domain)
