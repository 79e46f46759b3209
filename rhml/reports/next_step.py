"""What to do next: the one or two acts that would change what the report can say, each with the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import SELECTIVE
from rhml.reports.found.result import FoundSegments
from rhml.reports.in_words import Number, of_100
from rhml.reports.report import Report
from rhml.reports.segments import Segment
from rhml.reports.sides import ONE_VERSION
from rhml.reports.versions import Versions

PEOPLE_BETTER = "decisions beat recommendations"
MODEL_BETTER = "recommendations beat decisions"
BEATEN = {
    "people beat the model": ("people alone", "model"),
    "decisions beat recommendations": ("decisions", "model"),
    "the model beats people": ("people alone", "people"),
    "recommendations beat decisions": ("decisions", "people"),
}
"""Who is compared with the model in a question of the discovered segments, and who has something to learn there."""

NAMED = 2
MOSTLY = 0.5


@dataclass(frozen=True)
class Link:
    """A way to a page: what it says, the page's file, and what its address adds."""

    label: str
    page: str
    query: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"label": self.label, "page": self.page, "query": dict(self.query)}


@dataclass(frozen=True)
class Step:
    """What to do, in a sentence or two, and where."""

    text: str
    links: tuple[Link, ...] = ()


DECIDE = Link("Decide the first", "pending")
OUTCOMES = Link("Bring outcomes", "organization")
ALARM = Link("See the alarm", "team", (("view", "Alarms"),))
FIRST_CALLS = Link("Ask for own calls first", "team", (("view", "Modes"),))
LESSONS = Link("See the lessons", "team", (("view", "Lessons"),))
PROMOTE = Link("Compare and promote", "models")
RETRAIN = Link("Retrain", "models")
PRACTICE = Link("Practise", "practice")


def next_step(report: Report, parts: Mapping[str, object], *, domain: DecisionDomain, number: Number) -> Step:
    """At most two acts, the most pressing first; a quiet month where nothing presses."""
    if first := _cannot_know(report, domain):
        return first
    learn = (
        _promote(parts.get("versions"), number)
        or _found(parts.get("found_segments"), number)
        or _segments(report, domain)
    )
    steps = [
        step
        for step in (
            _alarm(report),
            _people_fell(report),
            learn,
            _calls(report, number),
            None if learn else _one_version(report),
        )
        if step is not None
    ][:2]
    if not steps:
        return Step("Nothing presses. Look again in a month.")
    return Step(" ".join(step.text for step in steps), tuple(link for step in steps for link in step.links))


def _cannot_know(report: Report, domain: DecisionDomain) -> Step | None:
    """Before anything else somebody must be able to know who was right."""
    many = domain.terms.many
    if domain.outcome is None:
        return Step(f"Tell the log which action proved right, at least for some {many}: without outcomes nobody can say.",
                    (OUTCOMES,))  # fmt: skip
    if report.improvement.human.change.why == SELECTIVE:
        return Step(
            f"Decide a small random share of {many} so that its outcome shows either way ([outcome] explore in the "
            "domain file), or bring outcomes from an audit.",
            (OUTCOMES,),
        )
    if not (report.reliance.decisions or report.reliance.agreement_first.n or report.reliance.human_all.n):
        return Step(f"Decide the first {many}.", (DECIDE,))
    if not report.reliance.resolved:
        return Step(f"Bring the outcomes of decided {many} as they become known.", (OUTCOMES,))
    return None


def _alarm(report: Report) -> Step | None:
    raised = [one for one in report.alarms if one["state"] == "raised"]
    return Step("An alarm is raised: look at it first.", (ALARM,)) if raised else None


def _people_fell(report: Report) -> Step | None:
    if report.improvement.human.verdict.words != "fell":
        return None
    return Step("Let people decide for themselves first more often, and practise.", (FIRST_CALLS, PRACTICE))


def _promote(versions: Versions | None, number: Number) -> Step | None:
    """A version that is shown to beat the live one on the bank, and waits; the newest of them."""
    rows = versions.rows if versions else ()
    live = next((row.known.version for row in rows if row.known.is_live), None)
    for row in reversed(rows):
        if row.known.version == live or live is None:
            return None
        for against in (row.against_live, row.against_before, row.against_first):
            if against is not None and against.other == live and against.verdict.words == "improved":
                by = of_100(against.accuracy.value, number)
                return Step(
                    f"Look at {row.known.version}, which waits: it is right in {by} more of 100 cases held back for testing than {live}, "
                    "which is live.",
                    (PROMOTE,),
                )
    return None


def _found(found: FoundSegments | None, number: Number) -> Step | None:
    """The surest discovered segment in which one beats the other, confirmed on later cases."""
    told = [s for s in (found.segments if found else ()) if s.question in BEATEN]
    if not told:
        return None
    best = min(told, key=lambda s: s.p)
    people, learner = BEATEN[best.question]
    # Chosen as the surest of several, its own number is flattered; the one drawn towards the others is not.
    by = of_100((best.shrunk if best.shrunk.known else best.later).value, number)
    if learner == "model":
        return Step(
            f"Retrain: where {best.rule}, {people} are right in {by} more of 100 cases than the model.",
            (RETRAIN,),
        )
    return Step(
        f"Teach: where {best.rule}, the model is right in {by} more of 100 cases than {people}.", (LESSONS,)
    )


def _segments(report: Report, domain: DecisionDomain) -> Step | None:
    """Where one is shown to beat the other, the other has something to learn; never by what is protected."""
    open_to_all = [s for s in report.segments if s.column not in domain.segments.protected]
    behind, ahead = ([s for s in open_to_all if s.words == words] for words in (MODEL_BETTER, PEOPLE_BETTER))
    if not behind and not ahead:
        return None
    if len(ahead) >= len(behind):
        return Step(
            f"Retrain: {_where(ahead, report, domain)} decisions are right more often than the model.",
            (RETRAIN,),
        )
    return Step(
        f"Teach: {_where(behind, report, domain)} the model is right more often than the decisions.",
        (LESSONS,),
    )


def _one_version(report: Report) -> Step | None:
    if report.improvement.model.note != ONE_VERSION:
        return None
    return Step("Retrain: one version was shown throughout.", (RETRAIN,))


def _where(found: list[Segment], report: Report, domain: DecisionDomain) -> str:
    """The segments with most decisions, and how many more."""
    compared = [
        s for s in report.segments if s.team_minus_model.known and s.column not in domain.segments.protected
    ]
    if len(found) == len(compared) > NAMED:
        return f"in all {len(found)} segments"
    order = sorted(found, key=lambda s: -s.team_minus_model.n)
    names = [f"{s.segment} ({_label(domain, s.column)})" for s in order[:NAMED]]
    rest = len(order) - len(names)
    if rest:
        return f"in {', '.join(names)} and {rest} more segment{'s' if rest > 1 else ''}"
    return f"in {' and '.join(names)}"


def _label(domain: DecisionDomain, column: str) -> str:
    return domain.feature(column).label or column


def _calls(report: Report, number: Number) -> Step | None:
    """What people can do alone is told by calls they make alone, and by nothing else."""
    human = report.improvement.human
    if human.verdict.more:
        ask = (
            "Go on asking for"
            if human.change.n > report.reliance.team_all.n * MOSTLY
            else "Ask more often for"
        )
        return Step(
            f"{ask} people’s own call first: about {number(human.verdict.more, 0)} more would tell whether they improved.",
            (FIRST_CALLS,),
        )
    if human.verdict.words == "too few to say":
        return Step(
            "Ask for people’s own call first on more cases: nothing else shows what they can do alone.",
            (FIRST_CALLS,),
        )
    return None
