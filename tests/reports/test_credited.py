"""The model is judged by what it held likeliest, people by what they were shown: an intent moves no verdict on the model."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.reports.calls import Calls
from rhml.reports.complementarity import complementarity
from rhml.reports.report import report

LOANS = """
title = "Loans"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[value]
column = "amount"
unit = "€"
cost = { lend = { decline = 0.4 }, decline = { lend = 0.1 } }
[features.amount]
kind = "number"
[features.sector]
kind = "category"
[segments]
columns = ["sector"]
"""
KEYS = np.array(["lend", "decline"], dtype=object)


@pytest.fixture(scope="module")
def loans():
    return parse_domain("loans", LOANS)


def decisions(seed: int, count: int = 1_600) -> pd.DataFrame:
    """Four managers beside one unchanged, calibrated model; in the second half its losses are held to weigh more."""
    rng = np.random.default_rng(seed)
    p = rng.beta(1.2, 1.2, count)
    right = KEYS[(rng.random(count) >= p).astype(int)]
    later = np.arange(count) >= count // 2
    likeliest, careful = (KEYS[(p < edge).astype(int)] for edge in (0.5, 0.8))
    shown = np.where(later, careful, likeliest)
    first = np.where(rng.random(count) < 0.65, right, KEYS[(right == "lend").astype(int)])
    final = np.where(rng.random(count) < 0.8, shown, first)
    of_shown, of_likeliest = (np.where(said == "lend", p, 1 - p) for said in (shown, likeliest))
    return pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(count)],
            "case_id": [f"a{i}" for i in range(count)],
            "manager": [f"m{i % 4}" for i in range(count)],
            "mode": "first_call",
            "first_action": first,
            "first_confidence": 0.7,
            "model_version": "v1",
            "recommended_action": shown,
            "recommended_confidence": of_shown,
            "final_action": final,
            "final_confidence": 0.7,
            "reason": None,
            "rationale": None,
            "decided_at": pd.date_range("2026-01-01", periods=count, freq="3h"),
            "seconds": 60.0,
            "right_action": right,
            "known_at": pd.date_range("2026-01-02", periods=count, freq="3h"),
            "verdict": None,
            "direction": 0,
            "bank": False,
            "explore": False,
            "imported": False,
            "value": 1_000.0,
            "received_at": pd.Timestamp("2026-01-01"),
            "sector": np.where(rng.random(count) < 0.5, "retail", "crafts"),
            "likeliest_action": likeliest,
            "likeliest_confidence": of_likeliest,
            "intent_id": np.where(later, "i1", None),
            "moved_by_intent": shown != likeliest,
        }
    )


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_an_intent_half_way_and_an_unchanged_model_show_no_change_of_the_model(loans, seed):
    told = report(decisions(seed), domain=loans, seed=7)
    assert told.improvement.model.verdict.words not in ("improved", "fell")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_by_what_was_shown_the_model_would_have_seemed_to_fall(loans, seed):
    naive = decisions(seed).drop(columns=["moved_by_intent", "likeliest_action", "likeliest_confidence"])
    told = report(
        naive.assign(model_version=np.where(naive["intent_id"].notna(), "v2", "v1")), domain=loans, seed=7
    )
    assert told.improvement.model.verdict.words == "fell"


def test_named_versions_are_held_apart_by_their_own_calls(loans):
    made = decisions(6)
    named = made.assign(model_version=np.where(made["intent_id"].notna(), "v2", "v1"))
    assert report(named, domain=loans, seed=7).improvement.model.verdict.words not in ("improved", "fell")


def test_accuracy_credits_the_likeliest_and_reliance_tells_of_what_was_shown(loans):
    made = decisions(8)
    told = report(made, domain=loans, seed=7).reliance
    assert told.model.value == pytest.approx((made["likeliest_action"] == made["right_action"]).mean())
    assert told.model_all.value == told.model.value
    assert told.agreement_final.value == pytest.approx(
        (made["final_action"] == made["recommended_action"]).mean()
    )
    wrong = made["recommended_action"] != made["right_action"]
    cost = np.where(made["recommended_action"] == "lend", 400.0, 100.0) * wrong
    assert told.model_cost.value == pytest.approx(cost.mean())


def test_without_an_intent_the_credited_calls_are_the_calls(loans):
    plain = decisions(9).assign(moved_by_intent=False)
    calls = Calls.of(plain, loans)
    assert calls.credited is calls
    assert (
        Calls.of(plain.drop(columns="moved_by_intent"), loans).credited.recommended.tolist()
        == calls.recommended.tolist()
    )


def test_some_rows_alone_are_credited_alike(loans):
    calls = Calls.of(decisions(10), loans)
    rows = np.arange(900, 1_200)
    assert (calls.take(rows).credited.recommended == calls.credited.take(rows).recommended).all()
    assert calls.moved.any() and calls.take(rows).moved.sum() == calls.moved[rows].sum()


def test_what_the_team_gains_by_following_is_told_alike_on_both_pages(loans):
    made = decisions(11)
    detail = complementarity(Calls.of(made, loans), seed=7)
    beside = report(made, domain=loans, seed=7).reliance
    assert detail.breakdown == beside.breakdown
    assert (detail.model, detail.error_correlation) == (beside.model, beside.error_correlation)
