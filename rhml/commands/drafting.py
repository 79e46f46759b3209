"""The command that makes a domain file of an organization's own table, by a field's template."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import AsJson, app
from rhml.demo.fields import FIELDS
from rhml.demo.templates import template as find_template
from rhml.errors import RhmlError
from rhml.intake.drafting.draft import Roles, candidates, replanned, with_roles
from rhml.intake.drafting.planning import Plan
from rhml.intake.drafting.sketching import Sketch, sketch
from rhml.intake.drafting.writing import write
from rhml.intake.tables import Table, read_table
from rhml.loop.files import write_whole


@app.command()
def draft(
    cases: Annotated[Path, typer.Argument(readable=False, help="CSV or Parquet.")],
    name: Annotated[str | None, typer.Option(help="The domain's name; else the file's.")] = None,
    template: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(one.key for one in FIELDS)}, a domain of one, or a .toml file."),
    ] = None,
    outcome: Annotated[str, typer.Option(metavar="COLUMN", help="How a case ended; else guessed.")] = "",
    decided: Annotated[str, typer.Option(metavar="COLUMN", help="What was decided; else guessed.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Where to write it; else stdout.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draft a commented domain file from a table, with the actions, words and rules of a field if one is named."""
    lending = find_template(template) if template else None
    table = read_table(cases)
    found = _named(table, sketch(table), outcome, decided)
    plan = replanned(table, found, name=name or (out.stem if out else cases.stem), template=lending)
    text, questions = write(plan), plan.questions
    if out is None:
        printing.show({"text": text, "questions": list(questions)}, as_json, plain=text)
        return
    if out.exists():
        raise RhmlError(f"{out} exists already. Name another file, or remove it first.")
    write_whole(out, lambda part: part.write_text(text, "utf-8"))
    printing.show({"out": str(out), "questions": list(questions)}, as_json, plain=_told(out, cases, plan))


def _named(table: Table, found: Sketch, outcome: str, decided: str) -> Sketch:
    """The sketch with the answers' columns as somebody names them; refuses a column that cannot be one."""
    able = candidates(table, found)["answers"]
    for heading in filter(None, (outcome, decided)):
        if heading not in able:
            raise RhmlError(
                f"{heading!r} is no column that says how cases ended or what was decided. "
                + (f"These can be: {', '.join(able)}." if able else "No column of this table can be.")
            )
    if not (outcome or decided):
        return found
    guessed = Roles.of(found)
    named = replace(guessed, outcome=outcome or guessed.outcome, decided=decided or guessed.decided)
    return with_roles(table, found, named)


def _told(out: Path, cases: Path, plan: Plan) -> str:
    asked = "".join(f"\n  - {question}" for question in plan.questions)
    look = f"\nLook at these before you go on:{asked}" if asked else ""
    if not (plan.sketch.outcome or plan.sketch.decided):
        look += "\n    If so, draft again with --outcome COLUMN or --decided COLUMN."
    return f"Wrote {out}.{look}\nThen: python -m rhml onboard {quote(str(out))} --cases {quote(str(cases))}"
