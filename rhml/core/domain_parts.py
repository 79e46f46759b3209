"""The tables of a domain file, each with its sound defaults; `rhml.core.domain` puts them together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Kind = Literal["number", "category", "yes_no", "date", "text"]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Word = Annotated[str, StringConstraints(min_length=1)]

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


class Part(BaseModel):
    """A table of a domain file: frozen, and a key nobody declared is a problem, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Action(Part):
    """One of the choices of a decision; `key` goes into the log, `label` on the button."""

    key: str
    label: str


class Feature(Part):
    """One fact about a case. `use = false` keeps it on the card and out of the model.

    `collect = true`: it is being collected since some day. Files may leave its column out, managers fill it in
    on the card, and a model reads it once enough cases have it.
    """

    name: str = ""
    label: str = ""
    kind: Kind = "number"
    unit: str = ""
    description: str = ""
    column: Word | None = None
    levels: Names = ()
    missing: tuple[str | float | bool, ...] = ()
    effect: Literal["increasing", "decreasing", "any"] = "any"
    changeable: bool = False
    step: Annotated[float, Field(gt=0, strict=True)] | None = None
    use: bool = True
    collect: Annotated[bool, Field(strict=True)] = False

    @property
    def is_input(self) -> bool:
        """Whether a model reads it."""
        return self.use


class Terms(Part):
    """The organization's own words for ours."""

    case: Word = "case"
    cases: str = ""
    manager: Word = "manager"

    @property
    def many(self) -> str:
        """The plural of `case`."""
        return self.cases or f"{self.case}s"


class Value(Part):
    """What is at stake in a case, and what each mistake costs per unit of it."""

    column: Word | None = None
    unit: str = ""
    cost: dict[str, dict[str, Annotated[float, Field(ge=0, strict=True)]]] = {}

    @property
    def priced_in(self) -> str:
        """In what a mistake is counted; nothing where neither a column nor a cost says what it comes to."""
        return self.unit if self.column or self.cost else ""


class Segments(Part):
    """Columns by which the report is split; protected ones are watched, and never model inputs."""

    columns: Names = ()
    protected: Names = ()


class Modes(Part):
    """Shares of cases whose card asks for the manager's own call first (science: three modes).

    A case that is more than `overdue_days` overdue asks for none: it shows the recommendation at once.
    """

    first_call: Share = 0.2
    evidence_only: Share = 0.1
    overdue_days: Annotated[int, Field(ge=0, le=3_650, strict=True)] = 0


class Limit(Part):
    """Above which override rate an organization looks, and above which it acts."""

    look_above: Share = 0.05
    act_above: Share = 0.10


class Override(Limit):
    """The reasons a manager may give for deciding differently, and when a rate deserves a look.

    `limits` has others for one person (`manager`), a `direction` or the values of a segment column.
    """

    reasons: Names = REASONS
    limits: dict[str, Limit] = {}

    def limit(self, by: str) -> Limit:
        """The limits for the rates by one dimension: its own, else those of all decisions."""
        return self.limits.get(by, self)


class Training(Part):
    """When a model may be trained, by how much a challenger may fall short, and how fast it may learn.

    `every` outcomes start a retraining by themselves (0: never); `corrections` between two retrainings are
    proposed to a lead or applied at once; `sets` is the level of the sets of actions that cannot be ruled out.
    `apart` lists pairs of features whose effects a model may add up but not combine.
    """

    minimum: Annotated[int, Field(ge=10, le=10_000_000, strict=True)] = 50
    bank: Annotated[float, Field(ge=0.0, le=0.5, strict=True)] = 0.2
    margin: Share = 0.005
    every: Annotated[int, Field(ge=0, le=10_000_000, strict=True)] = 0
    corrections: Literal["propose", "apply"] = "propose"
    sets: Annotated[float, Field(ge=0.5, lt=1.0, strict=True)] = 0.9
    apart: tuple[tuple[str, str], ...] = ()


class Pending(Part):
    """How the queue is ordered when a manager has not said, and how long an open case is theirs.

    `over = false`: a case whose outcome is known is over and does not wait.
    """

    order: Literal["due_soonest", "oldest_first", "most_at_stake", "model_least_sure", "people_help_most"] = (
        "due_soonest"
    )
    claim_minutes: Annotated[int, Field(ge=1, le=1440, strict=True)] = 20
    over: Annotated[bool, Field(strict=True)] = True


class Report(Part):
    """The smallest change of accuracy that means something here."""

    smallest_change: Annotated[float, Field(gt=0, le=0.5, strict=True)] = 0.05


class People(Part):
    """Who may look at one person's record, and from how many decisions with an outcome on.

    Everyone sees everything about themselves; `nobody` leaves it at that. Where the domain has no outcomes,
    decisions stand for them.
    """

    record: Literal["lead", "nobody"] = "lead"
    minimum: Annotated[int, Field(ge=20, le=10_000_000, strict=True)] = 50


class Governance(Part):
    """Which decisions need a second person, and when a disagreement has to be settled; nothing unless it is set.

    `second_signature_above` is in the unit of [value]; `signature_for` narrows it to some actions and
    `signature_overrides_only` to decisions against the recommendation. `second_opinion` is the share of decided
    cases, drawn by lot, on which another manager is asked blind. An override of a recommendation that was at least
    `conflict_when_sure`, and an escalation answered against the own call of who asked, go to the conflict room.
    """

    second_signature_above: Annotated[float, Field(ge=0, strict=True)] | None = None
    signature_for: Names = ()
    signature_overrides_only: Annotated[bool, Field(strict=True)] = False
    signers: Literal["lead", "manager"] = "lead"
    second_opinion: Share = 0.0
    conflict_when_sure: Share | None = None
    conflict_when_escalated: Annotated[bool, Field(strict=True)] = False


class Condition(Part):
    """One condition of a rule: a feature, how it is compared, and with what."""

    feature: str
    op: Literal["=", "<=", ">="]
    value: (
        Annotated[bool, Field(strict=True)]
        | Annotated[float, Field(strict=True)]
        | Annotated[str, Field(strict=True)]
    )


class Policy(Part):
    """A stated policy: where its one or two conditions hold, the card says which action it asks for."""

    when: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=2)]
    action: str
    why: Word


class Card(Part):
    """What no log can know of a model and its use, and a person adds to the cards: all of it in plain sentences."""

    owner: str = ""
    users: str = ""
    intended_use: str = ""
    out_of_scope: str = ""
    affected: str = ""
    harms: str = ""
    legal_basis: str = ""
    risk_class: str = ""
    data_sources: str = ""
    validated_by: str = ""
    challenge: str = ""
    stop: str = ""


class Retention(Part):
    """How long a decided case is kept (`days` after its outcome, or its decision where none is known), and what stays.

    `keep` names the columns that an erased case keeps; without it those are the segments and what is at stake.
    """

    days: Annotated[int, Field(ge=1, le=100_000, strict=True)] | None = None
    keep: Names | None = None
