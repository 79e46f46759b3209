"""Commands about the second person: what waits to be signed, judged blind or settled, and which decisions are in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import AsJson, Database, Name, app, log_at
from rhml.core.governance import STATES
from rhml.loop.review import review as reviewing
from rhml.store import organization


@app.command()
def review(name: Name, db: Database = "", as_json: AsJson = False) -> None:
    """What waits for a second person: signatures, blind opinions, conflicts."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        waiting = reviewing.waiting(store, domain)
    lines = [
        *(f"to sign   {one.case_id}  by {one.author}, above {one.above:g}" for one in waiting.signatures),
        *(f"to judge  {one.case_id}  drawn by lot, blind" for one in waiting.opinions),
        *(f"to settle {one.case_id}  {one.kind}" for one in waiting.conflicts),
    ]
    plain = "\n".join(lines) or f"Nothing waits for a second person in {domain.title}."
    printing.show(waiting.as_dict(), as_json, plain=plain)


@app.command()
def effective(
    name: Name,
    out: Annotated[Path | None, typer.Option("--out", help="CSV or Parquet by suffix; else stdout.")] = None,
    state: Annotated[str | None, typer.Option(help=f"Only one of: {', '.join(STATES)}.")] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Which decisions are in force: the action the organization's systems may carry out, and its state."""
    if state is not None and state not in STATES:
        raise typer.BadParameter(f"Choose one of: {', '.join(STATES)}.", param_hint="--state")
    printing.check_table(out)
    with log_at(db) as store:
        found = reviewing.effective(store, organization.domain(store, name), state=state)
    counts = {one: int((found["state"] == one).sum()) for one in STATES}
    if out is not None:
        printing.write_table(found, out)
        said = f"Wrote {len(found):,} rows to {out}."
        printing.show({"count": len(found), "states": counts, "out": str(out)}, as_json, plain=said)
    elif as_json:
        rows = [{k: None if v != v else v for k, v in row.items()} for row in found.to_dict("records")]
        printing.show({"count": len(found), "states": counts, "decisions": rows}, as_json)
    else:
        printing.listing(found, None, False)
