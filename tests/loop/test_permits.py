"""Every act that governance rests on is refused by its verb, whatever button or address somebody reached it by."""

import ast
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from rhml.core.intent import Intent
from rhml.errors import NotPermitted, RhmlError
from rhml.loop import (
    alarms,
    backup,
    collect,
    decide,
    erase,
    keys,
    limits,
    onboard,
    promote,
    queue,
    resolve,
    retention,
    retrain,
    schedule,
    scheduled_exports,
    settle,
    teams,
)
from rhml.loop.decide import Choice
from rhml.loop.intent import statement as intent
from rhml.store import organization, waiting
from rhml.store.saved import Saved
from rhml.store.waiting import Queue
from tests.loans import NOW

LOOP = Path(__file__).parents[2] / "rhml" / "loop"
QUIET = {"progress": lambda share, message: None}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A log with everybody in it, and a waiting case."""
    from rhml.core.domain import parse_domain
    from rhml.store.opening import open_store
    from tests.loans import LOANS, csv, loan_cases

    log = open_store(
        f"duckdb:///{tmp_path_factory.mktemp('permits') / 'log.duckdb'}", now=NOW, secret="fixed"
    )
    loans = parse_domain("loans", LOANS)
    onboard.onboard(log, loans, cases=csv(loan_cases(20)), by="lead", at=NOW)
    for person, role in {
        "lead": "lead",
        "m1": "manager",
        "ana": "analyst",
        "tim": "trainee",
        "gone": "manager",
    }.items():
        teams.set_role(log, person, role, by="lead", at=NOW)
    teams.set_role(log, "gone", organization.LEFT, by="lead", at=NOW)
    yield log, loans, waiting.page(log, loans, Queue("m1"), now=NOW, limit=1)[0]["case_id"]
    log.close()


WEEKLY = schedule.Schedule("week", "06:00", ".", ("html",))
KEPT = Saved("s1", "view", "loans", "overrides", "Mine", {}, "m2", True, NOW, NOW)

ONLY_LEADS = {
    "change roles": lambda s, d, c, by: teams.set_role(s, "x", "lead", by=by, at=NOW),
    "import": lambda s, d, c, by: onboard.onboard(s, d, by=by, at=NOW),
    "record outcomes": lambda s, d, c, by: resolve.resolve(
        s, d, pd.DataFrame({"case_id": [c], "right_action": ["lend"], "known_at": [None]}), by=by, at=NOW
    ),
    "record one outcome": lambda s, d, c, by: resolve.resolve_one(
        s, d, c, "lend", known_at=NOW, by=by, at=NOW
    ),
    "withdraw an outcome": lambda s, d, c, by: resolve.withdraw(s, d, c, by=by, at=NOW),
    "retrain": lambda s, d, c, by: retrain.retrain(s, d, by=by, at=NOW, **QUIET),
    "promote": lambda s, d, c, by: promote.promote(s, d, "v1", by=by, why="x", at=NOW),
    "copy the log": lambda s, d, c, by: backup.back_up(s, by=by, at=NOW),
    "erase a person": lambda s, d, c, by: erase.erase_person(s, "m1", by=by, why="x", at=NOW),
    "erase a case": lambda s, d, c, by: erase.erase_case(s, d, c, by=by, why="x", at=NOW),
    "retain": lambda s, d, c, by: retention.retain(s, d, by=by, at=NOW),
    "make a key": lambda s, d, c, by: keys.make(s, d, "x", by=by, at=NOW),
    "accept a proposal": lambda s, d, c, by: settle.accept(s, d, "x", by=by, why="x", at=NOW),
    "decline a proposal": lambda s, d, c, by: settle.decline(s, d, "x", by=by, why="x", at=NOW),
    "note a limit": lambda s, d, c, by: limits.note(
        s, d, None, what="looked", why="x", filters="", veil=None, by=by, at=NOW
    ),
    "report on schedule": lambda s, d, c, by: schedule.change(s, d, WEEKLY, by=by, at=NOW),
    "export on schedule": lambda s, d, c, by: scheduled_exports.change(s, d, KEPT, WEEKLY, by=by, at=NOW),
    "end an export of somebody else": lambda s, d, c, by: scheduled_exports.change(
        s, d, KEPT, None, by=by, at=NOW
    ),
    "state what matters": lambda s, d, c, by: intent.state(s, d, Intent(1.0), why="x", by=by, at=NOW),
    "withdraw what matters": lambda s, d, c, by: intent.withdraw(s, d, why="x", by=by, at=NOW),
    "raise own calls": lambda s, d, c, by: alarms.raise_first_call(s, d, 0.5, by=by, why="x", at=NOW),
}


@pytest.mark.parametrize("who", ["m1", "ana", "tim", "gone", ""])
@pytest.mark.parametrize("act", ONLY_LEADS)
def test_what_only_a_lead_may_do_is_refused_to_everybody_else(desk, act, who):
    log, loans, case = desk
    before = _counters(log)
    with pytest.raises(NotPermitted):
        ONLY_LEADS[act](log, loans, case, who)
    assert _counters(log) == before


ONLY_DECIDERS = {
    "decide": lambda s, d, c, by: decide.decide(s, d, Choice(c, "lend"), manager=by, at=NOW),
    "call": lambda s, d, c, by: decide.commit_first_call(s, d, c, "lend", confidence=0.7, manager=by, at=NOW),
    "claim": lambda s, d, c, by: queue.claim(s, d, c, manager=by, at=NOW),
    "skip": lambda s, d, c, by: queue.skip(s, d, c, manager=by, at=NOW),
    "snooze": lambda s, d, c, by: queue.snooze(s, d, c, until=NOW + timedelta(days=1), manager=by, at=NOW),
    "escalate": lambda s, d, c, by: queue.escalate(s, d, c, why="x", manager=by, at=NOW),
    "assign": lambda s, d, c, by: queue.assign(s, d, c, to="m1", manager=by, at=NOW),
    "fill in": lambda s, d, c, by: collect.fill(s, d, c, {}, by=by, at=NOW),
}


@pytest.mark.parametrize("who", ["ana", "tim", "gone"])
@pytest.mark.parametrize("act", ONLY_DECIDERS)
def test_who_decides_nothing_does_nothing_with_a_case(desk, act, who):
    log, loans, case = desk
    before = _counters(log)
    with pytest.raises(NotPermitted):
        ONLY_DECIDERS[act](log, loans, case, who)
    assert _counters(log) == before


def test_nobody_takes_back_what_somebody_else_decided(desk):
    log, loans, case = desk
    made = decide.decide(log, loans, Choice(case, "lend"), manager="m1", at=NOW)
    for who in ("ana", "tim", "gone", "", "nobody"):
        with pytest.raises(RhmlError):
            decide.reverse(log, loans, made.decision_id, by=who, at=NOW, why="I want to")


def _counters(log) -> list:
    return log.read("SELECT a.n, b.n FROM rhml.counter a, loans.counter b")


WITHOUT = {
    "alarms.look", "apply_correction.record", "automatic.ask", "automatic.begin", "humility.learn_deferral",
    "insight.insight", "kinds.ask", "lessons.look", "recommend.recommend_again", "recommend.recommend_waiting",
    "team.team", "watch.watch",  # the machine's own work: it may be begun by anybody, and says what is in the log
    "blind.saw", "look.seen", "look.look",  # write down who saw what; that nobody may leave out
    "course.answer", "course.begin", "course.choose", "course.finish", "course.go_on", "course.resume", "course.stop",
    "drill.answer", "drill.asked", "drill.begin", "drill.choose", "drill.go_on", "drill.put_away", "drill.stop",
    "teach.acknowledge", "decide.keep_draft",  # one's own practice and drafts, held against the person inside
    "feed.write", "files.write_whole", "keys.used", "snapshot.zipped",  # files and counts
    "saved.rename", "saved.share", "saved.remove",  # the owner's, held against the owner inside
    "decide.reverse", "conflict.raise_it", "conflict.settle", "opinion.give", "sign.sign", "sign.refuse",
}  # fmt: skip
"""Verbs that write and ask for no role by `permit`: each with what holds it instead."""


def test_every_verb_that_writes_asks_for_a_role_or_is_known_not_to():
    found = set()
    for path in LOOP.glob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                text = ast.unparse(node)
                if "write(" in text and "permit." not in text:
                    found.add(f"{path.stem}.{node.name}")
    assert found - WITHOUT == set()
