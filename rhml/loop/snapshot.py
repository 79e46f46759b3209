"""Take the documented views along, for notebooks: one DuckDB file, a Parquet file a view, and what they are of.

People appear under the names that stand for them, whoever asks; with `names`, who may see names sees those that a lead
may see, and every such look is on record. A snapshot is there whole or not at all.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import rhml
from rhml.core.domain import DecisionDomain
from rhml.errors import NotPermitted, RhmlError
from rhml.loop import look, privacy
from rhml.loop.files import check_folder
from rhml.store import organization, registry, snapshot_file
from rhml.store.engine import Store
from rhml.store.snapshot_file import Written
from rhml.store.veil import Veil, among

METADATA, README = "metadata.json", "README.txt"
ACT = "snapshot"


@dataclass(frozen=True)
class Snapshot:
    """Where a snapshot lies, and what its print says."""

    path: Path
    about: dict[str, Any]


def snapshot(
    store: Store, domain: DecisionDomain, out: Path, *, by: str, names: bool = False, at: datetime
) -> Snapshot:
    """Write a snapshot into a new folder; RhmlError where the folder exists or cannot be made."""
    check_folder(out.parent)
    if out.exists():
        raise RhmlError(f"{out} is there already, and nothing is written over. Name another folder.")
    return _made(store, domain, by, names, at, lambda folder, about: folder.rename(out) and about, out)


def zipped(
    store: Store, domain: DecisionDomain, out: Path, *, by: str, names: bool = False, at: datetime
) -> Snapshot:
    """The same as one ZIP file, written whole or not at all."""
    check_folder(out.parent)

    def packed(folder: Path, about: dict[str, Any]) -> None:
        part = folder.with_suffix(".zip")
        with ZipFile(part, "w", ZIP_STORED) as held:  # its files are compressed already
            for file in sorted(folder.iterdir()):
                held.write(file, f"{out.stem}/{file.name}")
        part.replace(out)

    return _made(store, domain, by, names, at, packed, out)


def _made(
    store: Store,
    domain: DecisionDomain,
    by: str,
    names: bool,
    at: datetime,
    put: Callable[[Path, dict[str, Any]], Any],
    out: Path,
) -> Snapshot:
    """Everything is written beside the destination, and put there when it is complete."""
    veil, only = _eyes(store, domain, by, names)
    beside = Path(tempfile.mkdtemp(prefix=".snapshot-", dir=out.parent))
    try:
        folder = beside / domain.name
        folder.mkdir()
        written = snapshot_file.write(store, domain, folder, veil=veil, only=only)
        look.seen(store, domain, among(written.people, veil), by=by, what=ACT, at=at)
        about = _about(store, domain, written, names=names, only=only, at=at)
        (folder / METADATA).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")
        (folder / README).write_text(_readme(domain, about), "utf-8")
        put(folder, about)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Snapshot(out, about)


def _eyes(store: Store, domain: DecisionDomain, by: str, names: bool) -> tuple[Veil, str | None]:
    """Under which names people appear, and whose decisions alone where the asker sees no other's."""
    role = organization.role(store, by)
    if role == organization.LEFT:
        raise NotPermitted(
            f"{by} has left, so nothing is taken along in their name. Name somebody with --by."
        )
    if not names:
        only = by if role in organization.OWN_ONLY else None
        return privacy.veil(
            store, domain, reader=only or "", role="analyst" if only is None else role or ""
        ), only
    if role not in (None, "lead"):
        raise NotPermitted(
            "Names are for leads. Leave --names out: people then appear under names that stand for them."
        )
    if domain.people.record != "lead":
        raise NotPermitted(
            f"Nobody sees people by name in {domain.title}: so says its domain file ([people] record). Leave --names out."
        )
    return privacy.veil(store, domain, reader="" if role is None else by, role="lead"), None


def _about(
    store: Store, domain: DecisionDomain, written: Written, *, names: bool, only: str | None, at: datetime
) -> dict[str, Any]:
    return {
        "title": f"Snapshot: {domain.title}",
        "domain": domain.name,
        "made": f"{at:%Y-%m-%d %H:%M:%S} UTC",
        "filters": f"decisions of {only}" if only else "none: every row of every view",
        "people": "by name, where they have enough decisions" if names else "under names that stand for them",
        "rows": written.rows,
        "model versions": [version.version for version in registry.versions(store, domain.name)],
        "newest fact": written.counter,
        "product": f"rhml {rhml.__version__}",
    }


def _readme(domain: DecisionDomain, about: dict[str, Any]) -> str:
    """The same in words, and how to begin."""
    rows = "\n".join(f"  {view:10} {count:>12,} rows" for view, count in about["rows"].items())
    return f"""{about["title"]}

Made {about["made"]} from the log at fact {about["newest fact"]:,} by {about["product"]}.
Filters: {about["filters"]}. People appear {about["people"]}.
Model versions: {", ".join(about["model versions"]) or "none"}.

{rows}

{domain.name}.duckdb holds the views as tables; what each column means is in its comments:
  SELECT table_name, column_name, comment FROM duckdb_columns()
Each view is also a Parquet file. In a notebook:
  import rhml
  views = rhml.frames("this folder")
  views.decided            # a pandas DataFrame, read when it is first asked for
  views.meaning            # what each column means
"""
