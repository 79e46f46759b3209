from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.loop import teach
from rhml.loop.onboard import onboard
from rhml.store import frames, organization
from tests.loans import LOANS, NOW, csv, loan_cases
from tests.loop.looking_back import decided, proved, score, taught, waiting_ids

LATE = (0.05, 0.2, 0.01, 0.0, 0.0)


@pytest.fixture
def desk(log, resolved_loans):
    """Sixty waiting loans."""
    return resolved_loans


def resolved_as(log, domain, right, *, bank=False):
    """Ids of decided cases on which an action proved right."""
    cases = frames.cases(log, domain)
    return list(cases.loc[(cases["right_action"] == right) & (cases["bank"] == bank), "case_id"])


def test_the_factor_on_the_card_sets_a_dispute_apart(log, desk):
    one, *_ = waiting_ids(log, desk, "first_call")
    score(log, desk, {one: ("decline", LATE)})
    decided(log, desk, one, "lend", first="lend")
    proved(log, desk, one, "decline")
    told, found = taught(log, desk)[one]
    assert (told.called, told.said, told.verdict) == ("lend", 0.9, "spoiled")
    assert (found.apart.part, found.apart.factors, found.apart.points) == ("seen", ("late",), 0.2)
    assert found.typical["late"] == 1.0 and "late" in found.facts


def test_factors_that_the_version_takes_for_one_are_one(log, desk):
    one, *_ = waiting_ids(log, desk, "assisted")
    score(log, desk, {one: ("decline", (0.0, 0.2, 0.0, 0.15, 0.15))})
    decided(log, desk, one, "lend")
    proved(log, desk, one, "lend")
    apart = taught(log, desk)[one][1].apart
    assert (apart.part, apart.factors) == ("misled", ("insured", "founded"))


def test_the_teams_points_are_used_where_they_were_stored(log, desk):
    one, *_ = waiting_ids(log, desk, "assisted")
    score(log, desk, {one: ("decline", LATE, {"team_points": [0.0, 0.19, 0.0, 0.0, 0.0]})})
    decided(log, desk, one, "lend")
    proved(log, desk, one, "decline")
    apart = taught(log, desk)[one][1].apart
    assert apart.by_team and apart.factors == ("amount",)


def test_the_nearest_case_that_went_the_other_way_is_found_among_stored_points(log, desk):
    one, near, far, same, unresolved = waiting_ids(log, desk, "assisted")[:5]
    shown = {
        one: ("decline", LATE),
        near: ("lend", (-0.05, -0.21, -0.01, 0.0, 0.0)),  # nearly the same, seen from the other action
        far: ("decline", (0.3, -0.2, 0.0, 0.0, 0.0)),
        same: ("decline", LATE),
        unresolved: ("decline", LATE),
    }
    score(log, desk, shown)
    for case_id in shown:
        decided(log, desk, case_id, "lend", manager="m1" if case_id == one else "m2")
    for case_id, right in ((one, "decline"), (near, "lend"), (far, "lend"), (same, "decline")):
        proved(log, desk, case_id, right)
    found = taught(log, desk)[one][1].opposite
    assert (found.case_id, found.right_action) == (near, "lend")
    assert found.differs[0] == ("late",)


def test_a_peer_on_the_card_that_went_the_other_way_comes_first(log, desk):
    one, near = waiting_ids(log, desk, "assisted")[:2]
    bank = waiting_ids(log, desk, "assisted", bank=True)[0]
    first, second = resolved_as(log, desk, "lend")[:2]
    peers = [
        bank,
        resolved_as(log, desk, "decline")[0],
        resolved_as(log, desk, "lend", bank=True)[0],
        first,
        second,
    ]
    score(
        log,
        desk,
        {one: ("decline", LATE, {"peers": peers}), near: ("decline", LATE), bank: ("decline", LATE)},
    )
    for case_id in (one, near, bank):
        decided(log, desk, case_id, "lend")
        proved(log, desk, case_id, "decline" if case_id == one else "lend")
    assert taught(log, desk)[one][1].opposite.case_id == first


def test_nothing_of_the_bank_is_ever_told(log, desk):
    plain, bank = waiting_ids(log, desk, "assisted")[0], waiting_ids(log, desk, "assisted", bank=True)[0]
    score(log, desk, {plain: ("decline", LATE), bank: ("decline", LATE)})
    for case_id in (plain, bank):
        decided(log, desk, case_id, "lend")
    proved(log, desk, plain, "decline")
    proved(log, desk, bank, "lend")
    found = taught(log, desk)
    assert set(found) == {plain} and found[plain][1].opposite is None
    one = found[plain][0]
    forged = teach.hindsight_of(
        log, desk, [type(one)(**{**one.__dict__, "decision_id": _decision(log, bank), "case_id": bank})],
        words_of=lambda version: ((), {}, ()),
    )  # fmt: skip
    assert forged == {}


def _decision(log, case_id):
    [(decision_id,)] = log.read('SELECT decision_id FROM "loans".decisions WHERE case_id = $1', [case_id])
    return decision_id


def test_among_three_actions_the_failed_call_is_the_other_way(log):
    text = LOANS.replace('decline = "Decline"', 'decline = "Decline"\nask = "Ask"')
    domain = parse_domain("loans", text.replace("[modes]", "[modes]\nfirst_call = 0.0\nevidence_only = 0.0"))
    onboard(log, domain, cases=csv(loan_cases(60)), by="lead", at=NOW)
    one, asked, lent = waiting_ids(log, domain, "assisted")[:3]

    def shown(late):
        by_action = [-0.1, -late, 0, 0, 0, 0.05, late, 0, 0, 0, 0.05, 0, 0, 0, 0]
        return ("decline", (0.05, late, 0, 0, 0), {"by_action": [float(p) for p in by_action]})

    score(log, domain, {one: shown(0.2), asked: shown(0.2), lent: shown(0.0)})
    for case_id, right in ((one, "decline"), (asked, "ask"), (lent, "lend")):
        decided(log, domain, case_id, "lend")
        proved(log, domain, case_id, right)
    _, found = taught(log, domain)[one]
    assert found.opposite.case_id == lent
    assert found.apart.factors == ("late",) and found.apart.points == pytest.approx(0.4)


def test_a_value_that_came_later_is_told_as_it_was_on_the_card(log):
    text = LOANS.replace("[features.late]", "[features.late]\ncollect = true")
    domain = parse_domain("loans", text)
    cases = loan_cases(60)
    onboard(log, domain, cases=csv(cases.assign(late=None)), by="lead", at=NOW)
    one, *_ = waiting_ids(log, domain, "assisted")
    score(log, domain, {one: ("decline", LATE)})
    decided(log, domain, one, "lend")
    onboard(log, domain, cases=csv(cases.assign(late=3)), by="lead", at=NOW + timedelta(days=1))
    proved(log, domain, one, "decline", days=2)
    assert taught(log, domain)[one][1].facts["late"] is None


def test_an_imported_decision_has_nothing_stored_to_look_at(log, desk):
    cases = frames.cases(log, desk)
    theirs = set(frames.decided_by(log, desk, "m2")["case_id"])
    one = next(c for c in cases.loc[~cases["bank"] & cases["right_action"].isna(), "case_id"] if c in theirs)
    proved(log, desk, one, "lend", days=2)
    assert taught(log, desk, "m2")[one][1] is None


def test_what_was_seen_once_stays_seen(log, desk):
    later = NOW + timedelta(days=3)
    teach.acknowledge(log, desk, "m1", until=later)
    teach.acknowledge(log, desk, "m1", until=NOW)
    assert organization.last_visit(log, "m1", desk.name) == later
