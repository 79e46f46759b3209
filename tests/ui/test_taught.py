"""What people taught: direct and training value in plain words, prices in the background, lesson tests."""

import pytest

from rhml.store import studies
from rhml.store.explorer import Filters
from rhml.store.studies import Study
from rhml.ui import computed, resources
from tests.ui.log_of_loans import NOW, opened
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.test_models import as_person, finished, texts

VIEW = "What people taught"


def test_without_a_model_the_view_says_what_is_missing(loans_log):
    loans_log(outcomes=30)
    page = opened("models", view=VIEW)
    assert not page.exception
    assert "about 50 applications with an outcome" in page.info[0].value


def test_direct_and_training_value_stand_side_by_side_with_intervals(loans_log):
    loans_log(versions=1)
    page = opened("models", view=VIEW)
    assert not page.exception
    said = texts(page)
    assert "**Here overriding" in said and "taught the model nothing measurable" in said
    assert "Directly, application by application" in said and "As teaching, for v1" in said
    total = computed.explored("loans", Filters(), None).total
    assert total.value.low < 0 < total.value.high and "overriding is not shown to have gained or cost" in said
    assert f"n {total.value.n}" in said


def test_prices_are_computed_in_the_background_and_shown_with_what_is_not_priced(loans_log):
    loans_log(versions=1)
    page = opened("models", view=VIEW)
    assert "have not been computed" in " ".join(i.value for i in page.info)
    page.button(key="price").click().run()
    assert finished("price").state == "done"
    page.run()
    kept = studies.newest(resources.store(), "loans", "prices", "v1").content
    assert kept["too_few"] and (kept["why"] or kept["prices"])
    listed = "Not priced, because too few people took part" in " ".join(c.value for c in page.caption)
    assert listed == (not kept["why"])  # where nothing can have a price, one sentence says why
    assert page.button(key="price").label == "Compute them again"


def test_stored_prices_are_a_table_that_says_they_do_not_add_up(loans_log):
    loans_log(versions=1)
    measure = {"value": 0.012, "low": 0.002, "high": 0.022, "n": 60, "why": ""}
    part = {"column": "reason", "name": "Data is *wrong*", "decisions": 40, "managers": 4}
    content = {
        "prices": [{**part, "accuracy": measure, "brier": {**measure, "value": -0.012}, "shown": True}],
        "too_few": [{**part, "column": "sector", "name": "retail"}], "cases": 60, "why": "", "same": True,
    }  # fmt: skip
    opened("models")
    store = resources.store()
    store.write(lambda tx: studies.add(tx, "loans", Study("prices", "v1", content, NOW, "lead")))
    page = opened("models", view=VIEW)
    row = page.table[0].value.iloc[0]
    assert r"Data is \*wrong\*" in row.iloc[0] and "points" in row.iloc[2]
    assert "do not add up" in texts(page)
    assert "Not priced" in " ".join(c.value for c in page.caption)


@pytest.mark.parametrize("person", ["m1", "analyst"])
def test_who_is_no_lead_reads_and_asks_for_nothing(loans_log, person):
    loans_log(versions=1)
    page = as_person(opened("models", view=VIEW), person)
    assert not page.exception and "Here overriding" in texts(page)
    assert not [b for b in page.button if b.key == "price"]
