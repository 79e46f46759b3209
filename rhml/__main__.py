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
from rhml.errors import RhmlError, WithProblems
from rhml.intake.cases import check_cases
from rhml.intake.draft import draft as draft_domain
from rhml.intake.outcomes import check_outcomes
from rhml.intake.tables import Table, read_table
from rhml.loop import onboard as onboarding
from rhml.loop.promote import promote as promote_version
from rhml.loop.recommend import recommend_stored, recommend_table, recommend_waiting
from rhml.loop.report import report as report_findings
from rhml.loop.resolve import resolve as resolve_outcomes
from rhml.loop.retrain import retrain as retrain_model
from rhml.store import case_file, organization, registry
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
        _recommend_if_possible(store, domain)
    printing.show(printing.onboarded(done), as_json)


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
    printing.show({**vars(done), "notes": list(read.notes)}, as_json)


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
def promote(
    name: Name,
    version: str,
    by: By,
    why: Annotated[str, typer.Option("--why", help="The reason; stays on record.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Against the verdict; marked for good.")] = False,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Make a version live; rolling back is promoting an earlier one."""
    with log_at(db) as store:
        domain = organization.domain(store, name)
        done = promote_version(store, domain, version, by=by, why=why, at=utc_now(), anyway=anyway)
        scored = recommend_waiting(store, domain, at=utc_now(), progress=printing.progress)
    words = f"{done.version} is live. {scored:,} waiting {domain.terms.many} have its recommendation."
    printing.show({**vars(done), "recommended": scored}, as_json, plain=words)


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


def _column_and_value(text: str) -> tuple[str, str]:
    column, separator, value = text.partition("=")
    if not separator:
        raise typer.BadParameter("Write COLUMN=VALUE.", param_hint="--segment")
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
