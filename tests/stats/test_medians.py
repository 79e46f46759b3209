import numpy as np

from rhml.stats.medians import combined, median_of


def test_the_interval_of_a_difference_of_medians_covers():
    rng, hits, runs = np.random.default_rng(1), 0, 1_000
    for _ in range(runs):
        one, other = rng.lognormal(0.3, 0.8, 60), rng.lognormal(0.0, 0.8, 200)
        found = combined([(1, median_of(one)), (-1, median_of(other))])
        hits += found.low <= np.exp(0.3) - 1 <= found.high
    assert 0.93 <= hits / runs <= 0.985


def test_few_times_say_nothing():
    few, many = median_of(np.arange(19.0)), median_of(np.arange(100.0))
    assert combined([(1, many), (-1, few)]).why == "Only 19 cases so far; too few to say."
    assert combined([(1, many)]).value == 49.5


def test_times_that_are_all_alike_have_no_interval():
    found = combined([(1, median_of(np.full(50, 2.0)))])
    assert (found.value, found.low, "alike" in found.why) == (2.0, None, True)
