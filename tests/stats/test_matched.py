"""The change over matched pairs: exact where it can be checked, careful where nearly all were alike."""

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import xlogy

from rhml.stats.matched import interval, matched_change


@pytest.mark.parametrize(("gained", "lost", "n"), [(7, 1, 20), (3, 3, 20), (0, 2, 15), (9, 4, 40)])
def test_an_end_is_where_the_score_statistic_meets_its_quantile(gained, lost, n):
    """Checked by maximising the likelihood numerically, with the change held fixed (Tango 1998)."""
    low, _ = interval(gained, lost, n)
    if low == 0:
        return

    def against(worse):
        return -(
            xlogy(gained, worse + low)
            + xlogy(lost, worse)
            + xlogy(n - gained - lost, max(1 - 2 * worse - low, 1e-12))
        )

    bounds = (max(0, -low) + 1e-9, (1 - low) / 2 - 1e-9)
    worse = optimize.minimize_scalar(against, bounds=bounds, method="bounded", options={"xatol": 1e-10}).x
    z = (gained - lost - n * low) / np.sqrt(n * (2 * worse + low * (1 - low)))
    assert z == pytest.approx(stats.norm.ppf(0.975), abs=2e-3)


def test_better_and_worse_are_mirror_images():
    for gained, lost in ((7, 1), (0, 4), (5, 5)):
        low, high = interval(gained, lost, 20)
        assert interval(lost, gained, 20) == pytest.approx((-high, -low))


@pytest.mark.parametrize("n", [10, 20, 40])
def test_no_change_is_called_one_in_at_most_one_of_forty_whatever_share_differs(n):
    calls = [(b, c) for b in range(n + 1) for c in range(n + 1 - b) if interval(b, c, n)[0] > 0]
    assert calls
    for differ in np.linspace(0.02, 1, 50):
        wrong = sum(
            stats.multinomial.pmf([b, c, n - b - c], n, [differ / 2, differ / 2, 1 - differ])
            for b, c in calls
        )
        assert wrong <= 0.025 + 1e-9


def test_pairs_that_are_not_alike_make_no_false_gain_more_likely():
    """Some pairs never differ, some do by half, the rest by any share (Hoeffding 1956: the worst mixtures)."""
    n = 40
    calls = {(b, c) for b in range(n + 1) for c in range(n + 1 - b) if interval(b, c, n)[0] > 0}
    wrong = [
        sum(stats.binom.pmf(b, m, 0.5) for b in range(m + 1) if (b, m - b) in calls) for m in range(n + 1)
    ]
    for never in range(0, n, 5):
        for half in range(0, n - never + 1, 5):
            for share in (0.05, 0.2, 0.4):
                rest = n - never - half
                differ = np.convolve(
                    stats.binom.pmf(range(half + 1), half, 0.5), stats.binom.pmf(range(rest + 1), rest, share)
                )
                assert differ @ wrong[: len(differ)] <= 0.025


def test_all_right_both_times_still_leaves_an_interval():
    found = matched_change([1] * 20, [1] * 20)
    assert found.value == 0 and found.low < -0.1 and found.high > 0.1


def test_from_nothing_to_everything_is_a_gain_within_bounds():
    found = matched_change([0] * 40, [1] * 40)
    assert found.value == 1 and 0.8 < found.low < 1 and found.high == 1


def test_fewer_than_ten_pairs_say_nothing():
    assert matched_change([1] * 9, [0] * 9).why == "Only 9 pairs so far; too few to say."
    assert not matched_change([], []).known


def test_it_covers_where_nearly_all_is_right():
    """A trainee who goes from 94 to 100 in 100: 40 pairs, of which few differ."""
    n, lost, gained = 40, 0.0, 0.06
    covered = sum(
        stats.binom.pmf(b, n, gained)
        for b in range(n + 1)
        if interval(b, 0, n)[0] <= gained - lost <= interval(b, 0, n)[1]
    )
    assert covered >= 0.93
