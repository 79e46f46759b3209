"""What was written after the end is suspected with its reason and left out; honest columns are left in peace."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.intake.drafting.draft import planned
from rhml.intake.drafting.writing import write
from rhml.intake.tables import read_bytes
from tests.benchmarks.made_tables import make

N = 400


def doubts(bad, received=None, **columns):
    draw = np.random.default_rng(8)
    frame = pd.DataFrame({
        "id": range(N), "a": draw.normal(size=N) + 0.8 * bad, "b": draw.normal(size=N), "c": draw.normal(size=N),
        "d": draw.choice(["u", "v"], N), **({} if received is None else {"received_on": received}), **columns,
        "default": bad.astype(int),
    })  # fmt: skip
    found = planned(read_bytes("t.csv", frame.to_csv(index=False).encode()), name="t").sketch
    return {c.heading: c.doubt or c.why_not for c in found.columns if c.doubt or c.why_not}


@pytest.fixture
def bad():
    return np.random.default_rng(2).random(N) < 0.3


def test_an_amount_that_only_a_bad_end_has_is_suspected(bad):
    assert "tells the outcome" in doubts(bad, refund=np.where(bad, 7.5, 0.0))["refund"]
    some = bad & (np.random.default_rng(3).random(N) < 0.6)
    assert "not 0" in doubts(bad, refund=np.where(some, 7.5, 0.0))["refund"]


def test_a_date_or_a_word_that_is_filled_in_after_one_end_is_suspected(bad):
    some = bad & (np.random.default_rng(3).random(N) < 0.7)
    assert "filled in" in doubts(bad, exit_date=np.where(some, "2024-03-01", ""))["exit_date"]
    assert "filled in" in doubts(bad, agency=np.where(some, "K1", ""))["agency"]


def test_a_number_far_above_all_others_is_suspected(bad):
    shifted = np.random.default_rng(5).normal(size=N) + 3.2 * bad
    assert "far more than any other" in doubts(bad, index=shifted)["index"]


def test_a_date_after_the_arrival_is_suspected_and_a_plan_is_not(bad):
    arrived = pd.Series(pd.date_range("2024-01-01", periods=N))
    later = (arrived + pd.Timedelta(days=9)).astype(str)
    found = doubts(bad, arrived.astype(str), shipped_on=later, promised_for=later)
    assert "after the arrival" in found["shipped_on"] and "promised_for" not in found


def test_honest_columns_are_left_in_peace(bad):
    draw = np.random.default_rng(6)
    strong = draw.normal(size=N) + 1.6 * bad
    structural = np.where(draw.random(N) < 0.4, np.nan, draw.normal(size=N))
    assert doubts(bad, score=strong, months_since=structural, rare=draw.random(N) < 0.01) == {}


def test_a_suspected_column_is_on_no_card_and_can_be_brought_back(bad):
    frame = pd.DataFrame({"id": range(N), "x": np.random.default_rng(1).normal(size=N), "refund": np.where(bad & (np.arange(N) % 4 > 0), 7.5, 0.0),
                          "default": bad.astype(int)})  # fmt: skip
    text = write(planned(read_bytes("t.csv", frame.to_csv(index=False).encode()), name="t"))
    assert "refund" not in {f.name for f in parse_domain("t", text).features}
    back = (
        text.replace("# [features.refund]", "[features.refund]")
        .replace("\n# kind", "\nkind")
        .replace("\n# label", "\nlabel")
    )
    assert "refund" in {f.name for f in parse_domain("t", back).features}


@pytest.mark.parametrize("seed", [2001, 2002, 2003])
def test_tables_nobody_has_seen_are_guessed_right(seed):
    made = make(seed, rows=300)
    found = planned(read_bytes(made.name, made.content), name="t").sketch
    assert (found.outcome and found.outcome.heading, found.decided and found.decided.heading) == (
        made.outcome,
        made.decision,
    )
    assert found.case_id == made.case_id
    assert set(made.leaks).isdisjoint(c.heading for c in found.features if c.use)
