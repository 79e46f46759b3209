"""From an empty log through the field's loop: findings, experts' probabilities, a model, results, and what they say."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.demo.open_science import field, findings
from rhml.demo.open_science.reviewers import PANEL, REVIEWERS
from rhml.demo.year import LEAD
from rhml.loop.asked import Asked
from rhml.loop.decide import Choice, decide
from rhml.loop.forecasts import forecasts
from rhml.loop.recommend import recommend_waiting
from rhml.loop.report import report
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.reports.forecasting import MODEL, ONE, POOLED
from rhml.stats import proper_scores
from rhml.store import case_file, organization, registry, waiting
from rhml.store.opening import open_store
from tests.demo.stands_for import what_a_model_learns

AT = datetime(2026, 3, 4, 9, 30)
SEEDS = (7, 1, 2, 3)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('os') / 'log.duckdb'}", now=AT, secret="fixed")
    counts = field.build(store, at=AT, progress=lambda share, words: None, seed=7, size=0.2)
    yield store, organization.domain(store, findings.NAME), counts[findings.NAME]
    store.close()


def test_several_experts_stated_a_probability_of_every_finding(built):
    store, domain, counts = built
    rows = store.read(
        f"SELECT case_id, count(*), count(DISTINCT manager) FROM {domain.name}.decisions "
        "WHERE imported AND first_confidence IS NOT NULL GROUP BY case_id"
    )
    assert len(rows) == counts["cases"]
    assert {(calls, people) for _, calls, people in rows} == {(PANEL, PANEL)}


def test_a_newcomer_decides_differs_resolves_and_retrains(built):
    store, domain, _ = built
    recommend_waiting(store, domain, at=AT, progress=lambda share, words: None)
    row = next(
        one
        for one in waiting.page(store, domain, waiting.Queue(manager=""), now=AT, limit=100)
        if one["mode"] == "assisted" and one["recommendation_id"]
    )
    shown = case_file.recommendation(store, domain.name, row["recommendation_id"])
    other = next(action for action in domain.action_keys if action != shown.action)
    choice = Choice(row["case_id"], other, recommendation_id=shown.recommendation_id, confidence=0.7,
                    reason="Heard of another attempt", rationale="A group reported a failed attempt.")  # fmt: skip
    made = decide(store, domain, choice, manager="Reviewer 1", at=AT)
    assert made.is_override

    outcome = pd.DataFrame({"case_id": [row["case_id"]], "right_action": [other], "known_at": [AT]})
    assert resolve(store, domain, outcome, by=LEAD, at=AT + timedelta(hours=1)).new == 1
    done = retrain(store, domain, by=LEAD, at=AT + timedelta(hours=2), progress=lambda share, words: None)
    assert done.version in {one.version for one in registry.versions(store, domain.name)}


def test_the_report_says_what_probabilities_were_worth(built):
    store, domain, _ = built
    found = report(store, domain, parts=("forecasts",)).as_dict()["forecasts"]
    assert found["cases"] >= 60
    assert found["people"] == len(REVIEWERS)
    scored = {side["key"]: side["brier"]["value"] for side in found["sides"]}
    assert all(0.1 < value < 0.3 for value in scored.values())
    assert found["sentences"][-1].startswith("One person alone is ")


def test_results_come_late_and_some_never(built):
    store, domain, _ = built
    rows = store.read(
        f"SELECT decided_at, known_at FROM {domain.name}.decided WHERE NOT imported AND known_at IS NOT NULL AND decided_at < $1",
        [AT - timedelta(days=1)],
    )
    waits = [(known - decided).days for decided, known in rows]
    assert findings.RESULT_AFTER[0] <= min(waits) and max(waits) <= findings.RESULT_AFTER[1]
    old = AT - timedelta(days=findings.RESULT_AFTER[1] + 60)
    [(never,)] = store.read(
        f"SELECT count(*) FROM {domain.name}.decided WHERE NOT imported AND decided_at < $1 AND right_action IS NULL",
        [old],
    )
    assert never > 0


def test_between_20_and_60_findings_wait_at_full_size_and_nobody_is_named():
    world = findings.plan(at=AT, seed=7)
    waits = world.planted["decide_at"].isna().sum()
    assert 20 <= waits <= 60
    assert set(field.PEOPLE) == {"Lead", "Second lead", "Analyst", *(f"Reviewer {n}" for n in range(1, 7))}
    assert world.cases["case_id"].str.fullmatch(r"F-\d{4}").all()


def test_nobody_foretells_a_finding_that_they_decide():
    world = findings.plan(at=AT, seed=7)
    decider = world.planted.set_index("case_id")["manager"]
    assert (world.panel["case_id"].map(decider) != world.panel["manager"]).all()


@pytest.fixture(scope="module", params=SEEDS)
def world(request):
    return findings.plan(at=AT, seed=request.param)


@pytest.fixture(scope="module")
def planted(world):
    """The later half of a world, experts' scores on it, and those of what a model can learn from the earlier half."""
    return half(world, later=True)


def half(world, *, later: bool):
    """One half of a world's findings, and what experts and a model that learned from the other half say of them."""
    cases = world.cases.merge(world.planted[["case_id", "right_action", "fashion"]], on="case_id")
    cases = cases if later else cases[::-1].reset_index(drop=True)
    model = what_a_model_learns(cases, world.domain)
    asked = cases[len(cases) // 2 :].reset_index(drop=True)
    panel = world.panel[world.panel["case_id"].isin(asked["case_id"])]
    case = pd.Index(asked["case_id"]).get_indexer(panel["case_id"])
    right = (asked["right_action"] == "fails").to_numpy(int)
    alone = proper_scores.spread(
        (panel["first_action"] == "fails").to_numpy(int), panel["first_confidence"], 2
    )
    pooled = proper_scores.pooled(alone, case)
    return asked, right, case, {ONE: alone, POOLED: pooled, MODEL: model[len(cases) // 2 :]}


def scored(planted, key: str) -> np.ndarray:
    return proper_scores.brier(planted[3][key], planted[1])


def test_experts_are_too_sure_one_by_one_and_less_so_together(planted):
    _, right, case, sides = planted
    one = proper_scores.too_sure(sides[ONE], right[case]).mean()
    assert one > 0.08
    assert proper_scores.too_sure(sides[POOLED], right).mean() < one - 0.03


def test_experts_foretell_better_where_they_hear_of_other_attempts(planted):
    there = (planted[0]["discipline"] == findings.CORRIDOR).to_numpy()
    apart = scored(planted, POOLED) - scored(planted, MODEL)
    assert apart[there].mean() < -0.04


def test_the_model_foretells_better_where_fame_still_misleads_experts(world):
    earlier = half(world, later=False)
    famous = earlier[0]["fashion"].to_numpy(bool)
    apart = scored(earlier, POOLED) - scored(earlier, MODEL)
    assert apart[famous].mean() > 0.02


def test_results_teach_experts_many_points(world):
    called = world.panel.merge(world.planted[["case_id", "right_action"]], on="case_id").sort_values(
        "decided_at"
    )
    hit = (called["first_action"] == called["right_action"]).to_numpy()
    middle = len(hit) // 2
    assert hit[middle:].mean() > hit[:middle].mean() + 0.05


def test_experts_and_model_averaged_foretell_better_than_either(planted):
    _, right, _, sides = planted
    both = proper_scores.brier(proper_scores.together(sides[POOLED], sides[MODEL]), right).mean()
    assert both < min(scored(planted, POOLED).mean(), scored(planted, MODEL).mean())


def test_forecasts_of_a_log_are_computed_once_for_a_seed(built):
    store, domain, _ = built
    first, second = (forecasts(Asked(store, domain)).as_dict() for _ in range(2))
    assert first == second
