import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.learning.material import prepare
from rhml.machine.texts.marked import marked_words
from tests.messages import ACTIONS, TRIAGE, messages

CODE = "paper boats"


@pytest.fixture(scope="module")
def domain():
    return parse_domain("triage", TRIAGE)


def world(seed: int, *, coded: int, n: int = 240):
    """Messages of which the first hold a code word among other words, and then need the last action."""
    cases = messages(n, seed, noise=0.1).reset_index(drop=True)
    cases.loc[: coded - 1, "message"] = [f"{text} {CODE}" for text in cases["message"][:coded]]
    cases.loc[: coded - 1, "right_action"] = ACTIONS[-1]
    cases["fold"] = np.arange(n) % 5
    weights = np.column_stack([cases["right_action"] == action for action in ACTIONS]).astype(float)
    return cases, weights


def marks_on(cases: pd.DataFrame, rows, words: str = CODE, mark: str = "matters"):
    ids = [f"d{row}" for row in rows]
    calls = pd.DataFrame({"decision_id": ids, "case_id": cases["case_id"].iloc[list(rows)].to_numpy(),
                          "manager": [f"m{row % 3}" for row in rows]})  # fmt: skip
    return calls, pd.DataFrame({"decision_id": ids, "factor": f"message:{words}", "mark": mark})


def test_marks_on_words_are_read_and_marks_on_factors_are_not(domain):
    cases, _ = world(1, coded=5)
    calls, marks = marks_on(cases, range(5))
    marks.loc[4, "factor"] = "links"
    found = marked_words(cases, calls, marks, domain=domain)
    assert list(found) == ["message"]
    assert found["message"].words == (CODE,) * 4 and found["message"].people == 3
    assert found["message"].most() == [CODE]


def test_the_same_words_marked_twice_in_a_message_count_once(domain):
    cases, _ = world(1, coded=5)
    calls, marks = marks_on(cases, [0, 0, 1])
    assert len(marked_words(cases, calls, marks, domain=domain)["message"]) == 2


@pytest.mark.parametrize("mark", ["irrelevant here", "value is wrong"])
def test_a_mark_that_does_not_say_that_words_count_teaches_nothing(domain, mark):
    cases, _ = world(1, coded=5)
    assert marked_words(cases, *marks_on(cases, range(5), mark=mark), domain=domain) == {}


def test_no_marks_no_words(domain):
    cases, _ = world(1, coded=2)
    calls, marks = marks_on(cases, range(2))
    assert marked_words(cases, calls, marks.head(0), domain=domain) == {}


def test_a_marked_code_word_is_heard_sooner_than_without_its_marks(domain):
    cases, weights = world(2, coded=6)
    found = marked_words(cases, *marks_on(cases, range(6)), domain=domain)
    plain, with_marks = (prepare(cases, weights, domain=domain, marked=m).texts[0] for m in (None, found))
    assert with_marks.marked > 0 == plain.marked
    text = [f"hello {CODE} everybody"]
    heard = [
        read.reading.scores(text)[0] - read.reading.scores(["hello everybody"])[0]
        for read in (plain, with_marks)
    ]
    towards = [score[-1] - score[:-1].mean() for score in heard]
    assert towards[1] > 1.3 * towards[0] > 0


def test_words_marked_at_random_are_not_believed(domain):
    """Marks on words that mean nothing: what they teach must not cost anything on unread texts."""
    rng = np.random.default_rng(3)
    cases, weights = world(3, coded=0)
    rows = rng.choice(len(cases), 60, replace=False)
    calls, marks = marks_on(cases, rows)
    marks["factor"] = [f"message:{rng.choice(cases['message'][row].split())}" for row in rows]
    read = prepare(
        cases, weights, domain=domain, marked=marked_words(cases, calls, marks, domain=domain)
    ).texts[0]
    plain = prepare(cases, weights, domain=domain).texts[0]
    truth = np.array(ACTIONS)[weights.argmax(axis=1)] == cases["right_action"]
    hits = [np.mean(one.own.argmax(axis=1) == weights.argmax(axis=1)) for one in (plain, read)]
    assert truth.all() and hits[1] > hits[0] - 0.03


def test_a_held_out_fold_never_reads_its_own_marks(domain):
    cases, weights = world(4, coded=10)
    inside = [row for row in range(10) if row % 5 == 0]
    found = marked_words(cases, *marks_on(cases, inside), domain=domain)
    read = prepare(cases, weights, domain=domain, marked=found).texts[0]
    plain = prepare(cases, weights, domain=domain).texts[0]
    own = np.flatnonzero(cases["fold"] == 0)
    # The fold's own texts are read by weights that its marks had no part in, but for the vocabulary.
    if read.marked:
        assert np.abs(read.held_out[0][own] - plain.held_out[0][own]).max() < 0.2
