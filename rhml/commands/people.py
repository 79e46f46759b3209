"""Commands about people: what the team would call, what it is taught, what it can do on its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, log_at
from rhml.loop import alarms as alarming
from rhml.loop import course_state, drill_record, lesson_list
from rhml.loop import lessons as mining
from rhml.loop.look import look as look_at
from rhml.loop.look import seen
from rhml.loop.teach_lesson import teach as teach_lesson
from rhml.loop.team import team as learn_team
from rhml.loop.training import in_words as training_in_words
from rhml.loop.training import training as team_training
from rhml.store import organization
from rhml.store.looks import listed as listed_looks
from rhml.store.opening import utc_now


@app.command()
def team(name: Name, by: By = OPERATOR, db: Database = "", as_json: AsJson = False) -> None:
    """Learn what the team would call on its own, for the contrast on cards; names nobody."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        done = learn_team(store, domain, by=by, at=utc_now(), progress=printing.progress)
    printing.show(done, as_json, plain=done.message)


@app.command()
def alarms(
    name: Name,
    share: Annotated[
        float | None,
        typer.Option("--share", min=0.0, max=1.0, help="Ask this share of new cases for the own call first."),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason; stays on record.")] = "",
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Do people still decide for themselves? Says so, records a raised alarm, and carries out what it proposes."""
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        done = None
        if share is not None:
            done = alarming.raise_first_call(store, domain, share, by=by, why=why, at=now)
            domain = organization.domain(store, name)
        found = alarming.look(store, domain, by=by, at=now)
    told = {"alarms": [one.as_dict() for one in found], "message": done.message if done else ""}
    lines = [f"{one.kind}: {one.state}. {one.sentence}" for one in found]
    printing.show(told, as_json, plain="\n".join([*([done.message] if done else []), *lines]))


@app.command()
def look(
    name: Name,
    person: str,
    by: By,
    why: Annotated[str, typer.Option("--why", help="The reason; the person sees it.")] = "",
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Look at one person's record, as the domain allows; the look is on record for that person."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        found = look_at(store, domain, person, by=by, why=why, at=utc_now())
    right = found.right
    share = (
        f"{right.value:.0%} right ({right.low:.0%} to {right.high:.0%}; n {right.n:,})"
        if right.known
        else right.why
    )
    plain = f"{person}: {found.decided:,} decisions. Final decisions: {share}"
    printing.show(asdict(found), as_json, plain=plain)


@app.command()
def looks(
    name: Name,
    about: Annotated[str | None, typer.Option("--about", help="One person; else everybody.")] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say who looked at whose record, when and why, the newest first."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        found = listed_looks(store, domain.name, about)
    lines = [
        f"{k.at:%Y-%m-%d %H:%M} UTC  {k.by} → {k.about}: {k.what}{k.why and f': {k.why}'}" for k in found
    ]
    printing.show(
        {"looks": [asdict(k) for k in found]}, as_json, plain="\n".join(lines) or "No looks so far."
    )


@app.command()
def drills(
    name: Name,
    person: Annotated[str, typer.Option("--person", help="Whose practice.")],
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say what is due for a person to practise and what was practised; a look by anyone else is on record."""
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        found = drill_record.record(store, domain, person, at=now)
        seen(store, domain, [person], by=by, what="practice", at=now)
    printing.show(found, as_json, plain=drill_record.in_words(found))


@app.command()
def training(name: Name, db: Database = "", as_json: AsJson = False) -> None:
    """Say what the team's courses came to: before, after, where, and in live work since; names nobody."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        found = team_training(store, domain)
    printing.show(found.as_dict(), as_json, plain=training_in_words(found, domain))


@app.command()
def course(
    name: Name,
    person: Annotated[str, typer.Option("--person", help="Whose course.")],
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say where a person's course stands and what it came to; a look by anyone else is on record."""
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        found = course_state.state(store, domain, person)
        seen(store, domain, [person], by=by, what="course", at=now)
    printing.show(found, as_json, plain=course_state.in_words(found))


TEACHES = {
    "team": "teach the team", "model": "teach the model", "not-yet": "not yet", "withdraw": "withdrawn",
    "own-drills": "to own drills",
}  # fmt: skip


@app.command()
def lessons(
    name: Name,
    teach: Annotated[
        tuple[str, str] | None,
        typer.Option("--teach", metavar="WHAT ID", help=f"{', '.join(TEACHES)}; and the lesson's id."),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason; stays on record.")] = "",
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Mine lessons both ways where enough outcomes are new; say what becomes of one."""
    if teach is not None and teach[0] not in TEACHES:
        raise typer.BadParameter(f"Choose {', '.join(TEACHES)}.", param_hint="--teach")
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        message = ""
        if teach is not None:
            done = teach_lesson(store, domain, teach[1], TEACHES[teach[0]], by=by, why=why, at=now)
            message = f"{done.lesson_id}: {done.state}."
        elif mining.due(store, domain):
            message = mining.look(store, domain, by=by, at=now, progress=printing.progress).message
        found = lesson_list.listed(store, domain, by=by, at=now)
    told = {"message": message, "lessons": found}
    printing.show(told, as_json, plain="\n".join(filter(None, (message, lesson_list.in_words(found)))))
