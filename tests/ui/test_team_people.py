"""Team → People, Who looked, and every other door to one person's numbers, tried by whoever should not pass."""

import re

import pytest

from rhml.intake.tables import read_bytes
from rhml.loop.decide import Choice, decide
from rhml.loop.onboard import onboard
from rhml.store import looks, organization
from rhml.store.veil import pseudonym
from rhml.ui import resources, words
from tests.ui.log_of_loans import NOW, WITH_OUTCOMES, opened
from tests.ui.log_of_loans import loans_log as loans_log

NOBODY = WITH_OUTCOMES + '[people]\nrecord = "nobody"\n'
FEW = "people with fewer than 50"


def said(page) -> str:
    shown = (*page.markdown, *page.info, *page.error, *page.caption, *page.header)
    tables = [t.value.to_csv() for t in (*page.dataframe, *page.table)]
    return " ".join([*(one.value for one in shown), *tables])


def seen_as(person: str, name: str, **query: str):
    page = opened(name, **query)
    page.selectbox(key="person").select(person).run()
    assert not page.exception
    return page


def people(person="lead", **query: str):
    return seen_as(person, "team", view="People", **query)


def by_person(page) -> set[str]:
    """The first column of the table by person."""
    [table] = [html.body for html in page.get("html") if "grid people" in html.body]
    return set(re.findall(r"<tr><td>(.*?)</td>", table))


def logged() -> list[tuple[str, str, str]]:
    return sorted({(k.by, k.about, k.what) for k in looks.listed(resources.store(), "loans")})


def look_at(person: str, why="yearly talk"):
    page = people()
    page.selectbox(key="of").select(person).run()
    page.text_input(key="why_look_text").input(why)
    return next(b for b in page.button if b.label == "Look at the record").click().run()


def test_a_lead_sees_a_record_after_giving_a_reason_and_the_person_reads_it(loans_log):
    loans_log()
    page = people()
    page.selectbox(key="of").select("m1").run()
    assert "Final decisions right" not in said(page) and logged() == []
    page = look_at("m1", why="yearly <b>talk</b>")
    assert not page.exception and "Final decisions right" in said(page)
    assert logged() == [("lead", "m1", "record")]
    page.run()
    assert len(looks.listed(resources.store(), "loans")) == 1

    mine = seen_as("m1", "my_learning", view="Who looked")
    assert "**1 look**" in said(mine) and words.plain("yearly <b>talk</b>") in said(mine)
    others = seen_as("lead", "my_learning", view="Who looked")
    assert "yearly" not in said(others)


def test_without_a_reason_nothing_is_shown_or_written(loans_log):
    loans_log()
    page = look_at("m1", why="   ")
    assert "Say why" in page.error[0].value and "Final decisions right" not in said(page)
    assert logged() == []


def test_who_has_few_decisions_is_named_with_the_reason_and_no_number(loans_log):
    loans_log()
    page = people()
    assert page.selectbox(key="of").options == ["m1", "m2"]
    assert "m3 has fewer than 50 decisions with a known outcome" in said(page)


@pytest.mark.parametrize("person", ["m1", "analyst"])
def test_who_is_no_lead_finds_no_person_to_choose(loans_log, person):
    loans_log()
    page = people(person, of="m2")
    assert not [s for s in page.selectbox if s.key == "of"]
    assert "Only a lead may look" in said(page) and "m2" not in said(page) and logged() == []


def test_where_the_domain_says_nobody_a_lead_chooses_nobody(loans_log):
    loans_log(text=NOBODY)
    page = people()
    assert not [s for s in page.selectbox if s.key == "of"] and "Nobody looks at another" in said(page)


def test_a_split_by_person_is_a_look_at_those_it_names(loans_log):
    loans_log()
    opened("overrides")
    assert logged() == []
    page = opened("overrides", split="Manager")
    names = by_person(page)
    [shown] = names - {FEW}
    assert FEW in names and "m3" not in names, "a line of one would be that person's own"
    assert logged() == [("lead", shown, "overrides by person")]


def test_a_filter_by_person_is_a_look_and_asks_nothing(loans_log):
    loans_log()
    [shown] = by_person(opened("overrides", split="Manager")) - {FEW}
    page = opened("overrides", in_manager=shown)
    assert page.multiselect(key="in_manager").value == [shown]
    assert ("lead", shown, "overrides of one person") in logged()


@pytest.mark.parametrize("text", [NOBODY, WITH_OUTCOMES])
def test_a_filter_for_somebody_with_few_decisions_cannot_be_set_by_the_address(loans_log, text):
    loans_log(text=text)
    page = opened("overrides", in_manager="m3")
    assert page.multiselect(key="in_manager").value == [] and "m3" not in said(page)


@pytest.mark.parametrize(("person", "text"), [("analyst", WITH_OUTCOMES), ("lead", NOBODY)])
def test_other_names_stand_for_people_and_nothing_is_logged(loans_log, person, text):
    loans_log(text=text)
    page = seen_as(person, "overrides", split="Manager", in_manager="m1")
    names = {pseudonym(resources.store().secret, m) for m in ("m1", "m2")} | {FEW}
    assert by_person(page) < names
    assert page.multiselect(key="in_manager").value == []
    assert not [m for m in ("m1", "m2", "m3") if f"· {m} ·" in said(page)]
    assert not [by for by, _, _ in logged() if by == person]


def test_a_filter_of_a_lead_is_gone_once_an_analyst_looks(loans_log):
    loans_log()
    [shown] = by_person(opened("overrides", split="Manager")) - {FEW}
    page = opened("overrides", in_manager=shown)
    before = logged()
    page.selectbox(key="person").select("analyst").run()
    assert not page.exception and f"· {shown} ·" not in said(page)
    assert logged() == before


def ask(page, sql):
    page.text_area(key="question").set_value(sql)
    return next(b for b in page.button if b.label == "Run").click().run()


def test_a_question_that_can_tell_people_apart_is_a_look_at_each(loans_log):
    loans_log()
    page = ask(opened("ask"), "SELECT count(*) AS n FROM decided")
    assert logged() == []
    page = ask(page, "SELECT manager, count(*) AS n FROM decided GROUP BY ALL")
    [shown] = set(page.dataframe[0].value["manager"]) - {FEW}
    assert logged() == [("lead", shown, "question")]
    assert "on record" in said(page) or "see on *My learning*" in said(page)


def test_an_error_that_carries_a_number_out_is_a_look_too(loans_log):
    loans_log()
    page = ask(opened("ask"), "SELECT error(string_agg(manager, ',')) FROM decided")
    assert page.error and "m3" not in page.error[0].value
    assert [what for _, _, what in logged()] == ["question"]


def test_an_analysts_question_finds_other_names(loans_log):
    loans_log()
    page = ask(seen_as("analyst", "ask"), "SELECT DISTINCT manager FROM decided")
    assert not {"m1", "m2", "m3"} & set(page.dataframe[0].value["manager"])
    assert logged() == []


def test_an_analyst_reads_the_audit_trail_without_deciders_names(loans_log):
    loans_log()
    with_decision()
    page = seen_as("analyst", "organization", section="Audit trail", kind="decision")
    assert "m1" not in set(page.dataframe[0].value["Who"])
    assert "m1" not in page.selectbox(key="actor").options


def test_a_lead_reading_one_persons_lines_is_on_record(loans_log):
    loans_log()
    with_decision()
    page = opened("organization", section="Audit trail")
    assert logged() == []
    page.selectbox(key="actor").select("m1").run()
    assert not page.exception and logged() == [("lead", "m1", "audit trail")]


def with_decision() -> None:
    """m1 decides a new case in the app."""
    store = resources.store()
    domain = organization.domain(store, "loans")
    onboard(
        store,
        domain,
        cases=read_bytes("t.csv", b"case_id,amount,late,sector\nz1,500,1,retail\n"),
        by="lead",
        at=NOW,
    )
    decide(store, domain, Choice("z1", "lend"), manager="m1", at=NOW)


def test_a_closed_case_tells_an_analyst_no_name(loans_log):
    loans_log()
    text = said(seen_as("analyst", "decide", case="a0001"))
    assert "decided" in text
    assert not [m for m in ("m1", "m2", "m3") if f" {m} " in text]
