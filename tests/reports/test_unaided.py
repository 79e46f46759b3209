"""People's change is read from the cut that can answer, on like cases, and never from easier ones."""

import numpy as np
import pandas as pd
import pytest

from rhml.reports.calls import Calls
from rhml.reports.improvement import improvement
from rhml.reports.unaided import by_lot

PEOPLE, EACH = 60, 40


@pytest.fixture
def study(decisions):
    """Everybody sits once, on a day of their own; cases judged by many, in an order that `place` may fix."""

    def build(*, gain=0.0, seed=1, order="random", people=PEOPLE, **columns):
        rng = np.random.default_rng(seed)
        hard = rng.normal(0, 0.8, EACH * 4)
        who = np.repeat(np.arange(people), EACH)
        pool = [np.arange(EACH) if order == "same" else rng.choice(EACH * 4, EACH, replace=False)
                for _ in range(people)]  # fmt: skip
        if order == "easy later":
            pool = [case[np.argsort(-hard[case] + rng.normal(0, 0.8, EACH))] for case in pool]
        case = np.concatenate(pool)
        place = np.tile(np.arange(EACH), people)
        skill = 0.6 + rng.normal(0, 0.3, people)[who] + gain * (place >= EACH / 2)
        right = rng.random(len(who)) < 1 / (1 + np.exp(hard[case] - skill))
        truth = np.where(case % 2 == 0, "lend", "decline")
        return decisions(
            len(who),
            case_id=[f"c{c}" for c in case],
            manager=[f"m{m}" for m in who],
            mode=None,
            imported=True,
            first_action=np.where(right, truth, np.where(case % 2 == 0, "decline", "lend")),
            right_action=truth,
            decided_at=pd.Timestamp("2025-01-01") + pd.to_timedelta(who + place / EACH / 2, unit="D"),
            **columns,
        )

    return build


def test_a_study_of_one_sitting_each_is_read_by_practice_and_says_so(study, domain):
    found = improvement(study(gain=0.6), domain=domain(), seed=1).human
    assert (found.cut, found.verdict.words) == ("practice", "improved")
    assert "own earlier calls" in found.note
    plain = found.as_dict()
    assert plain["cut"] == "practice"
    assert 0 < plain["low"] < plain["value"] < plain["high"]


def test_a_small_gain_keeps_a_wide_interval(study, domain):
    found = improvement(study(gain=0.15, people=30), domain=domain(), seed=1).human
    assert found.change.low < 0.03 < found.change.high


@pytest.mark.parametrize("order", ["random", "easy later"])
def test_nobody_learning_is_not_called_learning(study, domain, order):
    verdicts = [
        improvement(study(seed=s, order=order), domain=domain(), seed=1).human.verdict.words
        for s in range(12)
    ]
    assert sum(words in ("improved", "fell") for words in verdicts) <= 1


def test_one_order_for_everybody_is_not_separable(study, domain):
    found = improvement(study(gain=0.6, order="same"), domain=domain(), seed=1).human.verdict
    assert found.words == "too few to say"
    assert "same order" in found.change.why


def test_the_interval_shown_is_plain_and_the_words_rest_on_a_wider_one(year, domain):
    found = improvement(year(2000), domain=domain(), seed=1).human.as_dict()
    rests = found["verdict_rests_on"]
    assert rests["low"] < found["low"] < found["high"] < rests["high"]
    assert 1 - 0.05 / 3 < rests["level"] < 0.99
    assert rests["look"] == 1


def test_another_share_of_right_actions_is_no_change_of_people(decisions, domain):
    rng = np.random.default_rng(2)
    later = np.arange(4000) >= 2000
    truth = np.where(rng.random(4000) < np.where(later, 0.8, 0.3), "lend", "decline")
    right = rng.random(4000) < np.where(truth == "lend", 0.9, 0.6)  # people say lend too often
    frame = decisions(
        4000,
        first_action=np.where(right, truth, np.where(truth == "lend", "decline", "lend")),
        right_action=truth,
        decided_at=pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(4000), unit="h"),
    )
    found = improvement(frame, domain=domain(), seed=1).human
    assert found.later.low > found.earlier.high
    assert found.change.low < 0 < found.change.high


def test_hard_cases_met_only_later_are_not_held_against_what_others_find_hard(decisions, domain):
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(80), 40)
    later, odd = np.tile(np.repeat([False, True], 20), 80), who < 40
    hard = np.where(odd, later & (rng.random(3200) < 0.6), rng.random(3200) < 0.3)
    chance = np.where(hard, np.where(odd, 0.6, 0.3), np.where(odd, 0.6, 0.7))  # the odd ones do not mind
    right = rng.random(3200) < chance
    truth = np.where(rng.random(3200) < 0.5, "lend", "decline")
    other = np.where(truth == "lend", "decline", "lend")
    frame = decisions(
        3200,
        manager=[f"m{m}" for m in who],
        first_action=np.where(right, truth, other),
        recommended_action=np.where(hard, other, truth),
        recommended_confidence=0.8,
        right_action=truth,
        decided_at=pd.Timestamp("2025-01-01") + pd.to_timedelta(np.tile(np.arange(40), 80), unit="h"),
    )
    assert improvement(frame, domain=domain(), seed=1).human.verdict.words not in ("improved", "fell")


def test_a_column_that_says_when_is_not_taken_out(study, domain):
    phase = '[features.phase]\nkind = "category"\nuse = false\n[segments]\ncolumns = ["phase"]\n'
    frame = study(gain=0.6)
    frame["case_id"] = [f"{c}-{i}" for i, c in enumerate(frame["case_id"])]
    frame["phase"] = np.where(np.tile(np.arange(EACH), PEOPLE) < EACH / 2, "before", "after")
    found = improvement(frame, domain=domain(phase), seed=1)
    assert found.human.verdict.words == "improved"
    assert "phase" not in " ".join(found.adjusted_for).lower()


def test_a_case_left_out_by_lot_does_not_come_in_as_the_log_grows(decisions, domain):
    frame = decisions(900, case_id=[f"c{i // 2}" for i in range(900)], final_action="lend")
    young, grown = (by_lot(Calls.of(frame[:n], domain()), np.arange(n), 300) for n in (800, 900))
    assert 280 <= len(grown) <= 300
    assert set(grown[grown < 800]) <= set(young) and len(np.intersect1d(young, grown)) > 200
    assert len(grown) == 2 * len(set(grown // 2))
