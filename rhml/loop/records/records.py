"""A pack of records for an examiner: every use of the system, the trail, the register and the cards, in one folder.

Everything is of one moment of the log and carries the head of its chain. Other names stand for people unless their own
are asked for. The folder appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.intake.findings import shown
from rhml.loop import permit
from rhml.loop.edges import plain
from rhml.loop.records import answering
from rhml.loop.records.examiners import PURPOSES, readme
from rhml.loop.records.register import register
from rhml.loop.steps import Progress, silent
from rhml.store import audit, events, organization
from rhml.store.audit import Filter
from rhml.store.chain import seals
from rhml.store.engine import Store
from rhml.store.snapshot import Question, Snapshot, snapshot
from rhml.store.veil import Veil, counts, key_of_ids, pseudonym

PIECE = 100_000
"""Decisions read at a time: what is joined to them has to fit into memory."""
NOBODY = ("", "rhml", "command line")
"""Actors who are no persons."""


@dataclass(frozen=True)
class Pack:
    """What was written: the folder or ZIP file, its files with their rows, and the head of the chain."""

    path: Path
    files: dict[str, dict[str, Any]]
    events: int
    lines: int
    head: str

    @property
    def message(self) -> str:
        """One sentence for a page and a terminal."""
        return f"Wrote {self.path}: {self.events:,} uses, {self.lines:,} lines of the trail, {len(self.files)} files."


def records(
    store: Store, domain: DecisionDomain, purpose: str, out: Path, *, by: str, at: datetime,
    since: datetime | None = None, until: datetime | None = None, names: bool = False, progress: Progress = silent,
) -> Pack:  # fmt: skip
    """Write the pack for one of PURPOSES into a new folder, or a ZIP file where its name ends in .zip."""
    permit.lead(store, by, "take records along")
    if purpose not in PURPOSES:
        raise RhmlError(f"{shown(purpose)} is no purpose of a pack. Purposes: {', '.join(PURPOSES)}.")
    if out.exists():
        raise RhmlError(f"{shown(out)} exists already. Name another, or remove it first.")
    if not out.absolute().parent.is_dir():
        raise RhmlError(f"There is no folder {shown(out.absolute().parent)}. Make it first, or name another.")
    part = out.with_name(f".{out.name[:80]}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700)
        asked = _Asked(store, domain, purpose, since, until, names, by, at)
        found = asked.write(part, progress)
        if out.suffix.lower() == ".zip":
            _zipped(part, out)
        else:
            part.rename(out)
        return Pack(out, found["files"], found["events"], found["lines"], found["chain"]["domain"]["hash"])
    except OSError as error:
        reason = error.strerror or str(error)
        raise RhmlError(f"{shown(out)} cannot be written ({shown(reason)}). Name another.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


@dataclass(frozen=True)
class _Asked:
    """One pack as it was asked for."""

    store: Store
    domain: DecisionDomain
    purpose: str
    since: datetime | None
    until: datetime | None
    names: bool
    by: str
    at: datetime

    def write(self, folder: Path, progress: Progress) -> dict[str, Any]:
        """Every file, the manifest last; returns the manifest's content."""
        veil = None if self.names else everyone(self.store, self.domain)
        about = self._about()
        with snapshot(self.store) as still:
            progress(0.05, "Writing the uses of the system")
            uses = still.to_parquet(self._uses(still, veil), folder / "events.parquet", about)
            still.to_lines(folder / "events.parquet", folder / "events.jsonl")
            progress(0.55, "Writing the audit trail")
            wanted = Filter(
                seen_by=veil, since=self.since, until=self.until, everyone=veil is not None, reader=self.by
            )
            lines = still.to_parquet([audit.whole(self.domain, wanted)], folder / "audit.parquet", about)
            still.to_lines(folder / "audit.parquet", folder / "audit.jsonl")
        progress(0.85, "Writing the cards")
        self._cards(folder)
        counts = {"events.parquet": uses, "events.jsonl": uses, "audit.parquet": lines, "audit.jsonl": lines}
        text = readme(self.purpose, self.domain, about, uses=uses, lines=lines, columns=events.COLUMNS)
        (folder / "README.md").write_text(text, "utf-8")
        files = {
            path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _digest(path),
                                                  "rows": counts.get(path.name)}
            for path in sorted(folder.rglob("*")) if path.is_file()
        }  # fmt: skip
        manifest = {"about": about, "chain": self._heads(), "events": uses, "lines": lines, "files": files}
        (folder / "manifest.json").write_text(
            json.dumps(plain(manifest), ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
        return manifest

    def _uses(self, still: Snapshot, veil: Veil | None) -> Iterator[Question]:
        filled = {name for (name,) in still.read(events.filled_in(self.domain))}
        filled &= {feature.name for feature in self.domain.features}
        [(decisions, first, last)] = still.read(events.pieces(self.domain))
        pieces = max(1, -(-decisions // PIECE))
        width = -(-(last + 1 - first) // pieces)
        for start in range(first, last + 1, width):
            sql = events.query(self.domain, since=self.since, until=self.until, veil=veil, involved=self.by,
                               filled=filled, facts=range(start, start + width))  # fmt: skip
            yield sql, ()

    def _cards(self, folder: Path) -> None:
        found = register(self.store, self.domain)
        stand_in = None if self.names else everyone(self.store, self.domain)
        _json(folder / "register.json", _veiled(plain(found.as_dict()), stand_in))
        (folder / "cards").mkdir()
        wanted = [e.version for e in found.entries if self.purpose == "sr11-7" or e.spells]
        made = {"process": answering.of_process(self.store, self.domain, at=self.at)}
        made |= {f"model-{v}": answering.of_model(self.store, self.domain, v, at=self.at) for v in wanted}
        for name, one in made.items():
            held = one.veiled(lambda facts: _veiled(facts, stand_in))
            for form in ("html", "md", "json"):
                (folder / "cards" / f"{name}.{form}").write_bytes(held.form(form))
        (folder / "domain_files").mkdir()
        for number, text in organization.file_texts(self.store, self.domain.name):
            (folder / "domain_files" / f"version-{number}.toml").write_text(text, "utf-8")

    def _about(self) -> dict[str, str]:
        held = answering.about(self.store, self.domain, f"Records: {self.domain.title}", self.at)
        return {
            "title": held["title"], "purpose": PURPOSES[self.purpose], "made": f"{self.at:%Y-%m-%dT%H:%M:%S} UTC",
            "made by": self.by if self.names else _name(self.by, everyone(self.store, self.domain)),
            "since": f"{self.since:%Y-%m-%dT%H:%M:%S}" if self.since else "the beginning",
            "until": f"{self.until:%Y-%m-%dT%H:%M:%S}" if self.until else "the moment it was made",
            "people": "under their own names" if self.names else "under other names, the same each time",
            "product": held["product"], "domain file": f"version {held['domain_file']['version']}",
            "up to fact": str(held["fact"]),
        }  # fmt: skip

    def _heads(self) -> dict[str, Any]:
        found = {
            "domain": seals.head(self.store, self.domain.name),
            "organization": seals.head(self.store, "rhml"),
        }
        return {
            name: {"hash": head.hash, "last_fact": head.last_seq, "sealed_at": head.sealed_at}
            for name, head in found.items()
        }


def everyone(store: Store, domain: DecisionDomain) -> Veil:
    """Other names for all who ever did anything here; the key to them is the log's secret."""
    people = {*audit.actors(store, domain), *organization.everybody(store), *counts(store, domain)}
    shown = tuple(
        (name, name if _no_person(name) else pseudonym(store.secret, name)) for name in sorted(people)
    )
    return Veil(shown, "somebody", key=key_of_ids(store.secret))


def _no_person(name: str) -> bool:
    return name in NOBODY or name.startswith("rhml (")


def _name(name: str, veil: Veil) -> str:
    return name if _no_person(name) else veil.of(name)


_PERSONS = ("trained_by", "promoted_by", "judged_by", "authors")


def _veiled(facts: Any, veil: Veil | None, key: str = "") -> Any:
    """The facts of a card with other names for the people in it."""
    if veil is None:
        return facts
    if isinstance(facts, dict):
        return {k: _veiled(v, veil, k) for k, v in facts.items()}
    if isinstance(facts, list):
        return [_veiled(one, veil, key) for one in facts]
    return _name(facts, veil) if key in _PERSONS and isinstance(facts, str) else facts


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n", "utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def _zipped(folder: Path, out: Path) -> None:
    part = out.with_name(f".{out.name[:80]}.{os.getpid()}.zip.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    packed.write(path, f"{out.stem}/{path.relative_to(folder).as_posix()}")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
