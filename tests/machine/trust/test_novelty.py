import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.trust.novelty import NEAREST, Surroundings
from rhml.machine.trust.space import Space

DOMAIN = parse_domain(
    "suppliers",
    'title = "S"\n[actions]\na = "A"\nb = "B"\n'
    '[features.amount]\nlabel = "Amount"\nkind = "number"\n'
    '[features.tenure]\nlabel = "Tenure"\nkind = "number"\n'
    '[features.sector]\nlabel = "Sector"\nkind = "category"\n'
    '[features.known]\nkind = "yes_no"\n'
    '[features.since]\nlabel = "Founded"\nkind = "date"\n'
    '[features.note]\nkind = "text"\n'
    '[features.size]\nkind = "number"\nuse = false\n',
)


def suppliers(n, seed):
    """Amounts grow with tenure, with a long tail; a few gaps; one rare sector."""
    rng = np.random.default_rng(seed)
    tenure = rng.gamma(2, 4, n).round()
    received = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="h")
    return pd.DataFrame(
        {
            "received_at": received,
            "amount": np.where(rng.random(n) < 0.05, np.nan, (tenure + 1) * np.exp(rng.normal(7, 0.4, n))),
            "tenure": tenure,
            "sector": rng.choice(["retail", "crafts", "space"], n, p=[0.6, 0.38, 0.02]),
            "known": rng.choice([0.0, 1.0, np.nan], n),
            "since": received - pd.to_timedelta(rng.integers(100, 9000, n), unit="D"),
            "note": "text",
            "size": 1.0,
        }
    )


@pytest.fixture(scope="module")
def around():
    return Surroundings.fit(suppliers(1500, 1), DOMAIN)


def one(around, **facts):
    case = suppliers(1, 9).assign(amount=9000.0, tenure=7.0, sector="retail", known=1.0)
    return around.look(case.assign(**facts))[1][0]


def test_of_ordinary_cases_about_one_in_a_hundred_is_marked(around):
    shares = [np.mean([s is not None for s in around.look(suppliers(1500, seed))[1]]) for seed in (2, 3, 4)]
    assert 0.001 < np.mean(shares) < 0.02


def test_chances_of_ordinary_cases_are_even(around):
    chances = around.look(suppliers(1500, 5))[0]
    assert abs(np.mean(chances < 0.2) - 0.2) < 0.05
    assert abs(np.mean(chances) - 0.5) < 0.05


def test_each_value_is_usual_and_the_two_together_are_not(around):
    assert one(around) is None
    assert one(around, amount=2000.0, tenure=0.0) is None
    assert one(around, amount=45_000.0, tenure=26.0, since=pd.Timestamp("2018-01-01")) is None
    said = one(around, amount=60_000.0, tenure=0.0)
    assert "Amount 60,000" in said and "Tenure 0" in said and "Sector" not in said
    assert f"Even the {NEAREST} nearest of 1,500 cases" in said


def test_a_number_far_beyond_all_others_is_named_with_what_is_near(around):
    said = one(around, amount=9_000_000.0)
    assert said.startswith("Unlike anything the model learned from: Amount 9,000,000 (the nearest: ")


def test_gaps_unseen_words_and_absent_columns_are_places_like_others(around):
    assert isinstance(one(around, sector="moon", amount=np.nan), str | None)
    bare = suppliers(3, 7)[["received_at", "tenure"]]
    chances, said = around.look(bare)
    assert len(said) == 3 and np.all(chances > 0)
    assert around.look(suppliers(0, 7))[1] == []


def test_what_no_model_reads_makes_no_case_unusual(around):
    assert one(around, size=1e12, note="x" * 900) is None


def test_what_this_version_does_not_read_yet_makes_no_case_unusual():
    seen = suppliers(500, 1).assign(amount=np.nan)
    around = Surroundings.fit(seen, DOMAIN, reads=("tenure", "sector", "known", "since"))
    assert np.mean([s is not None for s in around.look(suppliers(500, 2))[1]]) < 0.03


def test_a_date_counts_by_its_age_so_time_passing_is_no_news(around):
    later = suppliers(400, 8)
    for column in ("received_at", "since"):
        later[column] += pd.Timedelta(days=2000)
    assert np.mean([s is not None for s in around.look(later)[1]]) < 0.03


def test_of_few_training_cases_nothing_is_said():
    assert Surroundings.fit(suppliers(150, 1), DOMAIN) is None


def test_the_space_survives_as_plain_values():
    cases = suppliers(300, 1)
    space = Space.fit(cases, DOMAIN)
    again = Space.from_dict(space.to_dict(), DOMAIN)
    assert np.array_equal(space.place(cases).numbers, again.place(cases).numbers)
    assert np.array_equal(space.place(cases).codes, again.place(cases).codes)
