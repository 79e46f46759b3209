import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.trust.routing import SURENESS, chosen, propose, replayable, segments, simulate

TEXT = (
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    '[value]\ncolumn = "amount"\nunit = "€"\n'
    '[features.amount]\nkind = "number"\n[features.sector]\nkind = "category"\n'
    '[features.owner]\nkind = "yes_no"\n[features.region]\nkind = "category"\nuse = false\n'
    '[segments]\ncolumns = ["sector", "owner", "amount"]\nprotected = ["region"]\n'
)
DOMAIN = parse_domain("loans", TEXT)


def decisions(n, seed, *, people=0.7, crafts=0.7):
    """The model is right in 7 of 10; people in `people`, in the sector crafts in `crafts`."""
    rng = np.random.default_rng(seed)
    right = rng.choice(["lend", "decline"], n)
    other = np.where(right == "lend", "decline", "lend")
    sector = rng.choice(["retail", "crafts"], n)
    final = np.where(rng.random(n) < np.where(sector == "crafts", crafts, people), right, other)
    return pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(n)],
            "manager": rng.choice(["m1", "m2", "m3"], n),
            "recommended_action": np.where(rng.random(n) < 0.7, right, other),
            "recommended_confidence": rng.uniform(0.5, 1, n),
            "final_action": final,
            "right_action": right,
            "seconds": rng.uniform(30, 90, n),
            "value": 100.0,
            "explore": False,
            "sector": sector,
            "owner": rng.choice([0.0, 1.0], n),
            "amount": 100.0,
            "region": "north",
        }
    )


def replay(n=2000, seed=1, choice=(("sector", "crafts"),), domain=DOMAIN, **how):
    past = replayable(decisions(n, seed, **how), domain=domain)
    return simulate(past, chosen(past, list(choice), domain=domain), domain=domain)


def test_every_number_is_the_one_counted_by_hand():
    past = pd.DataFrame(
        {
            "case_id": [f"c{i}" for i in range(40)],
            "manager": "m1",
            "recommended_action": ["lend"] * 40,
            "recommended_confidence": [0.9] * 20 + [0.6] * 20,
            "final_action": ["decline"] * 8 + ["lend"] * 32,
            "right_action": ["decline"] * 5 + ["lend"] * 35,
            "seconds": [36.0] * 40,
            "value": [10.0] * 40,
            "sector": "retail",
            "owner": 1.0,
        }
    )
    past = replayable(past, domain=DOMAIN)
    found = simulate(past, chosen(past, [(SURENESS, "clear")], domain=DOMAIN), domain=DOMAIN)
    assert (found.decisions, found.routed, found.share) == (40, 20, 0.5)
    assert (found.rescued, found.spoiled) == (5, 3)
    assert found.accuracy.value == pytest.approx(-2 / 40)
    assert found.inside.value == pytest.approx(-2 / 20)
    assert found.value.value == pytest.approx(-2 * 10 / 40 * 1000)
    assert found.hours.value == pytest.approx(20 * 36 / 40 * 1000 / 3600)


def test_where_people_are_better_letting_the_model_decide_costs():
    found = replay(people=0.9, crafts=0.9)
    assert found.inside.high < -0.1 and found.accuracy.high < -0.05
    assert found.accuracy.value == pytest.approx(found.inside.value * found.inside.n / found.accuracy.n)
    assert found.value.value < 0


def test_the_interval_covers_the_truth():
    held = [(m := replay(1200, seed).accuracy).low <= 0 <= m.high for seed in range(40)]
    assert sum(held) >= 35


def test_values_of_a_column_add_up_and_columns_narrow():
    past = replayable(decisions(300, 2), domain=DOMAIN)

    def covered(*choice):
        return chosen(past, list(choice), domain=DOMAIN)

    assert covered(("sector", "crafts"), ("sector", "retail")).all()
    both = covered(("sector", "crafts"), ("owner", "yes"))
    assert np.array_equal(both, covered(("sector", "crafts")) & covered(("owner", "yes")))
    assert not covered().any()


def test_protected_columns_and_plain_numbers_are_no_segments():
    columns = {c for c, _ in segments(replayable(decisions(300, 2), domain=DOMAIN), domain=DOMAIN)}
    assert columns == {SURENESS, "sector", "owner"}


def test_decisions_without_a_recommendation_cannot_be_replayed():
    past = decisions(100, 3)
    past.loc[:59, "recommended_action"] = None
    assert len(replayable(past, domain=DOMAIN)) == 40


def test_where_outcomes_depend_on_decisions_only_explored_ones_tell():
    domain = parse_domain("loans", TEXT.replace("[outcome]\n", '[outcome]\nobserved_after = ["lend"]\n'))
    found = replay(domain=domain)
    assert not found.accuracy.known and "Cannot be known" in found.accuracy.why
    assert found.hours.known and not found.value.known


def test_imported_decisions_without_times_save_no_hours():
    past = replayable(decisions(200, 4).assign(seconds=np.nan), domain=DOMAIN)
    found = simulate(past, chosen(past, [("sector", "crafts")], domain=DOMAIN), domain=DOMAIN)
    assert not found.hours.known and "not on record" in found.hours.why


def test_the_proposal_finds_where_a_look_adds_nothing():
    past = replayable(decisions(6000, 5, people=0.9, crafts=0.62), domain=DOMAIN)
    choice, found = propose(past, domain=DOMAIN, at_most=0.6)
    assert ("sector", "crafts") in choice and ("sector", "retail") not in choice
    assert found.decisions == 3000 and found.accuracy.low > 0
    small, found = propose(past, domain=DOMAIN, at_most=0.3)
    assert found.share < 0.33 and ("sector", "crafts") in small


def test_where_people_add_everywhere_nothing_is_proposed():
    past = replayable(decisions(3000, 6, people=0.9, crafts=0.9), domain=DOMAIN)
    assert propose(past, domain=DOMAIN, at_most=0.5) is None


def test_an_empty_log_has_an_answer():
    none = replayable(decisions(0, 1), domain=DOMAIN)
    assert segments(none, domain=DOMAIN) == [] and propose(none, domain=DOMAIN, at_most=0.5) is None
