"""Growth and versions through the doors: two versions promoted, people who call first before and after."""

from datetime import timedelta

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import RhmlError
from rhml.loop import behind
from rhml.loop.asked import Asked
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.growth import growth, replay
from rhml.loop.recommend import recommend_waiting
from rhml.loop.report import PARTS
from rhml.loop.versions import versions
from rhml.store import case_file, frames, organization, registry, waiting
from rhml.store.opening import open_store
from rhml.store.waiting import Queue
from tests.loans import LOANS, NOW
from tests.loop.teaching import OTHER, bring, make_live, quiet, train
from tests.past_loans import past_loans

SHARES = "first_call = 1.0\nevidence_only = 0.0\n[training]\nbank = 0.4\n"


def decided(log, domain, day, right_of_10):
    """Everybody calls first, then follows; so many of ten calls are right."""
    at = NOW + timedelta(days=day)
    right = frames.cases(log, domain).set_index("case_id")["right_action"]
    rows = waiting.page(log, domain, Queue("nobody"), now=at, limit=1_000)
    for k, case_id in enumerate(row["case_id"] for row in rows):
        own = right[case_id] if k * 7 % 10 < right_of_10 else OTHER[right[case_id]]
        who, moment = f"m{k % 3}", at + timedelta(minutes=k)
        commit_first_call(log, domain, case_id, own, manager=who, at=moment)
        shown = case_file.waiting_row(log, domain, case_id)["recommendation_id"]
        why = {"reason": "New information", "rationale": "x"}
        decide(log, domain, Choice(case_id, own, recommendation_id=shown, **why), manager=who, at=moment)


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    path = tmp_path_factory.mktemp("logs") / "growth.duckdb"
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", LOANS + SHARES)
    for day, start, right_of_10 in ((1, 0, 6), (2, 2_000, 9)):
        bring(log, domain, 90, start=start)
        make_live(log, domain, train(log, domain).version, anyway=True)
        recommend_waiting(log, domain, at=NOW, progress=quiet)
        decided(log, domain, day, right_of_10)
    yield log, domain
    log.close()


def test_growth_compares_the_first_version_shown_with_the_newest(learned):
    log, domain = learned
    found = growth(Asked(log, domain))
    assert found.versions == ("v1", "v2") and not found.why
    assert found.people.change.value + found.model.change.value == pytest.approx(found.total.change.value)
    assert found.people.change.value > 0
    assert found.counts["bank_cases"] == found.counts["bank_replayed"]


def test_versions_are_asked_anew_about_the_bank_and_never_about_other_cases(learned):
    log, domain = learned
    asked = Asked(log, domain)
    found = versions(asked)
    cases = frames.cases(log, domain)
    bank = cases[cases["bank"] & cases["right_action"].notna()]
    assert found.replayed == found.bank_cases == len(bank)
    actions, sure = replay(log, domain, "v2", bank)
    right = np.array([domain.action_keys.index(a) for a in bank["right_action"]])
    assert found.rows[1].bank.accuracy.value == pytest.approx((actions == right).mean())
    assert ((sure >= 0.5) & (sure <= 1)).all()
    assert [cycle.version for cycle in found.cycles] == ["", "v1", "v2"]
    assert found.uses == len(registry.versions(log, "loans"))


def test_the_calls_behind_the_parts_are_those_that_were_counted(learned):
    log, domain = learned
    asked = Asked(log, domain)
    earlier, later = (behind.behind(asked, f"growth:{half}") for half in ("earlier", "later"))
    # Calls of a person on a kind of case that the person met in one half only cannot be compared.
    assert 0.9 <= growth(asked).counts["calls"] / (len(earlier.rows) + len(later.rows)) <= 1
    assert later.rows["right"].mean() > earlier.rows["right"].mean()


def test_the_cases_on_which_two_versions_part_are_listed_either_way(learned):
    log, domain = learned
    asked = Asked(log, domain)
    against = versions(asked).rows[1].against_before
    for key, count in (("versions:v2:v1", against.only_this), ("versions:v1:v2", against.only_other)):
        listed = behind.behind(asked, key)
        assert len(listed.rows) == count and listed.rows["bank"].all()
    with pytest.raises(RhmlError, match="not stored"):
        behind.behind(asked, "versions:v1:v9")


def test_an_imported_log_whose_models_are_not_stored_says_that_growth_cannot_be_known(log, loans):
    past_loans(log, loans)
    asked = Asked(log, organization.domain(log, "loans"))
    found = growth(asked)
    assert found.why.startswith("Cannot be known: the models that recommended in this log are not stored")
    assert versions(asked).rows[0].live.accuracy.known


def test_the_parts_are_in_the_report():
    assert {"growth", "versions", "complementarity_detail"} <= set(PARTS)
