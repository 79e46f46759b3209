"""An intent over three ordered actions, with a correction on top of the model: the same cards either way."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.core.intent import Intent
from rhml.loop.apply_correction import apply
from rhml.loop.intent import statement as intent
from rhml.loop.intent.cases import held
from rhml.loop.intent.kept import kept
from rhml.loop.intent.preview import preview
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.machine.corrections.correction import Correction
from rhml.machine.corrections.segments import Condition, Segment
from rhml.store import case_file, corrections, registry
from rhml.store.corrections import Event, Wording
from rhml.store.opening import open_store
from rhml.store.stated import model_before_outcome
from rhml.store.watching import proved
from tests.flipped import firms, table
from tests.intended import quiet
from tests.loans import NOW

TRIAGE = """
title = "Triage"
ordered = true
[actions]
dismiss = "Dismiss"
watch = "Watch"
escalate = "Escalate"
[outcome]
[value]
unit = "hours"
cost = { dismiss = { watch = 3.0, escalate = 24.0 }, watch = { dismiss = 0.5, escalate = 10.0 }, escalate = { dismiss = 4.0, watch = 2.0 } }
[features.income]
kind = "number"
changeable = true
[features.debt]
kind = "number"
[features.years]
kind = "number"
[features.sector]
kind = "category"
[segments]
columns = ["sector"]
"""


@pytest.fixture
def triage():
    return parse_domain("triage", TRIAGE)


@pytest.fixture
def log(tmp_path, triage):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW, secret="fixed for tests")
    first, rng = firms(400, 1), np.random.default_rng(2)
    score = first["income"] - first["debt"] + rng.normal(0, 0.8, len(first))
    right = np.array(triage.action_keys, dtype=object)[np.digitize(score, [-0.5, 1.0])]
    known = pd.DataFrame({"case_id": first["case_id"], "right_action": right, "known_at": "2026-02-01"})
    decided = pd.DataFrame(
        {"case_id": first["case_id"], "manager": "m0", "final_action": right, "decided_at": NOW}
    )
    onboard(
        store, triage, cases=table(first), outcomes=table(known), decisions=table(decided), by="lead", at=NOW
    )
    version = retrain(store, triage, by="lead", at=NOW, progress=quiet).version
    promote(store, triage, version, by="lead", why="first", at=NOW)
    correct(store, version)
    onboard(store, triage, cases=table(firms(120, 3, start=1_000)), by="lead", at=NOW)
    recommend_waiting(store, triage, at=NOW, progress=quiet)
    yield store
    store.close()


def correct(store, version):
    """A correction in force on crafts, beside which the model stands elsewhere."""
    segment = Segment((Condition("sector", "category", levels=("crafts",)),))
    correction = Correction(segment, ("dismiss", "watch", "escalate"), (0.4, 0.0, -0.4), 1.0)
    wording = Wording(correction.to_dict(), "A sentence.", {}, (), 0, NOW, "lead")

    def unit(tx):
        corrections.word(tx, "triage", "k1", version, wording)
        corrections.happen(tx, "triage", "k1", Event("applied", {"wording": 0}, "lead", "x", NOW))

    store.write(unit)


def stored(store, triage):
    rows = store.read("SELECT case_id, recommendation_id FROM triage.waiting ORDER BY case_id")
    return {case_id: case_file.recommendation(store, "triage", i) for case_id, i in rows}


def test_moved_cards_are_those_that_scoring_anew_gives(log, triage):
    seen = preview(held(log, triage), triage, Intent(balance=-1.0))
    done = intent.state(log, triage, Intent(balance=-1.0), why="fewer alarms", by="lead", at=NOW, seen=seen)
    assert done.differs == "" and seen.changed > 10 and seen.per_case and seen.unit == "hours"
    assert kept(log, triage, done.intent_id).exact
    early = stored(log, triage)
    recommend_waiting(log, triage, at=NOW, progress=quiet)
    late = stored(log, triage)
    moved = [c for c, told in early.items() if told.intent_id]
    modes = dict(log.read("SELECT case_id, mode FROM triage.waiting"))
    assert sum(modes[c] == "assisted" for c in moved) == seen.changed < len(moved)
    assert any(early[c].corrections for c in moved)
    for case_id in moved:
        a, b = early[case_id], late[case_id]
        assert (a.action, a.likeliest_action) == (b.action, b.likeliest_action)
        assert a.points == pytest.approx(b.points, abs=1e-6) and a.base == pytest.approx(b.base, abs=1e-6)
        assert (a.correction or 0.0) == pytest.approx(b.correction or 0.0, abs=1e-6)
        assert a.base + sum(a.points) + (a.correction or 0.0) == pytest.approx(a.probability)
    assert {c: t.action for c, t in early.items()} == {c: t.action for c, t in late.items()}


def test_withdrawn_the_likeliest_of_three_is_back(log, triage):
    before = {c: t.action for c, t in stored(log, triage).items()}
    intent.state(log, triage, Intent(balance=2.0), why="x", by="lead", at=NOW)
    done = intent.withdraw(log, triage, why="y", by="lead", at=NOW)
    assert {c: t.action for c, t in stored(log, triage).items()} == before
    assert kept(log, triage, done.intent_id, withdrawal=True).exact
    assert registry.live_version(log, "triage")


def test_a_correction_applied_under_an_intent_recommends_by_it(log, triage):
    wanted = Intent(balance=-1.0)
    done = intent.state(log, triage, wanted, why="fewer alarms", by="lead", at=NOW)
    recommend_waiting(log, triage, at=NOW, progress=quiet)
    before = stored(log, triage)
    segment = Segment((Condition("sector", "category", levels=("retail",)),))
    correction = Correction(segment, triage.action_keys, (-1.5, 0.0, 1.5), 1.0)
    wording = Wording(correction.to_dict(), "Another.", {}, (), 0, NOW, "lead")
    version = registry.live_version(log, "triage")
    log.write(lambda tx: corrections.word(tx, "triage", "k2", version, wording))
    assert apply(log, triage, "k2", by="lead", why="x", at=NOW, anyway=True) > 20
    after, here = stored(log, triage), held(log, triage)
    changed = [c for c in after if after[c].action != before[c].action]
    assert changed and all(after[c].corrections == ("k2",) for c in changed)
    assert preview(here, triage, wanted).changed == 0 and (here.now >= 0).all()
    assert {told.intent_id for told in after.values()} == {done.intent_id}
    assert kept(log, triage, done.intent_id).exact


def test_the_model_is_held_against_outcomes_by_what_it_held_likeliest(log, triage):
    said = {c: (t.action, t.probability) for c, t in stored(log, triage).items()}
    intent.state(log, triage, Intent(balance=2.0), why="x", by="lead", at=NOW)
    moved = [c for c, told in stored(log, triage).items() if told.likeliest_action]
    assert len(moved) > 10
    known = pd.DataFrame({"case_id": moved, "right_action": "watch", "known_at": NOW})
    resolve(log, triage, known, by="lead", at=NOW)
    watched = proved(log, triage).set_index("case_id").loc[moved]
    assert watched["action"].to_dict() == {c: said[c][0] for c in moved}
    assert (watched["right"] == (watched["action"] == "watch")).all()
    held_likely = model_before_outcome(log, triage).set_index("case_id").loc[moved]
    assert held_likely["action"].to_dict() == {c: said[c][0] for c in moved}
    assert held_likely["probability"].to_numpy() == pytest.approx([said[c][1] for c in moved])
