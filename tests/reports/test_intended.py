"""What an intent was worth: its decisions are the newest, so outcomes that come early may not speak for all."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.reports.intended import realised
from rhml.reports.late_outcomes import late_outcomes, set_aside
from tests.reports.test_late_outcomes import END, year

PRICED = parse_domain(
    "runs",
    'title = "Runs"\n[terms]\ncase = "run"\n[actions]\ngo = "Go"\nchange = "Change"\n[outcome]\n[value]\nunit = "hours"\n'
    'cost = { go = { change = 1.0 }, change = { go = 0.5 } }\n[features.x]\nkind = "number"\n',
)


def careful(seed: int, *, slow: float, days: float) -> tuple[pd.DataFrame, pd.Series]:
    """In the newest days the recommendation is moved from going to changing; where changing is right is known late."""
    rows = year(3_000, seed, slow=slow)
    moved = rows["decided_at"] > END - pd.Timedelta(days=days)
    recommended = np.where(moved, "change", rows["recommended_action"])
    likeliest = np.where(moved, "go", rows["recommended_action"])
    return rows.assign(
        recommended_action=recommended, likeliest_action=likeliest, moved_by_intent=moved
    ), moved


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_intent_that_saves_is_not_said_to_cost_because_its_mistakes_show_first(seed):
    rows, moved = careful(seed, slow=60.0, days=60)
    by_then = realised(rows[moved], domain=PRICED, seed=7)
    assert by_then.saved.high < 0  # nearly all that is known so early is where going was right

    aside, late = set_aside(rows, domain=PRICED), late_outcomes(rows, domain=PRICED)[1].sentence
    complete = realised(rows[moved], domain=PRICED, seed=7, aside=aside, late=late)
    assert complete.known < 20 and not complete.saved.known
    assert complete.sentence.endswith("known ones do not count yet.")


def test_where_early_outcomes_are_like_late_ones_nothing_is_set_aside():
    rows, moved = careful(4, slow=6.0, days=30)
    plain = realised(rows[moved], domain=PRICED, seed=7)
    told = realised(
        rows[moved], domain=PRICED, seed=7, aside=set_aside(rows, domain=PRICED), late="Some do not count."
    )
    assert told == plain and plain.known > 150 and plain.saved.low < 0.1 < plain.saved.high


def test_who_decided_does_not_narrow_what_a_recommendation_was_worth():
    rows, moved = careful(5, slow=6.0, days=60)
    apart = rows[moved]
    # Were each outcome one person's alone, nothing would seem to vary within people.
    sorted_out = apart.assign(manager=np.where(apart["right_action"] == "go", "m1", "m2"))
    one, other = (realised(frame, domain=PRICED, seed=7).saved for frame in (apart, sorted_out))
    assert (one.low, one.high) == (other.low, other.high)
