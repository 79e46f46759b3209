"""The team's model in the loop: learned from calls, stored beside recommendations, told to one person alone."""

import shutil
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import TrainingRefused
from rhml.loop.card import card
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.loop.team import due, team
from rhml.loop.team_points import held
from rhml.store import case_file, registry, team_models
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases, right_action
from tests.recommended import waiting_in


def quiet(share, words):
    """Progress that nobody watches."""


def learn(log, domain, at=NOW):
    return team(log, domain, by="lead", at=at, progress=quiet)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A closed log with 300 cases, 240 of them decided by three people, a promoted model and what it recommends."""
    path, domain = tmp_path_factory.mktemp("team") / "log.duckdb", parse_domain("loans", LOANS)
    store = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    cases, known = loan_cases(300), slice(0, 240)
    right = np.array(right_action(cases))
    wrong = np.where(right == "lend", "decline", "lend")
    called = np.where(np.arange(300) % 6 == 0, wrong, right)
    decisions = pd.DataFrame({"case_id": cases["case_id"][known], "final_action": called[known],
                              "manager": [f"m{i % 3}" for i in range(240)]})  # fmt: skip
    outcomes = pd.DataFrame({"case_id": cases["case_id"][:200], "right_action": right[:200]})
    onboard(
        store, domain, cases=csv(cases), decisions=csv(decisions), outcomes=csv(outcomes), by="lead", at=NOW
    )
    _go_live(store, domain)
    store.close()
    return path


def _go_live(store, domain):
    made = retrain(store, domain, by="lead", at=NOW, progress=quiet)
    promote(store, domain, made.version, by="lead", why="The first.", at=NOW)
    recommend_waiting(store, domain, at=NOW, progress=quiet)


@pytest.fixture
def log(tmp_path, built):
    """A log of one's own with what was built."""
    path = tmp_path / "log.duckdb"
    shutil.copy(built, path)
    store = open_store(f"duckdb:///{path}", now=NOW)
    yield store
    store.close()


@pytest.fixture
def live(log, loans):
    return loans


@pytest.fixture
def empty(url):
    """A log with nothing in it."""
    store = open_store(url, now=NOW, secret="fixed for tests")
    yield store
    store.close()


def look(log, domain, case_id, manager="m1"):
    def words_of(version):
        entry = registry.version(log, domain.name, version)
        return entry.features, entry.card["typical"], ()

    return card(
        log, domain, case_id, manager=manager, at=NOW, words_of=words_of,
        held_of=lambda version: held(log, domain.name, version, manager),
    )  # fmt: skip


def recommended(log, case_id):
    return case_file.recommendation(
        log, "loans", case_file.waiting_row(log, DOMAIN, case_id)["recommendation_id"]
    )


class DOMAIN:
    """Only the name of the domain is read."""

    name = "loans"


def test_waiting_recommendations_get_the_teams_points_that_add_up(log, live):
    case_id = waiting_in(log, live, "assisted")
    assert recommended(log, case_id).team_probability is None
    done = learn(log, live)
    assert (done.rescored, done.known, done.card["calls"], done.card["kind"]) == (60, False, 240, "decisions")
    shown = recommended(log, case_id)
    assert shown.team_version == done.team_version
    assert shown.team_base + sum(shown.team_points) == pytest.approx(shown.team_probability, abs=1e-12)
    assert len(shown.team_points) == len(shown.points)


def test_new_cases_are_scored_with_the_team_at_once(log, live):
    done = learn(log, live)
    onboard(log, live, cases=csv(loan_cases(5, start=900)), by="lead", at=NOW)
    recommend_waiting(log, live, at=NOW, progress=quiet)
    assert recommended(log, "a00902").team_version == done.team_version


def test_learning_again_from_the_same_calls_changes_nothing(log, live):
    first = learn(log, live)
    again = learn(log, live, at=NOW + timedelta(hours=1))
    assert (again.known, again.rescored, again.team_version) == (True, 0, first.team_version)


def test_without_a_champion_the_team_is_learned_and_nothing_scored(empty, loans):
    calls = pd.DataFrame(
        {"case_id": loan_cases(60)["case_id"], "manager": "m1", "final_action": ["lend", "decline"] * 30}
    )
    onboard(empty, loans, cases=csv(loan_cases(80)), decisions=csv(calls), by="lead", at=NOW)
    done = learn(empty, loans)
    assert (done.rescored, done.card["calls"]) == (0, 60)


def test_too_few_calls_are_refused(empty, loans):
    onboard(empty, loans, cases=csv(loan_cases(5)), by="lead", at=NOW)
    with pytest.raises(TrainingRefused, match="are needed"):
        learn(empty, loans)
    assert team_models.newest(empty, "loans") is None
    assert not due(empty, loans, at=NOW)


def test_it_is_due_once_there_are_calls_and_then_at_most_daily(log, live):
    assert due(log, live, at=NOW)
    learn(log, live)
    for i in range(20):
        case_id = waiting_in(log, live, "assisted")
        shown = recommended(log, case_id)
        decide(log, live, Choice(case_id, shown.action, shown.recommendation_id), manager="m1", at=NOW)
        assert not due(log, live, at=NOW + timedelta(hours=23)), i
    assert due(log, live, at=NOW + timedelta(days=1))


def test_after_the_own_call_the_card_says_where_model_and_person_differ(log, live):
    learn(log, live)
    case_id = waiting_in(log, live, "first_call")
    assert look(log, live, case_id).weighed is None
    [feature] = [f for f in live.inputs if f.name == "late"]
    commit_first_call(
        log, live, case_id, "lend", manager="m1", at=NOW, marks=((feature.name, "irrelevant here"),)
    )
    found = look(log, live, case_id)
    shown, own = found.recommendation, found.weighed
    assert (own.whose, own.calls) == ("you", 80)
    assert 0 < own.probability < 1
    assert len(own.factors) <= 4
    place = found.features.index("late")
    marked = [one for one in own.factors if one.marks]
    assert marked == (
        [one for one in own.factors if place in one.places] if abs(shown.points[place]) >= 0.005 else []
    )
    for one in own.factors:
        assert one.model == pytest.approx(sum(shown.points[i] for i in one.places))
        assert one.marks or abs(one.model - one.theirs) >= 0.02


def test_who_is_new_is_told_how_the_team_weighs_it(log, live):
    learn(log, live)
    case_id = waiting_in(log, live, "first_call")
    commit_first_call(log, live, case_id, "lend", manager="new", at=NOW)
    found = look(log, live, case_id, manager="new")
    assert (found.weighed.whose, found.weighed.calls, found.weighed.enough) == ("team", 0, 30)
    assert found.weighed.probability == found.recommendation.team_probability


def test_evidence_before_the_call_says_nothing_of_the_team(log, live):
    learn(log, live)
    shown = look(log, live, waiting_in(log, live, "evidence_only")).recommendation
    assert (shown.team_version, shown.team_probability, shown.team_base, shown.team_points) == (
        None,
        None,
        None,
        (),
    )


def test_an_assisted_card_reads_nothing_more_for_the_contrast(log, live):
    learn(log, live)
    case_id = waiting_in(log, live, "assisted")

    def unasked(version):
        raise AssertionError("nobody's weights are read where there is no own call")

    entry = registry.version(log, "loans", recommended(log, case_id).model_version)
    found = card(
        log, live, case_id, manager="m1", at=NOW, held_of=unasked,
        words_of=lambda version: (entry.features, entry.card["typical"], ()),
    )  # fmt: skip
    assert (found.weighed, found.recommendation.team_probability is None) == (None, False)


def test_the_register_names_nobody(log, live):
    done = learn(log, live)
    card_of = str(team_models.newest(log, "loans").card) + done.message
    assert not any(name in card_of for name in ("m0", "m1", "m2"))


def test_one_persons_weights_are_read_and_no_others(log, live):
    done = learn(log, live)
    mine, other = (held(log, "loans", done.team_version, who) for who in ("m0", "m1"))
    assert mine.weights != other.weights
    assert held(log, "loans", "no such version", "m0") is None


def test_a_team_that_overlooks_a_factor_is_told_so(empty, loans):
    """People decide by late payments alone; what proves right follows from the amount."""
    cases = loan_cases(700)
    late, amount = cases["late"].fillna(1).to_numpy(), cases["amount"].to_numpy()
    noise = np.random.default_rng(4).random(700) < 0.08
    right = np.where((amount < 10_000) ^ noise, "lend", "decline")
    called = np.where(late < 2, "lend", "decline")
    known = slice(0, 600)
    decisions = pd.DataFrame(
        {"case_id": cases["case_id"][known], "manager": [f"m{i % 4}" for i in range(600)], "mode": "first_call",
         "first_action": called[known], "final_action": called[known]}
    )  # fmt: skip
    outcomes = pd.DataFrame({"case_id": cases["case_id"][known], "right_action": right[known]})
    onboard(
        empty, loans, cases=csv(cases), decisions=csv(decisions), outcomes=csv(outcomes), by="lead", at=NOW
    )
    _go_live(empty, loans)
    assert learn(empty, loans).card["kind"] == "unaided"

    case_id = waiting_in(empty, loans, "first_call")
    commit_first_call(empty, loans, case_id, "lend", manager="m1", at=NOW)
    found = look(empty, loans, case_id)
    apart = {found.features[one.places[0]]: one for one in found.weighed.factors}
    assert abs(apart["amount"].model) > 0.2 > 0.05 > abs(apart["amount"].theirs)
    assert abs(apart["late"].theirs) > 0.2 > 0.1 > abs(apart["late"].model)
