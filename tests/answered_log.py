"""A log under a live model with decisions made here, two promotions, a rollback and a correction of an outcome."""

from datetime import timedelta

from rhml.core.domain import parse_domain
from rhml.intake.outcomes import check_outcomes
from rhml.loop import decide, onboard, resolve, teams
from rhml.loop.decide import Choice
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.loop.steps import silent
from rhml.store import case_file
from tests.loans import LOANS, NOW, csv, loan_cases, right_action

TEXT = LOANS + '[card]\nowner = "Lending desk"\nintended_use = "Small loans"\n'
DAY = timedelta(days=1)


def other(action: str) -> str:
    return "decline" if action == "lend" else "lend"


def answered(log):
    """Three spells: v1, v2 against its verdict, v1 again; 60 decisions under v1, every third an override."""
    domain = parse_domain("loans", TEXT)
    cases = loan_cases(320)
    right = right_action(cases)
    outcomes = cases[["case_id"]].iloc[:200].assign(right_action=right[:200], known_at="2026-03-01")
    older = (
        cases[["case_id"]].iloc[:220].assign(manager="m0", final_action=right[:220], decided_at="2026-02-20")
    )
    onboard.onboard(
        log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(older), by="ann lead", at=NOW
    )
    teams.set_role(log, "ann lead", "lead", by="ann lead", at=NOW)
    first = retrain(log, domain, by="ann lead", at=NOW, progress=silent)
    promote(log, domain, first.version, by="ann lead", why="the first", at=NOW)
    recommend_waiting(log, domain, at=NOW, progress=silent)
    _decide(log, domain)
    more = cases[["case_id"]].iloc[220:270].assign(right_action=right[220:270], known_at="2026-03-03")
    resolve.resolve(log, domain, _checked(domain, log, more), by="ann lead", at=NOW + DAY)
    second = retrain(log, domain, by="ann lead", at=NOW + DAY, progress=silent)
    promote(log, domain, second.version, by="ann lead", why="newer", at=NOW + DAY, anyway=True)
    promote(log, domain, first.version, by="ann lead", why="back again", at=NOW + 2 * DAY, anyway=True)
    return domain


def _checked(domain, log, outcomes):
    return check_outcomes(csv(outcomes), domain, case_file.known_ids(log, domain), now=NOW + DAY).frame


def _decide(log, domain):
    waits = log.read(
        "SELECT case_id, recommendation_id, action, mode FROM loans.waiting ORDER BY case_id LIMIT 60"
    )
    for place, (case_id, recommendation_id, action, mode) in enumerate(waits):
        at, manager = NOW + timedelta(minutes=place), f"m{place % 2 + 1} miller"
        final = other(action) if place % 3 == 0 else action
        if mode != "assisted":
            decide.commit_first_call(log, domain, case_id, final, manager=manager, at=at)
        reason = "New information" if final != action else None
        choice = Choice(
            case_id,
            final,
            recommendation_id,
            0.7,
            reason,
            "because <b>it</b> rains" if reason else "",
            (),
            30.0,
        )
        decide.decide(log, domain, choice, manager=manager, at=at)
