"""Where a person's look helps most: how often people are right in a case like this, and how often the model.

People's chance comes from their own calls with outcomes: a logistic regression on the case, on what the
model says of it and on who looks, every part drawn towards the team's rate as far as its evidence is thin
(ridge; managers with a prior of their own). How much it may use is settled out-of-fold: facts of the case
only where they foretell better than the model's confidence alone, that only where it beats a plain rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from rhml.core.domain import DecisionDomain
from rhml.core.policy import FOLDS
from rhml.machine.trust.space import Placed, Space
from rhml.stats.measure import Measure
from rhml.stats.paired import difference

FEWEST = 100
"""Below this many resolved calls nothing is said of single cases."""
MOST = 8_000
PRIOR = {"rate": 1e-3, "manager": 10.0, "confidence": 2.0, "facts": 15.0}
"""How many calls' worth of evidence stand against each part: the ridge."""
PARTS = (("rate", "manager"), ("rate", "manager", "confidence"), ("rate", "manager", "confidence", "facts"))
LEVELS = 12
STEPS = 12


@dataclass(frozen=True, eq=False)
class Deferral:
    """P(person right | case, manager), learned from `n` calls of a kind: *looked* with the suggestion in
    view, *unaided* without. `proof` holds, out-of-fold, what a look gained where most was expected of it,
    and elsewhere."""

    kind: str
    uses: tuple[str, ...]
    managers: tuple[str, ...]
    weights: np.ndarray
    average: float
    space: Space
    n: int
    proof: dict[str, Measure] = field(default_factory=dict)

    def chance(
        self, cases: pd.DataFrame, probabilities: np.ndarray, manager: str | None = None
    ) -> np.ndarray:
        """The chance (n,) that a person decides each case rightly: the named manager, or the usual one."""
        columns, _ = _columns(self.space, self.space.place(cases), probabilities, self.uses)
        who = self.average
        if manager in self.managers:
            who = self.weights[1 + self.managers.index(manager)]
        fixed = np.concatenate([self.weights[:1], self.weights[1 + len(self.managers) :]])
        return expit(columns @ fixed + who)

    def help(self, cases: pd.DataFrame, probabilities: np.ndarray) -> np.ndarray:
        """By how much a look raises the chance of deciding each case rightly, against the model alone (n,)."""
        return self.chance(cases, probabilities) - np.asarray(probabilities).max(axis=1)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "kind": self.kind, "uses": list(self.uses), "managers": list(self.managers),
            "weights": self.weights.tolist(), "average": self.average, "space": self.space.to_dict(),
            "n": self.n, "proof": {name: found.as_dict() for name, found in self.proof.items()},
        }  # fmt: skip

    @classmethod
    def from_dict(cls, plain: dict[str, Any], domain: DecisionDomain) -> Deferral:
        """The inverse of `to_dict`; KeyError where the domain has lost a feature since."""
        return cls(
            plain["kind"], tuple(plain["uses"]), tuple(plain["managers"]), np.array(plain["weights"]),
            plain["average"], Space.from_dict(plain["space"], domain), plain["n"],
            {name: Measure(**found) for name, found in plain["proof"].items()},
        )  # fmt: skip


def learn(
    calls: pd.DataFrame,
    cases: pd.DataFrame,
    probabilities: np.ndarray,
    *,
    domain: DecisionDomain,
    actions: tuple[str, ...] | None = None,
    version: str | None = None,
) -> Deferral | None:
    """Learn people's chances from resolved calls, newest last; None where they are too few.

    calls: case_id, manager, mode, first_action, recommended_action, recommended_confidence, final_action,
    right_action, explore. `cases` are the calls' cases, row for row, with `fold`; `probabilities` (n, K)
    what the live model gives each of its `actions` (the domain's, if left out), used where nothing was
    recommended at the time. The proof is of the suggestions of one `version` (column model_version), where
    there are enough. Where decisions choose which outcomes are seen, only explored cases count.
    """
    shown = _shown(calls, probabilities, actions or domain.action_keys)
    known = calls["right_action"].notna().to_numpy()
    if domain.selective:
        known = known & calls["explore"].fillna(False).to_numpy(dtype=bool)
    advised = calls["recommended_action"].notna().to_numpy()
    own = calls["first_action"].notna().to_numpy() & (calls["mode"] != "evidence_only").to_numpy()
    looked = known & advised & calls["final_action"].notna().to_numpy()
    unaided = known & (own | (~advised & calls["final_action"].notna().to_numpy()))
    made = {
        "looked": calls["final_action"],
        "unaided": calls["first_action"].where(own, calls["final_action"]),
    }
    for kind, rows in (("looked", looked), ("unaided", unaided)):
        if rows.sum() >= FEWEST:
            at = np.flatnonzero(rows)[-MOST:]
            right = (made[kind] == calls["right_action"]).to_numpy()[at]
            found, expected = _fit(kind, calls.iloc[at], cases.iloc[at], shown[at], right, domain)
            return replace(found, proof=_proof(calls.iloc[at], right, expected, version))
    return None


def _shown(calls: pd.DataFrame, probabilities: np.ndarray, actions: tuple[str, ...]) -> np.ndarray:
    """What was recommended at the time, spread over the actions; else what the live model says."""
    shown = np.array(probabilities, dtype=np.float64)
    place = pd.Index(actions, dtype=object).get_indexer(calls["recommended_action"].astype(object))
    said = pd.to_numeric(calls["recommended_confidence"], errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    stored = np.flatnonzero((place >= 0) & ~np.isnan(said))
    if len(stored):
        others = (1 - said[stored]) / (shown.shape[1] - 1)
        shown[stored] = others[:, None]
        shown[stored, place[stored]] = said[stored]
    return shown


def _columns(
    space: Space, placed: Placed, probabilities: np.ndarray, uses: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The regression's columns without managers (n, d), and the ridge of each (d,)."""
    p = np.clip(np.asarray(probabilities, dtype=np.float64), 0.005, 0.995)
    parts = [(np.ones((len(p), 1)), "rate")]
    if "confidence" in uses:
        lean = np.log(p.max(axis=1) / (1 - p.max(axis=1)))
        chosen = np.eye(p.shape[1])[p.argmax(axis=1)]
        parts.append(
            (np.column_stack([lean - 1, (lean - 1) ** 2, chosen, chosen * (lean - 1)[:, None]]), "confidence")
        )
    if "facts" in uses:
        parts.append((placed.numbers, "facts"))
        for at, axis in enumerate(space.axes):
            count = min(len(axis.levels), LEVELS) if axis.levels else 1
            first = 0 if axis.levels else 1  # a number's only code is "missing"
            parts.append((placed.codes[:, [at]] == np.arange(first, first + count), "facts"))
    ridge = np.concatenate([np.full(block.shape[1], PRIOR[name]) for block, name in parts])
    return np.column_stack([block.astype(np.float64) for block, _ in parts]), ridge


def _fit(
    kind: str,
    calls: pd.DataFrame,
    cases: pd.DataFrame,
    probabilities: np.ndarray,
    right: np.ndarray,
    domain: DecisionDomain,
) -> tuple[Deferral, np.ndarray]:
    """People's chances, and out-of-fold what a look at each case was expected to gain (n,)."""
    space = Space.fit(cases, domain)
    placed = space.place(cases)
    who, names = pd.factorize(calls["manager"].astype(object), sort=True)
    managers = (who[:, None] == np.arange(len(names))).astype(float)
    folds = cases["fold"].to_numpy(dtype=np.int64) % FOLDS

    best, loss, oof = PARTS[0], np.full(len(right), np.inf), np.zeros(len(right))
    for uses in PARTS:
        columns, ridge = _with_managers(*_columns(space, placed, probabilities, uses), managers)
        found = np.zeros(len(right))
        for fold in range(FOLDS):
            out = folds == fold
            if out.any():
                found[out] = expit(columns[out] @ _logistic(columns[~out], right[~out], ridge))
        found = np.clip(found, 1e-4, 1 - 1e-4)
        new = -np.where(right, np.log(found), np.log(1 - found))
        gain = loss - new if np.isfinite(loss).all() else np.full(len(right), np.inf)
        if not np.isfinite(gain).all() or gain.mean() > gain.std() / np.sqrt(len(gain)):
            best, loss, oof = uses, new, found
    columns, ridge = _with_managers(*_columns(space, placed, probabilities, best), managers)
    weights = _logistic(columns, right, ridge)
    average = float(managers.mean(axis=0) @ weights[1 : 1 + len(names)])
    found = Deferral(kind, best, tuple(map(str, names)), weights, average, space, len(right))
    return found, oof - probabilities.max(axis=1)


def _with_managers(
    columns: np.ndarray, ridge: np.ndarray, managers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    prior = np.full(managers.shape[1], PRIOR["manager"])
    return (
        np.column_stack([columns[:, :1], managers, columns[:, 1:]]),
        np.concatenate([ridge[:1], prior, ridge[1:]]),
    )


def _logistic(columns: np.ndarray, right: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's steps, each halved until it no longer makes things worse."""
    weights = np.zeros(columns.shape[1])

    def loss(at: np.ndarray) -> float:
        score = columns @ at
        return float(np.logaddexp(0, score).sum() - score[right].sum() + (ridge * at**2).sum() / 2)

    now = loss(weights)
    for _ in range(STEPS):
        p = expit(columns @ weights)
        slope = columns.T @ (p - right) + ridge * weights
        bend = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        while (then := loss(weights - step)) > now and np.abs(step).max() > 1e-6:
            step /= 2
        weights, gained, now = weights - step, now - then, then
        if gained < 1e-6:
            break
    return weights


def _proof(
    calls: pd.DataFrame, right: np.ndarray, expected: np.ndarray, version: str | None
) -> dict[str, Measure]:
    """What people gained against the suggestion they saw, where most was expected and elsewhere."""
    advised = calls["recommended_action"].notna().to_numpy()
    if "model_version" in calls:
        own = advised & (calls["model_version"] == version).to_numpy()
        advised = own if own.sum() >= FEWEST else advised
    if advised.sum() < FEWEST:
        return {}
    model = (calls["recommended_action"] == calls["right_action"]).to_numpy()
    most = expected >= np.quantile(expected[advised], 0.75)
    found = {}
    for name, rows in (("most", advised & most), ("rest", advised & ~most)):
        found[name] = difference(
            right[rows].astype(float), model[rows].astype(float),
            cases=calls["case_id"].to_numpy()[rows], managers=calls["manager"].to_numpy()[rows],
        )  # fmt: skip
    return found
