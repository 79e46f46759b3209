"""Drawings are made from the numbers: in the right place, in well-formed SVG, with nothing typed acted upon."""

from xml.etree import ElementTree

import pytest

from rhml.printed.drawing import Scale, canvas, text
from rhml.printed.marks import SIDES, WHO
from rhml.printed.pictures import Place, by_segment, course, segment_map
from rhml.stats.measure import Measure

NONE = Measure.unknown("none")


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_a_scale_holds_its_values_between_round_steps():
    scale = Scale([0.413, 0.587], 100, 500)
    assert (scale.ticks[0], scale.ticks[-1]) == (pytest.approx(0.4), pytest.approx(0.6))
    assert (
        scale(0.4) == pytest.approx(100)
        and scale(0.6) == pytest.approx(500)
        and scale(0.5) == pytest.approx(300)
    )


def test_a_scale_of_one_value_still_has_two_ends():
    scale = Scale([0.5], 0, 100)
    assert scale.ticks[0] < scale.ticks[-1] and 0 <= scale(0.5) <= 100


def test_a_point_stands_where_its_value_is_and_its_interval_spans_low_to_high():
    series = [{"period": f"2026-0{m}", "human": Measure(v, v - 0.1, v + 0.1, 50), "model": NONE, "team": NONE}
              for m, v in ((1, 0.5), (2, 0.6), (3, 0.7))]  # fmt: skip
    picture = drawn(course(series).svg)
    circles = [float(c.get("cy")) for c in picture.iter("circle")][1:]
    assert (
        circles[0] - circles[1] == pytest.approx(circles[1] - circles[2], abs=0.2) and circles[0] > circles[2]
    )
    bars = [
        e
        for e in picture.iter("line")
        if e.get("stroke") == WHO["human"].colour and e.get("x1") == e.get("x2")
    ]
    assert len(bars) == 3
    assert float(bars[0].get("y1")) - circles[0] == pytest.approx(
        circles[0] - float(bars[0].get("y2")), abs=0.2
    )


def test_a_gap_in_the_course_is_not_joined():
    known = Measure(0.6, 0.5, 0.7, 40)
    series = [{"period": f"2026-0{m}", "human": found, "model": NONE, "team": NONE}
              for m, found in ((1, known), (2, NONE), (3, known))]  # fmt: skip
    series[1]["team"] = known
    lines = [e for e in drawn(course(series).svg).iter("line") if e.get("stroke") == WHO["human"].colour]
    assert len(lines) == 2 and all(e.get("x1") == e.get("x2") for e in lines)


def test_one_period_alone_is_no_course():
    assert (
        course([{"period": "2026-01", "human": Measure(0.5, 0.4, 0.6, 30), "model": NONE, "team": NONE}])
        is None
    )


def test_a_hostile_segment_is_text_in_the_drawing():
    name = '"><script>alert(1)</script>'
    picture = by_segment([(name, {who: Measure(0.5, 0.4, 0.6, 30) for who in SIDES})], "Sector")
    assert name in [t.text for t in drawn(picture.svg).iter("text")] and "<script" not in picture.svg


def test_segments_of_which_nothing_is_known_are_not_drawn():
    assert by_segment([("retail", {who: NONE for who in SIDES})], "Sector") is None


def test_a_long_name_is_cut_with_a_sign_of_it():
    [cut] = drawn(canvas(20, [text(0, 10, "a" * 200, room=100)])).iter("text")
    assert cut.text.endswith("…") and len(cut.text) < 20


def test_a_segment_lies_above_the_line_of_the_map_where_people_are_right_more_often():
    def place(people: float, model: float, n: int, **more) -> Place:
        return Place("1", "human", n, Measure(people, 0, 1, n), Measure(model, 0, 1, n), **more)

    picture = drawn(segment_map([place(0.8, 0.6, 100), place(0.6, 0.8, 25, named=False)]).svg)
    ahead, behind = ((float(c.get("cx")), float(c.get("cy")), float(c.get("r")), c.get("fill")) for c in sorted(
        picture.iter("circle"), key=lambda c: float(c.get("cx"))))  # fmt: skip
    assert ahead[1] < behind[1] and ahead[2] == pytest.approx(2 * behind[2] - 3, abs=0.11)
    assert ahead[3] == WHO["human"].colour and behind[3] == "none"


def test_a_map_of_nothing_known_is_not_drawn():
    assert segment_map([Place("1", "human", 0, NONE, NONE)]) is None
