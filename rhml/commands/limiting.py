"""Commands by which an organization answers for its decisions: override rates against the limits."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, column_and_value, log_at
from rhml.errors import LimitRefused
from rhml.loop import privacy
from rhml.loop.limits import DONE, Limits, note
from rhml.loop.limits import limits as hold
from rhml.loop.look import seen
from rhml.store import organization
from rhml.store.explorer import Filters
from rhml.store.opening import utc_now


@app.command()
def limits(
    name: Name,
    about: Annotated[
        str | None, typer.Option(help="COLUMN=VALUE: record what was done about this row.")
    ] = None,
    what: Annotated[str, typer.Option(help=f"What was done: {', '.join(DONE)}.")] = "looked",
    why: Annotated[str, typer.Option(help="What came of it; stays on record.")] = "",
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Hold override rates by person, segment and direction against the limits, judged with outcomes."""
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        role = organization.role(store, by) or "lead"
        own_only = role in organization.OWN_ONLY
        veil = privacy.veil(store, domain, reader=by, role=role)
        filters, people = Filters(seen_by=veil, bank=not own_only), not own_only
        found = hold(store, domain, filters, people=people)
        if about is not None:
            column, value = column_and_value(about, "--about")
            row = next((r for r in found.rows if (r.by, r.name) == (column, value)), None)
            if row is None:
                raise LimitRefused(
                    f"No rate is told of {about!r}. `python -m rhml limits {name}` lists them all."
                )
            note(
                store,
                domain,
                row,
                what=what,
                why=why,
                filters="everything in the log",
                veil=veil,
                by=by,
                at=now,
            )
            found = hold(store, domain, filters, people=people)
        shown = [r.name for r in found.rows if r.by == "manager" and r.name in veil.named]
        seen(store, domain, shown, by=by, what="override rates of single people", at=now)
    printing.show(_as_dict(found), as_json, plain="\n".join(_lines(found)))


def _as_dict(found: Limits) -> dict[str, Any]:
    return {"rows": [row.as_dict() for row in found.rows], "notes": list(found.notes)}


def _lines(found: Limits) -> list[str]:
    lines = []
    for row in found.rows:
        rate = (
            f"{row.rate.value:.1%} ({row.rate.low:.1%} to {row.rate.high:.1%})"
            if row.rate.known
            else row.rate.why
        )
        of = row.name if row.by == "all" else f"{row.by}={row.name}"
        done = found.note_of(row)
        said = (
            f" {DONE.get(done.what, done.what).capitalize()} by {done.by} on {done.at:%Y-%m-%d}: {done.why}"
            if done
            else ""
        )
        lines.append(f"{of}: {rate} of {row.advised:,}, {row.standing}. {row.sentence}{said}")
    return lines
