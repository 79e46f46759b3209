import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.judging.challenge import Looks, judge
from rhml.machine.judging.comparison import level_of
from rhml.machine.judging.lesson_tests import Checked, Examined

WHO = ("challenger", "champion", "reference", "twin", "sibling")


@pytest.fixture
def gate():
    return parse_domain(
        "loans",
        'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
        '[features.branch]\nlabel = "Branch"\nkind = "category"\n[segments]\ncolumns = ["branch"]\n',
    )


def scores(n, *, challenger=0.0, seed=1, harmed=0):
    """Scores on n cases; `challenger` is the share of the champion's noise it is rid of (below 0: added)."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(size=n) * 1.8
    right = np.where(rng.random(n) < 1 / (1 + np.exp(-odds)), "lend", "decline")
    noise = rng.normal(size=n) * 2
    frame = pd.DataFrame({"case_id": [f"c{i}" for i in range(n)], "right_action": right, "value": np.nan})
    frame["source"] = np.where(np.arange(n) % 3 == 0, "live", "bank")
    frame["branch"] = np.where(np.arange(n) < harmed, "north", "south")
    for who in WHO:
        kept = 1 - challenger if who in ("challenger", "sibling") else 1.0
        p = 1 / (1 + np.exp(-(odds + kept * noise) / 1.4))
        if who == "challenger":
            p = np.where(np.arange(n) < harmed, 1 - 1 / (1 + np.exp(-odds)), p)
        frame[f"{who}_p_lend"], frame[f"{who}_p_decline"] = p, 1 - p
        frame[f"{who}_action"] = np.where(p >= 0.5, "lend", "decline")
    return frame


def test_a_better_challenger_is_promoted_with_its_numbers(gate):
    verdict = judge(scores(400, challenger=0.6), domain=gate)
    assert verdict.verdict == "promote"
    against = verdict.evidence["against"]["champion"]
    assert against["gain"]["low"] > -gate.training.margin
    assert against["brier"]["high"] < 0.005
    assert f"{100 * against['gain']['value']:+.1f} points".replace("-", "−") in verdict.paragraph
    assert verdict.evidence["bank"] + verdict.evidence["live"] == 400


def test_without_a_case_to_judge_on_it_is_too_early_and_the_evidence_is_plain(gate):
    verdict = judge(scores(40).iloc[:0], domain=gate)
    assert verdict.verdict == "too early"
    json.dumps(verdict.evidence, allow_nan=False)


def test_a_worse_challenger_is_kept_out(gate):
    verdict = judge(scores(400, challenger=-1.0), domain=gate)
    assert verdict.verdict == "keep"
    assert "shown to be worse" in verdict.paragraph


def test_without_champion_the_verdict_is_first(gate):
    alone = scores(100)[
        ["case_id", "right_action", "challenger_action", "challenger_p_lend", "challenger_p_decline"]
    ]
    verdict = judge(alone, domain=gate)
    assert verdict.verdict == "first"
    assert verdict.evidence["own"]["challenger"]["accuracy"]["n"] == 100
    assert judge(alone.iloc[:0], domain=gate).verdict == "first"


def test_few_cases_are_too_early_and_say_how_many_more(gate):
    verdict = judge(scores(12, challenger=1.0), domain=gate)
    assert verdict.verdict == "too early"
    assert "About 8 more" in verdict.paragraph


def test_an_unsure_gain_is_too_early_with_the_gain_supposed(gate):
    unsure = [judge(scores(80, challenger=0.3, seed=s), domain=gate) for s in range(12)]
    early = [v for v in unsure if v.verdict == "too early"]
    assert early
    for verdict in early:
        assert verdict.evidence["more"] > 0
        assert "if it is truly better by" in verdict.paragraph


def test_the_number_needed_ignores_the_observed_gain(gate):
    frame = scores(60, challenger=0.6, seed=3)
    swapped = frame.rename(columns=lambda c: c.replace("challenger", "x").replace("champion", "challenger"))
    swapped = swapped.rename(columns=lambda c: c.replace("x_", "champion_") if c.startswith("x_") else c)
    from rhml.machine.judging.challenge import more_cases
    from rhml.machine.judging.comparison import compare

    needed = [
        more_cases({"champion": compare(some, "champion", domain=gate)}, 60, gate)
        for some in (frame, swapped)
    ]
    assert needed[0] == needed[1]


def test_a_harmed_segment_blocks_a_better_challenger(gate):
    verdict = judge(scores(1500, challenger=1.0, harmed=60), domain=gate)
    assert verdict.verdict == "keep"
    assert "Where Branch is north it is worse" in verdict.paragraph
    assert [row["is"] for row in verdict.evidence["segments"] if row["harmed"]] == ["north"]


def test_a_gain_over_the_champion_alone_is_not_enough(gate):
    frame = scores(600, challenger=0.5)
    frame["reference_action"] = frame["right_action"]
    assert judge(frame, domain=gate).verdict == "keep"


def test_worse_probabilities_block_equal_decisions(gate):
    frame = scores(600)
    frame["challenger_p_lend"] = np.where(frame["challenger_action"] == "lend", 0.999, 0.001)
    frame["challenger_p_decline"] = 1 - frame["challenger_p_lend"]
    verdict = judge(frame, domain=gate)
    assert verdict.verdict == "keep"
    assert "probabilities" in verdict.paragraph


def test_a_copy_of_the_champion_is_never_shown_to_be_worse(gate):
    verdict = judge(scores(100), domain=gate)
    assert verdict.verdict == "keep"
    assert "ruled out" in verdict.paragraph
    assert judge(scores(1000), domain=gate).verdict == "promote"


def test_costs_decide_where_the_domain_has_them(gate):
    costly = parse_domain(
        "loans",
        gate.text + '[features.amount]\nkind = "number"\n[value]\ncolumn = "amount"\n'
        "cost = { lend = { decline = 1.0 }, decline = { lend = 0.05 } }\n",
    )
    frame = scores(500).assign(value=100.0)
    frame["challenger_action"] = "decline"
    assert judge(frame, domain=gate).verdict == "keep"
    against = judge(frame, domain=costly).evidence["against"]["champion"]
    assert against["gain"]["low"] > 0 > against["accuracy"]["high"]


def test_agreement_is_judged_where_no_outcome_exists(gate):
    silent = gate.model_copy(update={"outcome": None})
    verdict = judge(scores(400, challenger=0.6), domain=silent)
    assert verdict.evidence["measure"] == "agreement"
    assert "agreed with the final decision" in verdict.paragraph


def test_selective_outcomes_are_judged_on_explored_cases(gate):
    selective = gate.model_copy(
        update={"outcome": gate.outcome.model_copy(update={"observed_after": ("lend",), "explore": 0.1})}
    )
    frame = scores(400).assign(explore=np.arange(400) % 4 == 0)
    assert judge(frame, domain=selective).evidence["cases"] == 100


def test_evidence_is_json_and_says_what_people_taught(gate):
    verdict = judge(scores(300, challenger=0.6), domain=gate)
    evidence = json.loads(json.dumps(verdict.evidence, allow_nan=False))
    assert evidence["taught"]["low"] <= evidence["taught"]["value"] <= evidence["taught"]["high"]
    assert "What people taught" in verdict.paragraph


def test_a_version_that_used_no_call_claims_nothing_of_what_people_taught(gate):
    frame = scores(300, challenger=0.6)
    verdict = judge(frame[[c for c in frame if not c.startswith("sibling")]], domain=gate)
    taught = verdict.evidence["taught"]
    assert (taught["value"], taught["low"], taught["high"]) == (0.0, 0.0, 0.0)
    assert "outcomes alone" in taught["why"]
    assert "taught this version nothing" in verdict.paragraph


def test_unresolved_cases_do_not_count(gate):
    frame = scores(200)
    frame.loc[::2, "right_action"] = None
    assert judge(frame, domain=gate).evidence["cases"] == 100


def test_a_challenger_no_better_is_seldom_promoted(gate):
    verdicts = [judge(scores(200, challenger=-0.15, seed=s), domain=gate).verdict for s in range(40)]
    assert verdicts.count("promote") <= 4


def test_newer_outcomes_that_contradict_what_was_known_hold_a_better_challenger_back(gate):
    frame = scores(1500, challenger=0.9)
    earlier = np.arange(1500) < 100
    other = frame["challenger_action"].map({"lend": "decline", "decline": "lend"})
    frame["right_action"] = frame["right_action"].where(~earlier, other)
    frame["champion_action"] = frame["champion_action"].where(~earlier, frame["right_action"])
    without = judge(frame.drop(columns="branch"), domain=gate)
    assert without.verdict == "promote"
    verdict = judge(frame.drop(columns="branch").assign(earlier=earlier), domain=gate)
    assert verdict.verdict == "keep" and verdict.evidence["why"] == "contradicts"
    assert "Either the world has changed, or some of them are wrong" in verdict.paragraph
    assert "outcome was known before the champion was trained, it is worse by" in verdict.paragraph


def test_a_failed_lesson_test_keeps_the_champion_and_names_its_author(gate):
    frame = scores(400, challenger=0.6)
    failed = Examined("t1", "c9", "c8", "change", "lend", "m1", got="decline")
    verdict = judge(frame, domain=gate, lessons=Checked(failed=(failed,), passed=(failed,)))
    assert verdict.verdict == "keep" and verdict.evidence["why"] == "lessons"
    assert "It fails 1 of 2 lesson tests: m1 says Lend on c9, it would Decline." in verdict.paragraph
    passed = judge(frame, domain=gate, lessons=Checked(passed=(failed,), contested=(failed,), void=(failed,)))
    assert passed.verdict == "promote"
    for said in ("passes the one lesson test", "1 lesson test is void", "1 lesson test is contested"):
        assert said in passed.paragraph
    json.dumps(passed.evidence, allow_nan=False)


def test_a_lesson_test_does_not_hide_a_worse_reason(gate):
    failed = Examined("t1", "c9", "c8", "change", "lend", "m1", got="decline")
    verdict = judge(scores(400, challenger=-1.0), domain=gate, lessons=Checked(failed=(failed,)))
    assert verdict.evidence["why"] == "worse" and "m1 says Lend" in verdict.paragraph


def test_later_looks_ask_for_more_and_are_seldom_fooled_over_all_of_them(gate):
    frame = scores(400, challenger=0.3)
    first, third = (judge(frame, domain=gate, looks=Looks(look, 2, look)) for look in (1, 3))
    assert (
        third.evidence["against"]["champion"]["gain"]["low"]
        < first.evidence["against"]["champion"]["gain"]["low"]
    )
    assert sum(1 - level_of(k) for k in range(2, 2000)) / 2 < 0.05
    assert "in 3 verdicts" in third.paragraph and "98.3" not in first.paragraph


def test_a_version_judged_again_keeps_what_its_twins_showed(gate):
    held = {"value": 0.02, "low": 0.01, "high": 0.03, "n": 200, "why": ""}
    bare = scores(300, challenger=0.6)
    bare = bare[[c for c in bare if not c.startswith(("sibling", "twin"))]]
    assert judge(bare, domain=gate, taught_before=held).evidence["taught"] == held
