"""What the cards count: shares over cases, only what may speak, only what was decided here."""

import numpy as np
import pytest

from rhml.loop import wrote
from rhml.loop.explored import explore
from rhml.reports.calls import Calls
from rhml.reports.tallied import row, shares
from rhml.stats.intervals import share
from rhml.stats.sample import Sample
from rhml.store import explorer, frames, organization
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from rhml.store.tallies import reasons, tallies
from tests.ui.log_of_loans import NOW, SELECTIVE, fill


@pytest.fixture
def made_here(url):
    """A log of a domain that sees outcomes after lending alone; its cases were all drawn, its decisions made here."""
    store = open_store(url, now=NOW)
    fill(store, SELECTIVE)
    store.write(
        lambda tx: (
            tx.run("UPDATE loans.decisions SET imported = FALSE"),
            tx.run("UPDATE loans.cases SET explore = TRUE"),
        )
    )
    yield store, organization.domain(store, "loans")
    store.close()


def test_every_share_is_that_of_the_rows(made_here):
    store, domain = made_here
    calls = Calls.of(frames.decided(store, domain), domain)
    judged, why = calls.judged()
    assert not why
    [whole] = tallies(store, domain)
    found = shares(whole)
    for name, hits, among in (
        ("model_right", calls.hits("recommended"), judged),
        ("final_right", calls.hits("final"), judged),
        ("own_call_right", calls.hits("first"), judged),
        ("overrides_right", calls.hits("final"), judged & calls.overridden),
    ):
        wanted = share(hits[among], Sample.rows(int(np.count_nonzero(among))))
        assert (found[name].value, found[name].low, found[name].high, found[name].n) == pytest.approx(
            (wanted.value, wanted.low, wanted.high, wanted.n), rel=1e-9
        )
    assert row(whole)["cases"] == int(judged.sum())


def test_a_share_drawn_but_not_carried_out_says_nothing_of_right(made_here):
    store, domain = made_here
    assert tallies(store, domain)[0].judged > 0 and explorer.observed_whatever_decided(store, domain)
    store.write(lambda tx: tx.run(
        "DELETE FROM loans.outcomes WHERE case_id IN (SELECT case_id FROM loans.decisions WHERE final_action = 'decline')"
    ))  # fmt: skip
    assert not explorer.observed_whatever_decided(store, domain)
    assert Calls.of(frames.decided(store, domain), domain).judged()[1]
    assert wrote.recurring(store, domain, Filters(), wrote.book(store, domain, Filters())).judged == 0
    [whole] = tallies(store, domain)
    assert (whole.judged, whole.rescued, whole.differed) == (0, 0, 0) and not shares(whole)[
        "model_right"
    ].known


def test_a_share_in_which_nothing_was_hidden_speaks_on_the_page_as_in_the_report(made_here):
    store, domain = made_here
    store.write(lambda tx: tx.run("DELETE FROM loans.decisions WHERE final_action = 'decline'"))
    assert not Calls.of(frames.decided(store, domain), domain).judged()[1]
    assert explorer.observed_whatever_decided(store, domain)


def test_reasons_are_those_of_overrides_made_here(made_here):
    store, domain = made_here
    [(over,)] = store.read("SELECT count(*) FROM loans.decided WHERE final_action <> recommended_action")
    assert sum(n for _, n in reasons(store, domain)) == over
    store.write(lambda tx: tx.run("UPDATE loans.decisions SET imported = TRUE"))
    assert reasons(store, domain) == []


def test_overrides_without_a_value_are_said_to_be_left_out_of_their_worth(made_here):
    store, domain = made_here
    store.write(lambda tx: tx.run("UPDATE loans.cases SET amount = NULL WHERE case_id < 'a0100'"))
    found = explore(store, domain, Filters()).total
    missing = found.precision.n - found.value.n
    assert missing > 0 and found.value.why == f"{missing} without a value left out."
