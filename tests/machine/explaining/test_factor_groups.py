import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.explaining import factor_groups as module
from rhml.machine.explaining.factor_groups import factor_groups
from rhml.machine.learning.fitting import train

NUMBERS = ("income", "loan", "debt", "age", "tenure")
TEXT = (
    'title = "L"\n[actions]\nlend = "L"\ndecline = "D"\n[outcome]\n'
    + "".join(f'[features.{name}]\nkind = "number"\n' for name in NUMBERS)
    + "".join(f'[features.{name}]\nkind = "category"\n' for name in ("band", "region"))
)


def trained(correlation, seed=1, n=1_000):
    """Loans where the loan follows the income as closely as told, and a band is the debt in words."""
    rng = np.random.default_rng(seed)
    cases = pd.DataFrame({name: rng.normal(size=n) for name in NUMBERS})
    rest = np.sqrt(1 - correlation**2)
    cases["loan"] = -(correlation * cases["income"] + rest * rng.normal(size=n))
    cases.loc[::9, "loan"] = np.nan
    cases["band"] = np.array([f"band {b}" for b in rng.permutation(8)], dtype=object)[
        np.digitize(cases["debt"], np.quantile(cases["debt"], np.arange(1, 8) / 8))
    ]
    cases["region"] = rng.choice(["north", "south"], n).astype(object)
    score = 1.5 * cases["income"] - cases["loan"].fillna(0) + 1.2 * cases["debt"] + 0.8 * cases["age"]
    right = (score + rng.logistic(size=n) > 0).astype(int)
    domain = parse_domain("l", TEXT)
    return train(cases, np.eye(2)[right], domain=domain, seed=1), cases


@pytest.fixture(scope="module")
def alike():
    return trained(0.97)


def test_factors_that_say_the_same_are_one_line_numbers_and_categories(alike):
    assert factor_groups(*alike) == (("income", "loan"), ("debt", "band"))


def test_groups_are_the_same_every_time(alike):
    assert factor_groups(*alike) == factor_groups(*alike)


def test_loosely_related_factors_stay_apart():
    model, cases = trained(0.5)
    assert ("income", "loan") not in factor_groups(model, cases)


def test_factors_that_are_missing_together_and_say_different_things_stay_apart():
    rng = np.random.default_rng(3)
    cases = pd.DataFrame({name: rng.normal(size=1_000) for name in NUMBERS}).assign(band=None, region=None)
    gone = rng.random(1_000) < 0.4
    score = np.where(gone, -2.0, cases["income"] + cases["loan"]) + rng.logistic(size=1_000)
    cases.loc[gone, ["income", "loan"]] = np.nan
    model = train(cases, np.eye(2)[(score > 0).astype(int)], domain=parse_domain("l", TEXT), seed=1)
    assert factor_groups(model, cases) == ()


def test_without_a_suspicion_nothing_is_clustered(monkeypatch, model, cases):
    monkeypatch.setattr(module, "_clusters", None)
    assert factor_groups(model, cases) == ()


def test_a_group_names_no_more_than_fits_a_line(monkeypatch, alike):
    monkeypatch.setattr(module, "LARGEST", 1)
    assert factor_groups(*alike) == ()


def test_few_cases_tell_nothing_of_groups(alike):
    model, cases = alike
    assert factor_groups(model, cases.iloc[:30]) == ()


def test_three_actions_have_groups_too(three):
    _, cases, _ = three
    copied = cases.assign(x2=cases["x0"] * 3 + 0.05)
    domain = three[0]
    right = np.array([domain.action_keys.index(a) for a in copied["right_action"]])
    model = train(copied, np.eye(3)[right], domain=domain, seed=1)
    assert factor_groups(model, copied) == (("x0", "x2"),)
