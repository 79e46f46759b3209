"""What a template lends besides its actions: reasons, modes, rules of the queue and of people, and governance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rhml.core.domain_parts import Governance, Modes, Override, Pending, People, Report, Training
from rhml.intake.drafting.naming import quoted

if TYPE_CHECKING:
    from rhml.intake.drafting.planning import Plan


def lent(plan: Plan) -> Iterator[str]:
    """The tables of rules, each line with its remark; the product's own rules where no template is given."""
    yield from _pending(plan)
    template = plan.template
    if template is not None:
        yield from _modes(template.modes)
        yield from _override(template.override)
        yield from _training(template.training)
        yield from _report(template.report)
        yield from _governance(plan, template.governance)
    yield from _people(template.people if template else People())


def _line(code: str, remark: str) -> str:
    return f"{code:<36} # {remark}"


def _pending(plan: Plan) -> Iterator[str]:
    yield ""
    yield _line("[pending]", "the list of what waits")
    wanted = plan.template.pending if plan.template else Pending()
    order = wanted.order
    if order == "due_soonest" and not plan.sketch.due_at:
        order = "oldest_first" if plan.sketch.received_at else "model_least_sure"
    if order == "most_at_stake" and not plan.value:
        order = "model_least_sure"
    yield _line(
        f"order = {quoted(order)}",
        "due_soonest, oldest_first, most_at_stake, model_least_sure or people_help_most",
    )
    yield _line(
        f"claim_minutes = {wanted.claim_minutes}", "how long an open one is kept for whoever opened it"
    )
    if plan.outcome is not None:
        yield _line("over = false", "what has its outcome already is over and does not wait")


def _modes(modes: Modes) -> Iterator[str]:
    yield ""
    yield _line("[modes]", "how a card is shown, drawn by chance")
    yield _line(
        f"first_call = {modes.first_call!r}",
        "this share asks for the own call before the recommendation shows",
    )
    yield _line(
        f"evidence_only = {modes.evidence_only!r}", "this share shows facts and factors before the own call"
    )
    yield _line(f"overdue_days = {modes.overdue_days}", "beyond so many days overdue it is shown at once")


def _override(override: Override) -> Iterator[str]:
    yield ""
    yield _line("[override]", "when somebody decides differently")
    yield _line(f"reasons = [{', '.join(map(quoted, override.reasons))}]", "to choose from")
    yield _line(f"look_above = {override.look_above!r}", "a share of overrides above this deserves a look …")
    yield _line(f"act_above = {override.act_above!r}", "… and above this an answer")


def _training(training: Training) -> Iterator[str]:
    yield ""
    yield _line("[training]", "when a model may be trained, and how it is judged")
    yield _line(f"minimum = {training.minimum}", "resolved ones before a first model")
    yield _line(f"bank = {training.bank!r}", "this share no model ever trains on: it judges them")
    yield _line(f"margin = {training.margin!r}", "a new model may be this much worse by chance")
    yield _line(
        f"every = {training.every}", "after so many new outcomes a challenger trains itself; 0: never"
    )
    yield _line(
        f"corrections = {quoted(training.corrections)}",
        "where the model is off: propose a correction, or apply it",
    )
    yield _line(f"sets = {training.sets!r}", "how surely the actions not ruled out hold the right one")


def _report(report: Report) -> Iterator[str]:
    yield ""
    yield _line("[report]", "the findings")
    yield _line(
        f"smallest_change = {report.smallest_change!r}",
        "the smallest change of accuracy that means something",
    )


def _governance(plan: Plan, rules: Governance) -> Iterator[str]:
    lines = list(_rules(plan, rules))
    if lines:
        yield ""
        yield _line("[governance]", "whom else a decision needs; remove it and nobody is asked")
        yield from lines


def _rules(plan: Plan, rules: Governance) -> Iterator[str]:
    keys = {key for key, _ in plan.actions}
    if rules.second_signature_above is not None and plan.value and plan.large is not None:
        yield _line(
            f"second_signature_above = {plan.large!r}",
            "one in twenty is larger: such a decision somebody else signs",
        )
        signed = [key for key in rules.signature_for if key in keys]
        if signed:
            yield _line(f"signature_for = [{', '.join(map(quoted, signed))}]", "if this is what was decided")
        if rules.signature_overrides_only:
            yield _line("signature_overrides_only = true", "only decisions against the recommendation")
        yield _line(f"signers = {quoted(rules.signers)}", "lead, or manager for every colleague")
    if rules.second_opinion:
        yield _line(f"second_opinion = {rules.second_opinion!r}", "this share a colleague judges too, blind")
    if rules.conflict_when_sure is not None:
        yield _line(
            f"conflict_when_sure = {rules.conflict_when_sure!r}",
            "an override of so sure a recommendation is settled",
        )
    if rules.conflict_when_escalated:
        yield _line(
            "conflict_when_escalated = true", "an answer against the own call of who asked is settled too"
        )


def _people(people: People) -> Iterator[str]:
    yield ""
    yield _line("[people]", "who may see one person's own numbers; everyone sees their own")
    yield _line(f"record = {quoted(people.record)}", 'a lead, and every look is on record; or "nobody"')
    yield _line(f"minimum = {people.minimum}", "decisions with a known outcome before anyone else sees them")
