"""The override feed: in the shape of CDS Hooks feedback, in the order of the log, resumable, naming nobody."""

import io
import json
import shutil
from datetime import timedelta

import pandas as pd
import pytest

from rhml.errors import RhmlError
from rhml.loop import decide, feed
from rhml.loop.feed import CursorInvalid
from rhml.loop.onboard import onboard
from rhml.store.opening import open_store
from tests.answered import WHY, answer, build
from tests.cds_hooks import check
from tests.loans import NOW, csv, loan_cases


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("answered") / "log.duckdb"
    return path, build(path)


@pytest.fixture
def used(template, tmp_path, loans):
    """Twenty recommendations answered, every fourth overridden; the log and who did it."""
    path, made = template
    shutil.copy(path, tmp_path / "log.duckdb")
    log = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    yield log, loans, made
    log.close()


def test_every_decision_on_a_recommendation_is_an_entry_as_the_specification_says(used):
    log, loans, made = used
    found = feed.page(log, loans).body
    check(found)
    assert [e["card"] for e in found["feedback"]] == [d.recommendation_id for d in made]
    assert [e["outcome"] for e in found["feedback"]] == (["overridden"] + ["accepted"] * 3) * 5
    assert found["feedback"][1]["outcomeTimestamp"] == "2026-03-02T09:01:00.000Z"
    assert found["extension"] == {
        "rhml.next": log.read("SELECT n FROM loans.counter")[0][0],
        "rhml.more": False,
    }


def test_the_feed_counts_what_the_views_count(used):
    log, loans, made = used
    decide.reverse(log, loans, made[0].decision_id, by="Mary Major", at=NOW + timedelta(hours=1))
    counted = log.read(
        "SELECT count(*), count(*) FILTER (final_action <> recommended_action) FROM loans.decided "
        "WHERE recommended_action IS NOT NULL AND final_action IS NOT NULL"
    )
    entries = feed.page(log, loans).entries
    assert [(len(entries), sum(e["outcome"] == "overridden" for e in entries))] == counted == [(19, 4)]


def test_an_override_brings_reason_and_rationale_without_the_names_the_log_knows(used):
    log, loans, _ = used
    why = feed.page(log, loans).entries[0]["overrideReason"]
    assert why["reason"] == {"code": "New information", "display": "New information",
                             "system": "urn:rhml:loans:override-reasons"}  # fmt: skip
    assert why["userComment"] == WHY.replace("m1", "[name]").replace("Mary Major", "[name]")


def test_nobody_and_no_case_is_named_anywhere(used):
    log, loans, made = used
    text = json.dumps(feed.page(log, loans).body)
    assert "Mary" not in text and "manager" not in text
    assert not any(d.case_id in text or d.decision_id in text for d in made)


def test_one_card_has_one_suggestion_with_the_same_id_every_time(used):
    log, loans, _ = used
    once, again = feed.page(log, loans).entries, feed.page(log, loans).entries
    ids = [e["acceptedSuggestions"][0]["id"] for e in once if e["outcome"] == "accepted"]
    assert len(set(ids)) == 15 and once == again


@pytest.mark.parametrize("limit", [1, 3, 19, 20, 21])
def test_pages_of_any_size_come_to_the_same_in_the_same_order(used, limit):
    log, loans, _ = used
    whole, after, more, got = feed.page(log, loans).entries, 0, True, []
    while more:
        found = feed.page(log, loans, after=after, limit=limit)
        assert len(found.entries) <= limit
        got, after, more = [*got, *found.entries], found.next, found.more
    assert tuple(got) == whole


def test_a_decision_taken_back_before_it_was_read_is_never_sent(used):
    log, loans, made = used
    decide.reverse(log, loans, made[0].decision_id, by="Mary Major", at=NOW + timedelta(hours=1))
    found = feed.page(log, loans)
    assert len(found.entries) == 19 and made[0].recommendation_id not in {e["card"] for e in found.entries}
    assert found.withdrawn == ()


def test_a_decision_taken_back_after_it_was_read_is_withdrawn_by_name_of_its_card(used):
    log, loans, made = used
    read = feed.page(log, loans)
    decide.reverse(log, loans, made[4].decision_id, by="Mary Major", at=NOW + timedelta(hours=1))
    later = feed.page(log, loans, after=read.next)
    assert later.entries == ()
    assert later.withdrawn == (
        {"card": made[4].recommendation_id, "outcomeTimestamp": read.entries[4]["outcomeTimestamp"],
         "withdrawnTimestamp": "2026-03-02T10:00:00.000Z"},
    )  # fmt: skip
    check(later.body)
    assert feed.page(log, loans, after=later.next).body["feedback"] == []


def test_a_case_decided_anew_is_an_entry_anew(used):
    log, loans, made = used
    read = feed.page(log, loans)
    decide.reverse(log, loans, made[1].decision_id, by="Mary Major", at=NOW + timedelta(hours=1))
    answer(log, loans, made[1].case_id, 60)
    later = feed.page(log, loans, after=read.next)
    assert (
        [e["card"] for e in later.entries]
        == [w["card"] for w in later.withdrawn]
        == [made[1].recommendation_id]
    )


def test_withdrawals_count_towards_the_page(used):
    log, loans, made = used
    read = feed.page(log, loans)
    for decision in made[:5]:
        decide.reverse(log, loans, decision.decision_id, by="Mary Major", at=NOW + timedelta(hours=1))
    first = feed.page(log, loans, after=read.next, limit=3)
    second = feed.page(log, loans, after=first.next, limit=3)
    assert (len(first.withdrawn), first.more, len(second.withdrawn), second.more) == (3, True, 2, False)


@pytest.mark.parametrize("after", [-1, 10**12])
def test_a_cursor_the_log_never_reached_is_refused(used, after):
    log, loans, _ = used
    with pytest.raises(CursorInvalid, match="ends at"):
        feed.page(log, loans, after=after)


def test_an_imported_decision_without_a_time_says_that_its_time_is_that_of_record(log, loans):
    cases = loan_cases(2)
    older = pd.DataFrame({"case_id": cases["case_id"], "manager": "m1", "final_action": "lend",
                          "recommended_action": ["lend", "decline"], "decided_at": ["2026-01-05", None]})  # fmt: skip
    onboard(log, loans, cases=csv(cases), decisions=csv(older), by="lead", at=NOW)
    found = feed.page(log, loans)
    check(found.body)
    assert found.of_record == (found.entries[1]["card"],)
    assert [e["outcomeTimestamp"][:10] for e in found.entries] == ["2026-01-05", "2026-03-02"]
    assert "overrideReason" not in found.entries[1]


def test_decisions_without_a_recommendation_are_no_entries(log, resolved_loans):
    assert feed.page(log, resolved_loans).body["feedback"] == []


@pytest.mark.parametrize("at_once", [1, 7, 50_000])
def test_a_file_holds_what_the_pages_hold(used, tmp_path, monkeypatch, at_once):
    log, loans, _ = used
    monkeypatch.setattr(feed, "AT_ONCE", at_once)
    last = feed.write(log, loans, tmp_path / "feed.json")
    whole = json.loads((tmp_path / "feed.json").read_text("utf-8"))
    assert whole == feed.page(log, loans).body
    assert last.next == whole["extension"]["rhml.next"]


def test_a_file_of_lines_ends_with_what_stands_beside_the_entries(used, tmp_path):
    log, loans, _ = used
    feed.write(log, loans, tmp_path / "feed.jsonl")
    *entries, beside = (tmp_path / "feed.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in entries] == list(feed.page(log, loans).entries)
    assert set(json.loads(beside)) == {"extension"}


def test_an_empty_feed_is_a_whole_file_all_the_same(log, resolved_loans, tmp_path):
    out = io.StringIO()
    feed.write(log, resolved_loans, out)
    assert json.loads(out.getvalue())["feedback"] == []
    feed.write(log, resolved_loans, tmp_path / "feed.jsonl")
    assert len((tmp_path / "feed.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_file_of_another_kind_is_refused(log, resolved_loans, tmp_path):
    with pytest.raises(RhmlError, match="neither"):
        feed.write(log, resolved_loans, tmp_path / "feed.csv")


@pytest.mark.parametrize("name", ["a.b", "(x", "m+", "Ann", "O'Neil Grey"])
def test_a_name_of_any_signs_is_taken_out_whole_and_nothing_else(name):
    hide = feed._masked([name])
    assert hide(f"because {name} said so") == "because [name] said so"
    assert hide("annual plans of the teammates") == "annual plans of the teammates"
