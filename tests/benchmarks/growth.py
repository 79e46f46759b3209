"""Growth split between people and model, in organizations whose truth is known: do the intervals hold?

    PYTHONPATH=. python tests/benchmarks/growth.py [organizations] [decisions in each half]

Every organization is drawn anew: cases with facts, people who see them with noise, two versions of a model that each err
in their own way, a bank drawn by lot, an order of modes drawn by lot. The truth is V of the four combinations on a
large sample of the same mix of cases, with the way of combining that the report states.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.reports.calls import Calls
from rhml.reports.combiner import Combiner
from rhml.reports.growth import growth, shapley, values
from rhml.reports.replayed import Replayed

DOMAIN = parse_domain(
    "planted",
    """
title = "Planted"
[actions]
accept = "Accept"
refuse = "Refuse"
[outcome]
[features.x1]
kind = "number"
[features.region]
kind = "category"
[segments]
columns = ["region"]
""",
)
PEOPLE = 12
FIRST_CALLS, BANK = 0.3, 0.2


@dataclass(frozen=True)
class Plant:
    """people: share of lapses unlearned. model: the later version's error against the earlier one's 1. same: people
    learn only where the later version errs less. drift: how much nearer to the line later cases lie (1: as before)."""

    name: str
    people: float = 0.0
    model: float = 1.0
    same: bool = False
    drift: float = 1.0


PLANTS = (
    Plant("neither"),
    Plant("people learn", people=0.35),
    Plant("the model learns", model=0.5),
    Plant("both learn", people=0.35, model=0.5),
    Plant("both, in the same cases", people=0.5, model=0.4, same=True),
    Plant("people forget, the model learns", people=-0.2, model=0.5),
    Plant("both, and cases get harder", people=0.3, model=0.6, drift=0.8),
    Plant("neither, and cases get harder", drift=0.75),
)


def cases(rng, n, spread):
    """Facts, what the right action is, and what either version and people stumble over."""
    x = rng.normal(0, 1, (n, 3)) * np.asarray(spread)[:, None]
    region = rng.integers(0, 4, n)
    odds = 1.8 * (x[:, 0] - 0.7 * x[:, 1] + 0.3 * (region == 1) - 0.3 * (region == 2))
    first = rng.random(n) < 1 / (1 + np.exp(-odds))
    return {
        "x": x,
        "region": region,
        "odds": odds,
        "right": np.where(first, 0, 1),
        "odd": rng.normal(0, 1, (n, 2)),
    }


def models(c, plant):
    """Both versions' chances of the first action (2, n)."""
    seen = [
        c["odds"] + 1.6 * error * (0.8 * c["odd"][:, 0] + 0.6 * c["odd"][:, 1])
        for error in (1.0, plant.model)
    ]
    return np.stack(
        [
            1 / (1 + np.exp(-s * 2.5 / (2.5 + e**2)))
            for s, e in zip(seen, (1.6, 1.6 * plant.model), strict=True)
        ]
    )


def people(c, skill, plant):
    """The chance that the own call is right in either period (2, n), for people of this skill (n,)."""
    stumbles = c["odds"] + 0.9 * c["odd"][:, 0]
    sees = 1 / (1 + np.exp(-1.7 * stumbles / skill))
    likely = np.where(c["right"] == 0, sees, 1 - sees)
    expert = np.where((c["odds"] > 0) == (c["right"] == 0), 1.0, 0.0)
    touched = np.abs(c["odd"][:, 0]) > 0.9 if plant.same else np.ones(len(likely), bool)
    share = np.abs(plant.people) * touched
    later = likely + share * ((expert if plant.people > 0 else 0.5) - likely)
    return np.stack([likely, later])


def organization(plant, seed, half):
    """Decisions as the log gives them, both versions' answers on the bank, and the truth."""
    rng = np.random.default_rng([seed, len(plant.name)])
    n = 2 * half
    later = np.arange(n) >= half
    c = cases(rng, n, np.where(later, plant.drift, 1.0))
    skills = rng.uniform(1.2, 2.2, PEOPLE)
    who = rng.integers(0, PEOPLE, n)
    p = models(c, plant)
    shown = np.where(later, p[1], p[0])
    chance = people(c, skills[who], plant)
    own_right = rng.random(n) < np.where(later, chance[1], chance[0])
    own = np.where(own_right, c["right"], 1 - c["right"])
    said, sure = np.where(shown >= 0.5, 0, 1), np.maximum(shown, 1 - shown)
    follow = rng.random(n) < 0.15 + 0.6 * (sure - 0.5) * 2
    final = np.where(follow, said, own)
    unaided, bank = rng.random(n) < FIRST_CALLS, rng.random(n) < BANK
    key = np.array(["accept", "refuse"], object)
    frame = pd.DataFrame(
        {
            "decision_id": [f"d{i}" for i in range(n)], "case_id": [f"c{i}" for i in range(n)],
            "manager": [f"m{w}" for w in who], "mode": np.where(unaided, "first_call", "assisted"),
            "first_action": np.where(unaided, key[own], None), "first_confidence": np.nan,
            "model_version": np.where(later, "v2", "v1"), "recommended_action": key[said],
            "recommended_confidence": sure, "final_action": key[final], "final_confidence": np.nan,
            "decided_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="min"),
            "known_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="min"),
            "right_action": key[c["right"]], "bank": bank, "explore": False, "imported": False, "value": np.nan,
            "region": np.array(list("nesw"), object)[c["region"]],
        }
    )  # fmt: skip
    at = np.flatnonzero(bank)
    answers = {f"v{j + 1}": np.column_stack([p[j][at], 1 - p[j][at]]) for j in (0, 1)}
    replayed = Replayed.on(frame.iloc[at], answers, DOMAIN, of=len(at))
    hard = difficulty(c, frame["case_id"], rng)
    return frame, replayed, hard, skills


def difficulty(c, ids, rng):
    """A yardstick that knows the facts of the case but not its outcome."""
    p = 1 / (1 + np.exp(-c["odds"] * 0.9))
    return pd.DataFrame(
        {"case_id": ids, "p_accept": p, "p_refuse": 1 - p, "people": np.abs(c["odds"]) / 10, "fact_0": c["x"][:, 0],
         "fact_1": c["x"][:, 1]}
    )  # fmt: skip


def truth(plant, skills, combiner: Combiner, n=400_000):
    """V on the mix of both halves, for the people who were there."""
    rng = np.random.default_rng(len(plant.name))
    c = cases(rng, n, np.where(np.arange(n) < n // 2, 1.0, plant.drift))
    p = models(c, plant)
    chance = people(c, skills[np.arange(n) % len(skills)], plant)
    return values(c["right"], (p < 0.5).astype(int), np.maximum(p, 1 - p), chance, combiner)


def examined(plant, seed, half):
    """For each part: the truth, and the interval."""
    frame, replayed, hard, skills = organization(plant, seed, half)
    found = growth(Calls.of(frame, DOMAIN), replayed, difficulty=hard)
    exact = truth(plant, skills, found.combiner, 200_000)
    by_people, by_model, both = shapley(exact)
    parts = {"people": found.people, "model": found.model, "total": found.total}
    true = {"people": by_people, "model": by_model, "total": by_people + by_model}
    rows = [(name, true[name], part.change, part.verdict.words) for name, part in parts.items()]
    return [*rows, ("interaction", both, found.interaction, "")]


def main(organizations=200, half=4_000):
    """Print coverage, error and words of every part of every plant."""
    for plant in PLANTS:
        found = [row for seed in range(organizations) for row in examined(plant, seed, half)]
        for part in ("people", "model", "total", "interaction"):
            mine = [(t, m, said) for name, t, m, said in found if name == part]
            known = [(t, m, s) for t, m, s in mine if m.known]
            inside = np.mean([m.low - 1e-12 <= t <= m.high + 1e-12 for t, m, _ in known])
            off = np.mean([m.value - t for t, m, _ in known])
            wide = np.mean([m.high - m.low for _, m, _ in known]) / 2
            words = {
                w: np.mean([s == w for _, _, s in known]) for w in ("improved", "fell", "no change shown")
            }
            print(f"{plant.name:32} {part:11} truth {100 * np.mean([t for t, *_ in known]):+5.2f}  off {100 * off:+5.2f}  "
                  f"half width {100 * wide:4.2f}  covered {inside:6.1%} of {len(known)}  "
                  + ("" if part == "interaction" else "  ".join(f"{w} {v:.0%}" for w, v in words.items() if v)), flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
