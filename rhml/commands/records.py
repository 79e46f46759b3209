"""Commands of the records an organization answers with: past screens, the register, cards, and packs for examiners."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, log_at
from rhml.commands.reporting import MOMENTS, end_of
from rhml.loop.edges import plain
from rhml.loop.files import check_destination, write_whole
from rhml.loop.records import answering
from rhml.loop.records import shown as past
from rhml.loop.records.examiners import PURPOSES
from rhml.loop.records.records import records as write_records
from rhml.loop.records.register import in_words
from rhml.loop.records.register import register as read_register
from rhml.printed import html as pages
from rhml.printed import markdown
from rhml.printed.screen import document
from rhml.store import organization
from rhml.store.opening import utc_now

Html = Annotated[Path | None, typer.Option("--html", help="Also as one HTML page into this file.")]


@app.command()
def shown(
    name: Name,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="The decision's id.")],
    html: Html = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Show the screen as it was for a decision: what was on the card then, and what was entered."""
    check_destination(html, (".html",))
    with log_at(db) as store:
        found = past.shown(store, organization.domain(store, name), decision)
    told = plain(found.as_dict())
    printed = document(told, found.domain)
    if html is not None:
        write_whole(html, lambda part: part.write_text(pages.page(printed), "utf-8"))
    printing.show(told, as_json, plain=f"Wrote {html}." if html else markdown.page(printed))


@app.command()
def register(name: Name, db: Database = "", as_json: AsJson = False) -> None:
    """List every model version: when it was live, by whose word, against which verdict, and what it learned from."""
    with log_at(db) as store:
        found = read_register(store, organization.domain(store, name))
    printing.show(plain(found.as_dict()), as_json, plain=in_words(found))


@app.command()
def card(
    name: Name,
    model: Annotated[
        str | None, typer.Option("--model", metavar="VERSION", help="The card of a version.")
    ] = None,
    process: Annotated[bool, typer.Option("--process", help="The card of the decision process.")] = False,
    html: Html = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Also as a PDF into this file.")] = None,
    md: Annotated[Path | None, typer.Option("--md", help="Also as Markdown into this file.")] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write a model card or a decision-process card from the log."""
    if (model is None) == (not process):
        raise typer.BadParameter("Choose --model VERSION or --process.", param_hint="--model")
    files = {form: out for form, out in (("html", html), ("pdf", pdf), ("md", md)) if out is not None}
    for form, out in files.items():
        check_destination(out, (f".{form}",))
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        made = (
            answering.of_process(store, domain, at=now)
            if model is None
            else answering.of_model(store, domain, model, at=now)
        )
    for form, out in files.items():
        text = made.form(form)
        write_whole(out, lambda part, text=text: part.write_bytes(text))
    written = "\n".join(f"Wrote {out}." for out in files.values())
    printing.show(made.facts, as_json, plain=written or made.form("md").decode())


@app.command()
def records(
    name: Name,
    purpose: Annotated[str, typer.Option("--for", help=f"What for: {', '.join(PURPOSES)}.")],
    out: Annotated[Path, typer.Option("--out", help="A new folder, or a file that ends in .zip.")],
    since: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="First day, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="Last day, UTC.")] = None,
    names: Annotated[bool, typer.Option("--names", help="People under their own names.")] = False,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write the pack for an examiner: every use, the trail, register, cards, checksums and the chain's head."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        done = write_records(
            store,
            domain,
            purpose,
            out,
            by=by,
            at=utc_now(),
            since=since,
            until=end_of(until),
            names=names,
            progress=printing.progress,
        )
    printing.show({**plain(vars(done)), "path": str(done.path)}, as_json, plain=done.message)
