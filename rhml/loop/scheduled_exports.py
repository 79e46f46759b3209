"""Saved views and questions exported on schedule: set by an operator, made when due, seen with their owner's eyes.

As reports on schedule (`schedule`): each due time once, a file's hash on record before it has its name, never
over another file. An analyst's export holds people under the names that stand for them; a lead's holds those a
lead may see, and each time the look is on record; where the owner has left, nothing is made and that is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.loop import export, permit, saved
from rhml.loop.files import check_folder, clear, write_whole
from rhml.loop.schedule import (
    BEGUN,
    DONE,
    PAUSE,
    REFUSED,
    Run,
    Schedule,
    Standing,
    checked,
    hash_of_file,
    ours,
    run_of,
    schedule_of,
)
from rhml.printed.tables import FORMS
from rhml.store import organization, studies
from rhml.store.engine import Store
from rhml.store.saved import Saved
from rhml.store.studies import Study

SETTING = "export schedule"
RUN = "scheduled export"
KEY = "saved"


def standings(store: Store, name: str) -> dict[str, Standing]:
    """What is exported when, and what was made last, by the id of the saved thing; ended schedules are left out."""
    settings = studies.newest_of_each(store, name, SETTING, KEY)
    runs = studies.newest_of_each(store, name, RUN, KEY)
    return {
        saved_id: Standing(schedule_of(fact.content["new"]), fact.made_at, run_of(runs.get(saved_id)))
        for saved_id, fact in settings.items()
        if fact.content["new"] is not None
    }


def standing(store: Store, name: str, saved_id: str) -> Standing:
    """One of them; without a schedule where nothing is set."""
    return standings(store, name).get(saved_id, Standing(None, None, None))


def change(
    store: Store, domain: DecisionDomain, thing: Saved, new: Schedule | None, *, by: str, at: datetime
) -> bool:
    """Export a saved thing on schedule, otherwise, or no longer with None; False where it stands so already.

    It is written into a folder of this machine: leads and its operator say so. Whose thing it is may end it.
    """
    if new is not None or by != thing.owner:
        permit.lead(store, by, "have something exported on schedule")
    old = standing(store, domain.name, thing.saved_id).schedule
    new = checked(new, FORMS) if new else None
    if new == old:
        return False
    said = f"export of “{thing.title}” {new.said}" if new else f"no export of “{thing.title}” on schedule"
    content = {KEY: thing.saved_id, "old": asdict(old) if old else None, "new": asdict(new) if new else None,
               "said": said}  # fmt: skip
    store.write(lambda tx: studies.add(tx, domain.name, Study(SETTING, None, content, at, by)))
    return True


def remove(store: Store, domain: DecisionDomain, saved_id: str, *, by: str, at: datetime) -> None:
    """Throw a saved thing away, and with it the schedule it is exported by."""
    thing = saved.found(store, domain, saved_id, by=by)
    saved.remove(store, domain, saved_id, by=by)
    change(store, domain, thing, None, by=by, at=at)


def to_ask(store: Store, now: datetime) -> list[tuple[str, str]]:
    """The exports the app should make now: domain and id of the saved thing."""
    found = []
    for name in organization.domain_names(store):
        for saved_id, held in standings(store, name).items():
            slot = held.due(now)
            tried = held.run is not None and held.run.slot == slot and now - held.run.at < PAUSE
            if slot is not None and not tried:
                found.append((name, saved_id))
    return found


def carry_out(
    store: Store,
    domain: DecisionDomain,
    saved_id: str,
    *,
    by: str,
    at: datetime,
    progress: Callable[[float, str], None],
) -> tuple[Path, ...]:
    """Make the export that is due and return its files; none where nothing is due. RhmlError where it can't be made."""
    held = standing(store, domain.name, saved_id)
    slot = held.due(at)
    if slot is None or held.schedule is None:
        return ()
    known = held.run.files if held.run is not None and held.run.slot == slot else {}
    run = Run(slot, BEGUN, known, "", at)
    _record(store, domain, saved_id, run, by)
    try:
        return _make(store, domain, saved_id, held.schedule, run, by, progress)
    except (RhmlError, OSError) as failed:
        why = f"The system refused: {failed.strerror}." if isinstance(failed, OSError) else str(failed)
        last = standing(store, domain.name, saved_id).run or run
        _record(store, domain, saved_id, replace(last, state=REFUSED, why=why), by)
        raise RhmlError(why) from failed


def _make(
    store: Store,
    domain: DecisionDomain,
    saved_id: str,
    wanted: Schedule,
    run: Run,
    by: str,
    progress: Callable[[float, str], None],
) -> tuple[Path, ...]:
    folder, thing = Path(wanted.to), saved.found(store, domain, saved_id, by=None)
    check_folder(folder)
    stem = f"{domain.name}-{_stem(thing.title)}-{saved_id[-8:]}-{run.slot:%Y-%m-%d-%H%M}"
    paths = {form: folder / f"{stem}.{form}" for form in wanted.formats}
    missing = {form: path for form, path in paths.items() if not ours(path, run)}
    if missing:
        progress(0.1, "Reading the log")
        made = export.of_saved(store, domain, thing, by=thing.owner, at=run.at)
        progress(0.5, "Writing the files")
    for form, path in missing.items():
        clear(path)  # whoever holds the log is the only one to make its exports

        def put(part: Path, form: str = form, name: str = path.name) -> None:
            nonlocal run
            made.to(form, part)
            run = replace(run, files={**run.files, name: hash_of_file(part)})
            _record(store, domain, saved_id, run, by)

        write_whole(path, put)
    _record(store, domain, saved_id, replace(run, state=DONE), by)
    return tuple(paths.values())


def _stem(title: str) -> str:
    """A title as the middle of a file's name: letters and digits that every system takes.

    >>> _stem("Späte Zahler: 2026/../x")
    'spate-zahler-2026-x'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "saved"


def _record(store: Store, domain: DecisionDomain, saved_id: str, run: Run, by: str) -> None:
    content = {
        KEY: saved_id,
        "slot": run.slot.isoformat(),
        "state": run.state,
        "files": run.files,
        "why": run.why,
    }
    store.write(lambda tx: studies.add(tx, domain.name, Study(RUN, None, content, run.at, by)))
