"""Commands that say where people, model and team stand: in words, as files for a meeting, and on schedule."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.commands import exporting
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, column_and_value, log_at
from rhml.loop import schedule as schedules
from rhml.loop.edition import edition
from rhml.loop.files import check_destination, write_whole
from rhml.loop.schedule import Schedule, Standing
from rhml.loop.timetable import EVERY
from rhml.store import organization
from rhml.store.opening import utc_now

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
AT, FORMATS, EXPORT_FORMATS = "06:00", "html,pdf,json", "csv,parquet,html"


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
            until=end_of(until),
            segment=chosen,
            progress=printing.patiently(),
        )
    for form, out in files.items():
        text = made.form(form)
        write_whole(out, lambda part, text=text: part.write_bytes(text))
    found = made.report.as_dict()
    written = "\n".join(f"Wrote {out}." for out in files.values())
    printing.show(found, as_json, plain=written or printing.report(found))


def end_of(until: datetime | None) -> datetime | None:
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
    formats: Annotated[
        str | None, typer.Option(help=f"Of a report {FORMATS}; of an export {EXPORT_FORMATS}.")
    ] = None,
    export: Annotated[
        str | None, typer.Option(help="The id of a saved view or question to export; else the report.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="No more of it on schedule.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Make now all that is due; for cron, where no app runs.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Say what is set; so does no option at all.")
    ] = False,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Have a report or an export made every day, week or month; the running app makes it, or --due."""
    _refuse_what_makes_no_sense(every, at, to, formats, export, off=off, due=due, listed=listed)
    files: tuple[Path, ...] = ()
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        new = Schedule(every, at, str(to), _forms(formats, export)) if every is not None else None
        if export is not None:
            exporting.scheduled(store, domain, export, new, off=off, by=by, at=now)
        elif new is not None or off:
            schedules.change(store, domain, new, by=by, at=now)
        if due:
            files = schedules.carry_out(store, domain, by=by, at=now, progress=printing.progress)
            files += exporting.due(store, domain, by=by, at=now)
        held, exports = schedules.standing(store, name), exporting.standings(store, domain)
    said = _made(files) if due else "\n".join([_said(held, now), *_exports_said(exports, now)])
    found = {
        **_as_dict(held, files, said, now),
        "exports": [_export_dict(i, t, s, now) for i, (t, s) in exports.items()],
    }
    printing.show(found, as_json, plain=said)


def _refuse_what_makes_no_sense(
    every: str | None,
    at: str,
    to: Path | None,
    formats: str | None,
    export: str | None,
    *,
    off: bool,
    due: bool,
    listed: bool,
) -> None:
    if sum((every is not None, off, due, listed)) > 1:
        raise typer.BadParameter("Choose one of --every, --off, --due and --list.")
    if every is None and (at != AT or formats is not None):
        raise typer.BadParameter("--at and --formats say how; --every and --to belong to them.")
    if (every is None) != (to is None):
        raise typer.BadParameter("--every and --to belong together.", param_hint="--to")
    if export is not None and every is None and not off:
        raise typer.BadParameter("--export goes with --every and --to, or with --off.", param_hint="--export")


def _forms(formats: str | None, export: str | None) -> tuple[str, ...]:
    text = formats or (FORMATS if export is None else EXPORT_FORMATS)
    return tuple(dict.fromkeys(form.strip() for form in text.split(",") if form.strip()))


def _made(files: tuple[Path, ...]) -> str:
    return "\n".join(f"Wrote {path}." for path in files) or "Nothing is due."


def _said(held: Standing, now: datetime) -> str:
    if held.schedule is None:
        return "No report is made on schedule."
    return f"A report is made {_when(held, now)}"


def _exports_said(exports: dict[str, tuple[str, Standing]], now: datetime) -> list[str]:
    return [
        f"“{title}” ({saved_id}) is exported {_when(held, now)}"
        for saved_id, (title, held) in exports.items()
    ]


def _when(held: Standing, now: datetime) -> str:
    wanted = held.schedule
    if wanted is None:
        return "no more."
    lines = [f"{wanted.said}, into {wanted.to} ({', '.join(wanted.formats)}).",
             f"The next one is due on {held.due(now) or held.following(now):%Y-%m-%d %H:%M} UTC."]  # fmt: skip
    if held.run:
        why = f": {held.run.why}" if held.run.why else ""
        lines.append(f"The last one, for {held.run.slot:%Y-%m-%d %H:%M} UTC, is {held.run.state}{why}.")
    return "\n".join(lines)


def _export_dict(saved_id: str, title: str, held: Standing, now: datetime) -> dict[str, object]:
    told = _as_dict(held, (), "", now)
    return {"saved": saved_id, "title": title, **{key: told[key] for key in ("schedule", "next", "last")}}


def _as_dict(held: Standing, files: tuple[Path, ...], said: str, now: datetime) -> dict[str, object]:
    following = held.following(now)
    return {
        "schedule": vars(held.schedule) if held.schedule else None,
        "next": following.isoformat() if following else None,
        "last": held.run.as_dict() if held.run else None,
        "files": [str(path) for path in files],
        "message": said,
    }
