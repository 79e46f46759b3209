"""Deciding together, where the truth is known: do the intervals of the gaps, the headroom and its share hold?

    PYTHONPATH=. python tests/benchmarks/complementarity.py [logs] [decisions in each]

People are clusters of their own here (each has a skill), mistakes of people and model fall together to a planted degree,
and the truth is exact: every share follows from the chances planted.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.reports.calls import Calls
from rhml.reports.complementarity import complementarity

DOMAIN = parse_domain("planted", 'title = "P"\n[actions]\na = "A"\nb = "B"\n[outcome]\n')
KEYS = np.array(["a", "b"], object)
PLANTS = {
    # name: chances of (H✓M✓, H✓M✗, H✗M✓, both ✗), of following the model where it is right, and where it is wrong
    "better together": ((0.50, 0.18, 0.20, 0.12), 0.80, 0.25),
    "falls short of the model": ((0.45, 0.10, 0.27, 0.18), 0.30, 0.40),
    "equals, little headroom": ((0.70, 0.04, 0.04, 0.22), 0.55, 0.45),
    "mistakes fall together": ((0.62, 0.06, 0.12, 0.20), 0.60, 0.30),
}


def log(rng, plant, n):
    """Calls of a log."""
    cells, right_followed, wrong_followed = plant
    cell = rng.choice(4, n, p=cells)
    h, m = cell < 2, (cell == 0) | (cell == 2)
    follows = rng.random(n) < np.where(m, right_followed, wrong_followed)
    t = np.where(h == m, h, np.where(follows, m, h))
    right = rng.integers(0, 2, n)
    call = [KEYS[np.where(hit, right, 1 - right)] for hit in (h, m, t)]
    frame = pd.DataFrame(
        {
            "decision_id": np.arange(n).astype(str), "case_id": np.arange(n).astype(str),
            "manager": (np.arange(n) % 9).astype(str), "first_action": call[0], "recommended_action": call[1],
            "final_action": call[2], "right_action": KEYS[right], "imported": False, "explore": False,
        }
    )  # fmt: skip
    return Calls.of(frame, DOMAIN)


def truth(plant):
    """What each measure is in the plant."""
    (both, human, model, _), right_followed, wrong_followed = plant
    h, m = both + human, both + model
    t = both + model * right_followed + human * (1 - wrong_followed)
    best, oracle = max(h, m), both + human + model
    return {"team_minus_human": t - h, "team_minus_model": t - m, "smaller": t - best, "headroom": oracle - best,
            "realised": (t - best) / (oracle - best), "oracle": oracle, "oracle_by_chance": h + m - h * m}  # fmt: skip


def main(logs=400, n=1_500):
    """Print coverage of every measure of every plant; `both gaps` at once, as they are claimed."""
    for name, plant in PLANTS.items():
        rng, true = np.random.default_rng(len(name)), truth(plant)
        found = [complementarity(log(rng, plant, n), seed=1) for _ in range(logs)]
        for key, value in true.items():
            known = [getattr(one, key) for one in found if getattr(one, key).low is not None]
            inside = np.mean([m.low <= value <= m.high for m in known]) if known else float("nan")
            print(f"{name:26} {key:18} truth {value:+.3f}  covered {inside:6.1%} of {len(known)}")
        gaps = [all(m.low <= true[k] <= m.high for k in ("team_minus_human", "team_minus_model")
                    if (m := getattr(one, k))) for one in found]  # fmt: skip
        print(f"{name:26} {'both gaps':18}               covered {np.mean(gaps):6.1%} of {logs}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
