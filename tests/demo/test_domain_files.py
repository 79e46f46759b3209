from pathlib import Path

import pytest

from rhml.core.domain import check_domain, read_domain
from rhml.demo import credit, mortgages, purchases
from rhml.demo.cybersecurity import phishing
from rhml.demo.fields import FIELDS
from rhml.demo.world import DOMAINS

FILES = sorted(DOMAINS.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_domain_file_can_be_used_as_it_stands(path: Path):
    assert check_domain(path.stem, path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_of_a_domain_file_is_commented(path: Path):
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    assert [line for line in lines if "#" not in line] == []


def test_there_is_a_file_for_every_demo_domain():
    assert {path.stem for path in FILES} == {name for field in FIELDS for name in field.domains}


def test_purchase_outcomes_are_complete_and_credit_outcomes_are_selective():
    purchase, selective = (read_domain(DOMAINS / f"{name}.toml") for name in (purchases.NAME, credit.NAME))
    assert not purchase.selective
    assert selective.selective
    assert selective.outcome.observed_after == ("extend",)
    assert 0 < selective.outcome.explore < 0.5


def test_mortgages_have_no_outcome_and_say_so():
    domain = read_domain(DOMAINS / f"{mortgages.NAME}.toml")
    assert domain.outcome is None
    assert "agreement only" in domain.title


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_protected_column_reaches_a_model(path: Path):
    domain = read_domain(path)
    # What is known of those sites says nothing about anybody.
    assert domain.segments.protected or domain.name == phishing.NAME
    assert not {f.name for f in domain.inputs} & set(domain.segments.protected)
