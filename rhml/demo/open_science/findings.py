"""Published findings with a known truth: facts, several experts' probabilities, and whether they replicate.

Planted, for the reports to find:
* *too sure*: every expert is surer than right, the mean of four of them less so: it has lost most of their noise.
* *fame*: much-cited findings look solid to experts. Citations say nothing here, and the model learns that from results.
* *growth*: so do experts, result by result: within the first year most of the pull of fame and of their noise is gone.
* *corridor*: in experimental economics experts hear of other attempts, which are on no card: there they foretell better
  than the model. Elsewhere few hear of any.
* *together*: experts and model err in different places, so their average foretells better than experts alone; that it
  beats the model too is true, and not always shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import world
from rhml.demo.open_science import reviewers
from rhml.demo.open_science.reviewers import REVIEWERS, say
from rhml.demo.world import World

NAME = "replications"
DAYS, ROUNDS = 49, 21
"""Findings are nominated every seven weeks for nearly three years: results take their time."""

TRAININGS = (0, 8, 15)
HISTORY, A_DAY = 240, 0.7
RESULT_AFTER = (75, 330)
"""Days from a decision to the result of the replication."""

NEVER = 0.06
"""The share of replications that is given up."""

DISCIPLINES = (
    "Social psychology",
    "Cognitive psychology",
    "Experimental economics",
    "Education",
    "Political behaviour",
)
SHARES = (0.26, 0.22, 0.30, 0.11, 0.11)
TREND = {"Social psychology": -0.5, "Experimental economics": 0.3, "Cognitive psychology": 0.3}
CORRIDOR = "Experimental economics"
CITED = ("under 10", "10 to 30", "over 30")
"""Citations a year; from the last on experts take a finding for solid."""


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """Nearly three years of findings that end at `at`; `size` scales their number."""
    rng, domain = np.random.default_rng([seed, 6]), world.demo_domain(NAME)
    now = at.replace(second=0, microsecond=0) - world.THIS_MORNING
    moments = tuple(now - timedelta(days=DAYS * back) for back in range(ROUNDS - 1, -1, -1))
    history = max(160, round(HISTORY * size))
    received, imported = world.arrivals(rng, moments, a_day=A_DAY * size, history=history)
    cases = _cases(rng, received)
    planted = _planted(rng, cases).assign(
        manager=world.plant_people(rng, list(REVIEWERS), len(cases)),
        decide_at=world.decide_times(rng, imported, moments),
        imported=imported,
    )
    odds = (planted["visible"] + planted["private"]).to_numpy()
    planted["right_action"] = world.right_actions(rng, odds, domain)
    takes = dict(zip(planted["case_id"], rng.uniform(*RESULT_AFTER, len(cases)), strict=True))
    given_up = set(planted["case_id"][rng.random(len(cases)) < NEVER])

    def known_at(case_id: str, action: str, decided: datetime, explore: bool) -> datetime | None:
        return None if case_id in given_up else decided + timedelta(days=takes[case_id])

    return World(
        domain=domain,
        managers={reviewer.name: reviewer for reviewer in REVIEWERS},
        cases=cases,
        planted=planted,
        history=frozenset(cases["case_id"][:history]),
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=known_at,
        say=say,
        ask="The key test is an interaction in a small sample, but the theory is strong. Whom do we believe?",
        settled=reviewers.SETTLED,
        panel=reviewers.panel(rng, planted, received, domain),
    )


def _cases(rng: np.random.Generator, received: list[datetime]) -> pd.DataFrame:
    n = len(received)
    people = np.exp(rng.normal(np.log(90), 0.8, n)).clip(16, 2_000)
    # Journals print what is significant, so that many p values lie just below .05.
    barely = rng.random(n) < 0.4
    p = np.where(barely, rng.uniform(0.01, 0.05, n), 10 ** rng.uniform(-5, -2, n))
    z = 3.2 - 0.55 * np.log10(p / 0.001)
    effect = np.clip(z / np.sqrt(people) * np.exp(rng.normal(0, 0.12, n)), 0.03, 0.85)
    power = np.clip(rng.normal(88, 7, n), 60, 99)
    replication = np.clip(7.9 / (0.75 * effect) ** 2 * (power / 88) ** 3, 40, 6_000)
    return pd.DataFrame(
        {
            "case_id": [f"F-{1 + i:04}" for i in range(n)],
            "received_at": received,
            "due_at": [when + timedelta(days=int(d)) for when, d in zip(received, rng.integers(45, 120, n), strict=True)],
            "original_p": np.where(p < 0.001, np.round(p, 6), np.round(p, 3)),
            "effect_size": np.round(effect, 2),
            "sample_size": np.round(people),
            "replication_size": np.round(replication, -1),
            "replication_power": np.round(power),
            "discipline": rng.choice(DISCIPLINES, size=n, p=SHARES),
            "tested": np.where(rng.random(n) < 0.35, "Interaction", "Main effect"),
            "preregistered": np.where(rng.random(n) < 0.22, "yes", "no"),
            "data_open": np.where(rng.random(n) < 0.4, "yes", "no"),
            "surprise": np.round(np.clip(rng.normal(4, 1.3, n), 1, 7), 1),
            "citations": rng.choice(CITED, size=n, p=(0.25, 0.4, 0.35)),
            "years_out": rng.integers(1, 15, n),
            "first_author": rng.choice(["Student", "Postdoc", "Professor"], size=n, p=(0.35, 0.35, 0.3)),
        }
    )  # fmt: skip


def _planted(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """What decides whether a finding replicates: `visible` from the facts, `private` beside them."""
    n = len(cases)
    visible = 1.35 * (
        -0.3
        - 0.9 * np.log10(cases["original_p"].clip(1e-5) / 0.004)
        + 0.8 * np.log10(cases["sample_size"] / 90)
        - 1.3 * (cases["tested"] == "Interaction")
        + 1.2 * (cases["preregistered"] == "yes")
        - 0.45 * (cases["surprise"] - 4)
        + 0.03 * (cases["replication_power"] - 88)
        + cases["discipline"].map(TREND).fillna(0.0)
    )
    attempted = rng.random(n) < np.where(cases["discipline"] == CORRIDOR, 0.75, 0.04)
    worked = rng.random(n) < 0.5
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "visible": visible,
            "private": np.select([attempted & worked, attempted], [4.2, -4.2], 0.0),
            "kind": np.select([attempted & worked, attempted], ["attempt worked", "attempt failed"], ""),
            "fashion": cases["citations"] == CITED[-1],
            "news": False,
            **world.chances(rng, n),
        }
    )
