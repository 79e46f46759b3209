"""The Organization page: the first lead, files as jobs, outcomes, roles, the trail, copies."""

import time

import pytest

from rhml.core.domain import parse_domain
from rhml.loop import uploads
from rhml.loop.uploads import File
from rhml.store import frames, jobs, organization
from rhml.ui import audit, resources
from tests.ui.log_of_loans import LOANS, NOW, WITH_OUTCOMES, opened, rows
from tests.ui.log_of_loans import loans_log as loans_log


def said(page) -> str:
    return " ".join(m.value for m in [*page.markdown, *page.info, *page.success, *page.error, *page.caption])


def pressed(page, label):
    return next(b for b in page.button if b.label == label).click().run()


def ended(kind):
    """The newest job of a kind, once it has ended."""
    for _ in range(200):
        found = jobs.latest(resources.store(), kind=kind, limit=1)
        if found and found[0].state not in jobs.OPEN:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_fresh_log_asks_for_its_lead_and_then_for_cases(loans_log):
    loans_log(filled=False)
    page = opened("organization")
    assert "Nobody is named yet" in said(page)
    page.text_input(key="first_name").set_value("m0")
    page = pressed(page, "Start as lead")
    assert not page.exception and organization.people(resources.store()) == {"m0": "lead"}
    assert "one row a case" in said(page)


def bring(text=WITH_OUTCOMES, **files):
    kept = {part: File(f"{part}.csv", frame.to_csv(index=False).encode()) for part, frame in files.items()}
    token = uploads.keep("loans", text, kept)
    resources.ask_for("onboard", domain="loans", by="lead", arguments={"upload": token})
    return ended("onboard")


def test_an_import_is_a_job_whose_end_is_still_there_on_return(loans_log):
    loans_log(outcomes=0)
    table = rows(360)[["case_id", "right_action", "known_at"]]
    assert bring(outcomes=table).state == "done"
    assert "360 new outcomes" in said(opened("organization"))
    assert bring(outcomes=table).message.startswith("Nothing changed")


def test_a_refused_file_shows_row_column_value_problem_and_remedy(loans_log):
    loans_log(outcomes=0)
    table = rows(5)[["case_id", "right_action"]].assign(right_action="maybe")
    assert bring(outcomes=table).state == "refused"
    page = opened("organization")
    assert list(page.dataframe[0].value) == ["Row", "Column", "Value", "Problem", "Remedy"]
    assert page.dataframe[0].value["Row"].tolist() == [2, 3, 4, 5, 6]


def test_new_cases_are_recommended_where_a_model_is_live(loans_log):
    loans_log(versions=1)
    more = rows(365)[["case_id", "amount", "late", "sector", "received_at"]].assign(
        case_id=lambda t: "b" + t["case_id"]
    )
    assert bring(cases=more).state == "done"
    assert ended("recommend").state == "done"
    domain = resources.domain("loans")
    assert len(frames.recommended(resources.store(), domain)) == 365


def test_a_job_row_that_names_a_path_brings_nothing(loans_log):
    loans_log()
    resources.ask_for("onboard", domain="loans", by="lead", arguments={"upload": "../../etc/passwd"})
    assert ended("onboard").state == "refused"


def test_the_overview_counts_each_domain(loans_log):
    loans_log()
    table = opened("organization").dataframe[0].value
    assert table[["Cases", "Decided", "Outcomes", "Live model"]].values.tolist() == [
        [360, 360, 300, "none yet"]
    ]


def test_one_outcome_is_recorded_corrected_and_withdrawn(loans_log):
    loans_log(outcomes=0)
    page = opened("organization", task="Record an outcome")
    page.text_input(key="outcome_case").set_value("a0001")
    page = pressed(page, "Record or correct")
    assert "Recorded" in said(page)
    page.text_input(key="outcome_case").set_value("a0001")
    page.selectbox(key="outcome_action").select("decline")
    assert "Corrected" in said(pressed(page, "Record or correct"))
    page.text_input(key="outcome_case").set_value("a0001")
    assert "withdrawn" in said(pressed(page, "Withdraw the outcome"))


def test_a_domain_file_with_problems_lists_all_of_them(loans_log):
    loans_log()
    page = opened("organization", task="Domain file")
    page.text_area[0].set_value('title = ""\n[actions]\nlend = ""')
    page = pressed(page, "Check and save")
    assert "nothing was changed" in page.error[0].value
    assert len(page.dataframe[0].value) >= 2


def test_a_domain_file_is_saved_as_a_new_version(loans_log):
    loans_log()
    page = opened("organization", task="Domain file")
    text = page.text_area[0].value
    page.text_area[0].set_value(text.replace('"Loans"', '"Small loans"'))
    assert "new version" in said(pressed(page, "Check and save"))
    assert resources.domain("loans").title == "Small loans"


def test_a_lead_adds_people_and_the_last_lead_stays(loans_log):
    loans_log()
    page = opened("organization", section="People")
    page.text_input(key="new_name").set_value("m9")
    pressed(page, "Add")
    assert organization.people(resources.store())["m9"] == "manager"
    page = opened("organization", section="People")
    page.selectbox(key="changed_person").select("lead")
    page = pressed(page, "Change")
    assert "at least one lead" in page.error[0].value


@pytest.mark.parametrize("person", ["m1", "analyst"])
def test_others_than_leads_bring_nothing_and_see_no_backup(loans_log, person):
    loans_log()
    page = opened("organization")
    page.selectbox(key="person").select(person).run()
    assert not page.exception and "A lead may" in said(page)
    assert "Backup" not in page.segmented_control[0].options


def test_the_audit_trail_is_filtered_by_the_address(loans_log):
    loans_log()
    page = opened("organization", section="Audit trail", kind="role")
    assert not page.exception
    assert set(page.dataframe[0].value["Kind"]) == {"role"}
    assert page.dataframe[0].value["What"].tolist() == [
        "nobody → manager",
        "nobody → lead",
        "nobody → analyst",
    ]


def test_the_audit_trail_calls_actions_as_the_buttons_do(loans_log):
    loans_log()
    page = opened("organization", section="Audit trail", about="a0001", kind="decision")
    [line] = page.dataframe[0].value.to_dict("records")
    assert line["After"] in ("Lend", "Decline")
    assert line["What"].startswith(f"from an older log: {line['After']}")


@pytest.mark.parametrize(
    ("kind", "detail", "told"),
    [
        ("decision", "lend against decline: we lend to them", "Lend against Decline: we lend to them"),
        ("decision", "own call: lend; marked lend: wrong", "own call: Lend; marked lend: wrong"),
        ("conflict", "resolved: instead lend: they lend too", "resolved: instead Lend: they lend too"),
        ("conflict", "signature refused: do not lend", "signature refused: do not lend"),
        ("role", "lend", "lend"),
    ],
)
def test_what_a_person_wrote_stays_as_it_is_in_the_trail(kind, detail, told):
    line = {"happened_at": NOW, "actor": "m1", "kind": kind, "subject": "", "was": None, "now": None}
    assert audit._row(line | {"detail": detail}, parse_domain("loans", LOANS))[4:] == (told, "", "")


def test_a_long_audit_trail_has_pages(loans_log):
    loans_log(decisions=False, outcomes=0)
    store = resources.store()
    for i in range(60):
        store.write(lambda tx, i=i: organization.set_role(tx, f"p{i:02}", "manager", at=NOW, by="lead"))
    page = opened("organization", section="Audit trail", kind="role", sheet="2")
    assert not page.exception and not page.error
    assert 0 < len(page.dataframe[0].value) < 60


def test_the_way_from_a_case_to_its_outcome_is_filled_in(loans_log):
    loans_log(outcomes=0)
    page = opened("organization", task="Record an outcome", case="a0001")
    assert "Recorded" in said(pressed(page, "Record or correct"))


def test_a_copy_is_made_as_a_job_and_offered(loans_log):
    loans_log()
    page = opened("organization", section="Backup")
    assert "No copy has been made yet" in said(page)
    page.button(key="make_copy").click().run()
    made = ended("backup")
    assert made.state == "done"
    assert made.result["file"] in said(opened("organization", section="Backup"))
