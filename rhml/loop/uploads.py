"""Files on their way into the log: kept in a private folder until the worker has read them.

A job names its upload by a token only. Names and paths come from here, never from the job's row.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rhml.core.domain import parse_domain
from rhml.errors import RhmlError
from rhml.intake.tables import Table, read_bytes
from rhml.loop.onboard import Onboarded, onboard
from rhml.store.engine import Store

PARTS = ("cases", "outcomes", "decisions")

_folders: dict[str, Path] = {}
_lock = threading.Lock()


class UploadGone(RhmlError):
    """The files were removed before the worker came to them."""


@dataclass(frozen=True)
class File:
    """An uploaded file: the name it had, and its bytes."""

    name: str
    content: bytes


def keep(domain: str, text: str, files: Mapping[str, File], *, hold: int = 0) -> str:
    """Put a domain file's text and its tables into a folder of their own; returns the token that finds it."""
    folder = Path(tempfile.mkdtemp(prefix="rhml-upload-"))
    names = {part: files[part].name for part in files}
    manifest = {"domain": domain, "text": text, "names": names, "hold": hold}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for part in PARTS:
        if part in files:
            (folder / part).write_bytes(files[part].content)
    token = secrets.token_hex(16)
    with _lock:
        _folders[token] = folder
    return token


def bring(
    store: Store, token: str, *, by: str, at: datetime, progress: Callable[[float, str], None]
) -> Onboarded:
    """Import what was kept under a token, and remove it whatever happens."""
    with _lock:
        folder = _folders.pop(token, None)
    if folder is None:
        raise UploadGone("The app was started anew before these files were read. Upload them again.")
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        domain = parse_domain(manifest["domain"], manifest["text"])
        progress(0.1, "Reading the files")
        tables = {part: _table(folder / part, name) for part, name in manifest["names"].items()}
        progress(0.3, "Checking every row")
        return onboard(store, domain, **tables, hold=int(manifest["hold"]), by=by, at=at)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _table(path: Path, name: str) -> Table:
    return read_bytes(name, path.read_bytes())
