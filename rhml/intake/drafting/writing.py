"""A plan written as a domain file, with a remark on every line."""

from __future__ import annotations

from collections.abc import Iterator

from rhml.intake.drafting.guesses import Guess
from rhml.intake.drafting.lent import lent
from rhml.intake.drafting.mapping import Reading
from rhml.intake.drafting.naming import quoted
from rhml.intake.drafting.planning import Plan
from rhml.intake.findings import shown
from rhml.intake.ids import FROM_ROW

LABEL = 60
"""Characters of a label; a card has two columns."""


def write(plan: Plan) -> str:
    """The text of the domain file."""
    like = f", worded like “{plan.template.title}”" if plan.template else ""
    lines = [
        f"# Drafted from {quoted(plan.source)[1:-1]}, {plan.rows:,} rows{quoted(like)[1:-1]}. Correct what was guessed wrong;",
        "# what follows a # is a remark and is not read.",
        "",
        *_top(plan),
        "",
        *_actions(plan),
        *_outcome(plan),
        *_decided(plan),
        *_value(plan),
    ]
    for guess in plan.sketch.features:
        lines += ["", *_feature(guess)]
    lines += [*_segments(plan), *lent(plan), *_doubted(plan), *_left_out(plan)]
    return "\n".join(lines) + "\n"


def line(code: str, remark: str) -> str:
    """A line of the file with its remark."""
    return f"{code:<36} # {quoted(remark)[1:-1]}" if "\n" in remark else f"{code:<36} # {remark}"


def _top(plan: Plan) -> Iterator[str]:
    found = plan.sketch
    yield line(f"title = {quoted(plan.title)}", "shown on every page")
    yield line(f"question = {quoted(plan.question)}", "shown above every card: put it in your words")
    if found.case_id is None:
        why = (
            f"{shown(found.repeats)!r} names several rows alike"
            if found.repeats
            else "no column names each row once"
        )
        yield line(
            f"case_id = {quoted(FROM_ROW)}",
            f"{why}, so each gets a name made of what it says: the same row is the same case",
        )
    else:
        yield line(
            f"case_id = {quoted(found.case_id)}",
            "the column that names a case, a different value in each row",
        )
    if found.received_at:
        yield line(
            f"received_at = {quoted(found.received_at)}", "when the case arrived: old ones wait on top"
        )
    if found.due_at:
        yield line(f"due_at = {quoted(found.due_at)}", "until when it must be decided")
    yield ""
    yield line("[terms]", "your own words, used on every page")
    yield line(f"case = {quoted(plan.case)}", "for example: request, application, ticket")
    yield line(f"cases = {quoted(plan.cases)}", "several of them")
    yield line(f"manager = {quoted(plan.manager)}", "who decides")


def _actions(plan: Plan) -> Iterator[str]:
    first = plan.outcome or plan.decided
    yield line(
        "[actions]", "what can be decided, in the order of the form; the word in quotes is on the button"
    )
    remark = "what is done where it ends well" if first or plan.template else (
        'a placeholder: write the first action, for example approve = "Approve"'
    )  # fmt: skip
    for place, (key, label) in enumerate(plan.actions):
        if first and not plan.template:
            remark = f"from the column {quoted(shown(first.answer.heading))}"
        elif place:
            remark = "the more cautious side" if first or plan.template else (
                "a placeholder: the other one; a third gets a line of its own"
            )  # fmt: skip
        yield line(f"{key} = {quoted(label)}", remark)


def _outcome(plan: Plan) -> Iterator[str]:
    yield ""
    if plan.outcome is None:
        yield "# No column was found that says which action proved right. If there is one, name it here:"
        yield line("# [outcome]", "without outcomes the model learns what this team usually decides")
        yield line('# column = "…"', "holds the action that proved right")
        return
    yield line(
        "[outcome]", "what proved right; a mere record of what somebody decided belongs under [decided]"
    )
    yield line(f"column = {quoted(plan.outcome.answer.heading)}", "the column that says it")
    yield from _reading(plan.outcome)
    if plan.sketch.known_at:
        yield line(f"known_at = {quoted(plan.sketch.known_at)}", "since when it is known")
    yield line(
        f"# observed_after = [{quoted(plan.actions[0][0])}]",
        "if an outcome only ever shows after this action",
    )


def _decided(plan: Plan) -> Iterator[str]:
    if plan.decided is None:
        return
    yield ""
    yield line("[decided]", "what was decided before, in the same table: it comes in as earlier decisions")
    yield line(f"column = {quoted(plan.decided.answer.heading)}", "the column that says it")
    yield from _reading(plan.decided)
    if plan.sketch.decided_by:
        yield line(f"manager = {quoted(plan.sketch.decided_by)}", "who decided")
    if plan.sketch.decided_at:
        yield line(f"at = {quoted(plan.sketch.decided_at)}", "when")


def _reading(reading: Reading) -> Iterator[str]:
    guessed = (
        "guessed: turn it round if it is wrong" if reading.unsure else "the action that a yes stands for"
    )
    if reading.cut is not None:
        yield line(f"true_means = {quoted(reading.yes)}", "the action that is right from this number on")
        yield line(
            f"yes_from = {float(reading.cut)!r}",
            "as much or more; guessed: put the number that counts for you",
        )
    elif reading.plain_yes:
        yield line(f"true_means = {quoted(reading.plain_yes)}", guessed)
    elif reading.means and any(word != key for word, key in reading.means):
        words = ", ".join(f"{quoted(word)} = {quoted(key)}" for word, key in reading.means)
        remark = "guessed: change what is wrong" if reading.unsure else "the action each word stands for"
        yield line(f"means = {{ {words} }}", f'{remark}; "" where nothing is known yet')


def _value(plan: Plan) -> Iterator[str]:
    if not plan.value:
        return
    yield ""
    yield line("[value]", "what is at stake in a case, and what each mistake costs")
    yield line(f"column = {quoted(plan.value)}", "the number of a case that is at stake")
    yield line(f"unit = {quoted(plan.unit)}", 'for example "€"')
    keys = {key for key, _ in plan.actions}
    cost = {
        chosen: {right: unit for right, unit in row.items() if right in keys}
        for chosen, row in (plan.template.value.cost if plan.template else {}).items()
        if chosen in keys
    }
    if any(cost.values()):
        rows = ", ".join(
            f"{chosen} = {{ {', '.join(f'{right} = {unit!r}' for right, unit in row.items())} }}"
            for chosen, row in cost.items() if row
        )  # fmt: skip
        yield line(f"cost = {{ {rows} }}", "chosen → right → cost per unit: put your own figures")


def _feature(guess: Guess) -> Iterator[str]:
    yield line(f"[features.{guess.name}]", guess.seen)
    if guess.name != guess.heading:
        yield line(f"column = {quoted(guess.heading)}", "the heading in your files")
    yield line(f"label = {quoted(label(guess.heading))}", "the words on the card")
    yield line(f"kind = {quoted(guess.kind or 'text')}", "number, category, yes_no, date or text")
    if guess.unit:
        yield line(f"unit = {quoted(guess.unit)}", "shown beside the value")
    if guess.missing:
        words = ", ".join(repr(m) if isinstance(m, float) else quoted(m) for m in guess.missing)
        yield line(f"missing = [{words}]", "these stand for nothing")
    if guess.levels:
        levels = ", ".join(quoted(level) for level in guess.levels)
        yield line(f"# levels = [{levels}]", "remove the first # to refuse any other word")
    yield from _use(guess)


def label(heading: str) -> str:
    """The words on the card for a heading."""
    words = " ".join(shown(heading).replace("_", " ").split())
    words = words if len(words) <= LABEL else words[: LABEL - 1] + "…"
    return words[:1].upper() + words[1:] or "Column"


def _use(guess: Guess) -> Iterator[str]:
    if guess.protected:
        yield line("use = false", "protected: no model reads it, but unequal treatment is watched")
    elif guess.kind == "text" and not guess.use:
        yield line(
            "use = false", "on the card only; written before the decision? remove this line to have it read"
        )
    elif guess.kind == "text":
        yield line(
            "# use = false", "remove the first # if it is written after the decision: its words are read"
        )
    elif guess.kind == "date" and not guess.use:
        yield line("use = false", "on the card only: of a date a model would only learn the calendar")
    elif not guess.use:
        yield line("use = false", "it seems to name something: shown on the card, not read by a model")


def _segments(plan: Plan) -> Iterator[str]:
    if not plan.segments and not plan.protected:
        return
    yield ""
    yield line("[segments]", "by what the report is split")
    if plan.segments:
        yield line(f"columns = [{', '.join(map(quoted, plan.segments))}]", "features with a few levels")
    if plan.protected:
        yield line(f"protected = [{', '.join(map(quoted, plan.protected))}]", "watched for unequal treatment")


def _doubted(plan: Plan) -> Iterator[str]:
    """Columns that may be known only afterwards: whole tables behind a #, to be brought back by who knows better."""
    if plan.sketch.doubted:
        yield ""
        yield "# Columns that look as if they were filled in only after the end: on a card they would give the answer away."
        yield "# Known before the decision all the same? Remove the # in front of its lines, or add use = false to show it only."
    for guess in plan.sketch.doubted:
        yield ""
        rest = list(_feature(guess))[1:]
        yield line(f"# [features.{guess.name}]", f"{shown(guess.heading)!r}: {guess.doubt}")
        yield from (f"# {code}" for code in rest if not code.startswith("#"))


def _left_out(plan: Plan) -> Iterator[str]:
    left = [c for c in plan.sketch.columns if c.why_not and c.heading not in plan.sketch.roles]
    if left:
        yield ""
        yield "# Columns left out, each with its reason; the import ignores them."
    for guess in left:
        why = quoted(guess.why_not[:1].lower() + guess.why_not[1:])[1:-1]
        yield line(f"# [features.{guess.name}]", f"{quoted(shown(guess.heading))}: {why}")
