"""The Overrides page: filters in the URL, small counts in words, searchable rationales, safe files."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from rhml.reports.durations import durations
from rhml.ui.overrides import override_time
from tests.ui.log_of_loans import LOANS, opened
from tests.ui.log_of_loans import loans_log as loans_log


def texts(page) -> str:
    return " ".join(m.value for m in page.markdown)


def test_a_high_rate_is_put_beside_its_limits_and_its_outcomes(loans_log):
    loans_log()
    page = opened("overrides")
    assert not page.exception
    assert "above 10 %" in texts(page) and "judge by outcome" in texts(page)
    assert {"Rescued", "Spoiled", "Not yet known"} <= {m.label for m in page.metric}
    assert "Right when they differed: **" in texts(page) and "€" in texts(page)


def test_filters_come_from_the_address(loans_log):
    loans_log()
    page = opened("overrides", in_reason="Data is wrong", words="contract")
    assert not page.exception
    assert page.multiselect(key="in_reason").value == ["Data is wrong"]
    assert "Data is wrong" in page.button(key="off_in_reason").label
    assert "New information" not in texts(page)
    page.button(key="clear").click().run()
    assert page.multiselect(key="in_reason").value == [] and page.text_input(key="words").value == ""


def test_small_counts_are_words(loans_log):
    loans_log()
    page = opened("overrides", split="Month")
    table = page.dataframe[0].value
    assert "too few to say" in table["Right when they differed"][0]


def test_a_manager_sees_no_numbers_of_other_managers(loans_log):
    loans_log()
    page = opened("overrides")
    page.selectbox(key="person").select("m1").run()
    assert not page.exception
    assert "Manager" not in page.selectbox(key="split").options
    assert not [m for m in page.multiselect if m.key == "in_manager"]
    assert "m2" not in texts(page) and "· m1 ·" in texts(page)
    assert any("Your own alone" in caption.value for caption in page.caption)


def test_a_word_nobody_wrote_leaves_a_sentence(loans_log):
    loans_log()
    page = opened("overrides", words="zebra")
    assert "No override is left" in page.info[0].value and page.button(key="clear")


def test_rationales_are_shown_as_typed(loans_log):
    loans_log()
    page = opened("overrides", words="bank's")
    assert "100% of \\_late\\_ payments" in texts(page)


def test_without_outcomes_worth_cannot_be_known(loans_log):
    loans_log(text=LOANS, outcomes=0)
    page = opened("overrides")
    assert not page.exception
    assert "cannot be known" in texts(page)


def test_before_the_first_decision_the_page_offers_the_next_step(loans_log):
    loans_log(decisions=False, outcomes=0)
    page = opened("overrides")
    assert not page.exception
    assert "Nothing is here yet" in page.info[0].value
    assert not page.multiselect, "a filter with nothing to choose helps nobody"


def test_managers_are_told_that_the_bank_is_left_out(loans_log):
    loans_log()
    page = opened("overrides")
    assert not any("bank" in c.value for c in page.caption)
    page.selectbox(key="person").select("m1").run()
    assert any("Without the" in c.value and "bank" in c.value for c in page.caption)


def test_a_strange_address_is_looked_past_with_a_sentence(loans_log):
    loans_log()
    page = opened("overrides", in_reason="nonsense", since="1999-13", in_nothing="x", view="Nowhere")
    assert not page.exception and not page.error
    said = page.warning[0].value
    assert all(word in said for word in ("nonsense", "1999", "nothing"))
    assert "60 overrides" not in said and page.metric


def test_bands_are_filters_with_the_same_names_tomorrow(loans_log):
    loans_log()
    page = opened("overrides", in_recommended_confidence="70 to 80%", in_final_action="Lend")
    assert not page.exception and not page.warning
    assert page.multiselect(key="in_recommended_confidence").value == ["70 to 80%"]
    assert page.multiselect(key="in_final_action").value == ["lend"]
    assert page.button(key="off_in_final_action").label.endswith("Lend")


def test_each_filter_can_be_removed_alone(loans_log):
    loans_log()
    page = opened("overrides", in_sector="retail", in_reason="Data is wrong")
    page.button(key="off_in_sector").click().run()
    assert page.multiselect(key="in_sector").value == []
    assert page.multiselect(key="in_reason").value == ["Data is wrong"]


def test_every_view_draws_under_any_filters(loans_log):
    loans_log()
    for view in ("Pivot", "Compare", "Time"):
        for filters in (
            {},
            {"in_sector": "retail"},
            {"words": "zebra"},
            {"in_mode": "recommendation at once"},
        ):
            page = opened("overrides", view=view, **filters)
            assert not page.exception and not page.error, (view, filters, [e.value for e in page.error])


def test_a_pivot_of_what_only_overrides_have_says_that_there_is_no_rate(loans_log):
    loans_log()
    page = opened("overrides", view="Pivot", rows="Reason")
    assert "Only overrides have a reason" in page.info[0].value
    page = opened("overrides", view="Pivot", rows="Verdict", columns="Verdict")
    assert "Rows and columns are the same" in page.info[0].value


def test_two_periods_stand_beside_each_other(loans_log):
    loans_log()
    page = opened("overrides", view="Compare", earlier_from="2025-06", earlier_to="2025-08", later_from="2025-09",
                  later_to="2025-12")  # fmt: skip
    assert not page.exception
    tables = " ".join(block.value for block in page.get("html") if "together" in str(block.value))
    assert "Override rate" in tables and "points" in tables
    assert "Jun 2025 to Aug 2025" in texts(page)


def test_periods_that_overlap_are_not_compared(loans_log):
    loans_log()
    page = opened("overrides", view="Compare", earlier_from="2025-06", earlier_to="2025-10", later_from="2025-09",
                  later_to="2025-12")  # fmt: skip
    assert "overlap" in page.info[0].value


def test_imported_decisions_without_a_time_say_so(loans_log):
    loans_log()
    page = opened("overrides", view="Time")
    assert "360 decisions has a time" in page.info[0].value and "imported" in page.info[0].value


def test_an_empty_log_says_so_in_every_view(loans_log):
    loans_log(decisions=False, outcomes=0)
    for view in ("Pivot", "Compare", "Time"):
        page = opened("overrides", view=view)
        assert not page.exception and not page.error and page.info, view


def test_who_decides_reads_own_overrides_alone(loans_log):
    loans_log()
    page = opened("overrides", words="contract")
    page.selectbox(key="person").select("m1").run()
    own = texts(page)
    assert "· m1 ·" in own and "m2" not in own
    assert page.metric[0].value != "", "what is searched in words is counted among one's own words alone"


def test_the_worth_of_each_verdict_stands_below_its_count(loans_log):
    loans_log()
    shown = {metric.label: metric.delta for metric in opened("overrides").metric}
    assert (
        "€ saved" in shown["Rescued"]
        and "€ lost" in shown["Spoiled"]
        and "€ at stake" in shown["Not yet known"]
    )


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
def test_a_month_counts_the_same_as_a_row_as_a_span_and_as_a_filter_wherever_the_reader_is(
    loans_log, monkeypatch, zone
):
    monkeypatch.setattr("rhml.ui.words.zone", lambda: ZoneInfo(zone))
    loans_log(n=360)
    table = opened("overrides", split="Month").dataframe[0].value
    for row in range(len(table)):
        month = datetime.strptime(table["Month"][row], "%b %Y").strftime("%Y-%m")
        wanted = f"**{table['Overrides'][row]} overrides.**"
        assert wanted in texts(opened("overrides", since=month, until=month)), month
        assert wanted in texts(opened("overrides", in_period=month)), month
        if row == 3:
            break


def test_readers_elsewhere_are_told_that_months_are_those_of_utc(loans_log, monkeypatch):
    monkeypatch.setattr("rhml.ui.words.zone", lambda: ZoneInfo("Asia/Tokyo"))
    loans_log()
    page = opened("overrides", since="2026-01", until="2026-02")
    assert page.button(key="off_since").label == "Jan 2026 to Feb 2026, UTC"


def test_chosen_months_are_the_ones_compared(loans_log):
    loans_log()
    page = opened("overrides", view="Compare", in_period="2026-01")
    assert not page.exception and "two months" in page.info[0].value


def test_where_one_side_has_no_times_nothing_is_said_to_take_longer(monkeypatch):
    timed = pd.DataFrame(
        [(side, 40, 20.0, 30.0, 50.0, 25.0, 36.0, 0, 0) for side in ("all", "overrode")],
        columns=["side", "n", "first", "median", "third", "below", "above", "untimed", "imported"],
    )
    [found] = durations(timed)
    said: list[str] = []
    monkeypatch.setattr(override_time.st, "markdown", said.append)
    override_time._summary(found)
    assert said[1].endswith(
        "cannot be told: under these filters none of the timed decisions followed the recommendation."
    )
