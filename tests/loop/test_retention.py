"""A domain's retention period: decided cases older than it are erased, nothing that waits, and training goes on."""

from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DomainInvalid
from rhml.loop import kinds, retention
from rhml.loop.onboard import onboard
from rhml.loop.retrain import retrain
from rhml.loop.verify import verify
from rhml.store import frames, jobs, organization, registry
from tests.loans import LOANS, NOW, csv, loan_cases, right_action

KEPT = LOANS + "[retention]\ndays = 30\n"


@pytest.fixture
def kept(log, resolved_loans):
    """Those of `resolved_loans`, whose cases are due between the first and the twenty-eighth of February."""
    domain = parse_domain("loans", KEPT)
    log.write(lambda tx: organization.save_domain(tx, domain, at=NOW, by="lead"))
    return domain


LATER = NOW + timedelta(days=12)


def test_without_a_period_nothing_is_due(log, resolved_loans):
    found = retention.due(log, resolved_loans, now=NOW + timedelta(days=5_000))
    assert found.cases == 0 and "keeps everything" in found.sentence(resolved_loans)
    assert retention.retain(log, resolved_loans, by="lead", at=NOW) == 0


def test_what_was_closed_before_the_period_is_due_and_what_is_open_is_not(log, kept):
    found = retention.due(log, kept, now=LATER)
    [(waiting,)] = log.read("SELECT count(*) FROM loans.pending")
    known = log.read(
        "SELECT count(*) FROM loans.current_outcomes WHERE known_at > $1", [LATER - timedelta(days=30)]
    )
    assert 0 < found.cases < 300 - waiting
    assert known == [(200,)], "the outcome came later than the decision, so it counts"
    assert found.cases <= 40


def test_a_preview_answers_for_another_period(log, kept):
    assert retention.due(log, kept, now=LATER, days=1).cases == 240


def test_what_is_due_is_erased_and_the_rest_teaches_on(log, kept):
    due, waiting = retention.due(log, kept, now=LATER).cases, log.read("SELECT count(*) FROM loans.waiting")
    counts = log.read("SELECT count(*), count(DISTINCT manager), count(right_action) FROM loans.decided")
    assert retention.retain(log, kept, by="lead", at=LATER) == due
    assert retention.due(log, kept, now=LATER).cases == 0
    assert (
        log.read("SELECT count(*), count(DISTINCT manager), count(right_action) FROM loans.decided") == counts
    )
    assert log.read("SELECT count(*) FROM loans.waiting") == waiting
    assert len(frames.cases(log, kept)) == 300 - due
    found = verify(log)
    assert found.sound, found.lines()
    [told] = found.chains[-1].erased
    assert told.count == due and f"{due} erased cases" in told.sentence


def test_a_model_learns_from_what_is_kept(log, kept):
    def learned():
        done = retrain(log, kept, by="lead", at=LATER, seed=1, progress=lambda share, words: None)
        return registry.version(log, kept.name, done.version).card["cases"]

    before = learned()
    due = retention.retain(log, kept, by="lead", at=LATER - timedelta(days=12) + timedelta(days=14))
    assert due and not log.read("SELECT 1 FROM loans.cases WHERE amount IS NULL")
    fresh = loan_cases(100, start=400)
    known = {"case_id": fresh["case_id"], "right_action": right_action(fresh), "known_at": "2026-03-10"}
    onboard(
        log, kept, cases=csv(fresh), outcomes=csv(fresh.assign(**known)[list(known)]), by="lead", at=LATER
    )
    bank = len(log.read("SELECT 1 FROM loans.cases c JOIN loans.current_outcomes USING (case_id) WHERE NOT bank "
                        "AND case_id NOT LIKE 'erased%'"))  # fmt: skip
    assert learned() == bank != before


def test_the_clock_waits_a_day_after_the_period_was_written_down(log, kept):
    assert retention.to_ask(log, NOW + timedelta(hours=20)) == []
    kinds.by_the_clock(log, LATER)
    assert [job.kind for job in jobs.latest(log, kind=retention.KIND)] == [retention.KIND]


@pytest.mark.parametrize("wrong", ['keep = ["nothing"]', "days = 0", 'days = "30"', "years = 3"])
def test_a_period_that_means_nothing_is_refused(wrong):
    with pytest.raises(DomainInvalid):
        parse_domain("loans", LOANS + f"[retention]\n{wrong}\n")


def test_a_domain_says_what_an_erased_case_keeps():
    assert parse_domain("loans", LOANS).kept_columns == ("sector", "region", "amount")
    assert parse_domain("loans", LOANS + '[retention]\nkeep = ["late"]\n').kept_columns == ("late",)
    assert parse_domain("loans", LOANS + "[retention]\nkeep = []\n").kept_columns == ()
