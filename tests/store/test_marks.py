from rhml.core.domain import parse_domain
from rhml.intake.tables import Table
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.onboard import onboard
from rhml.store import frames, marks
from tests.messages import TRIAGE, messages

FIRST = TRIAGE + "[modes]\nfirst_call = 1.0\nevidence_only = 0.0\n"


def test_words_marked_on_an_own_call_count_with_the_decision_that_followed(log, now):
    domain = parse_domain("triage", FIRST)
    cases = messages(4, 1, noise=0.0).drop(columns=["right_action", "received_at"], errors="ignore")
    onboard(log, domain, cases=Table(cases, "test", False), by="lead", at=now)
    case, text = cases["case_id"].iloc[0], cases["message"].iloc[0]
    said = ((f"message:{text.split()[0]}", "matters"),)
    commit_first_call(log, domain, case, "watch", manager="m1", at=now, confidence=None, marks=said)
    assert marks.of_calls(log, domain).empty
    decide(log, domain, Choice(case, "watch", marks=(*said, ("links", "matters"))), manager="m1", at=now)
    found = marks.of_calls(log, domain)
    assert sorted(found["factor"]) == sorted([said[0][0], "links"])
    assert len(frames.marks(log, domain)) == 2
