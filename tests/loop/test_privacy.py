"""Under which names people are seen: leads' by name with enough cases, analysts' by other names, few never alone."""

import pytest

from rhml.core.domain import parse_domain
from rhml.loop import privacy
from rhml.loop.decide import Choice, decide
from rhml.loop.explored import explore
from rhml.loop.onboard import onboard
from rhml.store import audit, explorer, organization
from rhml.store.audit import Filter
from rhml.store.explorer import Filters
from rhml.store.questions import question
from rhml.store.questions.question import answer
from rhml.store.veil import pseudonym
from tests.loans import LOANS, csv, loan_cases, right_action

NOBODY = parse_domain("loans", LOANS + '[people]\nrecord = "nobody"\n')
DECIDERS = ("m0", "m1", "m2")


def with_minimum(minimum: int):
    return parse_domain("loans", f"{LOANS}[people]\nminimum = {minimum}\n")


@pytest.fixture
def advised(log, now):
    """180 decisions with recommendations, each third an override; m2 decided on ten cases."""
    domain, cases = with_minimum(50), loan_cases(180)
    right = right_action(cases)
    other = {"lend": "decline", "decline": "lend"}
    rows = cases[["case_id"]].assign(
        manager=["m2" if i < 10 else f"m{i % 2}" for i in range(180)],
        recommended_action=[other[a] if i % 3 == 0 else a for i, a in enumerate(right)],
        final_action=right, reason="New information", rationale="because", decided_at="2026-02-01T09:00:00",
    )  # fmt: skip
    outcomes = cases[["case_id"]].assign(right_action=right, known_at="2026-02-20")
    onboard(log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(rows), by="lead", at=now)
    return domain


def seen(log, domain, role, reader="reader"):
    return privacy.veil(log, domain, reader=reader, role=role)


def test_a_lead_sees_names_of_those_with_enough(log, resolved_loans):
    veil = seen(log, resolved_loans, "lead")
    assert {veil.of(m) for m in DECIDERS} == set(DECIDERS) == set(veil.named)
    assert veil.of("somebody new") == "people with fewer than 50"


@pytest.mark.parametrize(
    ("domain", "role"), [(NOBODY, "lead"), (NOBODY, "analyst"), (with_minimum(50), "analyst")]
)
def test_others_see_names_that_stand_for_people(log, resolved_loans, domain, role):
    veil = seen(log, domain, role)
    assert [veil.of(m) for m in DECIDERS] == [pseudonym(log.secret, m) for m in DECIDERS]
    assert len({veil.of(m) for m in DECIDERS}) == 3 and veil.named == ()
    assert pseudonym(b"another log", "m1") != pseudonym(log.secret, "m1")


@pytest.mark.parametrize("role", organization.OWN_ONLY)
def test_a_manager_sees_the_own_name_alone(log, resolved_loans, role):
    veil = seen(log, resolved_loans, role, "m1")
    assert [veil.of(m) for m in DECIDERS] == ["another manager", "m1", "another manager"]


@pytest.mark.parametrize("role", ["lead", "analyst"])
def test_everyone_sees_the_own_name(log, resolved_loans, role):
    assert seen(log, with_minimum(1000), role, "m1").of("m1") == "m1"


def test_one_with_few_decisions_never_stands_alone(log, resolved_loans):
    veil = seen(log, with_minimum(67), "lead")  # m2 alone has 66 with an outcome
    assert [veil.of(m) for m in DECIDERS] == ["people with fewer than 67", "m1", "people with fewer than 67"]
    own = seen(log, with_minimum(67), "lead", "m0")
    assert own.of("m0") == "m0" and own.of("m1") == own.of("m2"), "taking oneself away leaves two"


def test_people_are_listed_by_name_with_why_not_and_no_number(log, resolved_loans):
    found = privacy.people(log, with_minimum(67), by="m0")
    assert [p.name for p in found] == ["m1", "m2"]
    assert found[0].why_not == "" and "fewer than 67" in found[1].why_not and "66" not in found[1].why_not


SELECTS = (
    "SELECT manager, count(*) AS n FROM decided GROUP BY ALL",
    "SELECT * FROM overrides",
    "SELECT d FROM decided d",
    "SELECT COLUMNS('man.*') FROM decided",
    "SELECT string_agg(manager, ',') AS all_of_them FROM decided",
    "WITH decided AS (SELECT * FROM decided) SELECT * FROM decided",
    'SELECT "MANAGER" FROM decided UNION SELECT manager FROM overrides',
    "SELECT o.manager FROM decided d JOIN overrides o USING (decision_id)",
    "SELECT #3 FROM decided",
    "SELECT c FROM decided d(a, b, c)",
)


@pytest.mark.parametrize("sql", SELECTS)
def test_no_select_reaches_a_name_behind_the_veil(log, advised, sql):
    shown = answer(log, advised, sql, veil=seen(log, advised, "analyst")).table.to_csv()
    assert not [m for m in DECIDERS if f"{m}," in shown or f"'{m}'" in shown or f"{m}\n" in shown]
    assert pseudonym(log.secret, "m1") in shown and "people with fewer than 50" in shown
    assert question.tells_who(sql)


def test_a_name_in_the_question_finds_nothing_behind_the_veil(log, resolved_loans):
    veil = seen(log, resolved_loans, "analyst")
    sql = "SELECT count(*) AS n FROM decided WHERE manager = 'm0'"
    assert answer(log, resolved_loans, sql, veil=veil).table["n"].tolist() == [0]
    assert answer(log, resolved_loans, sql).table["n"].tolist() == [80]


def test_an_id_made_from_the_name_does_not_tell_it(log, advised):
    """Who knows case, person and time could try names until the id of an imported decision comes out."""
    sql = "SELECT decision_id FROM decided ORDER BY 1"
    plain, veiled = (
        answer(log, advised, sql, veil=v).table["decision_id"] for v in (None, seen(log, advised, "analyst"))
    )
    assert plain.str.startswith("row-").all() and veiled.str.startswith("row-").all()
    assert veiled.nunique() == len(veiled) and not set(plain) & set(veiled)
    both = "SELECT count(*) AS n FROM decided d JOIN overrides o USING (decision_id)"
    kept = answer(log, advised, both, veil=seen(log, advised, "analyst"))
    assert kept.table["n"].tolist() == answer(log, advised, both).table["n"].tolist()


def test_a_question_without_people_tells_of_nobody():
    assert not question.tells_who("SELECT count(*) FROM decided")
    assert not question.tells_who("SELECT * FROM pending")
    assert question.tells_who("SELECT manager FROM overrides")


@pytest.mark.parametrize("role", ["lead", "analyst"])
def test_overrides_are_split_filtered_and_exported_under_the_veil(log, advised, role):
    veil = seen(log, advised, role)
    names = explorer.names(log, advised, veil)["manager"]
    assert len(names) == 2 and "people with fewer than 50" in names and "m2" not in names
    found = explore(log, advised, Filters(seen_by=veil), ["manager"])
    assert sorted(part.name for part in found.parts) == sorted(names)
    assert sum(part.overridden for part in found.parts) == found.total.overridden == 60
    for name in names:
        only = Filters((("manager", (name,)),), seen_by=veil)
        assert set(explorer.exported(log, advised, only)["manager"]) == {name}
        assert {row["manager"] for row in explorer.listed(log, advised, only, 1)} == {name}
        assert [part.name for part in explore(log, advised, only, ["manager"]).parts] == [name]
    assert explorer.exported(log, advised, Filters((("manager", ("m2",)),), seen_by=veil)).empty
    assert (
        not explorer.exported(log, advised, Filters(seen_by=veil))["decision_id"]
        .isin(explorer.exported(log, advised, Filters())["decision_id"])
        .any()
    )


def test_the_audit_trail_names_deciders_to_leads_alone(log, advised, now):
    onboard(log, advised, cases=csv(loan_cases(2, start=500)), by="lead", at=now)
    decide(log, advised, Choice("a00500", "lend"), manager="m0", at=now)
    veil = seen(log, advised, "analyst")
    named, veiled = (
        audit.page(log, advised, Filter(kind="decision", seen_by=v))[0]["actor"] for v in (None, veil)
    )
    assert named == "m0" and veiled == veil.of("m0") != "m0"
    assert audit.page(log, advised, Filter(actor="m0", seen_by=veil)) == []
    assert "m0" not in audit.actors(log, advised, veil) and "lead" in audit.actors(log, advised, veil)
    assert "m0" not in set(audit.frame(log, advised, Filter(seen_by=veil), limit=1000)["actor"])
