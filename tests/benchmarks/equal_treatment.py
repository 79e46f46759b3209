"""Does equal treatment ask where nothing is, and find what is planted? python tests/benchmarks/equal_treatment.py [ORGANIZATIONS] [SEED]

Organizations of managers who override a model, with two protected columns. Printed for each kind of organization: the
share with any question (nothing planted: at most 5 %), with the planted one, and how often the 95 % interval on like
cases held the planted difference.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.reports.equal_treatment import EqualTreatment, equal_treatment
from rhml.stats.intervals import wilson

DOMAIN: DecisionDomain = parse_domain(
    "loans",
    'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[outcome]\n'
    + "".join(f'[features.x{k}]\nkind = "number"\n' for k in range(3))
    + '[features.region]\nkind = "category"\nuse = false\n[features.age]\nkind = "number"\nuse = false\n'
    '[segments]\nprotected = ["region", "age"]\n',
)
ACTIONS = np.array(DOMAIN.action_keys, dtype=object)
REGIONS = np.array(["north", "south", "east"], dtype=object)


@dataclass(frozen=True)
class Scenario:
    """One kind of organization; `unequal`: so many more declines where lending was recommended, in the south."""

    name: str
    unequal: float = 0.0
    harder: float = 0.0
    riskier: float = 0.0
    noisier: float = 0.0
    decisions: int = 6_000
    managers: int = 12
    specialised: float = 0.0
    judged_by: int = 1


SCENARIOS = (
    Scenario("all alike"),
    Scenario("all alike, a handful", decisions=400, managers=4),
    Scenario("all alike, 20,000 decisions", decisions=20_000),
    Scenario("all alike, each case judged three times", decisions=4_500, judged_by=3),
    Scenario("harder cases in the south", harder=0.5),
    Scenario("riskier cases in the south", riskier=0.8),
    Scenario("outcomes harder to foretell in the south", noisier=0.15),
    Scenario("harder and riskier, 20,000 decisions", harder=0.5, riskier=0.8, decisions=20_000),
    Scenario("other managers in the south", specialised=0.7),
    Scenario("8 points", unequal=0.08),
    Scenario("8 points, 3,000 decisions", unequal=0.08, decisions=3_000),
    Scenario("8 points, 1,500 decisions", unequal=0.08, decisions=1_500),
    Scenario("8 points, 20,000 decisions", unequal=0.08, decisions=20_000),
    Scenario("8 points on harder and riskier cases", unequal=0.08, harder=0.5, riskier=0.8),
)


def decisions(scenario: Scenario, seed: int) -> pd.DataFrame:
    """Decisions of one organization as the log gives them, with the facts of their cases."""
    rng = np.random.default_rng([seed, *scenario.name.encode()])
    cases = scenario.decisions // scenario.judged_by
    region = rng.choice(3, cases, p=(0.5, 0.2, 0.3))
    south = region == 1
    facts = rng.normal(0, 1, (cases, 3)) * np.where(south, 1 - scenario.harder, 1.0)[:, None]
    odds = 1.4 * facts[:, 0] - 1.1 * facts[:, 1] + 0.5 * facts[:, 2] - scenario.riskier * south
    facts[:, 0] -= scenario.riskier * south / 1.4
    lend = rng.random(cases) < _sigmoid(odds)
    lend = np.where(south & (rng.random(cases) < scenario.noisier), rng.random(cases) < 0.5, lend)
    seen = _sigmoid(0.9 * (odds + rng.normal(0, 0.8, cases)))
    at = np.repeat(np.arange(cases), scenario.judged_by)
    n = len(at)
    manager = rng.integers(0, scenario.managers, n)
    moved = (rng.random(n) < scenario.specialised) & south[at]
    manager = np.where(moved, manager % 3, manager)
    strict = rng.normal(0, 0.5, scenario.managers)
    own = odds[at] + rng.normal(0, 1.2, n) - strict[manager] > 0
    follows = rng.random(n) < 0.55
    shown = seen[at] >= 0.5
    final = np.where(follows, shown, own)
    final &= ~(shown & south[at] & (rng.random(n) < _push(scenario, shown, final, south[at])))
    mode = np.where(rng.random(n) < 0.3, "first_call", "assisted")
    return pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)], "case_id": [f"c{i}" for i in at],
            "manager": [f"m{m}" for m in manager], "mode": mode,
            "first_action": np.where(mode == "first_call", _action(own), None), "first_confidence": np.nan,
            "model_version": "v1", "recommended_action": _action(shown),
            "recommended_confidence": np.where(shown, seen[at], 1 - seen[at]), "final_action": _action(final),
            "final_confidence": np.nan, "reason": None, "rationale": None,
            "decided_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="min"),
            "right_action": _action(lend[at]), "verdict": None, "direction": 0, "bank": False, "explore": False,
            "imported": False, "value": np.nan, "region": REGIONS[region][at],
            "age": rng.integers(18, 80, cases)[at].astype(float), **{f"x{k}": facts[at, k] for k in range(3)},
        }
    )  # fmt: skip


def _push(scenario: Scenario, shown: np.ndarray, final: np.ndarray, south: np.ndarray) -> float:
    """The chance that turns a loan in the south down so that declines there rise by the planted points."""
    lent = final[shown & south].mean() if (shown & south).any() else 1.0
    return scenario.unequal / lent


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _action(first: np.ndarray) -> np.ndarray:
    return np.where(first, ACTIONS[0], ACTIONS[1])


def planted(found: EqualTreatment) -> bool:
    """Whether the planted difference is asked about."""
    [column] = [c for c in found.columns if c.column == "region"]
    [south] = [v for v in column.values if v.value == "south"]
    return south.measures["override_high"].question


def held(found: EqualTreatment, unequal: float) -> bool | None:
    """Whether the interval of the planted difference on like cases holds it; None where there is none."""
    [column] = [c for c in found.columns if c.column == "region"]
    [south] = [v for v in column.values if v.value == "south"]
    alike = south.measures["override_high"].alike
    return alike.low <= unequal <= alike.high if alike.known else None


def main(organizations: int, seed: int) -> None:
    for scenario in SCENARIOS:
        found = [equal_treatment(decisions(scenario, seed + i), domain=DOMAIN) for i in range(organizations)]
        asked, hit = sum(bool(f.questions) for f in found), sum(planted(f) for f in found)
        inside = [h for f in found if (h := held(f, scenario.unequal)) is not None]
        low, high = wilson(asked, organizations)
        print(f"{scenario.name:<45} asked {asked / organizations:6.1%} ({low:.1%} to {high:.1%})   the planted one "
              f"{hit / organizations:6.1%}   interval holds {np.mean(inside):6.1%} of {len(inside)}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
