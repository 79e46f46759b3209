"""python -m rhml …: the loop's verbs on the command line.

Exit codes: 0 done, 1 refused (a sentence on stderr), 2 wrong usage. JSON on stdout, progress on stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.core.domain import DecisionDomain, read_domain
from rhml.demo import organization as demo_organization
from rhml.errors import RhmlError, TrainingRefused, WithProblems
from rhml.intake.cases import check_cases
from rhml.intake.draft import draft as draft_domain
from rhml.intake.outcomes import check_outcomes
from rhml.intake.tables import Table, read_table
from rhml.loop import apply_correction, automatic, routing, settle
from rhml.loop import correct as correcting
from rhml.loop import onboard as onboarding
from rhml.loop import propose as proposing
from rhml.loop.insight import in_words as explained
from rhml.loop.insight import insight as explain_version
from rhml.loop.judge import in_words
from rhml.loop.judge import judge as judge_version
from rhml.loop.price import price as price_calls
from rhml.loop.promote import promote as promote_version
from rhml.loop.recommend import recommend_stored, recommend_table, recommend_waiting
from rhml.loop.report import report as report_findings
from rhml.loop.resolve import resolve as resolve_outcomes
from rhml.loop.retrain import retrain as retrain_model
from rhml.loop.watch import watch as watch_version
from rhml.store import case_file, organization, proposals, registry
from rhml.store.engine import Store
from rhml.store.opening import default_url, open_store, utc_now

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Database = Annotated[str, typer.Option("--db", envvar="RHML_DB", help="The log, as duckdb:///PATH.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Name = Annotated[str, typer.Argument(metavar="DOMAIN", help="The domain's name: its file's stem.")]
By = Annotated[str, typer.Option("--by", help="Who does it; stays on record.")]
Source = Annotated[Path | None, typer.Option(readable=False, help="CSV or Parquet.")]
Destination = Annotated[Path | None, typer.Option("--out", help="CSV or Parquet by suffix; else stdout.")]

OPERATOR = "command line"


@contextmanager
def log_at(url: str) -> Iterator[Store]:
    """The organization's log, closed at the end whatever happens."""
    store = open_store(url or default_url(), now=utc_now())
    try:
        yield store
    finally:
        store.close()


def table(path: Path | None) -> Table | None:
    """A file's table, if one was named."""
    return read_table(path) if path else None


@app.command()
def demo(db: Database = "", as_json: AsJson = False) -> None:
    """Build the demo organization: three domains, a year of decisions."""
    with log_at(db) as store:
        built = demo_organization.build(store, at=utc_now(), progress=printing.progress)
    printing.show(built, as_json)


@app.command()
def onboard(
    domain_file: Annotated[Path, typer.Argument(metavar="DOMAIN.toml", readable=False)],
    cases: Source = None,
    outcomes: Source = None,
    decisions: Source = None,
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Bring a domain with its cases, outcomes and an older log; all of it or nothing."""
    domain = read_domain(domain_file)
    with log_at(db) as store:
        done = onboarding.onboard(
            store, domain, cases=table(cases), outcomes=table(outcomes), decisions=table(decisions),
            by=by, at=utc_now(),
        )  # fmt: skip
        followed = _follow(store, domain) if done.outcomes.new or done.outcomes.corrected else []
        _recommend_if_possible(store, domain)
    printing.show({**printing.onboarded(done), "followed": followed}, as_json)


@app.command()
def draft(
    cases: Annotated[Path, typer.Argument(readable=False, help="CSV or Parquet.")],
    name: Annotated[str | None, typer.Option(help="The domain's name; else the file's.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write it; else stdout.")] = None,
    as_json: AsJson = False,
) -> None:
    """Draft a commented domain file from a table."""
    text = draft_domain(read_table(cases), name=name or cases.stem)
    if out is None:
        printing.show({"text": text}, as_json, plain=text)
        return
    if out.exists():
        raise RhmlError(f"{out} exists already. Name another file, or remove it first.")
    printing.write_whole(out, lambda part: part.write_text(text, "utf-8"))
    printing.show({"out": str(out)}, as_json, plain=f"Wrote {out}. Read it through, then onboard it.")


@app.command()
def recommend(
    name: Name, cases: Source = None, out: Destination = None, db: Database = "", as_json: AsJson = False
) -> None:
    """Recommend for the pending cases, or for a file of new ones, which the log never sees."""
    printing.check_destination(out)
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
    if accept and decline:
        raise typer.BadParameter("Accept or decline, not both.", param_hint="--accept")
    with log_at(db) as store:
        domain, now = organization.domain(store, name), utc_now()
        if accept:
            done = settle.accept(
                store, domain, accept, by=by, why=why, at=now, label=label, kind=kind.value if kind else None
            )
            _recommend_if_possible(store, organization.domain(store, name))
        elif decline:
            done = settle.decline(store, domain, decline, by=by, why=why, at=now)
        elif not listed:
            proposing.propose(store, domain, by=by, at=now, progress=printing.progress)
        found = proposals.everything(store, name)
    told = [proposing.told(one, domain) for one in found]
    if accept or decline:
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
        if apply:
            changed = apply_correction.apply(
                store, domain, apply, by=by, why=why, at=utc_now(), anyway=anyway
            )
        if off:
            changed = apply_correction.switch_off(store, domain, off, by=by, why=why, at=utc_now())
        done = correcting.correct(store, domain, by=by, at=utc_now())
    found = {**vars(done), "rescored": done.rescored + changed}
    printing.show(found, as_json, plain=printing.corrected(found))


@app.command()
def report(
    name: Name,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, UTC.")] = None,
    segment: Annotated[str | None, typer.Option(help="COLUMN=VALUE")] = None,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say where people, model and team stand, with intervals."""
    chosen = _column_and_value(segment) if segment else None
    with log_at(db) as store:
        domain = organization.domain(store, name)
        end = until + timedelta(days=1) if until and until.year < 9999 else None
        found = report_findings(store, domain, since=since, until=end, segment=chosen)
    printing.show(found.as_dict(), as_json, plain=printing.report(found.as_dict()))


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
    choice = [_column_and_value(text, "--where") for text in where or []]
    with log_at(db) as store:
        domain = organization.domain(store, name)
        decisions = routing.replayable(store, domain)
        found = routing.asked(decisions, domain, choice, at_most=at_most)
    printing.show(found, as_json)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    db: Database = "",
) -> None:
    """Serve the app, as in production."""
    script = Path(__file__).parent.parent / "app.py"
    if db:
        os.environ["RHML_DB"] = db
    arguments = ["run", str(script), f"--server.port={port}", f"--server.address={address}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", *arguments, "--server.headless=true"])


def _recommend_if_possible(store: Store, domain: DecisionDomain) -> None:
    """New cases get the champion's recommendation at once, where there is a champion."""
    if registry.live_version(store, domain.name):
        recommend_waiting(store, domain, at=utc_now(), progress=printing.progress)


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


def _column_and_value(text: str, option: str = "--segment") -> tuple[str, str]:
    column, separator, value = text.partition("=")
    if not separator:
        raise typer.BadParameter("Write COLUMN=VALUE.", param_hint=option)
    return column.strip(), value.strip()


def main() -> None:
    """Run the command line; a refusal is a sentence on stderr and exit code 1."""
    printing.stay_readable()
    try:
        try:
            app()
        finally:
            printing.finish()
    except WithProblems as refused:
        printing.problems(refused)
        sys.exit(1)
    except RhmlError as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
    except OSError as refused:  # a full disk, a lost folder: the system's refusal, not a defect
        print(f"The system refused: {refused}. Look at free space, paths and rights.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
