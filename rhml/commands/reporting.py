"""Commands that say where people, model and team stand: in words, as files for a meeting, and on schedule."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, column_and_value, log_at
from rhml.loop import schedule as schedules
from rhml.loop.edition import edition
from rhml.loop.files import check_destination, write_whole
from rhml.loop.schedule import Schedule, Standing
from rhml.loop.timetable import EVERY
from rhml.store import organization
from rhml.store.opening import utc_now

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
AT, FORMATS = "06:00", "html,pdf,json"


@app.command()
def report(
    name: Name,
    since: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="First day, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="Last day, UTC.")] = None,
    segment: Annotated[str | None, typer.Option(help="COLUMN=VALUE")] = None,
    html: Annotated[Path | None, typer.Option(help="Also as one HTML page into this file.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Also as a PDF into this file.")] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say where people, model and team stand, with intervals."""
    chosen = column_and_value(segment) if segment else None
    files = {form: out for form, out in (("html", html), ("pdf", pdf)) if out is not None}
    for form, out in files.items():
        check_destination(out, (f".{form}",))
    with log_at(db) as store:
        domain = organization.domain(store, name)
        made = edition(
            store,
            domain,
            at=utc_now(),
            since=since,
            until=_end(until),
            segment=chosen,
            progress=printing.patiently(),
        )
    for form, out in files.items():
        text = made.form(form)
        write_whole(out, lambda part, text=text: part.write_bytes(text))
    found = made.report.as_dict()
    written = "\n".join(f"Wrote {out}." for out in files.values())
    printing.show(found, as_json, plain=written or printing.report(found))


def _end(until: datetime | None) -> datetime | None:
    """A day is meant whole; a moment is meant as it stands."""
    if until is None or until.time() != time.min:
        return until
    return until + timedelta(days=1) if until.year < 9999 else None


@app.command()
def schedule(
    name: Name,
    every: Annotated[
        str | None, typer.Option(help=f"{', '.join(EVERY)}: Mondays, the first of months.")
    ] = None,
    at: Annotated[str, typer.Option(help="HH:MM in UTC.")] = AT,
    to: Annotated[Path | None, typer.Option(help="The folder that gets the files.")] = None,
    formats: Annotated[str, typer.Option(help="Some of html, pdf and json.")] = FORMATS,
    off: Annotated[bool, typer.Option("--off", help="No more reports on schedule.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Make now what is due; for cron, where no app runs.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Say what is set; so does no option at all.")
    ] = False,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Have a report made every day, week or month; the running app makes it, or --due."""
    if sum((every is not None, off, due, listed)) > 1:
        raise typer.BadParameter("Choose one of --every, --off, --due and --list.")
    if every is None and (at, formats) != (AT, FORMATS):
        raise typer.BadParameter("--at and --formats say how; --every and --to belong to them.")
    if (every is None) != (to is None):
        raise typer.BadParameter("--every and --to belong together.", param_hint="--to")
    files: tuple[Path, ...] = ()
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        if every is not None:
            chosen = tuple(dict.fromkeys(form.strip() for form in formats.split(",") if form.strip()))
            schedules.change(store, domain, Schedule(every, at, str(to), chosen), by=by, at=now)
        elif off:
            schedules.change(store, domain, None, by=by, at=now)
        elif due:
            files = schedules.carry_out(store, domain, by=by, at=now, progress=printing.progress)
        held = schedules.standing(store, name)
    said = _made(files) if due else _said(held, now)
    printing.show(_as_dict(held, files, said, now), as_json, plain=said)


def _made(files: tuple[Path, ...]) -> str:
    return "\n".join(f"Wrote {path}." for path in files) or "Nothing is due."


def _said(held: Standing, now: datetime) -> str:
    if held.schedule is None:
        return "No report is made on schedule."
    lines = [f"A report is made {held.schedule.said}, into {held.schedule.to} ({', '.join(held.schedule.formats)}).",
             f"The next one is due on {held.due(now) or held.following(now):%Y-%m-%d %H:%M} UTC."]  # fmt: skip
    if held.run:
        why = f": {held.run.why}" if held.run.why else ""
        lines.append(f"The last one, for {held.run.slot:%Y-%m-%d %H:%M} UTC, is {held.run.state}{why}.")
    return "\n".join(lines)


def _as_dict(held: Standing, files: tuple[Path, ...], said: str, now: datetime) -> dict[str, object]:
    following = held.following(now)
    return {
        "schedule": vars(held.schedule) if held.schedule else None,
        "next": following.isoformat() if following else None,
        "last": held.run.as_dict() if held.run else None,
        "files": [str(path) for path in files],
        "message": said,
    }
