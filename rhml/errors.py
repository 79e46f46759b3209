"""What can go wrong, one class for each thing a caller can act on.

Every message is a sentence that says what to do next. The page frame and the command line catch
`RhmlError` once; anything else is a defect and is shown as one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file or a domain: where it is, what it says, and what to do about it."""

    where: str
    value: str
    problem: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.problem} {self.remedy}".strip()


class RhmlError(Exception):
    """Something a person can mend; the message says how."""


class WithProblems(RhmlError):
    """A refusal that lists every problem found, not only the first."""

    def __init__(self, headline: str, problems: list[Problem]):
        super().__init__(headline)
        self.problems = problems


class DomainInvalid(WithProblems):
    """The domain file has problems; nothing was stored."""


class ImportRefused(WithProblems):
    """The file has problems; nothing was imported."""


class UnknownDomain(RhmlError):
    """No domain of this name is in the log."""


class UnknownCase(RhmlError):
    """No case of this id is in the domain."""


class CaseGone(RhmlError):
    """The case left Pending before this decision was saved."""


class CaseTaken(RhmlError):
    """Somebody else has the case open."""


class FirstCallMissing(RhmlError):
    """The case asks for the manager's own call before the recommendation."""


class ReasonMissing(RhmlError):
    """The decision differs from the recommendation and gives no reason."""


class RationaleMissing(RhmlError):
    """The reason chosen needs a sentence beside it."""


class DecisionInvalid(RhmlError):
    """The decision names an action, a reason or a confidence that the domain does not have."""


class TrainingRefused(RhmlError):
    """What is there would teach a model the wrong thing."""


class NoChampion(RhmlError):
    """The domain has no promoted model yet."""


class IntentRefused(RhmlError):
    """What matters now cannot be stated or withdrawn like this."""


class CorrectionRefused(RhmlError):
    """This correction cannot be applied or switched off as asked."""


class LessonRefused(RhmlError):
    """There is no such lesson, or it cannot be taught or withdrawn as asked."""


class PromotionRefused(RhmlError):
    """The version is unknown, or promoting it goes against its verdict."""


class DrillRefused(RhmlError):
    """This practice session cannot be begun, answered or ended as asked."""


class ProposalGone(RhmlError):
    """The proposal was decided already, or a newer one has taken its place."""


class NotPermitted(RhmlError):
    """The person's role does not include this act."""


class LookRefused(RhmlError):
    """This person's record cannot be shown to whoever asked."""


class LogLocked(RhmlError):
    """Another process has the log open."""


class LogUnreadable(RhmlError):
    """The log cannot be opened: a wrong address, or a newer version of the product wrote it."""


class QuestionRefused(RhmlError):
    """The SQL text is not one SELECT that the locked box can answer."""


class SavedGone(RhmlError):
    """No saved view or question of this id is there for this person."""


class SavedRefused(RhmlError):
    """A view or a question cannot be kept like this."""


class ReviewRefused(RhmlError):
    """This signature, second opinion or settlement cannot be given by this person, or not any more."""


class LimitRefused(RhmlError):
    """What was done about an override rate cannot be recorded like this."""


class ErasureRefused(RhmlError):
    """Nothing was erased: something about the person, the case or the facts forbids it."""
