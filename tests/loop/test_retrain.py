import numpy as np
import pandas as pd
import pytest

from rhml.errors import NoChampion, NotPermitted, PromotionRefused, TrainingRefused
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import champion, recommend_stored, recommend_table, recommend_waiting
from rhml.loop.retrain import retrain
from rhml.machine.model import Model
from rhml.store import frames, organization, registry
from tests.loans import NOW, csv, loan_cases, right_action


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


def train(log, domain, **named):
    return retrain(log, domain, by="lead", at=NOW, progress=quiet, **named)


def make_live(log, domain, version, **named):
    return promote(log, domain, version, by="lead", why="a reason", at=NOW, **named)


def test_a_first_version_is_trained_recorded_and_not_live(log, resolved_loans):
    done = train(log, resolved_loans)
    entry = registry.version(log, "loans", "v1")
    assert (done.version, done.verdict, entry.hash) == ("v1", "first", Model.from_bytes(
        registry.content(log, "loans", "v1")).version)  # fmt: skip
    assert registry.live_version(log, "loans") is None
    with pytest.raises(NoChampion):
        champion(log, resolved_loans)


def test_training_again_on_the_same_facts_gives_the_same_version(log, resolved_loans):
    train(log, resolved_loans)
    assert train(log, resolved_loans).known
    assert [v.version for v in registry.versions(log, "loans")] == ["v1"]


def test_the_bank_is_never_trained_on(log, resolved_loans):
    done = train(log, resolved_loans)
    cases = frames.cases(log, resolved_loans)
    bank = int((cases["bank"] & cases["right_action"].notna()).sum())
    model = Model.from_bytes(registry.content(log, "loans", done.version))
    assert bank > 0 and len(model.reference) == 200 - bank


def test_too_few_outcomes_are_refused_with_the_number_needed(log, loans):
    cases = loan_cases(40)
    outcomes = pd.DataFrame({"case_id": cases["case_id"], "right_action": right_action(cases)})
    onboard(log, loans, cases=csv(cases), outcomes=csv(outcomes), by="lead", at=NOW)
    with pytest.raises(TrainingRefused, match="50"):
        train(log, loans)
    assert registry.versions(log, "loans") == []


def test_a_challenger_is_judged_against_the_champion_on_cases_it_never_saw(log, resolved_loans):
    make_live(log, resolved_loans, train(log, resolved_loans).version)
    late = loan_cases(150, start=500)
    outcomes = pd.DataFrame({"case_id": late["case_id"], "right_action": right_action(late)})
    onboard(log, resolved_loans, cases=csv(late), outcomes=csv(outcomes), by="lead", at=NOW)
    done = train(log, resolved_loans)
    assert done.version == "v2" and done.verdict in ("promote", "keep", "too early")
    assert "champion" in done.paragraph


def test_against_its_verdict_a_version_is_promoted_only_anyway_and_marked(log, resolved_loans):
    make_live(log, resolved_loans, train(log, resolved_loans).version)
    second = train(log, resolved_loans, seed=11)
    assert second.verdict not in ("first", "promote")
    with pytest.raises(PromotionRefused, match="--anyway"):
        make_live(log, resolved_loans, second.version)
    assert make_live(log, resolved_loans, second.version, anyway=True).against_verdict
    rollback = make_live(log, resolved_loans, "v1")
    assert not rollback.against_verdict and registry.live_version(log, "loans") == "v1"


@pytest.mark.parametrize(("version", "why", "said"), [("v9", "x", "no version"), ("v1", " ", "Say why")])
def test_a_promotion_needs_a_version_and_a_reason(log, resolved_loans, version, why, said):
    train(log, resolved_loans)
    with pytest.raises(PromotionRefused, match=said):
        promote(log, resolved_loans, version, by="lead", why=why, at=NOW)


def test_only_a_lead_promotes(log, resolved_loans):
    train(log, resolved_loans)
    log.write(lambda tx: organization.set_role(tx, "m1", "manager", at=NOW, by="lead"))
    with pytest.raises(NotPermitted, match="lead"):
        promote(log, resolved_loans, "v1", by="m1", why="x", at=NOW)


def test_every_waiting_case_gets_a_recommendation_that_adds_up(log, resolved_loans):
    make_live(log, resolved_loans, train(log, resolved_loans).version)
    assert recommend_waiting(log, resolved_loans, at=NOW, progress=quiet) == 60
    assert recommend_waiting(log, resolved_loans, at=NOW, progress=quiet) == 0
    rows = log.read("SELECT base, points, probability, peers FROM loans.recommendations")
    assert all(base + sum(points) == pytest.approx(p, abs=1e-9) for base, points, p, _ in rows)
    assert all(len(peers) == 5 for *_, peers in rows)


def test_stored_recommendations_are_those_of_the_model(log, resolved_loans):
    make_live(log, resolved_loans, train(log, resolved_loans).version)
    recommend_waiting(log, resolved_loans, at=NOW, progress=quiet)
    stored = recommend_stored(log, resolved_loans).set_index("case_id").sort_index()
    fresh = recommend_table(log, resolved_loans, frames.undecided(log, resolved_loans))
    fresh = fresh.set_index("case_id").sort_index()
    assert list(stored["action"]) == list(fresh["action"])
    assert np.allclose(stored["p_lend"], fresh["p_lend"])


def test_without_outcomes_the_model_imitates_the_team(log, loans):
    usual = loans.model_copy(update={"outcome": None, "text": loans.text.replace("[outcome]", "")})
    cases = loan_cases(300)
    decisions = pd.DataFrame(
        {"case_id": cases["case_id"][:250], "manager": "m1", "final_action": right_action(cases)[:250]}
    )
    onboard(log, usual, cases=csv(cases), decisions=csv(decisions), by="lead", at=NOW)
    done = train(log, usual)
    assert done.verdict == "first" and "usually" in str(done.card)
    make_live(log, usual, done.version)
    listed = recommend_table(log, usual, frames.undecided(log, usual))
    expected = right_action(cases[250:])
    assert (listed.set_index("case_id").loc[cases["case_id"][250:], "action"] == expected).mean() > 0.8
