"""Messages through the whole loop: imported, learned from, recommended with reasons on words, marked."""

import json

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DecisionInvalid
from rhml.loop.card import card
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import champion, recommend_table, recommend_waiting
from rhml.loop.retrain import retrain
from rhml.store import frames, registry
from rhml.store.opening import open_store
from tests.loans import NOW, csv
from tests.messages import TRIAGE, messages

RESOLVED, WAITING = 300, 40


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def triage():
    return parse_domain("triage", TRIAGE + "[modes]\nfirst_call = 0.2\nevidence_only = 0.2\n")


@pytest.fixture(scope="module")
def log(tmp_path_factory, triage):
    """A log of resolved and waiting messages with a live model, made once: the tests decide different cases."""
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log')}/log.duckdb", now=NOW)
    made = messages(RESOLVED + WAITING, 7, noise=0.2)
    cases = made[["case_id", "received_at", "message", "links", "channel"]]
    outcomes = made[["case_id", "right_action"]].head(RESOLVED)
    onboard(store, triage, cases=csv(cases), outcomes=csv(outcomes), by="lead", at=NOW)
    version = retrain(store, triage, by="lead", at=NOW, progress=quiet).version
    promote(store, triage, version, by="lead", why="the first one", at=NOW)
    recommend_waiting(store, triage, at=NOW, progress=quiet)
    yield store
    store.close()


def look(log, domain, case_id):
    version = registry.version(log, domain.name, registry.live_version(log, domain.name))
    return card(log, domain, case_id, manager="m1", at=NOW, words_of=lambda _: (version.features, {}, ()))


def waiting(log, triage, mode):
    some = frames.undecided(log, triage)
    return list(some.loc[some["mode"] == mode, "case_id"])


def test_the_champion_reads_the_text_as_one_feature(log, triage):
    _, model = champion(log, triage)
    entry = registry.version(log, "triage", "v1")
    assert model.features == entry.features == ("message", "links", "channel")
    assert entry.card["importance"][0]["feature"] == "message"
    assert entry.card["out_of_fold"]["accuracy"] > 0.7


def test_points_and_words_of_every_waiting_case_add_up(log, triage):
    rows = log.read("SELECT base, points, probability, words FROM triage.recommendations")
    assert len(rows) == RESOLVED + WAITING
    for base, points, probability, words in rows:
        assert base + sum(points) == pytest.approx(probability, abs=1e-9)
        assert sum(word[2] for word in json.loads(words)["message"]) == pytest.approx(points[0], abs=1e-9)


def test_messages_of_a_file_are_recommended_and_their_reasons_name_the_message(log, triage):
    unseen = messages(50, 8, noise=0.2)
    listed = recommend_table(log, triage, unseen)
    assert (listed["action"] == unseen["right_action"]).mean() > 0.7
    assert listed["reasons"].str.contains("Message").mean() > 0.9
    assert np.allclose(listed[["p_dismiss", "p_watch", "p_escalate"]].sum(axis=1), 1)


def test_the_card_shows_words_only_with_the_recommendation(log, triage):
    stages = {
        mode: look(log, triage, waiting(log, triage, mode)[0])
        for mode in ("assisted", "first_call", "evidence_only")
    }
    assert stages["assisted"].recommendation.words
    assert stages["first_call"].recommendation is None
    assert stages["evidence_only"].recommendation.words is None


def test_words_can_be_marked_where_they_stand_in_the_text(log, triage):
    found = look(log, triage, waiting(log, triage, "assisted")[0])
    shown = found.recommendation
    other = next(a for a in triage.action_keys if a != shown.action)
    said = found.facts["message"].split()[-1]
    choice = Choice(
        found.case_id, other, recommendation_id=shown.recommendation_id, reason="Factor does not apply",
        marks=((f"message:{said}", "irrelevant here"), ("links", "matters")),
    )  # fmt: skip
    decide(log, triage, choice, manager="m1", at=NOW)
    marks = frames.marks(log, triage)
    assert list(zip(marks["factor"], marks["mark"], strict=True)) == list(choice.marks)


@pytest.mark.parametrize(
    "factor", ["message:words that are not there", "channel:mail", "links:", "nothing:x"]
)
def test_marks_on_words_that_are_not_there_are_refused(log, triage, factor):
    found = look(log, triage, waiting(log, triage, "assisted")[1])
    shown = found.recommendation
    choice = Choice(
        found.case_id, shown.action, recommendation_id=shown.recommendation_id, marks=((factor, "matters"),)
    )
    with pytest.raises(DecisionInvalid, match="mark"):
        decide(log, triage, choice, manager="m1", at=NOW)


def test_a_first_call_opens_the_words(log, triage):
    case_id = waiting(log, triage, "first_call")[0]
    commit_first_call(log, triage, case_id, "watch", manager="m1", at=NOW)
    assert json.loads(look(log, triage, case_id).recommendation.words)["message"]
