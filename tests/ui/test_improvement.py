"""The Improvement page: the claim in words first, and null measures with their reasons."""

import json

from rhml.core.domain import parse_domain
from rhml.loop.report import report
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import exports, print_out
from tests.ui.log_of_loans import LOANS, NOW, SELECTIVE, fill, opened
from tests.ui.log_of_loans import loans_log as loans_log


def test_the_page_opens_with_who_improved_and_how_sure_that_is(loans_log):
    loans_log()
    page = opened("improvement")
    assert not page.exception
    claim = page.main.markdown[0].value
    assert claim.startswith("**People") and "model" in claim and "team" in claim
    assert any("points (" in m.value and "; n " in m.value for m in page.markdown)


def test_reliance_measures_carry_interval_and_count(loans_log):
    loans_log()
    page = opened("improvement")
    labels = {metric.label for metric in page.metric}
    assert {"Took right advice", "Kept a right call", "Overrides that were right"} <= labels
    assert any("RAIR" in caption.value for caption in page.caption)


def test_a_period_and_a_segment_narrow_the_report(loans_log):
    loans_log()
    whole = opened("improvement")
    part = opened("improvement", segment="Sector: retail")
    assert not part.exception
    assert part.selectbox(key="segment").value == "sector=retail"
    counted = [m.value for m in whole.markdown if "overrides," in m.value]
    assert counted != [m.value for m in part.markdown if "overrides," in m.value]


def test_a_first_month_after_the_last_is_refused_with_a_sentence(loans_log):
    loans_log()
    page = opened("improvement", since="2026-02", until="2025-08")
    assert "first month is after the last" in page.error[0].value


def test_without_outcomes_only_agreement_is_shown_and_said(loans_log):
    loans_log(text=LOANS, outcomes=0)
    page = opened("improvement")
    assert not page.exception
    assert "no outcomes" in page.info[0].value
    labels = {metric.label for metric in page.metric}
    assert "Agreed in the end" in labels and "Took right advice" not in labels


def test_selective_outcomes_print_that_it_cannot_be_known(loans_log):
    loans_log(text=SELECTIVE)
    page = opened("improvement")
    assert not page.exception
    assert "cannot be known" in page.main.markdown[0].value
    assert not any(metric.label == "Took right advice" for metric in page.metric)


def test_an_empty_log_offers_the_next_step(loans_log):
    loans_log(decisions=False, outcomes=0)
    page = opened("improvement")
    assert not page.exception
    assert "no application has been decided" in page.info[0].value


def test_a_log_without_a_domain_offers_the_next_step(loans_log):
    loans_log(filled=False)
    assert not opened("improvement").exception


def test_exports_print_filters_time_rows_and_versions(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store)
    domain = organization.domain(store, "loans")
    found = report(store, domain)
    print_ = exports.about("Improvement: Loans", filters="Sector: <b>retail</b>", rows=360, what="decisions",
                           versions=["imported"], at=NOW)  # fmt: skip
    page = print_out.page(found, domain, print_)
    for text in ("360 decisions", "2026-03-01 09:00 UTC", "imported", "&lt;b&gt;retail"):
        assert text in page
    assert "<script" not in page and "http" not in page and "<b>" not in page
    whole = json.loads(exports.report_json(found, print_))
    assert whole["about"]["rows"] == "360 decisions" and whole["rair"]["n"] > 0
    store.close()


def test_the_printed_report_of_a_domain_without_outcomes_says_why(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store, LOANS, outcomes=0)
    domain = parse_domain("loans", LOANS)
    page = print_out.page(report(store, domain), domain, {"title": "x"})
    assert "cannot be known" in page and "Agreed in the end" in page
    store.close()
