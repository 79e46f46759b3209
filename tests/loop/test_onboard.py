import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DomainInvalid, ImportRefused, NotPermitted
from rhml.loop import backup, teams, uploads
from rhml.loop.onboard import check, onboard
from rhml.loop.uploads import File
from rhml.store import organization, registry
from rhml.store.opening import open_store
from tests.loans import LOANS, csv, loan_cases, right_action


def quiet(share, message):
    pass


def given(count=60):
    cases = loan_cases(count)
    outcomes = pd.DataFrame({"case_id": cases["case_id"], "right_action": right_action(cases)})
    decisions = pd.DataFrame({"case_id": cases["case_id"][:20], "manager": "m1", "final_action": "lend"})
    return {"cases": csv(cases), "outcomes": csv(outcomes), "decisions": csv(decisions)}


def test_the_same_files_again_change_nothing_and_say_so(log, loans, now):
    first = onboard(log, loans, **given(), by="lead", at=now)
    assert first.words == "Imported: the domain file, 60 new cases, 60 new outcomes, 20 new decisions."
    again = onboard(log, loans, **given(), by="lead", at=now)
    assert not again.changed and again.words.startswith("Nothing changed")


def test_more_rows_of_a_known_file_are_counted_apart(log, loans, now):
    onboard(log, loans, cases=csv(loan_cases(60)), by="lead", at=now)
    more = onboard(log, loans, cases=csv(loan_cases(61)), by="lead", at=now)
    assert more.words == "Imported: 1 new case, 60 known cases."


def test_a_refused_file_leaves_nothing_of_the_others(log, loans, now):
    files = given() | {"outcomes": csv(pd.DataFrame({"case_id": ["a00001"], "right_action": ["maybe"]}))}
    with pytest.raises(ImportRefused):
        onboard(log, loans, **files, by="lead", at=now)
    assert organization.domain_names(log) == []


def test_problems_of_all_files_come_at_once(log, loans, now):
    files = {
        "cases": csv(loan_cases(3).assign(amount=["1", "x", "3"])),
        "outcomes": csv(pd.DataFrame({"case_id": ["a00001"], "right_action": ["maybe"]})),
    }
    with pytest.raises(ImportRefused) as refused:
        check(log, loans, **files, now=now)
    assert {p.column for p in refused.value.problems} == {"amount", "right_action"}


def test_a_refused_case_file_does_not_make_its_cases_unknown(log, loans, now):
    files = given(3) | {"cases": csv(loan_cases(3).assign(amount=["1", "x", "3"]))}
    with pytest.raises(ImportRefused) as refused:
        check(log, loans, **files, now=now)
    assert [p.column for p in refused.value.problems] == ["amount"]


def test_the_headline_counts_problems_beyond_those_listed(log, loans, now):
    with pytest.raises(ImportRefused, match="500 problems; the first 200"):
        check(log, loans, cases=csv(loan_cases(500).assign(amount="x")), now=now)


def test_only_a_lead_brings_data(log, loans, now):
    teams.set_role(log, "lead", "lead", by="lead", at=now)
    teams.set_role(log, "m1", "manager", by="lead", at=now)
    with pytest.raises(NotPermitted):
        onboard(log, loans, by="m1", at=now)


def test_a_new_version_of_the_file_is_a_fact_beside_the_old_one(log, resolved_loans, now):
    text = LOANS.replace('title = "Loans"', 'title = "Small loans"')
    done = onboard(log, parse_domain("loans", text), by="lead", at=now)
    assert done.words == "Imported: the domain file."
    assert organization.domain(log, "loans").title == "Small loans"
    assert log.read("SELECT count(*) FROM rhml.domain_files") == [(2,)]


def test_an_action_that_was_decided_on_cannot_leave_the_file(log, resolved_loans, now):
    text = LOANS.replace('decline = "Decline"', 'refuse = "Refuse"')
    with pytest.raises(DomainInvalid, match="'decline' is missing"):
        onboard(log, parse_domain("loans", text), by="lead", at=now)


def test_actions_keep_their_order_once_a_model_is_live(log, resolved_loans, now):
    turned = parse_domain(
        "loans", LOANS.replace('lend = "Lend"\ndecline = "Decline"', 'decline = "D"\nlend = "L"')
    )
    more = parse_domain("loans", LOANS.replace('decline = "Decline"', 'decline = "Decline"\nwait = "Wait"'))
    onboard(log, turned, by="lead", at=now)
    onboard(log, resolved_loans, by="lead", at=now)
    live = registry.Version("v1", "h", ("amount",), {}, "first", "", {}, 1, now, "lead")
    log.write(lambda tx: registry.add(tx, "loans", live, b""))
    log.write(lambda tx: registry.promote(tx, "loans", registry.Promotion("v1", now, "lead", "first", False)))
    with pytest.raises(DomainInvalid, match="another order"):
        onboard(log, turned, by="lead", at=now)
    assert onboard(log, more, by="lead", at=now).changed


def test_another_value_column_changes_what_is_at_stake(log, resolved_loans, now):
    text = LOANS.replace('column = "amount"', 'column = "late"')
    onboard(log, parse_domain("loans", text), by="lead", at=now)
    [(wrong,)] = log.read(
        "SELECT count(*) FROM loans.waiting w JOIN loans.cases c USING (case_id) WHERE w.stake IS DISTINCT FROM c.late"
    )
    assert wrong == 0


def kept(loans, **files):
    named = {part: File(f"{part}.csv", t.frame.to_csv(index=False).encode()) for part, t in files.items()}
    return uploads.keep("loans", loans.text, named)


def test_an_upload_is_imported_once_and_then_gone(log, loans, now):
    token = kept(loans, **given())
    folder = uploads._folders[token]
    assert uploads.bring(log, token, by="lead", at=now, progress=quiet).cases.new == 60
    assert not folder.exists()
    with pytest.raises(uploads.UploadGone, match="Upload them again"):
        uploads.bring(log, token, by="lead", at=now, progress=quiet)


def test_a_refused_upload_is_removed_too(log, loans, now):
    token = kept(loans, cases=csv(loan_cases(2).assign(amount="x")))
    folder = uploads._folders[token]
    with pytest.raises(ImportRefused, match=r"cases\.csv"):
        uploads.bring(log, token, by="lead", at=now, progress=quiet)
    assert not folder.exists()


@pytest.mark.parametrize("token", ["", "../../etc", "/etc", "0" * 32])
def test_a_token_is_no_path(log, now, token):
    with pytest.raises(uploads.UploadGone):
        uploads.bring(log, token, by="lead", at=now, progress=quiet)


def test_a_copy_opens_as_a_log_of_its_own(log, resolved_loans, now):
    made = backup.back_up(log, by="lead", at=now)
    assert backup.copies(log) == [made]
    copy = open_store(f"duckdb:///{made}", now=now)
    assert copy.read("SELECT count(*) FROM loans.decided") == log.read("SELECT count(*) FROM loans.decided")
    assert organization.domain(copy, "loans") == resolved_loans
    copy.close()


def test_a_copy_is_for_leads_alone(log, now):
    teams.set_role(log, "lead", "lead", by="lead", at=now)
    teams.set_role(log, "m1", "manager", by="lead", at=now)
    with pytest.raises(NotPermitted):
        backup.back_up(log, by="m1", at=now)
    assert backup.copies(log) == []


def test_nothing_but_whole_copies_lies_in_the_folder(log, now):
    (backup.folder(log)).mkdir()
    (backup.folder(log) / "log-20260101.partial").write_text("half")
    made = backup.back_up(log, by="lead", at=now)
    assert backup.copies(log) == [made]
