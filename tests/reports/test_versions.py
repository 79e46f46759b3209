from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from rhml.reports.calls import Calls
from rhml.reports.replayed import Replayed
from rhml.reports.version_rows import Known
from rhml.reports.versions import versions

KEYS = np.array(["lend", "decline"], object)
CUT = datetime(2025, 2, 1)


@pytest.fixture
def three(decisions, domain):
    """Three versions, each right more often than the one before; the second is live."""

    def build(n=900, gains=(0.0, 0.15, 0.2), seed=1, **columns):
        rng = np.random.default_rng(seed)
        right, luck, sure = rng.integers(0, 2, n), rng.random(n), 0.5 + 0.5 * rng.random(n)
        said = [np.where(luck < 0.65 + gain, right, 1 - right) for gain in gains]
        times = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="h")
        later = np.asarray(times >= CUT)
        given = {
            "first_action": KEYS[right], "recommended_action": KEYS[np.where(later, said[1], said[0])],
            "recommended_confidence": sure, "final_action": KEYS[right], "right_action": KEYS[right],
            "model_version": np.where(later, "v2", "v1"), "decided_at": times, "known_at": times, "bank": True,
        }  # fmt: skip
        frame = decisions(n, **{**given, **columns})
        answers = {}
        for k, action in enumerate(said):
            first = np.where(action == 0, sure, 1 - sure)
            answers[f"v{k + 1}"] = np.column_stack([first, 1 - first])
        of = domain()
        known = [
            Known("v1", CUT, datetime(2025, 1, 1), CUT), Known("v2", CUT, CUT, None, is_live=True), Known("v3", CUT)
        ]  # fmt: skip
        spans = [("v1", datetime(2025, 1, 1), CUT), ("v2", CUT, None)]
        return Calls.of(frame, of), Replayed.on(frame, answers, of, of=n), known, spans

    return build


def test_each_version_is_compared_case_by_case_with_the_one_before_and_the_first(three):
    calls, replayed, known, spans = three()
    found = versions(calls, replayed, known, spans, uses=4)
    second, third = found.rows[1], found.rows[2]
    hits = replayed.hits
    b, c = int((hits[1] > hits[0]).sum()), int((hits[0] > hits[1]).sum())
    assert (second.against_before.only_this, second.against_before.only_other) == (b, c)
    assert second.against_before.p == pytest.approx(stats.binomtest(b, b + c).pvalue)
    assert second.against_first.verdict.words == "improved"
    assert (third.against_before.other, third.against_first.other) == ("v2", "v1")
    assert found.rows[0].against_before is None
    assert found.uses == 4 and found.as_dict()["bank"]["uses"] == 4


def test_the_sentence_names_the_live_version_and_a_newer_one_only_where_it_is_shown_to_differ(three):
    found = versions(*three(gains=(0.0, 0.2, 0.2)))
    assert found.headline.startswith("v2 is right in") and "v3" not in found.headline
    better = versions(*three(gains=(0.0, 0.0, 0.2)))
    assert better.headline.startswith("v3, which is not live, is right in")


def test_scores_on_the_bank_and_as_shown_live(three):
    calls, replayed, known, spans = three()
    first = versions(calls, replayed, known, spans).rows[0]
    assert first.bank.accuracy.value == pytest.approx(replayed.hits[0].mean())
    early = (calls.rows["model_version"] == "v1").to_numpy()
    assert first.live.accuracy.value == pytest.approx(calls.hits("recommended")[early].mean())
    p = replayed.chances[0][:, 0]
    assert first.bank.brier.value == pytest.approx(((p - (replayed.right == 0)) ** 2).mean())
    assert first.bank.auc.low < first.bank.auc.value < first.bank.auc.high


def test_a_cycle_lasts_from_one_promotion_to_the_next(three):
    calls, replayed, known, spans = three()
    first, second = versions(calls, replayed, known, spans).cycles
    early = (pd.to_datetime(calls.rows["decided_at"]) < CUT).to_numpy()
    assert (first.model.n, second.model.n) == (early.sum(), (~early).sum())
    assert first.model.value == pytest.approx(calls.hits("recommended")[early].mean())
    assert first.as_dict()["until"] == CUT.isoformat() and second.until is None


def test_versions_alike_are_never_said_to_differ(three):
    rows = versions(*three(gains=(0.0, 0.0, 0.0))).rows
    assert all(row.against_first is None or row.against_first.accuracy.value == 0 for row in rows)
    assert versions(*three(gains=(0.0, 0.0, 0.0))).headline == ""


def test_a_version_named_in_an_imported_log_is_scored_live_alone_whatever_its_name(three):
    calls, replayed, known, spans = three(imported=True)
    rows = versions(calls, replayed, [Known("v1", imported=True), *known], spans).rows
    assert rows[0].live.accuracy.known and "not stored" in rows[0].bank.accuracy.why
    assert rows[1].bank.accuracy.known and not rows[1].live.accuracy.known


def test_a_log_with_too_few_bank_cases_says_how_many_there_are(three):
    calls, replayed, known, spans = three()
    row = versions(calls, replayed.take(np.arange(7)), known, spans).rows[1]
    assert "Only 7 cases" in row.bank.accuracy.why and row.against_first.verdict.words == "too few to say"
