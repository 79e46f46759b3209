"""A team that does not improve must not look better because its bad ends are still to come."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.trust import drift_findings
from rhml.reports.improvement import improvement
from rhml.reports.late_outcomes import late_outcomes, set_aside

DOMAIN = parse_domain(
    "runs",
    'title = "Runs"\n[terms]\ncase = "run"\n[actions]\ngo = "Go"\nchange = "Change"\n[outcome]\n[features.x]\nkind = "number"\n',
)
START, END = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31")


def year(n: int, seed: int, *, slow: float, days: int = 365, drift: bool = False) -> pd.DataFrame:
    """A team and a model that are right in 9 of 10 where going is right and in 6 of 10 elsewhere, all year long."""
    rng = np.random.default_rng(seed)
    made = END - pd.to_timedelta(np.sort(rng.random(n))[::-1] * days, unit="D")
    go = rng.random(n) < np.where(drift & (made > END - pd.Timedelta(days=0.7 * days)), 0.35, 0.6)
    right = np.where(go, "go", "change")
    known = made + pd.to_timedelta(rng.uniform(0.5, 1.5, n) * np.where(go, 6.0, slow), unit="D")

    def call() -> np.ndarray:
        hit = rng.random(n) < np.where(go, 0.9, 0.6)
        return np.where(hit, right, np.where(go, "change", "go"))

    is_open = known > END
    return pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)],
            "case_id": [f"c{i}" for i in range(n)],
            "manager": rng.choice(["m1", "m2", "m3"], n),
            "mode": "first_call",
            "first_action": call(),
            "recommended_action": call(),
            "recommended_confidence": 0.78,
            "model_version": "v1",
            "final_action": call(),
            "right_action": np.where(is_open, None, right),
            "known_at": known.where(~is_open),
            "decided_at": made,
            "explore": False,
            "imported": False,
            "bank": False,
            "value": np.nan,
        }
    )


def test_known_outcomes_of_an_incomplete_time_do_not_count_and_it_says_so():
    rows = year(1_500, 1, slow=40.0)
    kept, found = late_outcomes(rows, domain=DOMAIN)
    assert found.set_aside == (rows["right_action"].notna() & kept["right_action"].isna()).sum() > 50
    assert "late ones end otherwise" in found.sentence and "Of runs decided since" in found.sentence
    assert kept["known_at"].notna().sum() == kept["right_action"].notna().sum()
    aside = set_aside(rows, domain=DOMAIN)
    assert (
        len(aside) == found.set_aside
        and kept.set_index("case_id").loc[list(aside), "right_action"].isna().all()
    )
    assert len(kept) == len(rows) and kept["final_action"].equals(rows["final_action"])


def test_the_share_right_of_the_newest_months_is_no_longer_flattered():
    gaps = {"as known": [], "complete": []}
    for seed in range(12):
        rows = year(1_200, seed, slow=60.0)
        kept, _ = late_outcomes(rows, domain=DOMAIN)
        for name, frame in (("as known", rows), ("complete", kept)):
            known = frame[
                frame["right_action"].notna() & (frame["decided_at"] > END - pd.Timedelta(days=100))
            ]
            gaps[name].append((known["final_action"] == known["right_action"]).mean() - 0.78)
    assert np.mean(gaps["as known"]) > 0.03
    assert abs(np.mean(gaps["complete"])) < 0.02


def test_a_short_log_without_change_does_not_read_as_improved():
    """One look at half a year, bad ends up to three months late: said of the team, the model or people."""
    said = {"as known": 0, "complete": 0}
    for seed in range(10):
        rows = year(4_000, 100 + seed, slow=70.0, days=270)
        kept, _ = late_outcomes(rows, domain=DOMAIN)
        for name, frame in (("as known", rows), ("complete", kept)):
            found = improvement(frame, domain=DOMAIN, seed=7)
            said[name] += any(
                getattr(found, who).verdict.words == "improved" for who in ("human", "model", "team")
            )
    assert said["as known"] >= 3
    assert said["complete"] == 0


def test_a_new_version_is_not_alarmed_by_good_ends_coming_first():
    """Drift watch: outcomes as they came in look like another world; complete ones do not, and a real change shows."""
    rng = np.random.default_rng(3)
    go = (rng.random(600) < 0.6).astype(int)
    reference = (np.column_stack([np.full(600, 0.6), np.full(600, 0.4)]), 1 - go)

    def findings(rows: pd.DataFrame) -> list[str]:
        shown = pd.DataFrame(
            {
                "probability": 0.6,
                "right": (rows["right_action"] == "go").to_numpy(bool),
                "right_action": rows["right_action"].to_numpy(object),
            }
        )
        return [one.kind for one in drift_findings.calibration(reference, shown, domain=DOMAIN).findings]

    rows = year(900, 4, slow=40.0, days=200)
    known = rows[rows["right_action"].notna()].sort_values("known_at")
    assert "outcomes" in findings(known)
    kept = late_outcomes(rows, domain=DOMAIN)[0]
    assert findings(kept[kept["right_action"].notna()]) == []
    moved = late_outcomes(year(900, 4, slow=40.0, days=200, drift=True), domain=DOMAIN)[0]
    assert "outcomes" in findings(moved[moved["right_action"].notna()])


def test_outcomes_that_are_as_quick_either_way_all_count():
    rows = year(1_200, 5, slow=6.0)
    kept, found = late_outcomes(rows, domain=DOMAIN)
    assert kept is rows and found.sentence == "" and found.set_aside == 0


def test_too_few_complete_ones_are_said_to_be_too_few():
    rows = year(260, 6, slow=80.0, days=70)
    _, found = late_outcomes(rows, domain=DOMAIN)
    assert "cannot be told" in found.sentence and found.set_aside == 0


@pytest.mark.parametrize("cut", [0, 1, 5])
def test_hardly_any_rows_are_no_trouble(cut):
    kept, found = late_outcomes(year(200, 7, slow=40.0).iloc[:cut], domain=DOMAIN)
    assert len(kept) == cut and found.sentence == ""
