"""Files that leave the app: written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import Any

from rhml.errors import RhmlError
from rhml.intake.findings import shown


def write_whole(out: Path, write: Callable[[Path], Any]) -> None:
    """Write a file beside its name and then give it the name; RhmlError where that cannot be done."""
    part = out.with_name(f".{out.name[:80]}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)  # what lies under this name may be a link to somebody's file
        write(part)
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        reason = error.strerror or str(error)
        raise RhmlError(f"{shown(out)} cannot be written ({shown(reason)}). Name another file.") from error
    except BaseException:  # refused half way, or stopped: nothing half-written stays
        with suppress(OSError):
            part.unlink()
        raise


def clear(out: Path) -> None:
    """Remove what processes left that were killed while they wrote this file; for who knows that no other writes it."""
    for left in out.parent.glob(f".{escape(out.name[:80])}.*.part"):
        left.unlink(missing_ok=True)


def check_destination(out: Path | None, suffixes: Iterable[str]) -> None:
    """Refuse, before any work is done, a file that could not be written."""
    if out is None:
        return
    *others, last = suffixes
    if out.suffix.lower() not in (*others, last):
        ends = f"ends in neither {others[0]} nor {last}" if others else f"does not end in {last}"
        raise RhmlError(f"{shown(out.name)} {ends}. Name one that does.")
    if out.is_dir():
        raise RhmlError(f"{shown(out)} is a folder. Name a file in it.")
    if not out.parent.is_dir():
        raise RhmlError(f"There is no folder {shown(out.parent)}. Make it first, or name another.")


def check_folder(folder: Path) -> None:
    """Refuse a folder that files could not be put into."""
    if not folder.is_dir():
        raise RhmlError(f"There is no folder {shown(folder)}. Make it first, or name another.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise RhmlError(
            f"The folder {shown(folder)} cannot be written to. Change its rights, or name another."
        )
