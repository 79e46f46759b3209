"""Commands for other systems: the override feed as a file, and the keys it is asked for with."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, app, log_at
from rhml.commands.frame import Name as Domain
from rhml.loop import feed as feeding
from rhml.loop import keys
from rhml.loop.files import check_destination
from rhml.store import organization
from rhml.store.engine import Store
from rhml.store.keys import Key
from rhml.store.opening import utc_now


@app.command()
def feed(
    name: Domain,
    after: Annotated[int, typer.Option(min=0, help="Go on after this number of the log.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="A file .json (one body) or .jsonl (an entry a line).")
    ] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Write what became of each recommendation, in the shape of CDS Hooks feedback."""
    check_destination(out, (".json", ".jsonl"))
    with log_at(db) as store:
        domain = organization.domain(store, name)
        if out is None:
            with printing.reader_may_leave():
                feeding.write(store, domain, sys.stdout, after=after)
            return
        last = feeding.write(store, domain, out, after=after, progress=printing.patiently())
    told = {"out": str(out), "next": last.next}
    printing.show(told, as_json, plain=f"Wrote {out}. Go on with --after {last.next}.")


@app.command()
def key(
    what: Annotated[Literal["make", "list", "revoke"], typer.Argument(help="What to do.")],
    subject: Annotated[
        str | None, typer.Argument(metavar="DOMAIN|ID", help="The domain; of revoke, the key's id.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Which system the key is for.")] = "",
    days: Annotated[int, typer.Option("--days", help="After how many days it ends.")] = 90,
    why: Annotated[str, typer.Option("--why", help="Why it is revoked; stays on record.")] = "",
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Make, list or revoke the keys with which other systems read the feed."""
    if subject is None and what != "list":
        raise typer.BadParameter("Name the domain, or the key's id to revoke it.", param_hint="DOMAIN|ID")
    with log_at(db) as store:
        now = utc_now()
        if what == "list":
            _listed(store, subject, as_json)
        elif what == "make":
            made = keys.make(store, organization.domain(store, subject), name, days=days, by=by, at=now)
            plain = f"{made.key}\nThis is the only time it is shown. It ends on {made.expires_at:%Y-%m-%d}."
            printing.show(made, as_json, plain=plain)
        else:
            ended = keys.revoke(store, subject, why=why, by=by, at=now)
            printing.show(_told(ended), as_json, plain=f"{ended.key_id} opens nothing any more.")


def _listed(store: Store, domain: str | None, as_json: bool) -> None:
    now = utc_now()
    found = keys.listed(store, organization.domain(store, domain).name if domain else None)
    lines = [
        f"{k.key_id}  {k.state(now):8}{k.name}: {k.scope} of {k.domain}, until {k.expires_at:%Y-%m-%d}, "
        f"answered {k.uses:,}, refused {k.refused:,}"
        for k in found
    ]
    printing.show(
        {"keys": [_told(k) for k in found]}, as_json, plain="\n".join(lines) or "No key has been made."
    )


def _told(key_: Key) -> dict[str, object]:
    """A key without its hash."""
    told = asdict(key_)
    del told["hash"]
    return {**told, "state": key_.state(utc_now())}
