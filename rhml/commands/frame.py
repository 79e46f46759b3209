"""What every command has in common: the application, the options by the same names, and the open log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.core.domain import DecisionDomain
from rhml.intake.tables import Table, read_table
from rhml.loop.recommend import recommend_waiting
from rhml.store import registry
from rhml.store.engine import Store
from rhml.store.opening import default_url, open_store, utc_now

HELP = """python -m rhml …: the loop's verbs on the command line.

Exit codes: 0 done, 1 refused (a sentence on stderr), 2 wrong usage. JSON on stdout, progress on stderr.
"""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=HELP)

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


def recommend_if_possible(store: Store, domain: DecisionDomain) -> None:
    """New cases get the champion's recommendation at once, where there is a champion."""
    if registry.live_version(store, domain.name):
        recommend_waiting(store, domain, at=utc_now(), progress=printing.progress)


def column_and_value(text: str, option: str = "--segment") -> tuple[str, str]:
    column, separator, value = text.partition("=")
    if not separator:
        raise typer.BadParameter("Write COLUMN=VALUE.", param_hint=option)
    return column.strip(), value.strip()
