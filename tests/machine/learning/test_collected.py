"""Fields that are being collected are read once enough cases have them; factors kept apart are not combined."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import TrainingRefused
from rhml.machine.learning.apart import together
from rhml.machine.learning.collected import readable
from rhml.machine.learning.fitting import prepare, train

BASE = (
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n[features.a]\n[features.b]\n'
)


def visited(known, n=400):
    rng = np.random.default_rng(3)
    visit = np.where(np.arange(n) < known, rng.integers(0, 2, n), np.nan)
    a, b = rng.normal(size=(2, n))
    right = np.where(a + np.nan_to_num(4 * visit - 2) > 0, 0, 1)
    cases = pd.DataFrame({"a": a, "b": b, "visit": visit, "fold": rng.integers(0, 5, n)})
    actions = np.array(["lend", "decline"], dtype=object)
    return cases.assign(right_action=actions[right]), np.eye(2)[right]


def test_a_collected_field_is_read_from_fifty_values_on():
    domain = parse_domain("loans", BASE + '[features.visit]\nkind = "yes_no"\ncollect = true\n')
    for known, read in ((49, False), (50, True)):
        cases, weights = visited(known)
        assert ("visit" in prepare(cases, weights, domain=domain).encoding.names) is read


def test_a_twentieth_of_many_cases_is_needed():
    domain = parse_domain("loans", BASE + '[features.visit]\nkind = "yes_no"\ncollect = true\n')
    assert [f.name for f in readable(visited(99, 2_000)[0], domain.inputs)] == ["a", "b"]
    assert len(readable(visited(100, 2_000)[0], domain.inputs)) == 3


def test_a_declared_field_is_read_however_rare():
    domain = parse_domain("loans", BASE + '[features.visit]\nkind = "yes_no"\n')
    assert len(readable(visited(3)[0], domain.inputs)) == 3


def test_nothing_but_collected_fields_is_no_training_set():
    domain = parse_domain(
        "loans", 'title="L"\n[actions]\na="A"\nb="B"\n[outcome]\n[features.v]\ncollect = true\n'
    )
    with pytest.raises(TrainingRefused, match="collected"):
        readable(visited(1)[0].assign(v=np.nan), domain.inputs)


def test_factors_kept_apart_share_no_path():
    rng = np.random.default_rng(1)
    facts = pd.DataFrame(rng.normal(size=(500, 5)), columns=list("abcde"))
    right = (facts["a"] + facts["b"] + 4 * facts["a"] * facts["b"] > 0).to_numpy(int)
    cases = facts.assign(
        fold=rng.integers(0, 5, 500), right_action=np.array(["lend", "decline"], dtype=object)[right]
    )
    declared = BASE + "[features.c]\n[features.d]\n[features.e]\n"
    free = parse_domain("loans", declared)
    apart = parse_domain("loans", declared + '[training]\napart = [["a", "b"]]\n')
    scores = [
        (train(cases, np.eye(2)[right], domain=d, seed=1).probabilities(cases).argmax(axis=1) == right).mean()
        for d in (free, apart)
    ]
    assert scores[0] > 0.9 > 0.85 > scores[1]


def test_several_pairs_leave_every_allowed_combination():
    sets = together(("a", "b", "c", "d"), (("a", "b"), ("a", "c")))
    assert sorted(map(sorted, sets)) == [[0, 3], [1, 2, 3]]
