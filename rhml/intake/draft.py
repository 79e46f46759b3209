"""A domain file drafted from a table, every line commented, for a person to correct."""

from __future__ import annotations

from collections.abc import Iterator

from rhml.core.domain import parse_domain
from rhml.errors import ImportRefused, Problem
from rhml.intake.cases import check_cases
from rhml.intake.findings import shown
from rhml.intake.guesses import Guess, Sketch, sketch
from rhml.intake.leaks import leaks
from rhml.intake.naming import distinct, domain_name, quoted, slug
from rhml.intake.roles import AT_STAKE
from rhml.intake.tables import Table

SPOKEN = {
    "approved": (("approve", "Approve"), ("decline", "Decline")),
    "accepted": (("accept", "Accept"), ("refuse", "Refuse")),
    "granted": (("grant", "Grant"), ("refuse", "Refuse")),
}
"""Actions behind the yes and no of some common headings."""


def draft(table: Table, *, name: str, title: str | None = None) -> str:
    """The text of a domain file for a table of cases: a beginning, with the reason for each guess.

    What the table itself shows to be wrong is left out with its reason: columns that cannot be read,
    and columns that give the outcome away. `name` is the domain's; `title` is made from it if not given.
    """
    plan = sketch(table)
    text = ""
    for _ in range(len(plan.columns) + 5):
        text = _write(table, plan, title or domain_name(name).replace("_", " ").capitalize())
        faults = _faults(table, text, domain_name(name))
        better = plan.without(faults)
        if better == plan:
            break
        plan = better
    return text


def _faults(table: Table, text: str, name: str) -> dict[str, str]:
    """Headings of the draft that would keep its own table from being imported, and why."""
    domain = parse_domain(name, text)
    try:
        read = check_cases(table, domain)
        problems: list[Problem] = leaks(read.frame, read.outcomes, domain)
    except ImportRefused as refused:
        problems = refused.problems
    return {p.column: p.problem.rstrip(".") for p in reversed(problems) if p.column}


def _write(table: Table, plan: Sketch, title: str) -> str:
    lines = [
        f"# Drafted from {quoted(shown(table.name))[1:-1]}, {len(table.frame):,} rows. Correct what was guessed wrong;",
        "# what follows a # is a remark and is not read.",
        "",
        *_top(plan, title),
        "",
        *_actions(plan),
        *_value(plan),
    ]
    for guess in plan.features:
        lines += ["", *_feature(guess)]
    lines += [*_segments(plan), *_people(), *_left_out(plan)]
    return "\n".join(lines) + "\n"


def _line(code: str, remark: str) -> str:
    return f"{code:<36} # {remark}"


def _top(plan: Sketch, title: str) -> Iterator[str]:
    yield _line(f"title = {quoted(shown(title.strip()) or 'Decisions')}", "shown on every page")
    yield _line(
        'question = "Which action is right in this case?"', "shown above every card: put it in your words"
    )
    if plan.case_id is None:
        yield _line('# case_id = "…"', "no column names each row once: add one to the file and name it here")
    else:
        yield _line(
            f"case_id = {quoted(plan.case_id)}", "the column that names a case, a different value in each row"
        )
    if plan.received_at:
        yield _line(
            f"received_at = {quoted(plan.received_at)}", "when the case arrived: old ones wait on top"
        )
    if plan.due_at:
        yield _line(f"due_at = {quoted(plan.due_at)}", "until when it must be decided")
    yield ""
    yield _line("[terms]", "your own words, used on every page")
    yield _line('case = "case"', "for example: request, application, ticket")


def _actions(plan: Sketch) -> Iterator[str]:
    outcome = plan.guess(plan.outcome)
    yield _line(
        "[actions]", "what can be decided, in the order of the form; the word in quotes is on the button"
    )
    if outcome is None:
        yield _line('yes = "Yes"', 'a placeholder: write the first action, for example approve = "Approve"')
        yield _line('no = "No"', "a placeholder: the other one; a third gets a line of its own")
        yield ""
        yield "# No column was found that says which action proved right. If there is one, name it here:"
        yield _line("# [outcome]", "without outcomes the model learns what this team usually decides")
        yield _line('# column = "…"', "holds the action that proved right")
        return
    pairs = _pairs(outcome)
    for key, label in pairs:
        yield _line(f"{key} = {quoted(label)}", f"from the column {quoted(shown(outcome.heading))}")
    yield ""
    yield _line(
        "[outcome]",
        "what proved right; a mere record of what somebody decided is no outcome: then remove this",
    )
    yield _line(f"column = {quoted(outcome.heading)}", "the column that says it")
    if outcome.kind == "yes_no":
        yield _line(f"true_means = {quoted(pairs[0][0])}", "the action that a yes shows to be right")
    if plan.known_at:
        yield _line(f"known_at = {quoted(plan.known_at)}", "since when it is known")
    yield _line(
        f"# observed_after = [{quoted(pairs[0][0])}]", "if an outcome only ever shows after this action"
    )


def _pairs(outcome: Guess) -> tuple[tuple[str, str], ...]:
    """Keys and labels of the actions that an outcome's column speaks of."""
    if outcome.kind == "yes_no":
        label = shown(outcome.heading)
        return SPOKEN.get(slug(label), (("yes", f"{label}: yes"), ("no", f"{label}: no")))
    keys = distinct([(level, slug(level, "action")) for level in outcome.levels])
    return tuple(zip(keys, outcome.levels, strict=True))


def _value(plan: Sketch) -> Iterator[str]:
    at_stake = [
        g for g in plan.features
        if g.kind == "number" and AT_STAKE & set(g.name.split("_")) and not g.seen.startswith("from -")
    ]  # fmt: skip
    if at_stake:
        yield ""
        yield _line("[value]", "what is at stake in a case, and what each mistake costs")
        yield _line(f"column = {quoted(at_stake[0].name)}", "the number of a case that is at stake")
        yield _line('unit = ""', 'for example "€"')


def _feature(guess: Guess) -> Iterator[str]:
    yield _line(f"[features.{guess.name}]", guess.seen)
    if guess.name != guess.heading:
        yield _line(f"column = {quoted(guess.heading)}", "the heading in your files")
    label = " ".join(shown(guess.heading).replace("_", " ").split())
    yield _line(f"label = {quoted(label[:1].upper() + label[1:])}", "the words on the card")
    yield _line(f"kind = {quoted(guess.kind or 'text')}", "number, category, yes_no, date or text")
    if guess.levels:
        levels = ", ".join(quoted(level) for level in guess.levels)
        yield _line(f"# levels = [{levels}]", "remove the first # to refuse any other word")
    if guess.protected:
        yield _line("use = false", "protected: no model reads it, but unequal treatment is watched")
    elif guess.kind == "text" and not guess.use:
        yield _line(
            "use = false", "on the card only; written before the decision? remove this line to have it read"
        )
    elif guess.kind == "text":
        yield _line(
            "# use = false", "remove the first # if it is written after the decision: its words are read"
        )
    elif not guess.use:
        yield _line("use = false", "it seems to name something: shown on the card, not read by a model")


def _segments(plan: Sketch) -> Iterator[str]:
    columns = [
        g.name for g in plan.features if g.kind == "category" and 2 <= len(g.levels) <= 12 and not g.protected
    ][:3]
    protected = [g.name for g in plan.features if g.protected]
    if not columns and not protected:
        return
    yield ""
    yield _line("[segments]", "by what the report is split")
    if columns:
        yield _line(f"columns = [{', '.join(map(quoted, columns))}]", "features with a few levels")
    if protected:
        yield _line(f"protected = [{', '.join(map(quoted, protected))}]", "watched for unequal treatment")


def _people() -> Iterator[str]:
    yield ""
    yield _line("[people]", "who may see one person's own numbers; everyone sees their own")
    yield _line('record = "lead"', 'a lead, and every look is on record; or "nobody"')
    yield _line("minimum = 50", "decisions with a known outcome before anyone else sees them")


def _left_out(plan: Sketch) -> Iterator[str]:
    left = [c for c in plan.columns if c.why_not and c.heading not in plan.roles]
    if left:
        yield ""
        yield "# Columns left out, each with its reason; the import ignores them."
    for guess in left:
        yield _line(
            f"# [features.{guess.name}]",
            f"{quoted(shown(guess.heading))}: {quoted(guess.why_not[:1].lower() + guess.why_not[1:])[1:-1]}",
        )
