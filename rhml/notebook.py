"""The documented views in a notebook: DataFrames read from a snapshot, or from the log itself, when first asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb
import pandas as pd

from rhml.errors import LogLocked, RhmlError
from rhml.loop import privacy
from rhml.loop.snapshot import METADATA
from rhml.store import extract, organization
from rhml.store.engine import SCHEME, Store, path_of
from rhml.store.opening import open_store, utc_now
from rhml.store.questions import question

VIEWS = question.VIEWS
HINT = "python -m rhml snapshot DOMAIN --out FOLDER"


class Frames(Mapping[str, pd.DataFrame]):
    """The views by name, as keys and as attributes; `meaning` explains their columns, `about` says of when they are."""

    def __init__(self, read: Callable[[str], pd.DataFrame], meaning: Callable[[], pd.DataFrame], about: dict):
        self._read, self._meaning, self.about = read, meaning, about
        self._held: dict[str, pd.DataFrame] = {}

    def __getitem__(self, view: str) -> pd.DataFrame:
        if view not in VIEWS:
            raise KeyError(view)
        if view not in self._held:
            self._held[view] = self._read(view)
        return self._held[view]

    def __getattr__(self, view: str) -> pd.DataFrame:
        if view not in VIEWS:
            raise AttributeError(f"There is no view {view!r}. Views: {', '.join(VIEWS)}.")
        return self[view]

    def __iter__(self) -> Iterator[str]:
        return iter(VIEWS)

    def __len__(self) -> int:
        return len(VIEWS)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *VIEWS]

    def __repr__(self) -> str:
        return f"<{self.about.get('title', 'Views')}: {', '.join(VIEWS)}>"

    @property
    def meaning(self) -> pd.DataFrame:
        """What each view's columns mean: view, column, type, meaning."""
        return self._meaning()


def frames(path_or_url: str | Path, domain: str | None = None) -> Frames:
    """The views of a snapshot's folder or DuckDB file, or of the log at a URL (duckdb:///PATH).

    RhmlError says what to do where there is none, LogLocked where the app has the log open.
    """
    if str(path_or_url).startswith(SCHEME):
        return _of_log(str(path_or_url), domain)
    path = Path(path_or_url)
    if not path.exists():
        raise RhmlError(f"There is no snapshot at {path}. Make one: {HINT}")
    if path.is_dir():
        return _of_snapshot(_file_in(path, domain))
    return _of_snapshot(path)


def _file_in(folder: Path, domain: str | None) -> Path:
    found = sorted(folder.glob(f"{domain or '*'}.duckdb"))
    if len(found) != 1:
        what = f"no snapshot of {domain!r}" if domain else "no snapshot"
        several = "several snapshots; say which with domain=" if found else what
        raise RhmlError(f"The folder {folder} holds {several}. Make one: {HINT}")
    return found[0]


def _of_snapshot(file: Path) -> Frames:
    def asked(sql: str) -> pd.DataFrame:
        try:
            with duckdb.connect(str(file), read_only=True) as held:
                return held.execute(sql).df()
        except (duckdb.IOException, duckdb.CatalogException) as error:
            if "lock" in str(error).lower():
                raise LogLocked(
                    f"{file} is a log that the app has open. Take a snapshot of it: {HINT}"
                ) from error
            raise RhmlError(
                f"{file} is no snapshot of this product. A log is read by its address, duckdb:///{file}; "
                f"a snapshot is made by {HINT}"
            ) from error

    asked("SELECT 1 FROM decided LIMIT 0")
    beside = file.with_name(METADATA)
    about = json.loads(beside.read_text("utf-8")) if beside.exists() else {"title": f"Snapshot: {file.stem}"}
    return Frames(lambda view: asked(f"SELECT * FROM {view}"), lambda: asked(_MEANING), about)


_MEANING = (
    "SELECT table_name AS view, column_name AS column, data_type AS type, comment AS meaning FROM duckdb_columns() "
    "WHERE NOT internal ORDER BY table_name, column_index"
)


def _of_log(url: str, domain: str | None) -> Frames:
    """The log itself, opened for each reading and closed again, so that the app can open it meanwhile."""
    if not path_of(url).exists():
        raise RhmlError(f"There is no log at {url}. Name one, or a snapshot's folder.")

    def opened(read: Callable[[Store, str], pd.DataFrame]) -> pd.DataFrame:
        try:
            store = open_store(url, now=utc_now())
        except LogLocked as error:
            raise LogLocked(f"{error} Or read a snapshot: {HINT}") from error
        try:
            return read(store, _name(store, domain))
        finally:
            store.close()

    def view(store: Store, name: str, of: str) -> pd.DataFrame:
        chosen = organization.domain(store, name)
        veil = privacy.veil(store, chosen, reader="", role="analyst")
        return store.frame(*extract.of_view(store, chosen, of, only=None, veil=veil))

    opened(lambda store, name: pd.DataFrame())
    return Frames(
        lambda of: opened(lambda store, name: view(store, name, of)),
        lambda: opened(lambda store, name: question.dictionary(store, organization.domain(store, name))),
        {"title": f"Log {url}"},
    )


def _name(store: Store, domain: str | None) -> str:
    """The domain that is meant: the named one, or the only one."""
    names = organization.domain_names(store)
    if domain is None and len(names) != 1:
        raise RhmlError(f"Say which domain: frames(..., domain=…). There are: {', '.join(names) or 'none'}.")
    return domain or names[0]
