import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.trust.deferral import FEWEST, Deferral, learn

TEXT = (
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    '[features.income]\nkind = "number"\n[features.region]\nkind = "category"\n'
)
DOMAIN = parse_domain("loans", TEXT)
SKILL = np.array([0.6, 0.65, 0.7, 0.75, 0.8])


def record(n, seed, *, north=0.0, mode="first_call", selective=False):
    """Calls of five managers, better in the north by twice `north`; the model knows income alone."""
    rng = np.random.default_rng(seed)
    income, region = rng.normal(size=n), rng.choice(["north", "south"], n)
    lend = 1 / (1 + np.exp(-1.5 * income))
    right = rng.random(n) < lend
    who = rng.integers(0, 5, n)
    skill = SKILL[who] + np.where(region == "north", north, -north)
    made = np.where(rng.random(n) < skill, right, ~right)

    def named(yes):
        return np.where(yes, "lend", "decline").astype(object)

    cases = pd.DataFrame({"income": income, "region": region, "fold": rng.integers(0, 5, n)})
    cases.insert(0, "case_id", [f"c{i}" for i in range(n)])
    calls = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "manager": [f"m{w}" for w in who],
            "mode": mode,
            "model_version": "v1",
            "first_action": named(made),
            "recommended_action": named(lend > 0.5),
            "recommended_confidence": np.maximum(lend, 1 - lend),
            "final_action": named(made),
            "right_action": named(right),
            "explore": rng.random(n) < 0.05 if selective else False,
        }
    )
    return calls, cases, np.column_stack([lend, 1 - lend]), skill


def learned(n, seed, **how):
    calls, cases, p, _ = record(n, seed, **how)
    return learn(calls, cases, p, domain=DOMAIN, version="v1")


def test_where_people_are_better_is_found_and_ordered_by():
    found = learned(1500, 1, north=0.12)
    assert found.uses[-1] == "facts" and found.kind == "looked"
    _, cases, p, skill = record(3000, 2, north=0.12)
    north = (cases["region"] == "north").to_numpy()
    chance, gained = found.chance(cases, p), found.help(cases, p)
    assert chance[north].mean() - chance[~north].mean() == pytest.approx(0.24, abs=0.06)
    assert np.corrcoef(gained, skill - p.max(axis=1))[0, 1] > 0.8
    assert found.proof["most"].low > max(0.05, found.proof["rest"].high)


def test_a_manager_is_drawn_towards_the_team_as_far_as_evidence_is_thin():
    _, cases, p, _ = record(500, 3)
    spread = {}
    for n in (150, 3000):
        found = learned(n, 4)
        chances = [found.chance(cases, p, f"m{k}").mean() for k in range(5)]
        spread[n] = np.ptp(chances)
        assert found.chance(cases, p).mean() == pytest.approx(0.7, abs=0.06)
        assert found.chance(cases, p, "nobody").mean() == pytest.approx(found.chance(cases, p).mean())
    assert spread[150] < spread[3000] < 0.22


def test_without_more_to_go_by_everybody_has_the_rate():
    found = learned(1500, 5)
    assert "facts" not in found.uses


def test_below_a_hundred_resolved_calls_nothing_is_said():
    calls, cases, p, _ = record(FEWEST - 1, 6)
    assert learn(calls, cases, p, domain=DOMAIN) is None
    calls, cases, p, _ = record(400, 6)
    calls.loc[50:, "right_action"] = None
    assert learn(calls, cases, p, domain=DOMAIN) is None


def test_calls_made_before_there_was_a_model_count_as_unaided():
    calls, cases, p, _ = record(400, 7)
    calls = calls.assign(
        first_action=None, recommended_action=None, recommended_confidence=np.nan, mode="assisted"
    )
    found = learn(calls, cases, p, domain=DOMAIN)
    assert (found.kind, found.n, found.proof) == ("unaided", 400, {})


def test_calls_beside_evidence_are_not_unaided():
    calls, cases, p, _ = record(400, 7, mode="evidence_only")
    calls["final_action"] = None
    assert learn(calls, cases, p, domain=DOMAIN) is None


def test_where_decisions_choose_the_outcomes_only_explored_ones_count():
    selective = parse_domain(
        "loans", TEXT.replace("[outcome]\n", '[outcome]\nobserved_after = ["lend"]\nexplore = 0.05\n')
    )
    calls, cases, p, _ = record(1500, 8, selective=True)
    assert learn(calls, cases, p, domain=selective) is None
    calls, cases, p, _ = record(4000, 8, selective=True)
    assert learn(calls, cases, p, domain=selective).n == calls["explore"].sum()


def test_what_was_learned_survives_as_plain_values():
    found = learned(1500, 1, north=0.12)
    again = Deferral.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)), DOMAIN)
    _, cases, p, _ = record(50, 9)
    assert np.array_equal(found.help(cases, p), again.help(cases, p))
    assert again.proof == found.proof


def test_the_same_calls_teach_the_same():
    one, two = learned(600, 3), learned(600, 3)
    assert np.array_equal(one.weights, two.weights)


def test_more_than_two_actions_and_unseen_values_have_chances_too():
    rng = np.random.default_rng(1)
    domain = parse_domain(
        "triage", TEXT.replace('decline = "Decline"\n', 'decline = "Decline"\nwait = "Wait"\n')
    )
    calls, cases, _, _ = record(500, 2)
    p = rng.dirichlet([2, 1, 1], 500)
    found = learn(calls, cases, p, domain=domain)
    odd = cases.assign(region="moon", income=np.nan)
    chances = found.chance(odd, p)
    assert np.all((chances > 0) & (chances < 1))
