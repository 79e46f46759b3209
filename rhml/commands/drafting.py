"""The command that makes a domain file of an organization's own table, by a field's template."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import AsJson, app
from rhml.demo.fields import FIELDS
from rhml.demo.templates import template as find_template
from rhml.errors import RhmlError
from rhml.intake.drafting.draft import planned
from rhml.intake.drafting.planning import Plan
from rhml.intake.drafting.writing import write
from rhml.intake.tables import read_table
from rhml.loop.files import write_whole


@app.command()
def draft(
    cases: Annotated[Path, typer.Argument(readable=False, help="CSV or Parquet.")],
    name: Annotated[str | None, typer.Option(help="The domain's name; else the file's.")] = None,
    template: Annotated[
        str | None,
        typer.Option(help=f"{', '.join(one.key for one in FIELDS)}, a domain of one, or a .toml file."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write it; else stdout.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draft a commented domain file from a table, with the actions, words and rules of a field if one is named."""
    lending = find_template(template) if template else None
    plan = planned(read_table(cases), name=name or (out.stem if out else cases.stem), template=lending)
    text, questions = write(plan), plan.questions
    if out is None:
        printing.show({"text": text, "questions": list(questions)}, as_json, plain=text)
        return
    if out.exists():
        raise RhmlError(f"{out} exists already. Name another file, or remove it first.")
    write_whole(out, lambda part: part.write_text(text, "utf-8"))
    printing.show({"out": str(out), "questions": list(questions)}, as_json, plain=_told(out, cases, plan))


def _told(out: Path, cases: Path, plan: Plan) -> str:
    asked = "".join(f"\n  - {question}" for question in plan.questions)
    look = f"\nLook at these before you go on:{asked}" if asked else ""
    return f"Wrote {out}.{look}\nThen: python -m rhml onboard {quote(str(out))} --cases {quote(str(cases))}"
