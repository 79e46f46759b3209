"""A log tells by itself how often its verdicts could be looked at; reading it adds no look."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.loop.resolve import resolve
from rhml.store import frames
from tests.loans import NOW, csv

CALLS = parse_domain("calls", 'title = "Calls"\n[actions]\nyes = "Yes"\nno = "No"\n[outcome]\n')


@pytest.fixture
def called(log):
    """A log of 200 calls, of which none is resolved, and what proved right."""
    rng = np.random.default_rng(1)
    ids = [f"c{i}" for i in range(200)]
    calls = pd.DataFrame(
        {
            "case_id": ids,
            "manager": "m1",
            "first_action": rng.choice(["yes", "no"], 200),
            "recommended_action": rng.choice(["yes", "no"], 200),
            "recommended_confidence": 0.7,
            "final_action": rng.choice(["yes", "no"], 200),
            "decided_at": [(NOW - timedelta(days=200 - i)).isoformat() for i in range(200)],
        }
    )
    onboard(log, CALLS, cases=csv(pd.DataFrame({"case_id": ids})), decisions=csv(calls), by="lead", at=NOW)
    return pd.DataFrame({"case_id": ids, "right_action": rng.choice(["yes", "no"], 200), "known_at": pd.NaT})


def looks(log):
    return report(log, CALLS, parts=()).as_dict()["improvement"]["looks"]["number"]


def test_each_batch_of_outcomes_is_a_look_and_reading_is_none(log, called):
    assert looks(log) == 0
    for batch in range(4):
        at = NOW + timedelta(days=batch)
        resolve(log, CALLS, called[batch * 50 : (batch + 1) * 50], by="lead", at=at)
        assert looks(log) == looks(log) == batch + 1
    arrived = frames.decided(log, CALLS)["arrived_at"]
    assert sorted(arrived.unique()) == [pd.Timestamp(NOW + timedelta(days=batch)) for batch in range(4)]


def test_outcomes_known_before_their_decisions_arrive_with_these(log, called):
    ids = pd.DataFrame({"case_id": ["new"]})
    onboard(log, CALLS, cases=csv(ids), outcomes=csv(ids.assign(right_action="yes")), by="lead", at=NOW)
    late = NOW + timedelta(days=9)
    decision = ids.assign(manager="m1", final_action="yes", decided_at=NOW.isoformat())
    onboard(log, CALLS, decisions=csv(decision), by="lead", at=late)
    found = frames.decided(log, CALLS).set_index("case_id")["arrived_at"]
    assert found["new"] == pd.Timestamp(late) and found.drop("new").isna().all()
