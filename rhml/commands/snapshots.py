"""The command that takes all views along, for notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, log_at
from rhml.loop import snapshot as snapshots
from rhml.store import organization
from rhml.store.opening import utc_now


@app.command()
def snapshot(
    name: Name,
    out: Annotated[Path, typer.Option(help="A new folder, or a new file that ends in .zip.")],
    names: Annotated[
        bool, typer.Option("--names", help="People by name, as a lead sees them; that is on record.")
    ] = False,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Take every view along: a DuckDB file with its dictionary, a Parquet file a view, and what they are of.

    People appear under names that stand for them. In a notebook: rhml.frames("the folder").
    """
    with log_at(db) as store:
        domain = organization.domain(store, name)
        write = snapshots.zipped if out.suffix == ".zip" else snapshots.snapshot
        made = write(store, domain, out, by=by, names=names, at=utc_now())
    rows = ", ".join(f"{view} {count:,}" for view, count in made.about["rows"].items())
    printing.show({"path": str(made.path), **made.about}, as_json, plain=f"Wrote {made.path}: {rows} rows.")
