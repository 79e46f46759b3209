from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.loop import decide, onboard, queue, resolve, teams
from rhml.loop.decide import Choice
from rhml.store import audit
from rhml.store.audit import KINDS, LINES, Filter
from rhml.store.veil import Veil
from tests.loans import LOANS


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


def test_every_fact_of_the_log_is_in_the_trail(log, busy):
    facts = log.read(
        "SELECT DISTINCT table_name FROM information_schema.columns "
        "WHERE column_name = 'seq' AND table_schema IN ('rhml', $1) AND table_name IN "
        "(SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')",
        [busy.name],
    )
    told = {table for line in LINES for table in line.tables}
    assert {table for (table,) in facts} == told


def test_a_corrected_outcome_says_from_what_to_what(log, busy, now):
    resolve.resolve_one(log, busy, "a00250", "decline", known_at=now, by="lead", at=now + timedelta(hours=1))
    newest = lines(log, busy, kind="outcome")[0]
    assert (newest["was"], newest["now"]) == ("lend", "decline")
    [line] = lines(log, busy, kind="outcome corrected")
    assert (line["subject"], line["was"], line["now"]) == ("a00250", "lend", "decline")


def test_a_reversal_leads_from_the_decision_back_to_waiting(log, busy):
    [line] = lines(log, busy, kind="reversal")
    assert (line["was"], line["now"]) == ("lend", "waiting again")


def test_an_assignment_says_from_whom_to_whom(log, busy, now):
    for minute, person in enumerate(("m1", "m2"), 10):
        queue.assign(log, busy, "a00291", to=person, manager="lead", at=now + timedelta(minutes=minute))
    newest = lines(log, busy, kind="queue")[0]
    assert (newest["was"], newest["now"]) == ("m1", "m2")


def test_a_changed_domain_file_names_the_keys_that_changed(log, busy, now):
    changed = parse_domain("loans", LOANS.replace("look_above = 0.05", "") + "\n[people]\nminimum = 60\n")
    onboard.onboard(log, changed, by="lead", at=now + timedelta(hours=1))
    newest = lines(log, busy, kind="domain file")[0]
    assert "people.minimum = 60" in newest["now"] and "people.minimum = —" in newest["was"]


def test_the_trail_of_one_case_has_each_of_its_facts_alone(log, busy):
    found = lines(log, busy, case_id="a00290")
    assert [line["kind"] for line in found] == ["reversal", "decision", "import"]
    assert {line["subject"] for line in found} == {"a00290"}
    older = lines(log, busy, case_id="a00000")
    assert [line["kind"] for line in older if line["detail"].startswith("from an older log")] == ["decision"]


def test_a_period_takes_its_first_moment_and_leaves_its_last(log, busy, now):
    span = {"since": now + timedelta(minutes=1), "until": now + timedelta(minutes=3)}
    assert [line["kind"] for line in lines(log, busy, **span)] == ["role", "role"]
    assert audit.count(log, busy, Filter(**span)) == 2


def test_one_name_that_stands_for_several_gives_the_lines_of_all_of_them(log, busy):
    veil = Veil((("reader", "reader"),), "others")
    assert {line["actor"] for line in lines(log, busy, actor="others", seen_by=veil)} == {"others"}
    assert audit.count(log, busy, Filter("others", "decision", veil)) == 1
    assert "m1" not in audit.actors(log, busy, veil, "reader")


def test_what_judges_models_is_kept_from_who_called_on_it(log, busy, now):
    [(case_id,), *_] = log.read(
        "SELECT case_id FROM loans.cases WHERE bank AND case_id >= 'a00240' ORDER BY 1"
    )
    decide.decide(log, busy, Choice(case_id, "lend"), manager="m1", at=now)
    resolve.resolve_one(log, busy, case_id, "decline", known_at=now, by="lead", at=now)
    told = {
        reader: lines(log, busy, case_id=case_id, kind="outcome", reader=reader)[0]
        for reader in ("m1", "lead")
    }
    assert told["lead"]["now"] == "decline"
    assert told["m1"]["now"] is None and "kept back" in told["m1"]["detail"]


def test_practice_is_nobody_elses_business(log, busy, now):
    log.write(lambda tx: tx.append("loans.drills", ("seq", "drill_id", "manager", "kind", "plan", "begun_at"),
                                   [(10_000, "d", "m1", "drill", "[]", now)]))  # fmt: skip
    assert lines(log, busy, kind="practice", reader="lead")[0]["actor"] == "somebody"
    assert lines(log, busy, kind="practice", reader="m1")[0]["actor"] == "m1"
    assert lines(log, busy, kind="practice", reader="lead", actor="m1") == []
