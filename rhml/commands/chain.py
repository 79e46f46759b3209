"""Commands by which the organization answers for its log: is it as it was written, and what is no longer kept."""

from __future__ import annotations

from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, log_at
from rhml.errors import ErasureRefused
from rhml.loop import erase as erasing
from rhml.loop import retention
from rhml.loop import verify as verifying
from rhml.store import organization
from rhml.store.engine import Store
from rhml.store.opening import utc_now

Why = Annotated[str, typer.Option("--why", help="The reason; stays on record.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without it the command says what it would do.")]


@app.command()
def verify(
    name: Annotated[
        str | None, typer.Argument(metavar="[DOMAIN]", help="One domain; else the whole log.")
    ] = None,
    head: Annotated[
        str | None, typer.Option("--head", help="A head noted earlier: is it still in the chain?")
    ] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Is every fact as it was written? Exit code 1 and the first bad fact by name if not."""
    with log_at(db) as store:
        found = verifying.verify(store, name, head=head, progress=printing.patiently())
    printing.show(found.as_dict(), as_json, plain="\n".join(found.lines()))
    if not found.sound:
        raise typer.Exit(1)


@app.command()
def erase(
    what: Annotated[str, typer.Argument(metavar="person|case")],
    name: Annotated[str, typer.Argument(metavar="NAME|DOMAIN")],
    case_id: Annotated[str | None, typer.Argument(metavar="[CASE]")] = None,
    why: Why = "",
    yes: Yes = False,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Erase a person, or a case of a domain: name and words go, counts stay, the chain still verifies."""
    if (what, case_id is None) not in (("person", True), ("case", False)):
        raise typer.BadParameter(
            "Write: erase person NAME, or: erase case DOMAIN CASE.", param_hint="person|case"
        )
    with log_at(db) as store:
        if not yes:
            raise ErasureRefused(_would(store, name, case_id))
        if case_id is None:
            done = erasing.erase_person(store, name, by=by, at=utc_now(), why=why)
        else:
            domain = organization.domain(store, name)
            done = erasing.erase_case(store, domain, case_id, by=by, at=utc_now(), why=why)
    _write_anew(db)
    told = {"alias": done.alias, "facts": done.facts, "copies": done.copies, "message": done.message}
    printing.show(told, as_json, plain=done.message)


def _would(store: Store, name: str, case_id: str | None) -> str:
    if case_id is None:
        found = erasing.preview_person(store, name)
    else:
        found = erasing.preview_case(store, organization.domain(store, name), case_id)
    facts = "1 fact" if found.total == 1 else f"{found.total:,} facts"
    return (
        f"Nothing is erased yet. It would redact {facts} of {', '.join(found.facts)}, and cannot be undone. "
        f"{erasing.KEPT} Add --yes and --why to do it."
    )


@app.command()
def retain(
    name: Name,
    due: Annotated[bool, typer.Option("--due", help="Only say what is due; erase nothing.")] = False,
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="With --due: what another period would come to.")
    ] = None,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Erase the decided cases that are older than the domain keeps them."""
    if days is not None and not due:
        raise typer.BadParameter(
            "Only with --due; the period itself stands in the domain file.", param_hint="--days"
        )
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        found = retention.due(store, domain, now=now, days=days)
        erased = 0 if due else retention.retain(store, domain, by=by, at=now, progress=printing.patiently())
    if erased:
        _write_anew(db)
    told = {"days": found.days, "due": found.cases, "erased": erased, "kept": list(found.kept),
            "first": [case_id for case_id, _ in found.first]}  # fmt: skip
    printing.show(told, as_json, plain=f"{erased:,} erased." if erased else found.sentence(domain))


def _write_anew(db: str) -> None:
    """Opening the log once more writes its file without what was erased."""
    with log_at(db):
        pass
