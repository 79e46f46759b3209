"""Commands that bring, recommend and resolve: the loop's daily work."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from rhml import printing
from rhml.commands.frame import (
    OPERATOR,
    AsJson,
    By,
    Database,
    Destination,
    Name,
    Source,
    app,
    log_at,
    recommend_if_possible,
    table,
)
from rhml.core.domain import DecisionDomain, read_domain
from rhml.demo.fields import FIELDS, FIRST, bring
from rhml.demo.fields import field as find_field
from rhml.errors import TrainingRefused
from rhml.intake.cases import check_cases
from rhml.intake.outcomes import check_outcomes
from rhml.intake.tables import read_table
from rhml.loop import automatic
from rhml.loop import correct as correcting
from rhml.loop import onboard as onboarding
from rhml.loop.judge import in_words
from rhml.loop.judge import judge as judge_version
from rhml.loop.recommend import recommend_stored, recommend_table, recommend_waiting
from rhml.loop.resolve import resolve as resolve_outcomes
from rhml.loop.retrain import retrain as retrain_model
from rhml.store import case_file, demo_log, organization
from rhml.store.engine import Store
from rhml.store.opening import utc_now


@app.command()
def demo(
    field: Annotated[
        list[str] | None,
        typer.Option(help=f"{', '.join(one.key for one in FIELDS)}, or all; may be given several times."),
    ] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Build fields of the demo, each with people, domains and a year of decisions; else the organizational one."""
    keys = list(dict.fromkeys(field or [FIRST.key]))
    chosen = [find_field(key) for key in keys] if keys != ["all"] else list(FIELDS)
    with log_at(db) as store:
        told = [
            bring(store, one.key, at=utc_now(), progress=printing.progress)
            for one in chosen
            if keys != ["all"] or one.key not in demo_log.fields(store)
        ]
    printing.show(_together(told), as_json)


def _together(told: list[dict[str, Any]]) -> dict[str, Any]:
    """What several fields came to as one answer."""
    domains = {name: counts for one in told for name, counts in one["domains"].items()}
    people = {name: role for one in told for name, role in one["people"].items()}
    fields = [one["field"] for one in told]
    message = f"Built {len(domains)} domains." if domains else "Every field is in this log already."
    return {"fields": fields, "domains": domains, "people": people, "message": message}


@app.command()
def onboard(
    domain_file: Annotated[Path, typer.Argument(metavar="DOMAIN.toml", readable=False)],
    cases: Source = None,
    outcomes: Source = None,
    decisions: Source = None,
    hold: Annotated[
        int, typer.Option(min=0, help="Hold the answers of so many cases back, to be decided.")
    ] = 0,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Bring a domain with its cases, outcomes and an older log; all of it or nothing."""
    domain = read_domain(domain_file)
    with log_at(db) as store:
        done = onboarding.onboard(
            store, domain, cases=table(cases), outcomes=table(outcomes), decisions=table(decisions),
            hold=hold, by=by, at=utc_now(),
        )  # fmt: skip
        followed = _follow(store, domain) if done.outcomes.new or done.outcomes.corrected else []
        recommend_if_possible(store, domain)
    printing.show({**printing.onboarded(done), "followed": followed}, as_json)


@app.command()
def recommend(
    name: Name, cases: Source = None, out: Destination = None, db: Database = "", as_json: AsJson = False
) -> None:
    """Recommend for the pending cases, or for a file of new ones, which the log never sees."""
    printing.check_table(out)
    with log_at(db) as store:
        domain = organization.domain(store, name)
        if cases:
            listed = recommend_table(store, domain, check_cases(read_table(cases), domain).frame)
        else:
            recommend_waiting(store, domain, at=utc_now(), progress=printing.progress)
            listed = recommend_stored(store, domain)
    printing.listing(listed, out, as_json)


@app.command()
def resolve(
    name: Name,
    outcomes: Annotated[
        Path, typer.Option(readable=False, help="CSV or Parquet: case_id, right_action, known_at.")
    ],
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Record which actions proved right."""
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        known = case_file.known_ids(store, domain)
        read = check_outcomes(read_table(outcomes), domain, known, now=now)
        done = resolve_outcomes(store, domain, read.frame, by=by, at=now)
        followed = _follow(store, domain)
    printing.show({**vars(done), "notes": list(read.notes), "followed": followed}, as_json)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    db: Database = "",
) -> None:
    """Serve the app, as in production."""
    script = Path(__file__).parents[2] / "app.py"
    if db:
        os.environ["RHML_DB"] = db
    arguments = ["run", str(script), f"--server.port={port}", f"--server.address={address}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", *arguments, "--server.headless=true"])


def _follow(store: Store, domain: DecisionDomain) -> list[str]:
    """Do here what the app's worker would do once outcomes have arrived, and say what was done."""
    found, said = automatic.due(store, domain), []
    corrected = correcting.correct(store, domain, by="rhml", at=utc_now())
    if corrected.changed:
        said.append(corrected.message)
    if found.retrain:
        automatic.begin(store, domain, at=utc_now())
        by = automatic.trainer(domain)
        try:
            done = retrain_model(store, domain, by=by, at=utc_now(), progress=printing.progress)
            said.append(
                f"{done.version} was trained by itself after {found.outcomes:,} outcomes: {done.verdict}"
            )
        except TrainingRefused as refused:
            said.append(f"A retraining was due and refused: {refused}")
    if found.judge:
        said.append(in_words(judge_version(store, domain, found.judge, by="rhml", at=utc_now())))
    return said
