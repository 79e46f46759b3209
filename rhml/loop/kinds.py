"""The kinds of work that the worker does beside the pages: one function each, and what follows from what.

A kind takes the log, its job and a way to tell progress, and returns what the job came to: `message` in words,
and whatever its page wants to know.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop import (
    alarms,
    automatic,
    correct,
    insight,
    judge,
    lessons,
    price,
    propose,
    reading_copy,
    recommend,
    retention,
    retrain,
    schedule,
    scheduled_exports,
    team,
    uploads,
    watch,
)
from rhml.loop.backup import back_up
from rhml.loop.records import record_packs
from rhml.loop.verify import verify
from rhml.loop.work import Progress, do
from rhml.store import jobs, organization, registry
from rhml.store.engine import Store
from rhml.store.jobs import Job
from rhml.store.opening import utc_now

ITSELF = "rhml"
"""Who asks for work that no person asked for."""


def follow(store: Store, domain: DecisionDomain, *, at: datetime) -> None:
    """Put in line what outcomes bring about: a look for corrections, a retraining or a verdict, a look at drift."""
    if registry.live_version(store, domain.name):
        ask(store, "correct", domain.name, at)
    automatic.ask(store, domain, at=at)
    ask(store, "alarms", domain.name, at)
    _watch_if_due(store, domain, at)
    _team_if_due(store, domain, at)
    if lessons.due(store, domain):
        ask(store, lessons.KIND, domain.name, at)


def by_the_clock(store: Store, now: datetime) -> None:
    """Put in line what is due by its time, whether or not anything has happened."""
    for name in schedule.to_ask(store, now):
        ask(store, schedule.RUN, name, now)
    for name in retention.to_ask(store, now):
        ask(store, retention.KIND, name, now)
    for name, saved_id in scheduled_exports.to_ask(store, now):
        ask(store, scheduled_exports.RUN, name, now, saved=saved_id)
    for name in reading_copy.to_ask(store, now):
        ask(store, reading_copy.KIND, name, now)


def ask(store: Store, kind: str, name: str, at: datetime, *, by: str = ITSELF, **arguments: str) -> None:
    """Put a kind of work on a domain in line; the worker finds it by itself."""
    store.write(lambda tx: jobs.ask(tx, kind, domain=name, arguments=arguments, by=by, at=at))


def _watch_if_due(store: Store, domain: DecisionDomain, at: datetime) -> None:
    if watch.due(store, domain):
        ask(store, "watch", domain.name, at)


def _team_if_due(store: Store, domain: DecisionDomain, at: datetime, *, retrained: bool = False) -> None:
    if retrained or team.due(store, domain, at=at):
        ask(store, "team", domain.name, at)


def _domain(store: Store, job: Job) -> DecisionDomain:
    return organization.domain(store, job.domain or "")


def _onboard(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    token, at = str(job.arguments.get("upload", "")), utc_now()
    done = uploads.bring(store, token, by=job.asked_by, at=at, progress=progress)
    if done.outcomes.new or done.outcomes.corrected:
        follow(store, organization.domain(store, done.domain), at=at)
    if done.cases.new + done.cases.corrected and registry.live_version(store, done.domain):
        ask(store, "recommend", done.domain, at, by=job.asked_by)
    if job.arguments.get("train") and not registry.versions(store, done.domain):
        ask(store, "retrain", done.domain, at, by=job.asked_by)
    return {"message": done.words, **asdict(done)}


def _backup(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    progress(0.1, "Copying the log")
    made = back_up(store, by=job.asked_by, at=utc_now())
    return {"message": f"The copy is made: {made.name}.", "file": made.name}


def _verify(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    found = verify(store, progress=progress)
    return {"message": found.sentence, **found.as_dict()}


def _retain(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    domain = _domain(store, job)
    erased = retention.retain(store, domain, by=job.asked_by, at=utc_now(), progress=progress)
    return {"message": f"{erased:,} were kept long enough, and are erased.", "erased": erased}


def _recommend(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    domain = _domain(store, job)
    scored = recommend.recommend_waiting(store, domain, at=utc_now(), progress=progress)
    _watch_if_due(store, domain, utc_now())
    return {"message": f"{scored:,} recommendations are ready.", "recommended": scored}


def _retrain(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    domain = _domain(store, job)
    done = retrain.retrain(store, domain, by=job.asked_by, at=utc_now(), progress=progress)
    if not done.known:
        ask(store, "insight", domain.name, utc_now(), by=job.asked_by, version=done.version)
    _team_if_due(store, domain, utc_now(), retrained=not done.known)
    said = done.paragraph if done.known else f"{done.version}: {done.verdict}."
    return {"message": said, "version": None if done.known else done.version}


def _judge(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    progress(0.2, "Looking at the outcomes since")
    version = str(job.arguments["version"])
    done = judge.judge(store, _domain(store, job), version, by=job.asked_by, at=utc_now())
    return {"message": judge.in_words(done), "judged": done.version}


def _insight(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    version, against = str(job.arguments["version"]), job.arguments.get("against")
    done = insight.insight(
        store, _domain(store, job), version, against=against, by=job.asked_by, at=utc_now(), progress=progress
    )
    return {"message": f"{version} is explained.", "against": done.against}


def _correct(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    progress(0.2, "Looking where the model is off")
    done = correct.correct(store, _domain(store, job), by=job.asked_by, at=utc_now())
    return {"message": done.message, "proposed": done.proposed, "applied": done.applied}


def _price(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    def between(share: float, words: str) -> None:
        """Between two prices whatever waits in line is done: nobody's recommendation waits for a price list."""
        progress(share, words)
        while (waiting := store.write(lambda tx: jobs.take(tx, at=utc_now()))) is not None:
            do(store, waiting, KINDS)

    version = job.arguments.get("version")
    done = price.price(store, _domain(store, job), version, by=job.asked_by, at=utc_now(), progress=between)
    return {"message": done["why"] or f"{len(done['prices']):,} prices are ready."}


def _watch(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    return watch.watch(store, _domain(store, job), by=job.asked_by, at=utc_now(), progress=progress)


def _alarms(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    progress(0.2, "Looking whether people still decide for themselves")
    found = alarms.look(store, _domain(store, job), by=job.asked_by, at=utc_now())
    return {"message": " ".join(one.sentence for one in found)}


def _team(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    domain = _domain(store, job)
    said = team.learn_if_possible(store, domain, by=job.asked_by, at=utc_now(), progress=progress)
    return {"message": said}


def _propose(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    done = propose.propose(store, _domain(store, job), by=job.asked_by, at=utc_now(), progress=progress)
    return {"message": done.message, "found": len(done.proposals)}


def _lessons(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    done = lessons.look(store, _domain(store, job), by=job.asked_by, at=utc_now(), progress=progress)
    return {"message": done.message, "found": len(done.found)}


def _scheduled(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    files = schedule.carry_out(store, _domain(store, job), by=ITSELF, at=utc_now(), progress=progress)
    return {
        "message": f"The report is made: {', '.join(p.name for p in files)}." if files else "Nothing is due."
    }


def _exported(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    files = scheduled_exports.carry_out(
        store, _domain(store, job), str(job.arguments["saved"]), by=ITSELF, at=utc_now(), progress=progress
    )
    return {
        "message": f"The export is made: {', '.join(p.name for p in files)}." if files else "Nothing is due."
    }


def _reading_copy(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    said = reading_copy.bring_up_to_date(store, _domain(store, job), at=utc_now(), progress=progress)
    return {"message": said}


def _records(store: Store, job: Job, progress: Progress) -> dict[str, Any]:
    domain, purpose = _domain(store, job), str(job.arguments["purpose"])
    return record_packs.make(store, domain, purpose, by=job.asked_by, at=utc_now(), progress=progress)


KINDS = {
    "alarms": _alarms, "backup": _backup, "correct": _correct, "insight": _insight, "judge": _judge,
    "lessons": _lessons, "onboard": _onboard,
    "price": _price, "propose": _propose, "reading copy": _reading_copy, "recommend": _recommend,
    "records": _records, "retain": _retain, "retrain": _retrain,
    "scheduled export": _exported, "scheduled report": _scheduled, "team": _team, "verify": _verify, "watch": _watch,
}  # fmt: skip
"""Every kind of work by its name, as a job's row holds it."""
