"""Learning from messages: processor seconds of a whole retraining with twins, and of scoring with reasons on words,
as ratios to TF-IDF and logistic regression fitted on the same texts in the same run; and the accuracy of each. Once more
with words that people marked in one message of ten: what reading them costs.

Run it as `python -m tests.benchmarks.messages [MESSAGES] [SEED]`; the messages are simulated.
"""

import sys
import time

import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from rhml.core.domain import parse_domain
from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.fitting import train
from rhml.machine.learning.recipe import learn
from rhml.machine.texts.bag import Bag
from rhml.machine.texts.word_points import word_points
from tests.messages import ACTIONS, TRIAGE, messages

UNSEEN, WAITING, TREES_FROM = 5_000, 500, 2_000
TEXT_ALONE = TRIAGE.replace("[features.links]", "[features.links]\nuse = false").replace(
    "[features.channel]", "[features.channel]\nuse = false"
)


def timed(act):
    """What it gives, and the seconds of processor time it took, whatever else the machine was doing."""
    start = time.process_time()
    return act(), time.process_time() - start


def called(cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One unaided call a case by one of ten analysts, right in seven of ten."""
    rng = np.random.default_rng(seed)
    action = np.where(rng.random(len(cases)) < 0.7, cases["right_action"], rng.choice(ACTIONS, len(cases)))
    return pd.DataFrame(
        {
            "decision_id": "d" + cases["case_id"],
            "case_id": cases["case_id"],
            "manager": [f"m{at}" for at in rng.integers(0, 10, len(cases))],
            "mode": "first_call",
            "first_action": action,
            "recommended_action": None,
            "final_action": action,
            "decided_at": cases["received_at"],
        }
    )


def baseline(known: pd.DataFrame, unseen: pd.DataFrame) -> float:
    """Accuracy of logistic regression on TF-IDF of words and pairs."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2)
    fitted = LogisticRegression(max_iter=1000).fit(
        words.fit_transform(known["message"]), known["right_action"]
    )
    return right(fitted.predict(words.transform(unseen["message"])), unseen)


def trees_on_the_bag(known: pd.DataFrame, unseen: pd.DataFrame) -> float:
    """Accuracy of trees that get every n-gram as a column of its own: one fit, no folds, no twins."""
    bag = Bag.fit(known["message"])
    label = pd.Index(ACTIONS).get_indexer(known["right_action"])
    data = xgb.QuantileDMatrix(bag.matrix(known["message"]).astype(np.float32), label=label, nthread=1)
    parameters = {
        "objective": "multi:softprob", "num_class": 3, "max_depth": 5, "learning_rate": 0.1,
        "colsample_bytree": 0.3, "tree_method": "hist", "nthread": 1,
    }  # fmt: skip
    booster = xgb.train(parameters, data, num_boost_round=200)
    said = booster.predict(xgb.DMatrix(bag.matrix(unseen["message"]).astype(np.float32)))
    return right(ACTIONS[said.argmax(axis=1)], unseen)


def right(actions: np.ndarray, cases: pd.DataFrame) -> float:
    return float((actions == cases["right_action"]).mean())


def alone(known: pd.DataFrame, unseen: pd.DataFrame) -> float:
    """Accuracy of a model that reads nothing but the message."""
    domain = parse_domain("triage", TEXT_ALONE)
    weights = np.column_stack([known["right_action"] == action for action in ACTIONS]).astype(float)
    model = train(known, weights, domain=domain, seed=1, nthread=1)
    return right(ACTIONS[model.probabilities(unseen).argmax(axis=1)], unseen)


def reasons(model, cases: pd.DataFrame) -> float:
    """The largest difference between a text's points and its words' (it must be nothing)."""
    scored = explain(model, cases)
    words = word_points(model.encoding, scored, cases)
    given = scored.points[:, scored.features.index("message")]
    return max(
        abs(sum(word[2] for word in told["message"]) - g) for told, g in zip(words, given, strict=True)
    )


def marked(cases: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Two neighbouring words of one message in ten, marked as what the call rests on."""
    rng = np.random.default_rng([seed, 1])
    some = cases[rng.random(len(cases)) < 0.1]
    places = [(words, int(rng.integers(max(len(words) - 1, 1)))) for words in some["message"].str.split(" ")]
    said = ["message:" + " ".join(words[at : at + 2]) for words, at in places]
    return pd.DataFrame({"decision_id": "d" + some["case_id"], "factor": said, "mark": "matters"})


def retrained(
    known: pd.DataFrame,
    unseen: pd.DataFrame,
    calls: pd.DataFrame,
    seed: int,
    base: float,
    marks: pd.DataFrame | None = None,
):
    """The challenger of a whole retraining with twins, its seconds and its accuracy printed."""
    domain, began = parse_domain("triage", TRIAGE), time.monotonic()
    learned, seconds = timed(lambda: learn(known, calls, domain=domain, seed=seed, nthread=1, marks=marks))
    said, scoring = timed(lambda: learned.challenger.probabilities(unseen))
    found = right(ACTIONS[said.argmax(axis=1)], unseen)
    print(
        f"Whole retraining with twins, {known['right_action'].notna().mean():.0%} of the outcomes known: "
        f"{seconds:.0f} s, {seconds / base:.0f} ×; scoring {len(unseen):,}: {scoring / base:.2f} ×; "
        f"by the clock {time.monotonic() - began:.0f} s; accuracy with links and channel {found:.3f}"
        + (
            ""
            if marks is None
            else f"; with {len(marks):,} marks on words, of which any count: {bool(learned.unmarked)}"
        ),
        flush=True,
    )
    return learned.challenger


def main(count: int, seed: int) -> None:
    """Print what it took and what came of it."""
    cases = messages(count + UNSEEN, seed, noise=0.3)
    known, unseen = cases[:count].copy(), cases[count:].reset_index(drop=True)
    calls = called(known, seed)
    accuracy, base = timed(lambda: baseline(known, unseen))
    print(
        f"TF-IDF and logistic regression, {count:,} messages: {base:.1f} s, accuracy {accuracy:.3f}",
        flush=True,
    )

    model = retrained(known, unseen, calls, seed, base)
    apart, seconds = timed(lambda: reasons(model, unseen[:WAITING]))
    print(
        f"Reasons and words of {WAITING} messages: {seconds / base:.2f} ×, largest rest {apart:.0e}",
        flush=True,
    )
    retrained(known, unseen, calls, seed, base, marked(known, seed))
    few = known.assign(right_action=known["right_action"].where(known.index % 5 == 0, None))
    retrained(few, unseen, calls, seed, base)

    found, seconds = timed(lambda: alone(known, unseen))
    print(
        f"A model of the message alone (one training): {seconds / base:.0f} ×, accuracy {found:.3f}",
        flush=True,
    )
    some = known[:TREES_FROM]
    found, own = alone(some, unseen), baseline(some, unseen)
    trees, seconds = timed(lambda: trees_on_the_bag(some, unseen))
    print(
        f"From {len(some):,} messages: the model {found:.3f}, logistic regression {own:.3f}, trees on every n-gram "
        f"{trees:.3f} in {seconds:.0f} s for one fit of the seven that a training takes"
    )


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:3]), *(20_000, 1)[len(sys.argv) - 1 :])
