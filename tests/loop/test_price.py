import pytest

from rhml.errors import NoChampion, NotPermitted
from rhml.loop.onboard import onboard
from rhml.loop.price import KIND, as_of, price
from rhml.machine.learning.recipe import learn
from rhml.store import organization, registry, studies
from tests.loans import NOW, csv, loan_cases
from tests.loop.teaching import bring, copy_of, original, quiet, train


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return original(tmp_path_factory, train)


@pytest.fixture
def log(made, tmp_path):
    yield from copy_of(made, tmp_path)


@pytest.fixture
def domain(log):
    return organization.domain(log, "loans")


def test_prices_are_kept_for_their_version_and_say_why_there_are_none(log, domain):
    found = price(log, domain, by="lead", at=NOW, progress=quiet)
    kept = studies.newest(log, "loans", KIND, "v1")
    assert kept.content["why"] == found["why"] and "at least 3 people" in found["why"]
    assert (kept.made_by, kept.made_at) == ("lead", NOW)
    assert studies.newest(log, "loans", KIND, "v2") is None


def test_the_facts_that_a_version_had_learned_from_give_the_same_version_again(log, domain):
    bring(log, domain, 100, start=3000)
    entry = registry.version(log, "loans", "v1")
    cases, calls = as_of(log, domain, entry.learned_from)
    newer = cases["case_id"] >= "a03000"
    assert not cases[newer & ~cases["bank"]]["right_action"].notna().any()
    assert cases[newer & cases["bank"]]["right_action"].notna().any()
    assert learn(cases, calls, domain=domain, seed=7).challenger.version == entry.hash


def test_only_a_lead_has_prices_computed(log, domain):
    log.write(lambda tx: organization.set_role(tx, "m1", "manager", at=NOW, by="lead"))
    with pytest.raises(NotPermitted):
        price(log, domain, by="m1", at=NOW, progress=quiet)


def test_without_a_version_there_is_nothing_to_price(log, domain):
    empty = domain.model_copy(update={"name": "empty"})
    onboard(log, empty, cases=csv(loan_cases(5)), by="lead", at=NOW)
    with pytest.raises(NoChampion, match="Retrain first"):
        price(log, empty, by="lead", at=NOW, progress=quiet)
