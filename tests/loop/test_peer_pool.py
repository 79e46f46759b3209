import numpy as np
import pytest

from rhml.loop import peer_pool
from rhml.loop.decide import Choice, decide, reverse
from rhml.loop.peer_pool import decided_pool
from rhml.machine.explaining import peers
from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.fitting import train
from rhml.store import frames
from tests.loans import NOW
from tests.recommended import waiting_in


def quiet(share, words):
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def models():
    """The model of the same cases, trained once for all tests here."""
    return []


@pytest.fixture
def trained(log, resolved_loans, models):
    """A version's name and its model, of the log's outcomes alone."""
    cases = frames.cases(log, resolved_loans)
    right = np.column_stack([cases["right_action"] == key for key in resolved_loans.action_keys])
    if not models:
        models.append(train(cases, right.astype(float), domain=resolved_loans, seed=1))
    return "v1", models[0]


def look(log, domain, trained):
    return decided_pool(log, domain, *trained, progress=quiet)


def test_the_pool_holds_every_decided_case_outside_the_bank(log, resolved_loans, trained):
    found = look(log, resolved_loans, trained)
    cases = frames.cases(log, resolved_loans)
    decided = frames.decided(log, resolved_loans)
    wanted = cases[cases["case_id"].isin(decided["case_id"]) & ~cases["bank"].astype(bool)]
    assert set(found.ids) == set(wanted["case_id"]) and len(found.ids) > 20
    seen = peers.view(explain(trained[1], cases.set_index("case_id", drop=False).loc[found.ids]))
    assert abs(found.pool.laid_out[:, :-1] - seen).max() < 1e-6


def test_a_case_finds_itself_first(log, resolved_loans, trained):
    found = look(log, resolved_loans, trained)
    case_id = found.ids[3]
    case = frames.cases_of(log, resolved_loans, [case_id])
    nearest = found.peers(peers.view(explain(trained[1], case)))
    assert case_id in nearest[0] and len(nearest[0]) == peer_pool.PEERS


def test_only_what_was_decided_since_is_explained(log, resolved_loans, trained, monkeypatch):
    first = look(log, resolved_loans, trained)
    case_id = waiting_in(log, resolved_loans, "assisted")
    made = decide(log, resolved_loans, Choice(case_id, "lend"), manager="m1", at=NOW)
    explained = []
    monkeypatch.setattr(
        peer_pool, "explain", lambda model, cases: explained.append(len(cases)) or explain(model, cases)
    )
    second = look(log, resolved_loans, trained)
    in_bank = frames.cases_of(log, resolved_loans, [case_id])["bank"].iloc[0]
    assert explained == ([] if in_bank else [1])
    assert set(second.ids) - set(first.ids) == (set() if in_bank else {case_id})
    reverse(log, resolved_loans, made.decision_id, by="m1", at=NOW)
    assert set(look(log, resolved_loans, trained).ids) == set(first.ids)


def test_a_version_of_its_own_has_a_pool_of_its_own(log, resolved_loans, trained):
    first = look(log, resolved_loans, trained)
    other = decided_pool(log, resolved_loans, "v2", trained[1], progress=quiet)
    assert other.version == "v2" and other is not first
    assert (other.pool.laid_out == first.pool.laid_out).all()


def test_without_decided_cases_nobody_has_peers(log, loans, resolved_loans, trained, monkeypatch):
    monkeypatch.setattr(frames, "decided_ids", lambda store, domain, limit: [])
    found = look(log, resolved_loans, trained)
    assert found.peers(peers.view(explain(trained[1], frames.cases(log, resolved_loans).iloc[:2]))) == [
        [],
        [],
    ]
