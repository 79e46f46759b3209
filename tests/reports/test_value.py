import pytest

from rhml.reports.value import worth_in_words
from rhml.stats.measure import Measure

UNKNOWN = Measure.unknown("Only 7 cases so far; too few to say.", 7)
NOTHING = Measure(0.001, -0.01, 0.012, 500)


@pytest.mark.parametrize(
    ("direct", "training", "said"),
    [
        (
            Measure(-609.0, -737.7, -480.3, 2345),
            Measure(0.0, 0.0, 0.0, 674),
            "Here overriding cost 609 cases (between 480 and 738), and what people called taught the model nothing "
            "measurable.",
        ),
        (
            Measure(40.0, 10.0, 70.0, 90),
            Measure(0.021, 0.004, 0.038, 300),
            "Here overriding gained 40 cases (between 10 and 70), and what people called made the model right in 2.1 "
            "more of 100 cases (between 0.4 and 3.8).",
        ),
        (
            Measure(5.0, -10.0, 20.0, 90),
            Measure(-0.021, -0.038, -0.004, 300),
            "Here overriding is not shown to have gained or cost anything case by case, and what people called kept the "
            "model from being right in 2.1 more of 100 cases (between 0.4 and 3.8).",
        ),
        (
            UNKNOWN,
            UNKNOWN,
            "Here what overriding was worth case by case cannot be told yet, and what calls taught the model "
            "cannot be told yet.",
        ),
    ],
)
def test_both_values_are_told_in_a_sentence_that_says_no_more_than_their_intervals(direct, training, said):
    assert worth_in_words(direct, "cases", training) == said
