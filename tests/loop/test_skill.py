"""The report on a log tells people's skill apart from what their cases were like."""

import json
from contextlib import closing
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.human.lessons.mining import EARLIER
from rhml.intake.tables import read_bytes
from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.loop.skill import NO_TIMES, skill, taught
from rhml.store import frames, lessons
from rhml.store.lessons import LessonEvent, StoredLesson
from rhml.store.opening import open_store

NOW = datetime(2026, 3, 1, 9)
DOMAIN = parse_domain(
    "loans",
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    '[features.amount]\nkind = "number"\n[features.region]\nkind = "category"\n[segments]\ncolumns = ["region"]\n',
)


def _table(name: str, frame: pd.DataFrame):
    return read_bytes(f"{name}.csv", frame.to_csv(index=False).encode())


@pytest.fixture
def log(tmp_path):
    def build(*, gain=0.0, harder=0.0, timed=True, n=1600):
        rng = np.random.default_rng(5)
        later = np.arange(n) >= n / 2
        amount = rng.normal(harder * later, 1).round(4)
        right = rng.random(n) < 1 / (1 + np.exp(0.9 * amount - 0.8 - gain * later))
        truth = np.where(rng.random(n) < 0.5, "lend", "decline")
        cases = pd.DataFrame({"case_id": [f"c{i}" for i in range(n)], "amount": amount,
                              "region": rng.choice(["north", "south"], n)})  # fmt: skip
        calls = pd.DataFrame(
            {"case_id": cases["case_id"], "manager": rng.choice(["m1", "m2", "m3"], n),
             "first_action": np.where(right, truth, np.where(truth == "lend", "decline", "lend")),
             "decided_at": (pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n) * 5, unit="h")).astype(str)}
        )  # fmt: skip
        store = open_store(f"duckdb:///{tmp_path}/log.duckdb", now=NOW)
        onboard(
            store, DOMAIN, cases=_table("cases", cases), by="ops", at=NOW,
            decisions=_table("decisions", calls if timed else calls.drop(columns="decided_at")),
            outcomes=_table("outcomes", cases[["case_id"]].assign(right_action=truth)),
        )  # fmt: skip
        return store

    return build


def test_harder_cases_are_taken_out_though_nobody_named_them_a_segment(log):
    with closing(log(harder=1.0)) as store:
        found = report(store, DOMAIN)
    human = found.improvement.human
    assert human.later.high < human.earlier.low
    assert human.change.low < 0 < human.change.high
    assert any("facts of the case" in words for words in found.improvement.adjusted_for)


def test_the_report_holds_skill_with_plain_intervals_and_no_person(log):
    with closing(log(gain=1.2)) as store:
        plain = json.loads(json.dumps(report(store, DOMAIN).as_dict(), allow_nan=False))
        own = skill(store, DOMAIN, courses=True)
    assert plain["skill"]["verdict"] == "improved"
    assert plain["skill"]["value"] == pytest.approx(plain["improvement"]["human"]["value"])
    assert "m1" not in json.dumps(plain["skill"])
    assert [part.name for part in own.people] == ["m1", "m2", "m3"]
    assert own.courses["m1"].points


def test_calls_without_times_say_so(log):
    with closing(log(timed=False, n=300)) as store:
        found = report(store, DOMAIN).as_dict()
    assert found["skill"]["value"] is None
    assert found["skill"]["why"] == NO_TIMES
    assert found["improvement"]["human"]["cut"] == "calendar"


def _lesson(**evidence):
    found_at = datetime(2025, 7, 1)
    told = LessonEvent("teach the team", "lead", "why", found_at, found_at + timedelta(days=7))
    content = {"conditions": [{"feature": "amount", "op": ">=", "value": 0.5}], "learner": "people"}
    return StoredLesson(
        f"l{len(evidence)}", "people", None, content, "When …", evidence, 1, found_at, "lead", (told,)
    )


def test_before_a_lesson_are_only_calls_that_no_rule_was_looked_for_on(log):
    kept_until = datetime(2025, 6, 15)
    with closing(log(n=1000)) as store:
        told = (_lesson(drawn_until=kept_until.isoformat()), _lesson())
        store.write(lambda tx: lessons.append(tx, DOMAIN.name, told))
        decisions = frames.decided(store, DOMAIN, facts=True)
        times = pd.to_datetime(decisions["decided_at"])
        kept, guessed = taught(store, DOMAIN, decisions["case_id"], times)
    assert kept.since == kept_until
    early = times[times <= datetime(2025, 7, 1)]
    assert (early <= guessed.since).mean() >= max(EARLIER)
