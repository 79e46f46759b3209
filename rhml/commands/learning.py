"""Commands about models: train, judge, price, explain, correct, propose, watch, and make one live."""

from __future__ import annotations

from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import (
    OPERATOR,
    AsJson,
    By,
    Database,
    Name,
    app,
    column_and_value,
    log_at,
    recommend_if_possible,
)
from rhml.loop import apply_correction, routing, settle
from rhml.loop import correct as correcting
from rhml.loop import propose as proposing
from rhml.loop.insight import in_words as explained
from rhml.loop.insight import insight as explain_version
from rhml.loop.judge import in_words
from rhml.loop.judge import judge as judge_version
from rhml.loop.price import price as price_calls
from rhml.loop.promote import promote as promote_version
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain as retrain_model
from rhml.loop.watch import watch as watch_version
from rhml.store import organization, proposals
from rhml.store.opening import utc_now


@app.command()
def retrain(
    name: Name,
    by: By = OPERATOR,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help="Seed of everything random in the training.")
    ] = 7,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Train on outcomes and on what people taught; prints version, verdict and evidence."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        done = retrain_model(store, domain, by=by, at=utc_now(), progress=printing.progress, seed=seed)
    printing.show(vars(done), as_json, plain=f"{done.version}: {done.verdict}\n{done.paragraph}")


@app.command()
def explain(
    name: Name,
    version: Annotated[str | None, typer.Option(help="The version; else the live or newest one.")] = None,
    against: Annotated[str | None, typer.Option(help="Compare with this one; else the one before.")] = None,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say what moves a version, and what changed with it, waiting cases included."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        found = explain_version(
            store, domain, version, against=against, by=by, at=utc_now(), progress=printing.progress
        )
    printing.show(found, as_json, plain=explained(found, domain))


@app.command()
def judge(name: Name, version: str, by: By = OPERATOR, db: Database = "", as_json: AsJson = False) -> None:
    """Judge a version again, with the outcomes and lesson tests since."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        done = judge_version(store, domain, version, by=by, at=utc_now())
    printing.show(vars(done), as_json, plain=f"{in_words(done)}\n{done.paragraph}")


@app.command()
def price(
    name: Name,
    version: Annotated[str | None, typer.Option(help="The version; else the newest.")] = None,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say what each reason and segment of people's decisions taught a version."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        found = price_calls(store, domain, version, by=by, at=utc_now(), progress=printing.progress)
    printing.show(found, as_json, plain=printing.prices(found))


@app.command()
def propose(
    name: Name,
    accept: Annotated[str | None, typer.Option("--accept", metavar="ID", help="Accept a proposal.")] = None,
    decline: Annotated[str | None, typer.Option("--decline", metavar="ID", help="Decline one.")] = None,
    by: By = OPERATOR,
    why: Annotated[str, typer.Option("--why", help="The reason; stays on record.")] = "",
    kind: Annotated[settle.Field | None, typer.Option("--kind", help="What a collected field holds.")] = None,
    label: Annotated[str | None, typer.Option("--label", help="What the card calls it.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Those on record; looks for none.")] = False,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Find what people's marks and words propose to change, try it, and accept or decline it."""
    if accept is not None and decline is not None:
        raise typer.BadParameter("Accept or decline, not both.", param_hint="--accept")
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        if accept is not None:
            done = settle.accept(
                store, domain, accept, by=by, why=why, at=now, label=label, kind=kind.value if kind else None
            )
            recommend_if_possible(store, organization.domain(store, name))
        elif decline is not None:
            done = settle.decline(store, domain, decline, by=by, why=why, at=now)
        elif not listed:
            proposing.propose(store, domain, by=by, at=now, progress=printing.progress)
        found = proposals.everything(store, name)
    told = [proposing.told(one, domain) for one in found]
    if accept is not None or decline is not None:
        printing.show({**vars(done), "proposals": told}, as_json, plain=done.message)
    else:
        printing.show({"proposals": told}, as_json, plain=printing.proposed(told))


@app.command()
def promote(
    name: Name,
    version: str,
    by: By,
    why: Annotated[str, typer.Option("--why", help="The reason; stays on record.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Against the verdict; marked for good.")] = False,
    waive: Annotated[str, typer.Option("--waive", help="Why its failed lesson tests may be waived.")] = "",
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Make a version live; rolling back is promoting an earlier one."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        done = promote_version(
            store, domain, version, by=by, why=why, at=utc_now(), anyway=anyway, waive=waive
        )
        scored = recommend_waiting(store, domain, at=utc_now(), progress=printing.progress)
    words = f"{done.version} is live. {scored:,} waiting {domain.terms.many} have its recommendation."
    printing.show({**vars(done), "recommended": scored}, as_json, plain=words)


@app.command()
def correct(
    name: Name,
    apply: Annotated[
        str | None, typer.Option("--apply", metavar="ID", help="Let a correction recommend.")
    ] = None,
    off: Annotated[str | None, typer.Option("--off", metavar="ID", help="Switch a correction off.")] = None,
    why: Annotated[str, typer.Option("--why", help="The reason; stays on record.")] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Not proved yet; marked for good.")] = False,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Look where the model is off since its training; propose, apply or switch off a correction."""
    with log_at(db) as store:
        domain, changed = organization.domain(store, name), 0
        if apply is not None:
            changed = apply_correction.apply(
                store, domain, apply, by=by, why=why, at=utc_now(), anyway=anyway
            )
        if off is not None:
            changed = apply_correction.switch_off(store, domain, off, by=by, why=why, at=utc_now())
        done = correcting.correct(store, domain, by=by, at=utc_now())
    found = {**vars(done), "rescored": done.rescored + changed}
    printing.show(found, as_json, plain=printing.corrected(found))


@app.command()
def watch(name: Name, by: By = OPERATOR, db: Database = "", as_json: AsJson = False) -> None:
    """Look at the live version: what has changed since it learned, and whether it holds what it says."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        found = watch_version(store, domain, by=by, at=utc_now(), progress=printing.progress)
    printing.show(found, as_json, plain=printing.watched(found))


@app.command()
def route(
    name: Name,
    where: Annotated[list[str] | None, typer.Option("--where", help="COLUMN=VALUE; may be repeated.")] = None,
    at_most: Annotated[
        float, typer.Option("--most", min=0.01, max=1.0, help="Share the model may decide.")
    ] = 0.3,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """What if the model decided alone in some segments? Past decisions replayed; changes nothing."""
    choice = [column_and_value(text, "--where") for text in where or []]
    with log_at(db) as store:
        domain = organization.domain(store, name)
        decisions = routing.replayable(store, domain)
        found = routing.asked(decisions, domain, choice, at_most=at_most)
    printing.show(found, as_json)
