from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from rhml.reports.calls import Calls
from rhml.reports.cycles import Given, cycles
from rhml.reports.improvement import improvement
from rhml.reports.replayed import Replayed
from rhml.reports.version_rows import Known
from rhml.reports.versions import versions

KEYS = np.array(["lend", "decline"], object)
START = datetime(2025, 1, 1)


@pytest.fixture
def eight(decisions, domain):
    """Eight cycles of thirty days: people and versions get better from one to the next by what is given."""

    def build(n=1_600, people=0.04, model=0.04, count=8, seed=1):
        rng = np.random.default_rng(seed)
        spans = [
            (
                f"v{k + 1}",
                START + timedelta(days=30 * k),
                START + timedelta(days=30 * (k + 1)) if k < count - 1 else None,
            )
            for k in range(count)
        ]
        times = pd.Timestamp(START) + pd.to_timedelta(np.arange(n) * 30 * count / n, unit="D")
        cycle = np.minimum(np.arange(n) * count // n, count - 1)
        right, luck, bank = rng.integers(0, 2, n), rng.random(n), rng.random(n) < 0.3
        own = np.where(rng.random(n) < 0.55 + people * cycle, right, 1 - right)
        frame = decisions(
            n, first_action=KEYS[own], recommended_action=KEYS[right], final_action=KEYS[right], right_action=KEYS[right],
            model_version=np.array([f"v{k + 1}" for k in cycle]), decided_at=times, known_at=times, bank=bank,
        )  # fmt: skip
        of = domain()
        answers = {
            f"v{k + 1}": np.where((luck < 0.55 + model * k) == (right == 0), 0.8, 0.2)[bank]
            for k in range(count)
        }
        both = {name: np.column_stack([first, 1 - first]) for name, first in answers.items()}
        replayed = Replayed.on(frame[bank], both, of, of=int(bank.sum()))
        known = [Known(v, since, since, until, is_live=until is None) for v, since, until in spans]
        calls = Calls.of(frame, of)
        return (
            calls,
            spans,
            replayed,
            versions(calls, replayed, known, spans),
            [Given(decisions=n // count)] * count,
        )

    return build


def test_eight_cycles_show_both_learners_with_intervals(eight):
    found = cycles(*eight())
    assert [one.number for one in found.cycles] == list(range(1, 9))
    for who in ("human", "model"):
        measures = [getattr(one, who) for one in found.cycles]
        assert all(m.low < m.value < m.high for m in measures)
        assert measures[-1].value - measures[0].value > 0.15
    assert found.drawn


def test_the_words_are_those_of_the_report_and_of_versions(eight):
    given = eight()
    found = cycles(*given)
    calls = given[0]
    report = improvement(calls.frame, domain=calls.domain, seed=7, calls=calls)
    assert found.people.verdict == report.human.verdict
    assert found.people.change == report.human.change
    assert found.people_sentence.startswith("People: improved, +")
    assert found.model_words == given[3].live.against_first.verdict.words == "improved"
    assert given[3].sentence in found.sentence


def test_where_nobody_learns_nobody_is_said_to(eight):
    said = [cycles(*eight(people=0.0, model=0.0, seed=seed)) for seed in range(12)]
    assert not any("improved" in found.sentence for found in said)


def test_few_calls_are_said_to_be_too_few(eight):
    found = cycles(*eight(n=120))
    assert not any(one.human.known for one in found.cycles)
    assert "too few" in found.people_sentence or "not enough data" in found.people_sentence


def test_left_out_cycles_are_counted_and_numbers_go_on(eight):
    calls, spans, replayed, compared, given = eight()
    found = cycles(calls, spans[3:], replayed, compared, given[3:], first=4)
    assert found.left_out == 3
    assert [one.number for one in found.cycles] == [4, 5, 6, 7, 8]


def test_without_a_version_there_is_no_cycle(eight):
    calls, _, replayed, compared, _ = eight()
    found = cycles(calls, [], replayed, compared, [])
    assert found.why and not found.drawn and found.sentence == found.why


def test_json_has_every_cycle_with_what_was_exchanged(eight):
    plain = cycles(*eight()).as_dict()
    assert plain["cycles"][0]["given"]["decisions"] == 200
    assert plain["cycles"][0]["from"] == START.isoformat() and plain["cycles"][-1]["until"] is None
    assert plain["people"] == plain["model"] == "improved"
