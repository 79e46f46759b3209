"""The report says everything under fixed names, for the rows asked for, in plain JSON."""

import json
from datetime import datetime

import numpy as np
import pytest

from rhml.errors import RhmlError
from rhml.reports.report import report

REGION = '[features.region]\nkind = "category"\nuse = false\n[segments]\ncolumns = ["region"]\n'

KEYS = (
    "decisions", "resolved", "with_both_calls", "human", "model", "team", "oracle", "complementarity", "rair",
    "rsr", "switch_fraction", "weight_of_advice", "error_correlation", "override_precision", "human_all",
    "model_all", "team_all", "improvement", "segments", "overrides",
)  # fmt: skip


@pytest.fixture
def frame(year):
    return year(600, region=np.where(np.arange(600) % 3 == 0, "north", "south"))


def test_every_key_is_there_and_every_measure_whole(frame, domain):
    plain = json.loads(json.dumps(report(frame, domain=domain(REGION), seed=1).as_dict(), allow_nan=False))
    assert set(KEYS) <= set(plain)
    for name in KEYS[3:17]:
        assert set(plain[name]) == {"value", "low", "high", "n", "why"}
    assert all("verdict" in plain["improvement"][who] for who in ("human", "model", "team"))
    assert [segment["segment"] for segment in plain["segments"]] == ["south", "north"]
    assert {"by_reason", "by_direction", "rescued"} <= set(plain["overrides"])


def test_a_report_of_nothing_is_whole_too(frame, domain):
    plain = json.loads(
        json.dumps(report(frame[:0], domain=domain(REGION), seed=1).as_dict(), allow_nan=False)
    )
    assert set(KEYS) <= set(plain)
    assert (plain["decisions"], plain["human"]["value"]) == (0, None)


def test_a_period_starts_with_since_and_ends_before_until(frame, domain):
    cut = datetime(2025, 6, 1)
    before, after = (
        report(frame, domain=domain(REGION), seed=1, **span).reliance.decisions
        for span in ({"until": cut}, {"since": cut})
    )
    assert before + after == 600
    assert before == (frame["decided_at"] < cut).sum()


def test_one_segment_alone(frame, domain):
    found = report(frame, domain=domain(REGION), seed=1, segment=("region", "north"))
    assert found.reliance.decisions == 200
    assert found.as_dict()["segment"] == "region=north"


def test_a_band_of_the_whole_log_can_be_read_in_a_span(year, domain):
    of = domain('[features.age]\nkind = "number"\nuse = false\n[segments]\ncolumns = ["age"]\n')
    frame = year(400, age=np.arange(400.0))
    name = "0 to 99.75"  # the lowest quarter of all, and no quarter of the span
    found = report(frame, domain=of, seed=1, since=datetime(2025, 2, 1), segment=("age", name))
    assert 0 < found.reliance.decisions < 100
    with pytest.raises(RhmlError, match="No decision is in age"):
        report(frame, domain=of, seed=1, since=datetime(2025, 8, 1), segment=("age", name))


def test_an_unknown_segment_is_refused_with_those_there_are(frame, domain):
    with pytest.raises(RhmlError, match="north, south"):
        report(frame, domain=domain(REGION), seed=1, segment=("region", "east"))
    with pytest.raises(RhmlError, match="Segments: region"):
        report(frame, domain=domain(REGION), seed=1, segment=("colour", "red"))


def test_the_same_decisions_and_seed_give_the_same_report(frame, domain):
    once, again = (report(frame, domain=domain(REGION), seed=3).as_dict() for _ in range(2))
    assert once == again


def test_columns_of_pandas_strings_read_like_objects(frame, domain):
    texts = (
        "case_id",
        "manager",
        "first_action",
        "recommended_action",
        "final_action",
        "right_action",
        "reason",
    )
    strings = frame.assign(explore=None, imported=None).astype(dict.fromkeys((*texts, "region"), "str"))
    assert report(strings, domain=domain(REGION), seed=1).as_dict() == (
        report(frame, domain=domain(REGION), seed=1).as_dict()
    )
