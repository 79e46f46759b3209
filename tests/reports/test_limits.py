"""Override rates against the limits: standing, sentence, and what many rows and repeated cases do to certainty."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from rhml.core.domain import check_domain, parse_domain
from rhml.reports.calls import SELECTIVE
from rhml.reports.limits import limits, sentence
from rhml.stats.intervals import share, wilson
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample
from tests.loans import LOANS


def rates(*rows) -> pd.DataFrame:
    """name, advised, overridden, where each decision has a case of its own."""
    return pd.DataFrame(
        [(name, n, k, n, n, k, k) for name, n, k in rows],
        columns=["name", "advised", "overridden", "cases", "aa", "ao", "oo"],
    )


def held(text: str = LOANS, **by):
    return limits(by, {}, domain=parse_domain("loans", text))


@pytest.mark.parametrize(
    ("overridden", "standing"),
    [(0, "below"), (20, "below"), (45, "may be above"), (90, "above: look"), (160, "above: act")],
)
def test_a_rate_stands_to_its_limits_in_words(overridden, standing):
    [row] = held(all=rates(("all", 1000, overridden)))
    assert row.standing == standing


def test_few_decisions_say_so():
    [row] = held(all=rates(("all", 12, 9)))
    assert row.standing == "too few to say" and "Too few" in row.sentence


def test_among_many_rows_chance_is_not_called_above():
    draw, above = np.random.default_rng(1), 0
    for _ in range(40):
        found = held(
            manager=rates(*((f"m{i}", 200, int(k)) for i, k in enumerate(draw.binomial(200, 0.05, 50))))
        )
        above += any(row.above for row in found)
    assert above <= 4  # one-sided 2.5 % of 40 logs is one


def test_one_row_far_above_is_called_so_among_many():
    rows = [(f"m{i}", 200, 8) for i in range(50)]
    found = held(manager=rates(*rows, ("m50", 200, 60)))
    assert [row.name for row in found if row.above] == ["m50"]


def test_decisions_on_one_case_go_together_as_in_an_interval_over_cases():
    draw = np.random.default_rng(3)
    case = np.repeat(np.arange(80), 5)
    over = np.repeat(draw.random(80) < 0.2, 5)
    frame = pd.DataFrame({"case": case, "o": over}).groupby("case")["o"].agg(["size", "sum"])
    a, o = frame["size"].to_numpy(float), frame["sum"].to_numpy(float)
    table = pd.DataFrame([("all", 400, int(over.sum()), 80, (a * a).sum(), (a * o).sum(), (o * o).sum())],
                         columns=["name", "advised", "overridden", "cases", "aa", "ao", "oo"])  # fmt: skip
    [row] = held(all=table)
    wanted = share(over, Sample.of(case))
    assert (row.rate.low, row.rate.high) == pytest.approx((wanted.low, wanted.high), rel=1e-6)
    [alone] = held(all=rates(("all", 400, int(over.sum()))))
    assert row.rate.high - row.rate.low > 1.5 * (alone.rate.high - alone.rate.low)


def test_the_chance_is_that_of_the_binomial_where_cases_are_apart():
    from rhml.reports.limits import _p, _rate

    rate, worth = _rate(next(rates(("all", 100, 12)).itertuples(index=False)))
    assert worth == pytest.approx(100, rel=0.02)
    assert _p(rate, 100.0, 0.05) == pytest.approx(stats.binom.sf(11, 100, 0.05))


@pytest.mark.parametrize(
    ("right", "net", "said"),
    [
        (Measure(0.7, 0.6, 0.8, 90), Measure(10, 2, 18, 90), "the model should learn this"),
        (Measure(0.3, 0.2, 0.4, 90), Measure(-10, -18, -2, 90), "talk about it"),
        (Measure(0.5, 0.4, 0.6, 90), Measure(1, -2, 4, 90), "cannot be told yet"),
        (Measure(0.7, 0.6, 0.8, 90), Measure(-10, -18, -2, 90), "weighed more: look at what it cost"),
        (Measure(0.3, 0.2, 0.4, 90), Measure(10, 2, 18, 90), "look before you talk"),
        (Measure.unknown(SELECTIVE), Measure.unknown(SELECTIVE), "cannot be known"),
        (
            Measure.unknown("Only 3 cases so far; too few to say.", 3),
            Measure.unknown("", 3),
            "too few outcomes",
        ),
    ],
)
def test_what_a_rate_asks_for_depends_on_who_was_right(right, net, said):
    assert said in sentence("above: act", right, net)
    assert said not in sentence("below", right, net)


def test_among_many_rows_above_chance_calls_hardly_any_right_or_wrong():
    draw, claimed, alone = np.random.default_rng(2), 0, 0
    table, domain = rates(*((f"m{i}", 200, 160) for i in range(30))), parse_domain("loans", LOANS)
    for _ in range(40):
        came = {}
        for i, k in enumerate(draw.binomial(100, 0.5, 30)):
            right = Measure.of(k / 100, *wilson(int(k), 100), 100)
            alone += not right.low <= 0.5 <= right.high
            came[f"m{i}"] = SimpleNamespace(
                precision=right, value=Measure(0, -9, 9, 100), unit="€", rescued=0, spoiled=0
            )
        found = limits({"manager": table}, {"manager": came}, domain=domain)
        assert all(row.above for row in found)
        claimed += any("more often than not:" in row.sentence for row in found)
    assert alone > 40 and claimed <= 5


def test_a_row_clearly_wrong_is_called_so_among_many():
    right = {f"m{i}": Measure.of(0.5, *wilson(50, 100), 100) for i in range(30)}
    right["m7"] = Measure.of(0.2, *wilson(20, 100), 100)
    came = {
        name: SimpleNamespace(precision=one, value=Measure(0, -9, 9, 100), unit="€", rescued=0, spoiled=0)
        for name, one in right.items()
    }
    table = rates(*((name, 200, 160) for name in right))
    found = limits({"manager": table}, {"manager": came}, domain=parse_domain("loans", LOANS))
    assert [row.name for row in found if "talk about it" in row.sentence] == ["m7"]


def test_a_dimension_may_have_limits_of_its_own():
    text = LOANS + "[override.limits.manager]\nlook_above = 0.3\nact_above = 0.5\n"
    found = held(text, all=rates(("all", 1000, 200)), manager=rates(("m1", 1000, 200)))
    assert [row.standing for row in found] == ["above: act", "below"]
    assert (found[1].look_above, found[1].act_above) == (0.3, 0.5)


def test_limits_of_what_no_rate_is_told_by_are_refused():
    problems = check_domain("loans", LOANS + "[override.limits.weather]\nlook_above = 0.3\nact_above = 0.2\n")
    assert len(problems) == 2 and "weather" in str(problems[0]) and "look_above" in str(problems[1])
