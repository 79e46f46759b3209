"""Segments in print: the numbers beside each other are those of the page, and speak about the same cases."""

from types import SimpleNamespace

from rhml.core.domain import parse_domain
from rhml.printed.blocks import Drawing, Table
from rhml.printed.measured import difference
from rhml.printed.together import segments
from rhml.reports.found.asked import UNDRAWN
from rhml.reports.found.result import FoundSegment, FoundSegments
from rhml.reports.found.told import Told
from rhml.stats.measure import Measure
from tests.ui.log_of_loans import LOANS

NONE = Measure.unknown("not asked")
LATER, SHRUNK = Measure(0.20, 0.12, 0.28, 140), Measure(0.15, 0.08, 0.22, 140)


def printed(shrunk: Measure):
    told = Told(Measure(0.85, 0.79, 0.9, 140), Measure(0.65, 0.57, 0.72, 140), NONE, NONE, NONE)
    one = FoundSegment(
        "people beat the model",
        "age above 60",
        (),
        False,
        350,
        0.1,
        NONE,
        LATER,
        shrunk,
        NONE,
        told,
        0.001,
        0.01,
    )
    found = FoundSegments((one,), 900, 40).as_dict()
    blocks = segments(
        SimpleNamespace(segments=()), parse_domain("loans", LOANS + "[outcome]\n"), found
    ).blocks
    [table] = [block for block in blocks if isinstance(block, Table)]
    [drawn] = [block for block in blocks if isinstance(block, Drawing)]
    return dict(zip(table.head, table.rows[0], strict=True)), drawn


def test_a_found_segment_is_given_by_the_gap_that_the_page_gives():
    assert printed(SHRUNK)[0]["Gap there"] == difference(SHRUNK)
    assert printed(UNDRAWN)[0]["Gap there"] == difference(LATER)


def test_the_cases_counted_and_drawn_are_those_of_the_shares():
    row, drawn = printed(SHRUNK)
    assert row["Later cases"] == "140" and "n 140" in row["People right"]
    assert "n 140" in drawn.alt and "350" not in drawn.alt
