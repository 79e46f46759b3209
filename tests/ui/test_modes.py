from datetime import timedelta

import pytest

from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.stats.measure import Measure
from rhml.store import case_file, waiting
from rhml.store.opening import utc_now
from rhml.store.waiting import Queue
from rhml.ui.modes import minutes
from tests.ui.log_of_loans import opened
from tests.ui.waiting_loans import desk, texts  # noqa: F401 - desk is a fixture


def work(store, domain, *, assisted: float, own: float):
    """Decide everything that waits, each mode with its own seconds, one after another a little longer."""
    now = utc_now()
    for i, row in enumerate(waiting.page(store, domain, Queue("m1"), now=now, limit=100)):
        asked = row["mode"] != "assisted"
        if asked:
            commit_first_call(store, domain, row["case_id"], "lend", manager="m1", at=now)
        shown = case_file.waiting_row(store, domain, row["case_id"])["recommendation_id"]
        choice = Choice(row["case_id"], "decline", shown, seconds=(own if asked else assisted) + i % 7)
        decide(store, domain, choice, manager="m1", at=now + timedelta(minutes=1))


def table(app):
    return "\n".join(str(t.value.to_dict("records")) for t in app.table).replace("\\", "")


def test_the_minutes_of_each_mode_are_told_with_their_interval_and_nobodys_name(desk):  # noqa: F811
    store, domain = desk(90, first_call=0.5, evidence_only=0.0)
    work(store, domain, assisted=30.0, own=90.0)
    app = opened("team", view="Modes")
    said = texts(app)
    assert "At today’s shares own calls add **50.0 minutes (" in said
    assert "1.00 minutes (0.98 to 1.02; n 90)" in table(app)
    assert "of 0 asked" in table(app)
    assert "m1" not in said + table(app)


def test_before_anything_was_decided_it_says_what_is_missing(desk):  # noqa: F811
    desk()
    app = opened("team", view="Modes")
    assert "What own calls cost in minutes is not known yet. No applications so far." in texts(app)


def test_where_every_case_came_decided_it_says_so(desk):  # noqa: F811
    desk(0, recommended=False)
    assert "have had a card here yet" in texts(opened("team", view="Modes"))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Measure(1.25, 0.5, 2.0, 40), "1.2 minutes (0.5 to 2.0; n 40)"),
        (Measure(0.01, -0.04, 0.06, 9), "0.0 minutes (0.0 to 0.1; n 9)"),
        (Measure.unknown("No cases so far."), "No cases so far."),
    ],
)
def test_minutes_are_never_minus_zero(found, said):
    assert minutes(found) == said
