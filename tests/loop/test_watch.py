import shutil
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import NoChampion, RhmlError
from rhml.loop import routing
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.loop.watch import due, watch
from rhml.store import case_file, studies, waiting
from rhml.store.opening import open_store
from rhml.store.waiting import Queue
from tests.loans import LOANS, NOW, csv

WAITING = 120


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


def loans(count: int, seed: int, prefix: str, *, raised: float = 1.0) -> pd.DataFrame:
    """Cases whose right action follows from amount and late payments, with chance in it; `right` says which."""
    draw = np.random.default_rng(seed)
    amount, late = draw.integers(1, 41, count) * 500.0 * raised, draw.poisson(1.0, count)
    lend = draw.random(count) < 1 / (1 + np.exp(amount / 4000 + 1.5 * late - 4))
    return pd.DataFrame(
        {
            "case_id": [f"{prefix}{i:05}" for i in range(count)],
            "amount": amount,
            "late": late,
            "sector": draw.choice(["retail", "farming", "crafts"], count),
            "insured": draw.choice(["yes", "no"], count),
            "founded": "2015-01-15",
            "region": "north",
            "received_at": [(NOW + timedelta(minutes=i)).isoformat() for i in range(count)],
            "due_at": [(NOW + timedelta(days=9)).isoformat()] * count,
            "right": np.where(lend, "lend", "decline"),
        }
    )


def outcomes(cases: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"case_id": cases["case_id"], "right_action": cases["right"], "known_at": NOW})


@pytest.fixture(scope="module")
def domain():
    return parse_domain("loans", LOANS)


@pytest.fixture(scope="module")
def watched():
    """The cases that wait: 120, the first of them odd."""
    fresh = loans(WAITING, 2, "b")
    fresh.loc[0, ["amount", "late"]] = [90_000.0, 0]
    return fresh


@pytest.fixture(scope="module")
def built(tmp_path_factory, domain, watched):
    """A log with a champion that learned from 500 resolved cases, and 120 that wait with its recommendations."""
    path = tmp_path_factory.mktemp("watched") / "log.duckdb"
    store = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    known, draw = loans(500, 1, "a"), np.random.default_rng(3)
    wrong = np.where(known["right"] == "lend", "decline", "lend")
    decisions = pd.DataFrame(
        {
            "case_id": known["case_id"],
            "manager": draw.choice(["m1", "m2"], len(known)),
            "final_action": np.where(draw.random(len(known)) < 0.8, known["right"], wrong),
            "decided_at": NOW.isoformat(),
        }
    )
    onboard(
        store, domain, cases=csv(known.drop(columns="right")), outcomes=csv(outcomes(known)),
        decisions=csv(decisions), by="lead", at=NOW,
    )  # fmt: skip
    version = retrain(store, domain, by="lead", at=NOW, progress=quiet).version
    promote(store, domain, version, by="lead", why="the first", at=NOW)
    onboard(store, domain, cases=csv(watched.drop(columns="right")), by="lead", at=NOW)
    recommend_waiting(store, domain, at=NOW, progress=quiet)
    store.close()
    return path


@pytest.fixture
def url(tmp_path, built):
    """A copy of it for each test."""
    return f"duckdb:///{shutil.copy(built, tmp_path / 'log.duckdb')}"


def look(log, domain, at=NOW):
    return watch(log, domain, by="lead", at=at, progress=quiet)


def rows(log, domain, order="due_soonest"):
    return waiting.page(log, domain, Queue("m1", order), now=NOW, limit=1000)


def test_before_a_promotion_there_is_nothing_to_watch(tmp_path, domain):
    store = open_store(f"duckdb:///{tmp_path / 'new.duckdb'}", now=NOW)
    onboard(store, domain, cases=csv(loans(5, 1, "a").drop(columns="right")), by="lead", at=NOW)
    assert not due(store, domain)
    with pytest.raises(NoChampion):
        look(store, domain)
    store.close()


def test_each_recommendation_says_what_it_cannot_rule_out_and_what_is_new(log, domain, watched):
    stored = log.frame(
        "SELECT case_id, action, action_set, unlike FROM loans.recommendations WHERE NOT imported"
    )
    assert all(action in kept for action, kept in zip(stored["action"], stored["action_set"], strict=True))
    assert set(stored["action_set"].map(len)) == {1, 2}
    odd = stored.set_index("case_id")["unlike"]
    assert odd["b00000"].startswith("Unlike anything the model learned from: Amount 90,000")
    assert odd.notna().sum() < 0.05 * WAITING


def test_where_people_help_most_orders_by_the_gain_and_mixes_the_rest_in_by_lot(log, domain, watched):
    listed = rows(log, domain, "people_help_most")
    known = [row for row in listed if row["help"] is not None]
    assert {row["mode"] for row in known} == {"assisted"} and all(row["placed"] for row in listed)
    gains = [row["help"] * row["stake"] for row in known]
    assert gains == sorted(gains, reverse=True)
    by_lot = [row for row in listed if row["help"] is None]
    assert sum(row["mode"] == "assisted" for row in by_lot) > 0
    assert 0.25 < len(by_lot) / WAITING < 0.55
    places = [listed.index(row) for row in by_lot]
    assert min(places) < 15 and max(places) > WAITING - 15


def test_the_place_of_a_case_that_asks_for_an_own_call_tells_nothing(log, domain, watched):
    stored = dict(log.read("SELECT case_id, probability FROM loans.waiting"))
    others = [r["case_id"] for r in rows(log, domain, "people_help_most") if r["mode"] != "assisted"]
    sure = [stored[case_id] for case_id in others]
    assert abs(np.corrcoef(sure, range(len(sure)))[0, 1]) < 0.45
    assert log.read("SELECT count(help) FROM loans.recommendations r JOIN loans.cases c USING (case_id) "
                    "WHERE c.mode <> 'assisted' AND NOT imported") == [(0,)]  # fmt: skip


def test_the_list_rebuilt_from_the_facts_keeps_help_place_and_mark(log, domain, watched):
    sql = "SELECT case_id, help, place, unlike FROM loans.waiting ORDER BY case_id"
    kept = log.read(sql)
    log.write(lambda tx: waiting.rebuild(tx, domain))
    assert log.read(sql) == kept


def test_a_look_is_recorded_once_and_again_only_when_it_finds_something_else(log, domain, watched):
    assert due(log, domain)
    found = look(log, domain)
    assert found["version"] == "v1" and found["population"]["cases"] == WAITING
    assert "Too early to look: 120 cases came since v1 learned; the first look is at 200" in found["message"]
    assert studies.newest(log, "loans", "drift", "v1").content == found
    assert not due(log, domain)
    look(log, domain, NOW + timedelta(days=1))
    counted = log.read(
        "SELECT kind, count(*) FROM loans.studies WHERE kind IN ('drift', 'deferral') GROUP BY kind"
    )
    assert dict(counted) == {"drift": 1, "deferral": 1}


def test_cases_that_changed_are_found_and_told_with_what_to_do(log, domain, watched):
    look(log, domain)
    later = loans(300, 4, "c", raised=2.0)
    onboard(log, domain, cases=csv(later.drop(columns="right")), by="lead", at=NOW)
    assert due(log, domain)
    found = look(log, domain)
    sentences = [f["sentence"] for f in found["population"]["findings"]]
    assert any(s.startswith("Amount has moved: its middle value is") for s in sentences)
    assert found["message"] == sentences[0] + (
        f" And {len(sentences) - 1} more." if len(sentences) > 1 else ""
    )


def test_sets_are_held_against_outcomes_that_came_after_them(log, domain, watched):
    resolve(log, domain, outcomes(watched), by="lead", at=NOW)
    found = look(log, domain)
    assert found["outcomes"] == WAITING and found["calibration"]["cases"] == WAITING
    shown, bank = found["coverage"]["shown"], found["coverage"]["bank"]
    assert shown["n"] == WAITING and shown["high"] > 0.85 and shown["low"] < 0.95
    assert bank["n"] > 60 and bank["high"] > 0.85
    assert found["unlike"]["share"]["n"] == WAITING


def test_where_decisions_choose_the_outcomes_the_rest_cannot_be_known(log, watched):
    selective = parse_domain("loans", LOANS.replace("[outcome]\n", '[outcome]\nobserved_after = ["lend"]\n'))
    resolve(log, selective, outcomes(watched), by="lead", at=NOW)
    found = look(log, selective)
    assert found["coverage"]["shown"]["value"] is None and found["help"] is None
    assert found["calibration"]["cases"] == 0


def test_a_recommendation_made_after_the_outcome_proves_nothing(log, domain, watched):
    resolve(log, domain, outcomes(watched)[:50], by="lead", at=NOW)
    log.write(lambda tx: tx.run("UPDATE loans.waiting SET model_version = NULL"))
    recommend_waiting(log, domain, at=NOW, progress=quiet)
    resolve(log, domain, outcomes(watched)[50:60], by="lead", at=NOW)
    assert look(log, domain)["calibration"]["cases"] == 60
    [(newer,)] = log.read("SELECT count(*) FROM loans.recommendations WHERE NOT imported")
    assert newer == 2 * WAITING


def test_past_decisions_are_replayed_and_nothing_is_applied(log, domain, watched):
    for row in rows(log, domain)[:30]:
        case_id, shown = row["case_id"], case_file.waiting_row(log, domain, row["case_id"])
        if row["mode"] != "assisted":
            commit_first_call(log, domain, case_id, "lend", manager="m1", at=NOW)
        choice = Choice(case_id, "lend", shown["recommendation_id"], reason="New information", seconds=60.0)
        decide(log, domain, choice, manager="m1", at=NOW)
    resolve(log, domain, outcomes(watched), by="lead", at=NOW)
    before = log.read("SELECT count(*) FROM loans.decisions")
    past = routing.replayable(log, domain)
    found = routing.asked(past, domain, [("sector", "retail")], at_most=0.3)
    assert found["decisions"] == 30 and 0 < found["routed"] < 30 and found["hours"]["value"] > 0
    with pytest.raises(RhmlError, match=r"is no segment of past decisions\. Segments: model is="):
        routing.asked(past, domain, [("region", "north")], at_most=0.3)
    assert "nothing" in routing.asked(past, domain, [], at_most=0.3)["message"]
    assert log.read("SELECT count(*) FROM loans.decisions") == before
