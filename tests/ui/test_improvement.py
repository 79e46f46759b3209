"""The Improvement page: the claim in words first, and null measures with their reasons."""

import pytest

from rhml.stats.bands import segment_names
from rhml.store import explorer, frames, organization
from rhml.store.opening import open_store
from rhml.ui import improvement_views
from tests.ui.log_of_loans import LOANS, NOW, SELECTIVE, fill, opened
from tests.ui.log_of_loans import loans_log as loans_log


def _answer(page) -> str:
    """The five sentences as the page holds them."""
    return next(found.proto.body for found in page.get("html") if "answer" in found.proto.body)


def test_the_page_opens_with_five_sentences(loans_log):
    loans_log()
    page = opened("improvement")
    assert not page.exception
    said = _answer(page)
    titles = ("People", "The model", "Because of whom", "How sure", "What next")
    assert [said.index(f"</i>{title}</dt>") for title in titles] == sorted(
        said.index(f"</i>{title}</dt>") for title in titles
    )
    assert any("points (" in m.value and "; n " in m.value for m in page.markdown)


def test_what_a_verdict_asks_is_said_in_standard_errors(loans_log):
    loans_log()
    said = [
        m.value for m in opened("improvement").markdown if "The word rests on a wider interval" in m.value
    ]
    assert said and all("standard errors, look 1)" in one and "%" not in one for one in said)


def test_the_cases_behind_a_verdict_are_two_clicks_away(loans_log):
    loans_log()
    page = opened("improvement", behind="side:team:later")
    assert not page.exception
    assert page.header[0].value == "Final decisions of the later half"
    assert page.markdown[0].value.startswith("**150**, of which **")
    assert not any("m1" in found.value for found in page.markdown)


def test_a_manager_sees_no_case_of_the_bank_behind_a_verdict(loans_log):
    loans_log()
    page = opened("improvement", behind="side:team:later")
    counted = page.markdown[0].value
    page.selectbox(key="person").set_value("m1").run()
    assert page.markdown[0].value == counted
    [told] = [caption.value for caption in page.caption if "bank" in caption.value]
    hidden = int(told.split()[0])
    sheets, left = divmod(150 - hidden - 1, 25)
    page.session_state["sheet"] = sheets + 1
    page.run()
    shown = [link for link in page.get("page_link") if link.proto.label.startswith("application")]
    assert hidden > 0 and len(shown) == left + 1


def test_clearing_the_filters_shows_everything_again(loans_log):
    loans_log()
    page = opened("improvement", segment="Sector: retail", since="2025-08")
    assert "Looking at" in page.main.markdown[0].value
    page.button(key="clear").click().run()
    assert page.selectbox(key="segment").value is None and page.selectbox(key="since").value is None
    assert not any("Looking at" in found.value for found in page.markdown)


@pytest.mark.parametrize(
    "log",
    [{}, {"text": SELECTIVE}, {"text": LOANS, "outcomes": 0}, {"outcomes": 0}, {"decisions": False, "outcomes": 0}],
    ids=["whole", "selective", "without outcomes", "none known yet", "nothing decided"],
)  # fmt: skip
def test_every_view_opens_on_every_kind_of_log(loans_log, log):
    loans_log(**log)
    for view in improvement_views.VIEWS:
        page = opened("improvement", view=view)
        assert not page.exception and not page.error, view
        assert page.segmented_control(key="view").value == view
        said = [found.value for found in (*page.main.markdown, *page.main.info)]
        assert view == "Answer" or any(len(one) > 20 for one in said), f"{view} says nothing"


def test_cases_that_no_number_has_are_refused_with_a_sentence(loans_log):
    loans_log()
    for wrong in ("nobody:human", "side:human:never", "side"):
        assert "from the" in opened("improvement", behind=wrong).error[0].value
    for cut_short in ("treated", "treated:sector", "growth", "versions", "found"):
        assert "again" in opened("improvement", behind=cut_short).error[0].value, cut_short


@pytest.mark.parametrize("by", ["Month", "Learning cycle", "Version"])
def test_the_course_is_shown_by_month_cycle_and_version(loans_log, by):
    loans_log()
    page = opened("improvement", course_by=by)
    assert not page.exception
    assert page.get("plotly_chart") or any("course by" in m.value for m in page.markdown)


def test_reliance_measures_carry_interval_and_count(loans_log):
    loans_log()
    page = opened("improvement", view="Together")
    assert not page.exception
    rows = page.table[-1].value
    assert {"Took right advice", "Kept a right call", "Overrides that were right"} <= set(rows["Measure"])
    assert sum("; n " in value for value in rows["Value"]) >= 6


def test_a_period_and_a_segment_narrow_the_report(loans_log):
    loans_log()
    whole = opened("improvement", view="Together")
    part = opened("improvement", view="Together", segment="Sector: retail")
    assert not part.exception
    assert part.selectbox(key="segment").value == "sector=retail"
    counted = [m.value for m in whole.markdown if "overrides," in m.value]
    assert counted != [m.value for m in part.markdown if "overrides," in m.value]
    assert any("Looking at: Sector" in m.value for m in part.markdown)


def test_a_first_month_after_the_last_is_refused_with_a_sentence(loans_log):
    loans_log()
    page = opened("improvement", since="2026-02", until="2025-08")
    assert "first month is after the last" in page.error[0].value


def test_without_outcomes_only_agreement_is_shown_and_said(loans_log):
    loans_log(text=LOANS, outcomes=0)
    page = opened("improvement")
    assert not page.exception
    assert "no outcomes" in _answer(page)
    assert "Bring outcomes" in [link.proto.label for link in page.get("page_link")]
    [table] = opened("improvement", view="Together").table
    names = set(table.value["Measure"])
    assert "Agreed in the end" in names and "Took right advice" not in names


def test_selective_outcomes_print_that_it_cannot_be_known(loans_log):
    loans_log(text=SELECTIVE)
    page = opened("improvement")
    assert not page.exception
    assert "Cannot be known" in _answer(page)


def test_an_empty_log_offers_the_next_step(loans_log):
    loans_log(decisions=False, outcomes=0)
    page = opened("improvement")
    assert not page.exception
    assert "no application has been decided" in page.info[0].value


def test_a_log_without_a_domain_offers_the_next_step(loans_log):
    loans_log(filled=False)
    assert not opened("improvement").exception


def test_the_segments_offered_are_those_that_a_report_names(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store)
    domain = organization.domain(store, "loans")
    decided = frames.decided(store, domain)
    for column, offered in explorer.segment_names(store, domain).items():
        assert set(offered) == set(segment_names(decided, column, domain).astype(str))
    store.close()
