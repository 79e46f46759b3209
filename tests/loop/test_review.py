from datetime import timedelta

import pytest

from rhml.core.domain import check_domain, parse_domain
from rhml.errors import (
    DecisionInvalid,
    NotPermitted,
    RationaleMissing,
    ReviewRefused,
)
from rhml.loop import queue
from rhml.loop.decide import Choice, commit_first_call, decide, reverse
from rhml.loop.onboard import onboard
from rhml.loop.resolve import resolve_one
from rhml.loop.review import blind, conflict, review, review_card
from rhml.loop.review.opinion import give, may_give
from rhml.loop.review.sign import refuse, sign
from rhml.loop.teams import set_role
from rhml.store import case_file, organization, waiting
from rhml.store.review import conflicts, reviews
from tests.loans import LOANS, NOW, csv, loan_cases
from tests.recommended import recommend, shown_id, waiting_in

RULES = """
[governance]
second_signature_above = 0
signature_for = ["lend"]
second_opinion = 1.0
conflict_when_sure = 0.85
conflict_when_escalated = true
"""
PEOPLE = {"l1": "lead", "l2": "lead", "m1": "manager", "m2": "manager", "m3": "manager", "a1": "analyst"}


def ruled(log, rules):
    domain = parse_domain("loans", LOANS + rules)
    onboard(log, domain, cases=csv(loan_cases(60)), by="l1", at=NOW)
    for person, role in PEOPLE.items():
        set_role(log, person, role, by="l1", at=NOW)
    recommend(log, domain)
    return domain


@pytest.fixture
def domain(log):
    return ruled(log, RULES)


@pytest.fixture
def signing(log):
    return ruled(log, '[governance]\nsecond_signature_above = 5000\nsigners = "manager"')


def decided(log, domain, action="lend", *, manager="m1", number=0, reason="Data is wrong"):
    """A decision on an assisted case, whose recommendation is to decline."""
    case_id = number if isinstance(number, str) else waiting_in(log, domain, "assisted", number)
    shown = shown_id(log, domain, case_id)
    choice = Choice(case_id, action, shown, reason=reason if action == "lend" else None, rationale="A typo.")
    return decide(log, domain, choice, manager=manager, at=NOW)


def of_amount(log, where):
    """An assisted case that waits, by its amount."""
    rows = "SELECT c.case_id FROM loans.waiting c JOIN loans.cases k USING (case_id) WHERE c.mode = 'assisted' AND"
    return log.read(f"{rows} {where} ORDER BY c.case_id")[0][0]


def state(log, decision):
    return log.read(
        "SELECT effective_action, state FROM loans.effective WHERE decision_id = $1", [decision.decision_id]
    )[0]


def facts(log):
    return [
        log.read(f"SELECT count(*) FROM loans.{table}")[0][0]
        for table in ("signatures", "opinions", "opinion_texts", "conflicts", "resolutions", "reversals")
    ]


def conflict_of(log, domain, decision):
    [(found, _)] = conflicts.of_decision(log.read, "loans", decision.decision_id)
    return found


def opinion(log, domain, decision, action="decline", manager="m2", **more):
    return give(
        log, domain, decision.case_id, action, manager=manager, at=NOW, rationale="Too much for them.", **more
    )


# What a decision sets going


def test_without_rules_nothing_is_asked_of_anybody(log, resolved_loans):
    recommend(log, resolved_loans)
    made = decided(log, resolved_loans)
    assert facts(log) == [0] * 6
    assert state(log, made) == ("lend", "effective")


def test_a_decision_above_the_limit_is_not_in_force_before_it_is_signed(log, domain):
    made = decided(log, domain)
    assert state(log, made) == (None, "awaiting signature")
    done = sign(log, domain, made.decision_id, by="l1", at=NOW)
    assert (done.author, done.action, done.refused) == ("m1", "lend", False)
    assert state(log, made) == ("lend", "effective")
    assert review.to_sign(log, domain, person="l1", role="lead") == ()


def test_only_the_named_actions_need_a_signature(log, domain):
    assert state(log, decided(log, domain, "decline")) == ("decline", "effective")


def test_the_limit_is_exclusive_and_an_unknown_value_is_not_below_it(log, signing):
    log.write(lambda tx: tx.run("UPDATE loans.cases SET amount = 5000 WHERE case_id = 'a00000'"))
    log.write(
        lambda tx: tx.run("UPDATE loans.waiting SET stake = 5000, mode = 'assisted' WHERE case_id = 'a00000'")
    )
    assert state(log, decided(log, signing, number="a00000")) == ("lend", "effective")
    log.write(lambda tx: tx.run("UPDATE loans.waiting SET stake = NULL"))
    assert state(log, decided(log, signing))[1] == "awaiting signature"


def test_the_list_says_why_and_due_but_not_what_was_decided(log, signing):
    made = decided(log, signing, number=of_amount(log, "k.amount > 5000"))
    [one] = review.to_sign(log, signing, person="m2", role="manager")
    assert (one.decision_id, one.author, one.above) == (made.decision_id, "m1", 5000)
    assert one.value > one.above and one.due_at is not None
    assert not {"lend", "decline"} & set(map(str, vars(one).values()))
    assert review.to_sign(log, signing, person="m1", role="manager") == ()
    assert [o.decision_id for o in review.own_unsigned(log, signing, person="m1")] == [made.decision_id]


# Signing


def test_nobody_signs_their_own_decision(log, signing):
    made = decided(log, signing, number=of_amount(log, "k.amount > 5000"))
    with pytest.raises(ReviewRefused, match="another person's"):
        sign(log, signing, made.decision_id, by="m1", at=NOW)


@pytest.mark.parametrize("person", ["m2", "a1", "nobody here", ""])
def test_only_who_has_the_right_signs(log, domain, person):
    made, before = decided(log, domain), facts(log)
    with pytest.raises(NotPermitted, match="leads sign"):
        sign(log, domain, made.decision_id, by=person, at=NOW)
    assert facts(log) == before


def test_who_lost_the_role_signs_no_more(log, domain):
    made = decided(log, domain)
    set_role(log, "l2", "manager", by="l1", at=NOW)
    with pytest.raises(NotPermitted):
        sign(log, domain, made.decision_id, by="l2", at=NOW)


def test_the_second_of_two_signers_is_told(log, domain):
    made = decided(log, domain)
    sign(log, domain, made.decision_id, by="l1", at=NOW)
    before = facts(log)
    with pytest.raises(ReviewRefused, match="signed this decision meanwhile"):
        sign(log, domain, made.decision_id, by="l2", at=NOW)
    with pytest.raises(ReviewRefused, match="signed this decision meanwhile"):
        refuse(log, domain, made.decision_id, by="l2", why="No.", at=NOW)
    assert facts(log) == before


def test_a_decision_taken_back_awaits_no_signature(log, domain):
    made = decided(log, domain)
    reverse(log, domain, made.decision_id, by="m1", at=NOW)
    assert review.waiting(log, domain) == review.Waiting((), (), ())
    with pytest.raises(ReviewRefused, match="taken back"):
        sign(log, domain, made.decision_id, by="l1", at=NOW)


def test_a_decision_that_needs_none_cannot_be_signed(log, domain):
    made = decided(log, domain, "decline")
    with pytest.raises(ReviewRefused, match="needs no second signature"):
        sign(log, domain, made.decision_id, by="l1", at=NOW)
    with pytest.raises(ReviewRefused, match="no such decision"):
        sign(log, domain, "nothing", by="l1", at=NOW)


def test_refusing_asks_why_and_opens_a_conflict(log, domain):
    made = decided(log, domain)
    with pytest.raises(RationaleMissing):
        refuse(log, domain, made.decision_id, by="l1", why="  ", at=NOW)
    refuse(log, domain, made.decision_id, by="l1", why="The sum is not in the budget.", at=NOW)
    assert state(log, made) == (None, "in conflict")
    [one] = review.disputed(log, domain, person="l2", role="lead")
    assert (one.kind, set(one.parties)) == ("signature refused", {"m1", "l1"})
    with pytest.raises(ReviewRefused, match="refused to sign this meanwhile"):
        sign(log, domain, made.decision_id, by="l2", at=NOW)


# Second opinions


def test_an_opinion_is_drawn_once_for_a_case_and_its_share_is_kept(log, domain):
    made = decided(log, domain, "decline")
    assert log.read("SELECT kind, manager, share, decision_id FROM loans.opinions WHERE kind = 'asked'") == [
        ("asked", "m1", 1.0, made.decision_id)
    ]


def test_an_opinion_of_the_same_mind_changes_nothing(log, domain):
    made = decided(log, domain, "decline")
    done = opinion(log, domain, made, confidence=0.7, seconds=20)
    assert (done.decided, done.differs, done.disputed) == ("decline", False, False)
    assert state(log, made) == ("decline", "effective")
    [(action, confidence, seconds, hashed, said)] = log.read(
        "SELECT o.action, o.confidence, o.seconds, o.rationale_hash, t.text FROM loans.opinions o "
        "JOIN loans.opinion_texts t USING (opinion_id)"
    )
    assert (action, confidence, seconds, said) == ("decline", 0.7, 20, "Too much for them.")
    assert len(hashed) == 64 and said not in hashed


def test_an_opinion_that_differs_opens_a_conflict(log, domain):
    made = decided(log, domain, "decline")
    done = opinion(log, domain, made, "lend")
    assert done.disputed
    assert state(log, made) == ("decline", "in conflict")
    assert [o.kind for o in review.waiting(log, domain).conflicts] == ["opinion differs"]


@pytest.mark.parametrize("person", ["l1", "a1", "nobody here", ""])
def test_only_managers_give_opinions(log, domain, person):
    made = decided(log, domain, "decline")
    with pytest.raises(NotPermitted, match="Second opinions are given by managers"):
        opinion(log, domain, made, manager=person)


def test_who_decided_gives_no_second_opinion(log, domain):
    made = decided(log, domain, "decline")
    with pytest.raises(ReviewRefused, match="decided this case yourself"):
        opinion(log, domain, made, manager="m1")


def test_who_had_the_card_open_gives_none(log, domain):
    case_id = waiting_in(log, domain, "assisted")
    queue.claim(log, domain, case_id, manager="m2", at=NOW)
    log.write(lambda tx: tx.run("UPDATE loans.waiting SET claimed_by = NULL, claimed_until = NULL"))
    made = decided(log, domain, "decline")
    assert made.case_id == case_id
    with pytest.raises(ReviewRefused, match="had this case's card"):
        opinion(log, domain, made)
    assert review.to_judge(log, domain, person="m2", role="manager") == ()
    assert len(review.to_judge(log, domain, person="m3", role="manager")) == 1


def test_who_passed_it_on_or_called_it_gives_none(log, domain):
    case_id = waiting_in(log, domain, "assisted")
    queue.skip(log, domain, case_id, manager="m2", at=NOW)
    made = decided(log, domain, "decline")
    with pytest.raises(ReviewRefused, match="on your desk"):
        may_give(log, domain, made.case_id, manager="m2")


def test_who_has_looked_at_the_decision_gives_none(log, domain):
    made = decided(log, domain, "decline")
    assert blind.hidden(log, domain, made.case_id, person="m2", role="manager")
    blind.saw(log, domain, made.case_id, person="m2", at=NOW)
    with pytest.raises(ReviewRefused, match="before you"):
        opinion(log, domain, made)
    assert not blind.hidden(log, domain, made.case_id, person="m2", role="manager")


def test_who_signed_gives_none(log):
    domain = ruled(log, '[governance]\nsecond_signature_above = 0\nsigners = "manager"\nsecond_opinion = 1.0')
    made = decided(log, domain)
    sign(log, domain, made.decision_id, by="m2", at=NOW)
    with pytest.raises(ReviewRefused, match="have signed"):
        opinion(log, domain, made)


def test_whoever_opens_a_decision_to_sign_it_has_seen_it(log):
    domain = ruled(log, '[governance]\nsecond_signature_above = 0\nsigners = "manager"\nsecond_opinion = 1.0')
    made = decided(log, domain)
    assert blind.hidden(log, domain, made.case_id, person="m2", role="manager")
    words = (tuple(f.name for f in domain.inputs), {}, ())
    review_card.to_sign(log, domain, made.decision_id, person="m2", at=NOW, words_of=lambda version: words)
    with pytest.raises(ReviewRefused, match="before you"):
        opinion(log, domain, made)
    with pytest.raises(ReviewRefused, match="another person's"):
        review_card.to_sign(
            log, domain, made.decision_id, person="m1", at=NOW, words_of=lambda version: words
        )


def test_the_second_of_two_opinions_is_refused(log, domain):
    made = decided(log, domain, "decline")
    opinion(log, domain, made)
    before = facts(log)
    with pytest.raises(ReviewRefused, match="somebody gave it"):
        opinion(log, domain, made, manager="m3")
    with pytest.raises(ReviewRefused, match="given your opinion"):
        opinion(log, domain, made)
    assert facts(log) == before


def test_a_reversal_ends_the_request_and_a_new_decision_asks_anew(log, domain):
    made = decided(log, domain, "decline")
    reverse(log, domain, made.decision_id, by="m1", at=NOW)
    with pytest.raises(ReviewRefused, match="taken back"):
        opinion(log, domain, made)
    again = decided(log, domain, "decline", manager="m3")
    assert again.case_id == made.case_id
    with pytest.raises(ReviewRefused, match="decided this case"):
        opinion(log, domain, again, manager="m1")
    assert opinion(log, domain, again).opinion.decision_id == again.decision_id


def test_nobody_judges_blind_once_the_outcome_is_known(log, domain):
    made = decided(log, domain, "decline")
    resolve_one(log, domain, made.case_id, "lend", known_at=NOW, by="l1", at=NOW)
    assert review.to_judge(log, domain, person="m2", role="manager") == ()
    with pytest.raises(ReviewRefused, match="outcome is known"):
        opinion(log, domain, made)
    assert not blind.hidden(log, domain, made.case_id, person="m2", role="manager")


def test_an_opinion_needs_an_action_a_sentence_and_a_probability(log, domain):
    made, ask = decided(log, domain, "decline"), {"manager": "m2", "at": NOW}
    with pytest.raises(DecisionInvalid, match="no action"):
        give(log, domain, made.case_id, "perhaps", rationale="So.", **ask)
    with pytest.raises(DecisionInvalid, match="probability"):
        give(log, domain, made.case_id, "lend", rationale="So.", confidence=7, **ask)
    with pytest.raises(RationaleMissing, match="rests on"):
        give(log, domain, made.case_id, "lend", rationale=" ", **ask)


# Blind: nothing of it for who may give it


def test_peers_of_other_cards_do_not_tell_the_decision(log, domain):
    made = decided(log, domain, "decline")
    [before] = case_file.peers(log, domain, (made.case_id,))
    assert before["final_action"] is None
    opinion(log, domain, made)
    [after] = case_file.peers(log, domain, (made.case_id,))
    assert after["final_action"] == "decline"


def test_the_decision_is_hidden_from_managers_and_trainees_until_the_opinion_is_given(log, domain):
    made = decided(log, domain, "decline")
    see = {person: blind.hidden(log, domain, made.case_id, person=person, role=role) for person, role in
           (*PEOPLE.items(), ("t1", "trainee"))}  # fmt: skip
    assert see == {"l1": False, "l2": False, "m1": False, "m2": True, "m3": True, "a1": False, "t1": True}
    assert reviews.blind_cases(log, "loans", "m2") == [made.case_id]
    assert reviews.blind_cases(log, "loans", "m1") == []
    opinion(log, domain, made)
    assert not blind.hidden(log, domain, made.case_id, person="m3", role="manager")
    assert log.read("SELECT * FROM loans.blind") == []


def test_a_hidden_decision_cannot_be_disputed_to_learn_of_it(log, domain):
    made = decided(log, domain, "decline")
    with pytest.raises(ReviewRefused, match="no such decision that you"):
        conflict.raise_it(log, domain, made.decision_id, by="m2", why="What is it?", at=NOW)


# The conflict room


def test_an_override_of_a_very_sure_recommendation_is_a_conflict(log, domain):
    ids = log.read("SELECT case_id FROM loans.waiting WHERE probability >= 0.85 AND mode = 'assisted'")
    case_id = ids[0][0]
    choice = Choice(case_id, "lend", shown_id(log, domain, case_id), reason="New information")
    decide(log, domain, choice, manager="m1", at=NOW)
    assert [o.kind for o in review.waiting(log, domain).conflicts] == ["sure model"]
    assert review.waiting(log, domain).signatures == ()


def test_an_escalation_answered_differently_is_a_conflict(log, domain):
    case_id = waiting_in(log, domain, "first_call")
    commit_first_call(log, domain, case_id, "lend", manager="m1", at=NOW)
    queue.escalate(log, domain, case_id, why="Is this allowed?", manager="m1", at=NOW)
    commit_first_call(log, domain, case_id, "decline", manager="l1", at=NOW)
    choice = Choice(case_id, "decline", shown_id(log, domain, case_id))
    made = decide(log, domain, choice, manager="l1", at=NOW)
    [one] = review.waiting(log, domain).conflicts
    assert (one.kind, set(one.parties)) == ("escalation", {"m1", "l1"})
    assert conflicts.said(log.read, "loans", made.decision_id)["asked"][:3] == (
        "lend",
        None,
        "Is this allowed?",
    )


def test_a_conflict_is_raised_by_hand_with_a_sentence_and_once(log, signing):
    made = decided(log, signing, number=3)
    with pytest.raises(RationaleMissing):
        conflict.raise_it(log, signing, made.decision_id, by="m2", why="", at=NOW)
    with pytest.raises(NotPermitted):
        conflict.raise_it(log, signing, made.decision_id, by="a1", why="No.", at=NOW)
    with pytest.raises(ReviewRefused, match="take it back instead"):
        conflict.raise_it(log, signing, made.decision_id, by="m1", why="No.", at=NOW)
    conflict.raise_it(log, signing, made.decision_id, by="m2", why="We lent them last week.", at=NOW)
    with pytest.raises(ReviewRefused, match="in the conflict room already"):
        conflict.raise_it(log, signing, made.decision_id, by="m3", why="So do I.", at=NOW)


def in_conflict(log, domain):
    made = decided(log, domain)
    refuse(log, domain, made.decision_id, by="l1", why="Not in the budget.", at=NOW)
    return made, conflict_of(log, domain, made)


def test_settled_that_the_decision_stands_it_is_in_force(log, domain):
    made, found = in_conflict(log, domain)
    conflict.settle(log, domain, found, "stands", by="l2", why="The budget was raised.", at=NOW)
    assert state(log, made) == ("lend", "effective")


def test_settled_on_another_action_reports_still_judge_the_author(log, domain):
    made, found = in_conflict(log, domain)
    with pytest.raises(DecisionInvalid, match="takes its place"):
        conflict.settle(log, domain, found, "another action", by="l2", why="No.", at=NOW, action="lend")
    conflict.settle(log, domain, found, "another action", by="l2", why="No.", at=NOW, action="decline")
    assert state(log, made) == ("decline", "effective")
    assert log.read("SELECT final_action FROM loans.decided WHERE decision_id = $1", [made.decision_id]) == [
        ("lend",)
    ]
    assert log.read("SELECT count(*) FROM loans.outcomes") == [(0,)]


def test_sent_back_the_case_waits_again(log, domain):
    made, found = in_conflict(log, domain)
    conflict.settle(log, domain, found, "sent back", by="l2", why="Ask them again.", at=NOW)
    assert case_file.waiting_row(log, domain, made.case_id)
    assert log.read("SELECT count(*) FROM loans.effective") == [(0,)]
    assert review.waiting(log, domain).conflicts == ()


def test_a_case_with_an_outcome_is_not_sent_back(log, domain):
    made, found = in_conflict(log, domain)
    resolve_one(log, domain, made.case_id, "lend", known_at=NOW, by="l2", at=NOW)
    before = facts(log)
    with pytest.raises(ReviewRefused, match="known by now"):
        conflict.settle(log, domain, found, "sent back", by="l2", why="Again.", at=NOW)
    assert facts(log) == before


def test_who_has_a_side_settles_nothing(log, domain):
    _, found = in_conflict(log, domain)
    with pytest.raises(ReviewRefused, match="you refused to sign"):
        conflict.settle(log, domain, found, "stands", by="l1", why="So be it.", at=NOW)
    with pytest.raises(NotPermitted, match="only a lead"):
        conflict.settle(log, domain, found, "stands", by="m2", why="So be it.", at=NOW)


def test_settling_asks_why_and_happens_once(log, domain):
    set_role(log, "l3", "lead", by="l1", at=NOW)
    _, found = in_conflict(log, domain)
    with pytest.raises(RationaleMissing):
        conflict.settle(log, domain, found, "stands", by="l2", why="", at=NOW)
    with pytest.raises(DecisionInvalid, match="no result"):
        conflict.settle(log, domain, found, "burnt", by="l2", why="x", at=NOW)
    conflict.settle(log, domain, found, "stands", by="l2", why="Good.", at=NOW)
    before = facts(log)
    with pytest.raises(ReviewRefused, match="settled this meanwhile"):
        conflict.settle(log, domain, found, "sent back", by="l3", why="Bad.", at=NOW)
    assert facts(log) == before


def test_a_conflict_ends_when_its_decision_is_taken_back(log, domain):
    made, found = in_conflict(log, domain)
    reverse(log, domain, made.decision_id, by="m1", at=NOW)
    assert review.waiting(log, domain).conflicts == ()
    with pytest.raises(ReviewRefused, match="taken back meanwhile"):
        conflict.settle(log, domain, found, "stands", by="l2", why="Good.", at=NOW)


def test_what_a_lead_settled_its_author_does_not_undo(log, domain):
    made, found = in_conflict(log, domain)
    conflict.settle(log, domain, found, "another action", by="l2", why="No.", at=NOW, action="decline")
    with pytest.raises(ReviewRefused, match="settled this"):
        reverse(log, domain, made.decision_id, by="m1", at=NOW)
    reverse(log, domain, made.decision_id, by="l2", why="New facts.", at=NOW)


def test_a_later_opinion_reopens_nothing(log, domain):
    made, found = in_conflict(log, domain)
    conflict.settle(log, domain, found, "stands", by="l2", why="Good.", at=NOW)
    assert not opinion(log, domain, made).disputed
    assert state(log, made) == ("lend", "effective")


def test_parties_and_leads_know_of_a_conflict_and_nobody_else(log, domain):
    in_conflict(log, domain)
    know = {p: bool(review.disputed(log, domain, person=p, role=r)) for p, r in PEOPLE.items()}
    assert know == {"l1": True, "l2": True, "m1": True, "m2": False, "m3": False, "a1": False}


def test_an_imported_decision_asks_for_nothing_and_cannot_be_disputed(log, resolved_loans):
    set_role(log, "m9", "lead", by="l1", at=NOW)
    [(found,)] = log.read("SELECT decision_id FROM loans.decisions LIMIT 1")
    with pytest.raises(ReviewRefused, match="older log"):
        conflict.raise_it(log, resolved_loans, found, by="m9", why="Wrong.", at=NOW)


def test_the_export_tells_every_state(log, domain):
    decided(log, domain, "decline")
    decided(log, domain, number=1)
    found = review.effective(log, domain)
    assert sorted(found["state"]) == ["awaiting signature", "effective"]
    assert list(review.effective(log, domain, state="effective")["effective_action"]) == ["decline"]


# The domain file


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("second_signature_above = -1", "greater than or equal to 0"),
        ('second_signature_above = "much"', "valid number"),
        ('signature_for = ["lend"]', "but not above what"),
        ('second_signature_above = 1\nsignature_for = ["lent"]', "no action"),
        ('second_signature_above = 1\nsigners = "anybody"', "lead"),
        ("second_opinion = 1.5", "less than or equal to 1"),
        ("conflict_when_sure = 0.4", "every override would be a conflict"),
        ("third_opinion = 1", "not a key"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused_with_a_sentence(rules, said):
    problems = check_domain("loans", f"{LOANS}[governance]\n{rules}\n")
    assert said in " ".join(map(str, problems))


def test_a_limit_needs_a_value():
    text = (
        LOANS.replace('[value]\ncolumn = "amount"\nunit = "€"\n', "")
        + "[governance]\nsecond_signature_above = 1"
    )
    [problem] = check_domain("loans", text)
    assert "nothing can be above a limit" in str(problem) and "[value]" in problem.remedy


def test_a_waiting_list_made_anew_is_the_same_with_reviews(log, domain):
    decided(log, domain)
    before = waiting.page(log, domain, waiting.Queue("m2"), now=NOW + timedelta(1), limit=100)
    log.write(lambda tx: waiting.rebuild(tx, domain))
    after = waiting.page(log, domain, waiting.Queue("m2"), now=NOW + timedelta(1), limit=100)
    assert [r["case_id"] for r in before] == [r["case_id"] for r in after]
    assert organization.people(log)["l1"] == "lead"
