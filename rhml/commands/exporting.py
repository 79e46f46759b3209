"""Commands that take tables along: a view of the log, a saved view or a saved question, now and on schedule."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, log_at
from rhml.core.domain import DecisionDomain
from rhml.loop import export as exports
from rhml.loop import saved as keeping
from rhml.loop import scheduled_exports
from rhml.loop.files import check_destination, write_whole
from rhml.loop.schedule import Schedule, Standing
from rhml.store import organization
from rhml.store.engine import Store
from rhml.store.opening import utc_now
from rhml.store.questions.question import VIEWS


@app.command()
def export(
    name: Name,
    view: Annotated[str | None, typer.Option(help=f"One of {', '.join(VIEWS)}.")] = None,
    saved: Annotated[str | None, typer.Option(help="The id of a saved view or question.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Into this CSV.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Into this Parquet file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Into this page.")] = None,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Take a view of the log, a saved view or a saved question along; without one, list them.

    People appear under the names that stand for them; a lead named with --by sees names, and that is on record.
    """
    files = {
        form: out for form, out in (("csv", csv), ("parquet", parquet), ("html", html)) if out is not None
    }
    if view is not None and saved is not None:
        raise typer.BadParameter("Choose one of --view and --saved.")
    if bool(files) != (view is not None or saved is not None):
        raise typer.BadParameter("--view or --saved says what; --csv, --parquet and --html say where to.")
    for form, out in files.items():
        check_destination(out, (f".{form}",))
    with log_at(db) as store:
        domain, at = organization.domain(store, name), utc_now()
        if not files:
            printing.show(*_listed(store, domain, as_json))
            return
        if saved is not None:
            thing = keeping.found(store, domain, saved, by=None)
            made = exports.of_saved(store, domain, thing, by=by, at=at)
        else:
            made = exports.of_view(store, domain, view or "", by=by, at=at)
        rows = 0
        for form, out in files.items():
            rows = _written(made, form, out)
    said = "\n".join(f"Wrote {out}: {rows:,} rows." for out in files.values())
    printing.show({"rows": rows, "files": [str(out) for out in files.values()]}, as_json, plain=said)


def _written(made: exports.Extract, form: str, out: Path) -> int:
    rows = 0

    def put(part: Path) -> None:
        nonlocal rows
        rows = made.to(form, part)

    write_whole(out, put)
    return rows


def _listed(store: Store, domain: DecisionDomain, as_json: bool) -> tuple[dict[str, Any], bool, str]:
    things = keeping.listed(store, domain, by=None)
    lines = [f"Views: {', '.join(VIEWS)}."]
    lines += [f"{t.saved_id}  {t.kind}  {t.title}  ({t.owner})" for t in things] or ["Nothing is saved yet."]
    return {"views": VIEWS, "saved": [keeping.as_dict(t) for t in things]}, as_json, "\n".join(lines)


def scheduled(
    store: Store,
    domain: DecisionDomain,
    saved_id: str,
    new: Schedule | None,
    *,
    off: bool,
    by: str,
    at: datetime,
) -> None:
    """Set or end the schedule of one saved thing."""
    thing = keeping.found(store, domain, saved_id, by=None)
    if new is not None or off:
        scheduled_exports.change(store, domain, thing, new, by=by, at=at)


def due(store: Store, domain: DecisionDomain, *, by: str, at: datetime) -> tuple[Path, ...]:
    """Make every export that is due."""
    files: tuple[Path, ...] = ()
    for saved_id, held in scheduled_exports.standings(store, domain.name).items():
        if held.due(at):
            files += scheduled_exports.carry_out(
                store, domain, saved_id, by=by, at=at, progress=printing.progress
            )
    return files


def standings(store: Store, domain: DecisionDomain) -> dict[str, tuple[str, Standing]]:
    """What is exported when, by id, with its title."""
    titles = {t.saved_id: t.title for t in keeping.listed(store, domain, by=None)}
    held = scheduled_exports.standings(store, domain.name)
    return {saved_id: (titles.get(saved_id, "removed"), s) for saved_id, s in held.items()}
