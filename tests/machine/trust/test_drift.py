import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.trust import drift_findings
from rhml.machine.trust.drift import ALPHA, looks, values_moved
from rhml.machine.trust.drift_words import SUGGESTION

DOMAIN = parse_domain(
    "loans",
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n[terms]\ncase = "loan"\n'
    '[features.income]\nlabel = "Income"\nkind = "number"\nunit = "€"\n'
    '[features.debt]\nlabel = "Debt"\nkind = "number"\n'
    '[features.region]\nlabel = "Region"\nkind = "category"\n'
    '[features.owner]\nlabel = "Owner"\nkind = "yes_no"\n'
    '[features.since]\nlabel = "Since"\nkind = "date"\n'
    '[features.note]\nkind = "text"\n',
)
POINTS = {"income": 0.08, "debt": 0.04, "region": 0.03, "owner": 0.02, "since": 0.02}


def loans(n, seed, start="2025-01-01"):
    rng = np.random.default_rng(seed)
    received = pd.Timestamp(start) + pd.to_timedelta(np.arange(n), unit="h")
    return pd.DataFrame(
        {
            "received_at": received,
            "income": rng.lognormal(10, 0.5, n),
            "debt": np.where(rng.random(n) < 0.05, np.nan, rng.poisson(2, n)),
            "region": rng.choice(["north", "south", "east", "moon"], n, p=[0.5, 0.3, 0.195, 0.005]),
            "owner": (rng.random(n) < 0.3).astype(float),
            "since": received - pd.to_timedelta(rng.integers(10, 4000, n), unit="D"),
            "note": "text",
        }
    )


def found(now, points=POINTS, **more):
    return drift_findings.population(loans(1500, 1), now, domain=DOMAIN, points=points, **more)


def test_the_shares_of_all_looks_add_up_to_one_and_windows_end_where_they_are_due():
    due = looks(20_000)
    assert sum(look.share for look in due) == pytest.approx(1, abs=0.011)
    assert [(d.start, d.stop) for d in due[:8]] == [
        (0, 200), (0, 400), (400, 600), (0, 800), (800, 1000), (800, 1200), (1200, 1400), (0, 1600),
    ]  # fmt: skip
    assert max(d.stop - d.start for d in due) == 3200
    assert looks(199) == []
    assert sum(ALPHA.values()) == pytest.approx(0.05)


def test_earlier_looks_stay_as_they_were_when_more_cases_come():
    assert looks(1000)[:3] == looks(650)


def test_with_nothing_changed_there_is_nothing_to_report():
    assert not [s for s in range(4) if found(loans(1000, 50 + s, start="2025-06-01")).findings]


def test_a_number_that_moved_is_named_with_both_middles():
    now = loans(400, 2, start="2025-06-01")
    now["income"] *= 1.6
    watched = found(now)
    [finding] = watched.findings
    assert finding.about == "Income"
    assert "middle value is" in finding.sentence and "€" in finding.sentence
    assert finding.shift.size.low > 0.15 and finding.shift.now > 1.4 * finding.shift.then
    assert (watched.cases, watched.looks, watched.next_look) == (400, 2, 600)


def test_a_category_that_grew_and_a_column_that_got_lost_are_told_apart():
    now = loans(400, 3, start="2025-06-01")
    now.loc[:120, "region"] = "moon"
    now.loc[200:, "debt"] = np.nan
    said = {f.about: f.sentence for f in found(now).findings}
    assert set(said) == {"Region", "Debt"}
    assert "“moon” is" in said["Region"]
    assert "missing in" in said["Debt"] and "against 6 of 100" in said["Debt"]


def test_what_the_model_hardly_reads_is_counted_not_reported():
    now = loans(400, 2, start="2025-06-01")
    now["income"] *= 1.6
    watched = found(now, points=POINTS | {"income": 0.004})
    assert watched.findings == () and watched.unimportant == ("Income",)


def test_a_column_that_is_only_being_collected_is_no_change():
    now = loans(400, 2, start="2025-06-01")
    now["income"] *= 1.6
    watched = found(now, points={name: at for name, at in POINTS.items() if name != "income"})
    assert (watched.findings, watched.unimportant) == ((), ())


def test_a_large_sample_does_not_alarm_about_what_is_small():
    now = loans(3200, 4, start="2025-06-01")
    now["income"] *= 1.06
    assert (
        values_moved(loans(1500, 1)["income"].to_numpy(), now["income"].to_numpy(), about="income").p < 0.01
    )
    assert found(now).findings == ()


def test_a_finding_stands_after_the_cases_are_as_before_again():
    now = loans(800, 5, start="2025-06-01")
    now.loc[:199, "income"] *= 2
    [finding] = found(now).findings
    assert finding.look.start == 0 and finding.since == 200


def test_older_new_cases_may_be_left_out_and_still_count():
    now = loans(600, 6, start="2025-06-01")
    now["income"] *= 2
    watched = found(now, skipped=10_000)
    assert watched.cases == 10_600 and watched.looks == 53
    assert watched.findings[0].look.start >= 10_000


def test_suggestions_that_moved_are_a_finding_of_their_own():
    rng = np.random.default_rng(1)
    now = loans(400, 7, start="2025-06-01")
    watched = found(now, suggested=(rng.beta(2, 2, 600), rng.beta(4, 2, 400)))
    assert [f.about for f in watched.findings] == [SUGGESTION]
    assert "“Lend” is 68 of 100" in watched.findings[0].sentence


def judged(n, seed, off=0.0, slope=1.0):
    """Suggestions with their probability, and whether they proved right: `off` points less often than said."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.5, 0.98, n)
    truth = 1 / (1 + np.exp(-slope * np.log(p / (1 - p)))) - off
    right = rng.random(n) < truth
    action = rng.choice(["lend", "decline"], n)
    other = np.where(action == "lend", "decline", "lend")
    return pd.DataFrame({"probability": p, "right": right, "right_action": np.where(right, action, other)})


def reference(n, seed):
    rng = np.random.default_rng(seed)
    lend = rng.uniform(0.02, 0.98, n)
    return np.column_stack([lend, 1 - lend]), (rng.random(n) > lend).astype(int)


def calibrated(shown, size=1500):
    return drift_findings.calibration(reference(size, 1), shown, domain=DOMAIN)


def test_suggestions_that_prove_right_as_often_as_they_say_raise_nothing():
    assert not [s for s in range(6) if calibrated(judged(800, 20 + s)).findings]


def test_suggestions_that_prove_right_less_often_are_found_with_by_how_much():
    [finding] = [f for f in calibrated(judged(600, 2, off=0.2)).findings if f.shift.test == "level"]
    assert "points less often than they said" in finding.sentence.replace("  ", " ")
    assert finding.shift.size.low < -0.2 < finding.shift.size.high


def test_overstated_clear_suggestions_are_found():
    tests = {f.shift.test for f in calibrated(judged(3200, 3, slope=0.3)).findings}
    assert tests & {"slope", "level"}


def test_another_share_of_right_actions_is_found():
    shown = judged(600, 4).assign(right_action="lend")
    kinds = [f.kind for f in calibrated(shown).findings]
    assert kinds == ["outcomes"]


def test_without_a_reference_there_is_no_look():
    watched = calibrated(judged(600, 4), size=80)
    assert watched.looks == 0 and watched.findings == ()


def test_findings_are_plain_values():
    import json

    now = loans(400, 2, start="2025-06-01").assign(income=1.0)
    json.dumps(found(now).as_dict(), allow_nan=False)
    json.dumps(calibrated(judged(600, 2, off=0.2)).as_dict(), allow_nan=False)
