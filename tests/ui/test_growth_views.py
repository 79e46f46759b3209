"""The views Growth and Versions of the Improvement page."""

import pandas as pd
import pytest

from rhml.reports.combiner import Combiner
from rhml.reports.grown import Growth, Part
from rhml.stats.measure import Measure
from rhml.stats.verdicts import Verdict
from rhml.ui import growth, versions_report
from tests.ui.log_of_loans import LOANS, opened
from tests.ui.log_of_loans import loans_log as loans_log


def found(people=(0.03, 0.01, 0.05), model=(0.01, -0.02, 0.04)):
    def part(value, low, high):
        change = Measure(value, low, high, 900)
        return Part(
            Verdict("improved" if low > 0 else "not enough data yet (about 400 more)", change), change
        )

    total = tuple(a + b for a, b in zip(people, model, strict=True))
    values = {"00": 0.7, "10": 0.73, "01": 0.71, "11": 0.74}
    return Growth(part(*people), part(*model), part(*total), Measure(0.0, -0.01, 0.01, 900), values,
                  versions=("v1", "v2"), times=(pd.Timestamp("2025-01-01"),) * 3, combiner=Combiner((0.3,) * 5, (90,) * 5))  # fmt: skip


def test_what_is_shown_and_what_is_not_are_said_apart():
    said = found(model=(0.01, -0.02, 0.04)).headline
    assert said.startswith("People brought +3.0 points [1.0, 5.0]. The model: not enough data yet")
    both = found(model=(0.02, 0.01, 0.03)).headline
    assert both == "Of +5.0 points growth, people brought +3.0 [1.0, 5.0], the model +2.0 [1.0, 3.0]."


def test_every_bar_carries_its_interval():
    figure = growth.bars(found())
    assert [bar.y[0] for bar in figure.data] == ["Both", "The model", "People"]
    people = figure.data[2]
    assert people.x[0] == 3.0
    assert people.x[0] - people.error_x.arrayminus[0] == pytest.approx(1)
    assert people.x[0] + people.error_x.array[0] == pytest.approx(5)


def test_the_four_shares_are_marked_as_values_without_an_interval():
    table = growth._table(found()).set_index("What")["Value"]
    assert table["Later people, earlier model"] == "73 % (point value)"
    assert "to" in table["People, points"]


def test_a_log_whose_models_are_elsewhere_says_that_growth_cannot_be_known(loans_log):
    loans_log()
    page = opened("improvement", view="Growth")
    assert not page.exception
    assert "the models that recommended in this log are not stored" in page.info[0].value


def test_versions_show_what_is_known_of_an_imported_log(loans_log):
    loans_log()
    page = opened("improvement", view="Versions")
    assert not page.exception
    assert page.header[0].value == "Every version on the same applications"


def test_without_outcomes_both_views_say_why(loans_log):
    loans_log(text=LOANS, outcomes=0)
    for view in ("Growth", "Versions"):
        page = opened("improvement", view=view)
        assert not page.exception
        assert "no outcomes" in page.info[0].value


def test_no_version_says_so_in_the_chart():
    assert versions_report.points(()) is None
