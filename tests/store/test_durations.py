"""Times from counts of times are those of the rows: quartiles, the values beside the median, what has no time."""

import numpy as np
import pandas as pd
import pytest

from rhml.reports.durations import durations
from rhml.stats.medians import combined, median_of
from rhml.store import durations as time_taken
from rhml.store import frames, organization
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from rhml.store.veil import Veil
from tests.ui.log_of_loans import NOW, fill


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log') / 'log.duckdb'}", now=NOW)
    fill(store)
    taken = np.random.default_rng(1).lognormal(3.5, 1.0, 360).round(1)
    # The rows of this log were imported without times; a tenth stays so.
    store.write(lambda tx: [
        tx.run("UPDATE loans.decisions SET seconds = $1 WHERE case_id = $2", [float(seconds), f"a{i:04}"])
        for i, seconds in enumerate(taken) if i % 10
    ])  # fmt: skip
    yield store, organization.domain(store, "loans")
    store.close()


def rows(store, domain) -> pd.DataFrame:
    found = frames.decided(store, domain)
    return found[found["recommended_action"].notna()]


def test_quartiles_and_medians_are_those_of_the_rows(held):
    store, domain = held
    found, decisions = time_taken.times(store, domain, Filters()), rows(store, domain)
    followed = decisions["final_action"] == decisions["recommended_action"]
    for side, among in (("all", followed | True), ("agreed", followed), ("overrode", ~followed)):
        [one] = found[found["side"] == side].itertuples()
        theirs = decisions.loc[among, "seconds"].dropna().map(grained)
        assert (one.n, one.untimed) == (len(theirs), int(decisions.loc[among, "seconds"].isna().sum()))
        assert one.median == pytest.approx(theirs.median())
        assert [one.first, one.third] == list(np.quantile(theirs, [0.25, 0.75], method="inverted_cdf"))


def grained(seconds: float) -> float:
    return (
        round(seconds, 1) if seconds < 100 else float(np.floor(seconds + 0.5)) if seconds < 3600 else np.nan
    )


def test_intervals_are_those_of_the_order_statistics(held):
    store, domain = held
    [ours] = durations(time_taken.times(store, domain, Filters()))
    taken = rows(store, domain)["seconds"].dropna().map(grained)
    theirs = combined([(1, median_of(taken))])
    assert [ours.every.value, ours.every.low, ours.every.high] == pytest.approx(
        [theirs.value, theirs.low, theirs.high]
    )
    assert ours.imported == len(taken)


def test_names_part_the_times_and_people_behind_one_name_are_timed_together(held):
    store, domain = held
    by_sector = durations(time_taken.times(store, domain, Filters(), ("sector",)))
    [whole] = durations(time_taken.times(store, domain, Filters()))
    assert sum(one.every.n for one in by_sector) == whole.every.n
    veil = Veil((), "others")
    [together] = durations(time_taken.times(store, domain, Filters(seen_by=veil), ("manager",)))
    assert together.names == ("others",) and together.every == whole.every


def test_what_was_never_timed_has_no_median(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store)
    [one] = durations(time_taken.times(store, organization.domain(store, "loans"), Filters()))
    assert not one.every.known and one.quartiles is None and one.untimed == 360
    store.close()


def test_the_medians_of_wholes_are_those_of_all_their_rows(held):
    store, domain = held
    both = durations(time_taken.times(store, domain, Filters(), ("sector", "reason"), margins=True))
    found = {one.names: one for one in both}
    for place, by in enumerate(("sector", "reason")):
        for one in durations(time_taken.times(store, domain, Filters(), (by,))):
            [name] = one.names
            whole = found[(name, None) if place == 0 else (None, name)]
            assert (whole.every, whole.longer, whole.quartiles) == (one.every, one.longer, one.quartiles)
    [every] = durations(time_taken.times(store, domain, Filters()))
    assert found[None, None].every == every.every and found[None, None].untimed == every.untimed
