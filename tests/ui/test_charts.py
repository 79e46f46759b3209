"""Pictures say what the numbers say."""

import pandas as pd
import pytest

from rhml.stats.measure import Measure
from rhml.ui import charts


def _measure(value):
    return Measure(value, value - 0.01, value + 0.01, 300)


def _course(values):
    none = Measure.unknown("Only 7 cases so far; too few to say.", 7)
    months = [f"2025-{i:02}" for i in range(1, len(values) + 1)]
    return tuple(
        {"period": month, "human": none if v is None else _measure(v), "model": none, "team": none}
        for month, v in zip(months, values, strict=True)
    )


def test_the_waterfall_ends_where_the_difference_is():
    parts = {"won": (_measure(0.05), 1), "lost": (_measure(0.03), -1)}
    [bars] = charts.breakdown(parts, _measure(0.02)).data
    assert list(bars.base) == pytest.approx([0.0, 0.05, 0.0])
    assert bars.base[1] + bars.x[1] == pytest.approx(bars.x[2]) == pytest.approx(0.02)


def test_a_promotion_is_a_line_where_it_fell_and_none_outside_the_course():
    promoted = (("v1", pd.Timestamp("2024-06-01")), ("v2", pd.Timestamp("2025-02-15")))
    figure = charts.course(_course([0.6, 0.7, 0.8]), pd.Timestamp("2025-02-01"), promoted)
    assert [note.text for note in figure.layout.annotations] == ["earlier | later", "v2 live"]
    assert 0.9 < figure.layout.shapes[1].x0 < 1.1


def test_one_period_alone_is_no_course():
    assert charts.course(_course([0.6]), None) is None
    assert charts.course(_course([0.6, None, None]), None) is None
