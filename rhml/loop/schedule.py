"""Reports on schedule: set by an operator, made when due by whoever holds the log, each due time once.

Before a file is written its hash is put on record. Whoever comes after a crash therefore knows which files are of
this very report and leaves them as they are; any other file of that name is never touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.loop import permit, timetable
from rhml.loop.edition import edition
from rhml.loop.files import check_folder, clear, write_whole
from rhml.printed.edition import FORMATS
from rhml.store import organization, studies
from rhml.store.engine import Store
from rhml.store.studies import Study

SETTING = "report schedule"
RUN = "scheduled report"
BEGUN, DONE, REFUSED = "begun", "done", "refused"
PAUSE = timedelta(hours=1)
"""After an attempt that failed the app waits this long before the next; the command line does not."""


@dataclass(frozen=True)
class Schedule:
    """Which report is made when, and where it is put; times are UTC."""

    every: str
    at: str
    to: str
    formats: tuple[str, ...]

    @property
    def said(self) -> str:
        """When, in words."""
        return f"{timetable.SAID[self.every]} at {self.at} UTC"


@dataclass(frozen=True)
class Run:
    """The last report made on schedule: for which due time, how far it came, and its files by their hashes."""

    slot: datetime
    state: str
    files: dict[str, str]
    why: str
    at: datetime

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**asdict(self), "slot": self.slot.isoformat(), "at": self.at.isoformat()}


@dataclass(frozen=True)
class Standing:
    """A domain's schedule since when, and the last report made by it; None where there is none."""

    schedule: Schedule | None
    since: datetime | None
    run: Run | None

    def due(self, now: datetime) -> datetime | None:
        """The due time whose report is not made yet; of several that were missed the newest."""
        if self.schedule is None or self.since is None:
            return None
        slot = timetable.last(self.schedule.every, timetable.time_of_day(self.schedule.at), now)
        made = self.run is not None and self.run.slot >= slot and self.run.state == DONE
        return None if slot <= self.since or made else slot

    def following(self, now: datetime) -> datetime | None:
        """When the next one falls due."""
        if self.schedule is None:
            return None
        return timetable.following(self.schedule.every, timetable.time_of_day(self.schedule.at), now)


def standing(store: Store, name: str) -> Standing:
    """What is set and what was made last, in two small reads."""
    fact, run = studies.newest(store, name, SETTING), studies.newest(store, name, RUN)
    if fact is None or fact.content["new"] is None:
        return Standing(None, None, run_of(run))
    return Standing(schedule_of(fact.content["new"]), fact.made_at, run_of(run))


def schedule_of(content: dict) -> Schedule:
    """A schedule as a fact holds it."""
    return Schedule(content["every"], content["at"], content["to"], tuple(content["formats"]))


def run_of(fact: Study | None) -> Run | None:
    """A run as a fact holds it."""
    if fact is None:
        return None
    held = fact.content
    return Run(datetime.fromisoformat(held["slot"]), held["state"], held["files"], held["why"], fact.made_at)


def change(store: Store, domain: DecisionDomain, new: Schedule | None, *, by: str, at: datetime) -> bool:
    """Set a schedule, change it, or end it with None; False where it stands so already. The path is the operator's."""
    permit.lead(store, by, "have reports made on schedule")
    old = standing(store, domain.name).schedule
    new = checked(new, FORMATS) if new else None
    if new == old:
        return False
    said = f"report {new.said}" if new else "no report on schedule"
    content = {"old": asdict(old) if old else None, "new": asdict(new) if new else None, "said": said}
    store.write(lambda tx: studies.add(tx, domain.name, Study(SETTING, None, content, at, by)))
    return True


def checked(new: Schedule, formats: Iterable[str]) -> Schedule:
    """A schedule as it is kept; RhmlError where its time, rhythm, formats or folder will not do."""
    new = replace(new, at=f"{timetable.time_of_day(new.at):%H:%M}", to=str(Path(new.to).resolve()))
    if new.every not in timetable.EVERY:
        raise RhmlError(f"{new.every[:20]!r} is no rhythm. Choose one of: {', '.join(timetable.EVERY)}.")
    if not new.formats or set(new.formats) - set(formats):
        raise RhmlError(f"Formats are some of {', '.join(formats)}, with commas between them.")
    check_folder(Path(new.to))
    return new


def to_ask(store: Store, now: datetime) -> list[str]:
    """The domains whose report the app should make now."""
    found = []
    for name in organization.domain_names(store):
        held = standing(store, name)
        slot = held.due(now)
        tried = held.run is not None and held.run.slot == slot and now - held.run.at < PAUSE
        if slot is not None and not tried:
            found.append(name)
    return found


def carry_out(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Callable[[float, str], None]
) -> tuple[Path, ...]:
    """Make the report that is due and return its files; none where nothing is due. RhmlError where it can't be put there."""
    held = standing(store, domain.name)
    slot = held.due(at)
    if slot is None or held.schedule is None:
        return ()
    known = held.run.files if held.run is not None and held.run.slot == slot else {}
    run = Run(slot, BEGUN, known, "", at)
    _record(store, domain, run, by)
    try:
        return _make(store, domain, held.schedule, run, by, progress)
    except (RhmlError, OSError) as failed:
        why = f"The system refused: {failed.strerror}." if isinstance(failed, OSError) else str(failed)
        _record(store, domain, replace(_last(store, domain), state=REFUSED, why=why), by)
        raise RhmlError(why) from failed


def _make(
    store: Store,
    domain: DecisionDomain,
    wanted: Schedule,
    run: Run,
    by: str,
    progress: Callable[[float, str], None],
) -> tuple[Path, ...]:
    folder = Path(wanted.to)
    check_folder(folder)
    paths = {form: folder / f"{domain.name}-{run.slot:%Y-%m-%d-%H%M}.{form}" for form in wanted.formats}
    missing = {form: path for form, path in paths.items() if not ours(path, run)}
    if missing:
        progress(0.1, "Computing the report")
        made = edition(store, domain, at=run.at)
        progress(0.7, "Writing its files")
        texts = {form: made.form(form) for form in missing}
        files = {**run.files, **{missing[form].name: hash_of(text) for form, text in texts.items()}}
        run = replace(run, files=files)
        _record(store, domain, run, by)
        for form, text in texts.items():
            clear(missing[form])  # whoever holds the log is the only one to make its reports
            write_whole(missing[form], lambda part, text=text: part.write_bytes(text))
    _record(store, domain, replace(run, state=DONE), by)
    return tuple(paths.values())


def ours(path: Path, run: Run) -> bool:
    """Whether the file is there and of this very report; RhmlError where another one has its name."""
    if not path.exists():
        return False
    if path.is_file() and run.files.get(path.name) == hash_of_file(path):
        return True
    raise RhmlError(f"There is another file {path.name} in the folder. Move it away: it is not overwritten.")


def hash_of(text: bytes) -> str:
    """By what a file is known again."""
    return hashlib.sha256(text).hexdigest()


def hash_of_file(path: Path) -> str:
    """The same of a file of any length."""
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def _last(store: Store, domain: DecisionDomain) -> Run:
    run = standing(store, domain.name).run
    if run is None:
        raise AssertionError("unreachable: a run was recorded as begun")
    return run


def _record(store: Store, domain: DecisionDomain, run: Run, by: str) -> None:
    content = {"slot": run.slot.isoformat(), "state": run.state, "files": run.files, "why": run.why}
    store.write(lambda tx: studies.add(tx, domain.name, Study(RUN, None, content, run.at, by)))
