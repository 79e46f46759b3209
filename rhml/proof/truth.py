"""What is true of a planted organization, for the very quantities that its report states.

Changes are those of the chance to be right on one fixed mix of cases. Shares (who is right, who follows whom) follow
from a table of how often own call, recommendation and final decision are right together; cases vary at random, the
managers are those in the log, as the reports' intervals mean it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.proof import organization as planted
from rhml.proof import world
from rhml.proof.organization import Organization

CELLS = np.meshgrid(*[np.arange(2)] * 4, indexing="ij")
"""Which action was right, and whether own call, recommendation and final decision named it: one cell a combination."""
SIDE, OWN, MODEL, FINAL = (axis.ravel() for axis in CELLS)


@dataclass(frozen=True, eq=False)
class Changes:
    """For every call: by how much people have changed in each region, and how often model and team are right."""

    people: dict[str, np.ndarray]
    model: np.ndarray
    team: np.ndarray

    @classmethod
    def of(cls, made: Organization) -> Changes:
        """From the plant of an organization, over all of its cases in the same mix."""
        plant, mix = made.plant, world.population(planted.spreads(made.plant))
        base, best = planted.levels(plant, made.noise, mix)
        own = np.mean([mix.right(world.own_calls(mix.odds, size)) for size in made.noise], axis=0)
        expert = mix.right(world.expert_calls(mix.odds))
        lapse, insight = world.mixing(planted.learned(plant, made.moment), base, best)
        gains = lapse[:, None] * (0.5 - own) + insight[:, None] * (expert - own)
        gains *= [region == plant.segment or not plant.segment for region in world.REGIONS]
        better = (made.moment >= 0.5) & plant.better
        levels = [mix.right(world.own_calls(mix.odds, error)).mean() for error in planted.ERRORS]
        model = np.where(better, levels[1], levels[0])
        assisted = plant.assisted / (plant.calls + plant.assisted)
        follows = planted.following(plant, made.moment, np.full(len(model), assisted))
        people = {"all": gains.mean(axis=1), **dict(zip(world.REGIONS, gains.T, strict=True))}
        return cls(people, model, follows * model + (1 - follows) * (base + people["all"]))

    def between(
        self, later: np.ndarray, rows: np.ndarray, unaided: np.ndarray, newer: np.ndarray
    ) -> dict[str, float]:
        """The true change from the earlier to the later of some rows: people (unaided calls), model, team, regions.

        newer: the rows that a report holds to be of newer versions, which part the model's recommendations.
        """

        def change(values: np.ndarray, keep: np.ndarray, later: np.ndarray = later) -> float:
            if not (keep & later).any() or not (keep & ~later).any():
                return 0.0
            return float(values[keep & later].mean() - values[keep & ~later].mean())

        own = rows & unaided
        parts = {name: change(values, own) for name, values in self.people.items() if name != "all"}
        return {"human": change(self.people["all"], own), "model": change(self.model, rows, newer),
                "team": change(self.team, rows), **parts}  # fmt: skip


def changes_at(made: Organization, cut: str | None, known: np.ndarray | None = None) -> dict[str, float]:
    """The true changes about a report's cut, over the decisions whose outcome is known."""
    decided = made.decisions["decided_at"].to_numpy()
    later = decided >= np.datetime64(pd.Timestamp(cut) if cut else decided.max())
    rows = np.ones(len(later), bool) if known is None else known
    unaided = (made.decisions["mode"] == "first_call").to_numpy()
    versions = made.decisions.get("model_version")
    newer = later if versions is None else (versions != versions.iloc[0]).to_numpy()
    return Changes.of(made).between(later, rows, unaided, newer)


def shares(made: Organization, rows: np.ndarray) -> dict[str, float]:
    """The truth of a report's shares and values over some rows, such as those with three calls."""
    p = _table(made, rows)
    total = float(p.sum())

    def among(hit: np.ndarray, of: np.ndarray | None = None) -> float:
        whole = total if of is None else float(p[of].sum())
        return float(p[hit if of is None else hit & of].sum()) / whole if whole else float("nan")

    h, m, t = OWN == 1, MODEL == 1, FINAL == 1
    wrong_h, wrong_m, both_wrong = among(~h), among(~m), among(~h & ~m)
    spread = np.sqrt(wrong_h * (1 - wrong_h) * wrong_m * (1 - wrong_m))
    price = planted.AMOUNT * np.exp(planted.SPREAD**2 / 2)
    cost = lambda right: price * float((p * np.array(planted.COSTS)[SIDE] * ~right).sum()) / total  # noqa: E731 - a formula
    parts = {
        "gained by following": among(~h & m & t), "gained against both": among(~h & ~m & t),
        "lost by following": among(h & ~m & ~t), "lost against both": among(h & m & ~t),
    }  # fmt: skip
    overridden = among(t != m)
    saved = (cost(m) - cost(t)) / overridden if overridden else float("nan")
    return {
        "human": among(h), "model": among(m), "team": among(t), "oracle": among(h | m), "rair": among(t, ~h & m),
        "rsr": among(t, h & ~m), "switch_fraction": among(t == m, h != m),
        "error_correlation": (both_wrong - wrong_h * wrong_m) / spread if spread else float("nan"),
        "override_precision": among(t, t != m), "agreement_first": among(h == m), "agreement_final": among(t == m),
        "team_minus_human": among(t) - among(h), "team_minus_model": among(t) - among(m),
        "complementarity": among(t) - max(among(h), among(m)),
        "headroom": among(h | m) - max(among(h), among(m)),
        "human_cost": cost(h), "model_cost": cost(m), "team_cost": cost(t), "saved_each": saved, **parts,
    }  # fmt: skip


def _table(made: Organization, rows: np.ndarray) -> np.ndarray:
    """How often each cell comes up (16,), over the managers, halves, modes and regions of the rows."""
    plant = made.plant
    who = pd.factorize(made.decisions["manager"], sort=True)
    code = np.array([int(name[1:]) - 1 for name in who[1]])[who[0]]
    assisted = (made.decisions["mode"] == "assisted").to_numpy()
    regions = pd.Categorical(made.cases["region"], categories=world.REGIONS).codes
    there = np.unique(regions[rows])
    counts = np.bincount(code[rows], minlength=plant.managers) / rows.sum()
    share = assisted[rows].mean()
    base, best = planted.levels(plant, made.noise, world.population(planted.spreads(plant)))
    found = np.zeros(len(SIDE))
    for later, spread in enumerate((1.0, plant.drift)):
        mix, half = world.population((spread,)), (made.moment >= 0.5) == bool(later)
        lapse, insight = world.mixing(planted.learned(plant, made.moment[half]).mean(), base, best)
        touched = np.array([region == plant.segment or not plant.segment for region in world.REGIONS], float)[
            :, None
        ]
        own = sum(
            share_of * world.moved(world.own_calls(mix.odds, size), world.expert_calls(mix.odds), lapse * touched, insight * touched)
            for share_of, size in zip(counts, made.noise, strict=True)
        )  # fmt: skip
        model = world.own_calls(mix.odds, planted.ERRORS[int(later and plant.better)])
        moment = np.array([0.75 if later else 0.25])
        for mode, weight in ((False, 1 - share), (True, share)):
            follows = float(planted.following(plant, moment, np.array([mode]))[0])
            found += weight / 2 * _cells(mix.odds[there], own[there], model[there], follows)
    return found


def _cells(odds: np.ndarray, own: np.ndarray, model: np.ndarray, follows: float) -> np.ndarray:
    """The chance of each cell, averaged over cases; own call and recommendation err apart, given the facts."""
    right = world.sigmoid(odds)
    found = []
    for side, h, m, t in zip(SIDE, OWN, MODEL, FINAL, strict=True):
        first = side == 0
        p = (right if first else 1 - right) * _named(own, first == bool(h)) * _named(model, first == bool(m))
        found.append(float(p.mean()) * ((t == h) if h == m else follows if t == m else 1 - follows))
    return np.array(found)


def _named(first: np.ndarray, is_first: bool) -> np.ndarray:
    return first if is_first else 1 - first
