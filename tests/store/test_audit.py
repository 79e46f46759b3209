from datetime import timedelta

import pytest

from rhml.loop import decide, resolve, teams
from rhml.loop.decide import Choice
from rhml.store import audit
from rhml.store.audit import KINDS, Filter


@pytest.fixture
def busy(log, resolved_loans, now):
    """A log in which a lead, a manager and an outcome did something, minutes apart."""
    at = [now + timedelta(minutes=m) for m in range(1, 6)]
    teams.set_role(log, "lead", "lead", by="lead", at=at[0])
    teams.set_role(log, "m1", "manager", by="lead", at=at[1])
    made = decide.decide(log, resolved_loans, Choice("a00290", "lend"), manager="m1", at=at[2])
    decide.reverse(log, resolved_loans, made.decision_id, by="m1", at=at[3], why="=typed too fast")
    resolve.resolve_one(log, resolved_loans, "a00250", "lend", known_at=now, by="lead", at=at[4])
    return resolved_loans


def lines(log, domain, **wanted):
    return audit.page(log, domain, Filter(**wanted))


def test_the_newest_line_comes_first_with_who_and_what(log, busy):
    newest = lines(log, busy)[0]
    assert (newest["actor"], newest["kind"], newest["subject"]) == ("lead", "outcome", "a00250")
    assert newest["detail"] == "lend proved right"


def test_an_import_is_one_line_a_kind_of_fact(log, busy):
    imports = [line["detail"] for line in lines(log, busy, kind="import")]
    assert sorted(imports) == ["240 decisions of an older log", "300 cases"]
    assert "200 outcomes" in [line["detail"] for line in lines(log, busy, kind="outcome")]


def test_a_reversal_and_the_decision_it_takes_back_both_stay(log, busy):
    found = [(line["kind"], line["detail"]) for line in lines(log, busy, actor="m1")]
    assert ("reversal", "took back lend: =typed too fast") in found
    assert ("decision", "lend") in found


def test_a_role_change_says_from_what_to_what(log, busy, now):
    teams.set_role(log, "m1", "analyst", by="lead", at=now + timedelta(hours=1))
    assert lines(log, busy, kind="role")[0]["detail"] == "manager → analyst"


def test_a_new_domain_file_is_a_new_version(log, busy):
    assert [line["detail"] for line in lines(log, busy, kind="domain file")] == ["version 1"]


def test_each_kind_alone_gives_its_own_lines(log, busy):
    for kind in KINDS:
        assert {line["kind"] for line in lines(log, busy, kind=kind)} <= {kind}


def test_kinds_add_up_to_the_whole(log, busy):
    assert sum(audit.count(log, busy, Filter(kind=k)) for k in KINDS) == audit.count(log, busy, Filter())


def test_pages_are_disjoint_and_complete(log, busy):
    whole = audit.frame(log, busy, Filter(), limit=1000)
    pages = [audit.page(log, busy, Filter(), limit=3, offset=o) for o in range(0, len(whole), 3)]
    assert [line["detail"] for page in pages for line in page] == whole["detail"].tolist()


def test_without_a_domain_the_organization_alone_speaks(log, busy):
    assert {line["kind"] for line in lines(log, None)} == {"role", "domain file"}
    assert lines(log, None, kind="decision") == []


def test_actors_are_everyone_who_did_something(log, busy):
    assert {"lead", "m1"} <= set(audit.actors(log, busy))


def test_a_hostile_actor_is_only_a_name(log, busy):
    assert lines(log, busy, actor="x' OR 1=1 --") == []
