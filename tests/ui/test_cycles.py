"""The view *Cycles* of the Improvement page: both learners, or why there is nothing to see yet."""

from dataclasses import replace
from datetime import datetime

from rhml.reports.cycles import Cycle, Cycles, Given
from rhml.stats.measure import Measure
from rhml.ui import cycles
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened

NONE = Measure.unknown("Only 3 cases so far; too few to say.", 3)


def one(
    number: int, *, human: Measure = NONE, model: Measure = NONE, live: bool = True, **given: int
) -> Cycle:
    return Cycle(
        number, f"v{number}", datetime(2025, number, 1), None, live, model, human, NONE, Given(**given)
    )


def share(value: float) -> Measure:
    return Measure(value, value - 0.1, value + 0.1, 60)


def test_every_cycle_has_a_line_of_what_was_given_both_ways():
    said = cycles.listed(
        (one(1, decisions=1_200, overrides=80, marks=9, words=7, outcomes=1, shown=3), one(2, live=False))
    )
    assert "1,200 decisions, 80 of them overrides; 7 marked words, 2 marked factors; 1 outcome" in said
    assert "The model gave 3 suggestions." in said
    assert said.count("has not been live") == 1


def test_nothing_in_a_line_is_read_as_a_tag():
    found = one(1)
    assert "<i>" not in cycles.listed((Cycle(**{**vars(found), "version": "<i>v1</i>"}),))


def test_both_curves_are_drawn_with_their_bars_and_a_cycle_of_few_has_no_mark():
    found = Cycles(
        tuple(one(k, human=share(0.5 + k / 20) if k != 2 else NONE, model=share(0.6)) for k in (1, 2, 3))
    )
    people, model = cycles.curves(found).data
    assert len(people.x) == 2 or list(people.y)[1] is None
    assert len(model.x) == 3 and max(model.error_y.array) > 0.09


def test_the_count_beside_the_curves_is_of_the_calls_in_them(loans):
    found = Cycles((one(1, human=share(0.6)), one(2, human=share(0.7))), calls=120)
    assert "People: 120 own calls made before any suggestion, as if" in cycles.counted(found, loans)
    more = replace(found, calls=180)  # sixty of them before the first training
    assert "People: 120 own calls" in cycles.counted(more, loans)
    assert "(the sentence tells of all 180)" in cycles.counted(more, loans)


def test_one_cycle_is_no_curve():
    assert cycles.curves(Cycles((one(1, human=share(0.6)),))) is None


def test_the_view_says_why_there_is_no_cycle_and_where_to_go(loans_log):
    loans_log()
    page = opened("improvement", view="Cycles")
    assert not page.exception
    assert any("no learning cycle has begun" in info.value for info in page.info)
    assert any(link.proto.label == "See the models" for link in page.get("page_link"))
