"""The model card: what a model learned from, how well it foretells, and what must be said beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from rhml.core.domain import DecisionDomain
from rhml.machine.explaining.explanation import explain
from rhml.machine.learning.labels import Posterior, calibration
from rhml.machine.learning.material import Material, right_index
from rhml.machine.model import Model

IMPORTANCE_ROWS = 2_000


def write(
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    material: Material,
    model: Model,
    *,
    domain: DecisionDomain,
    oof: np.ndarray,
    plain: np.ndarray | None = None,
    labels: Posterior | None = None,
    used: bool = False,
    together: int = 0,
) -> dict[str, Any]:
    """Everything a reader of the model should know, as plain values for JSON.

    `oof` and `plain` are out-of-fold probabilities (n, K) with and without what people called; `used`
    says whether posterior labels went into the model, `together` how many cases several people judged, where
    nothing else could be learned from. Where decisions choose which outcomes are seen, only
    explored cases say how well it foretells.
    """
    learned = material.weights.sum(axis=1) > 0
    mine = calls[calls["case_id"].isin(cases["case_id"])]
    right = right_index(cases, domain)
    told = np.where(material.reference >= 0, right, -1)
    posterior = int(labels.labelled.sum()) if labels is not None and used else 0
    sources = _sources(cases, right, learned, posterior, together, domain)
    return {
        "imitates": not sources["outcomes"],
        "about": _about(domain, not sources["outcomes"]),
        "window": _window(cases[learned]),
        **sources,
        "decisions": len(mine),
        "managers": int(mine["manager"].nunique()),
        "population": _population(domain, not sources["outcomes"]),
        "calls": _calls(labels, used, domain),
        "posterior_calibration": [] if labels is None else _rows(labels.calibration),
        "calibration": _rows(calibration(oof[told >= 0], told[told >= 0], bins=10)),
        "out_of_fold": scores(oof, told),
        "out_of_fold_outcomes_only": None if plain is None else scores(plain, told),
        "importance": importance(model, cases[learned]),
        "trees": model.booster.num_boosted_rounds(),
    }


def scores(probabilities: np.ndarray, right: np.ndarray) -> dict[str, float | int | None]:
    """Accuracy, Brier score (0 best, half the squared error over all actions) and AUC where known."""
    known = np.flatnonzero(right >= 0)
    if not len(known):
        return {"n": 0, "accuracy": None, "brier": None, "auc": None}
    p, y = probabilities[known], right[known]
    brier = ((p - np.eye(p.shape[1])[y]) ** 2).sum(axis=1).mean() / 2
    both = p.shape[1] == 2 and len(np.unique(y)) == 2
    return {
        "n": len(known),
        "accuracy": float((p.argmax(axis=1) == y).mean()),
        "brier": float(brier),
        "auc": float(roc_auc_score(y == 0, p[:, 0])) if both else None,
    }


def importance(model: Model, cases: pd.DataFrame) -> list[dict[str, str | float]]:
    """By how many points each feature moves the probability in an average case, strongest first."""
    some = cases.iloc[:: max(1, len(cases) // IMPORTANCE_ROWS)]
    moved = np.abs(explain(model, some).points).mean(axis=0)
    return [
        {"feature": model.features[at], "points": float(moved[at])}
        for at in np.argsort(-moved, kind="stable")
    ]


def _about(domain: DecisionDomain, imitates: bool) -> str:
    if domain.outcome is None:
        return "What this team usually decides: it imitates final decisions and knows no outcome."
    if imitates:
        return "What people who judged the same case would agree on: no outcome is known yet."
    return f"Which action proves right in {domain.title}, by the outcomes that became known."


def _sources(
    cases: pd.DataFrame,
    right: np.ndarray,
    learned: np.ndarray,
    posterior: int,
    together: int,
    domain: DecisionDomain,
) -> dict[str, Any]:
    """Which part of the cases the labels come from, counted and in a sentence.

    `explored_outcomes` became known by chance alone; None where decisions do not choose which ones do.
    """
    count = int(learned.sum())
    outcomes = 0 if domain.outcome is None else int((right >= 0).sum())
    explored, chance = None, ""
    if domain.selective and "explore" in cases:
        explored = int(((right >= 0) & cases["explore"].fillna(False).to_numpy(dtype=bool)).sum())
        chance = f" ({explored:,} of them by chance)"
    decided = 0 if outcomes else count - together
    parts = (
        (outcomes, "from an outcome" + chance),
        (posterior, "from what people called, by what calls proved to be worth"),
        (together, "from what three or more people who judged the same case agree on"),
        (decided, "from a final decision"),
    )
    said = ", ".join(f"{n:,} {words}" for n, words in parts if n > 0)
    rest = f"; {len(cases) - count:,} teach nothing" if len(cases) > count else ""
    return {
        "cases": count,
        "outcomes": outcomes,
        "explored_outcomes": explored,
        "posterior_labels": posterior,
        "judged_together": together,
        "taught_nothing": len(cases) - count,
        "labels": f"{count:,} {domain.terms.many} taught it: {said}{rest}.",
    }


def _population(domain: DecisionDomain, imitates: bool) -> str:
    many = domain.terms.many
    if domain.outcome is None:
        return f"All {many} with a final decision."
    if imitates:
        return f"{many.capitalize()} that three or more people called before they saw a recommendation."
    if not domain.selective:
        return f"All {many}: their outcome becomes known whatever is decided."
    seen = " or ".join(f"“{domain.label(a)}”" for a in domain.outcome.observed_after)
    tried = domain.outcome.explore
    rest = (
        f"for the rest only the random {tried:.0%} that are tried all the same; each of those stands for up "
        "to ten, and only they tell what a call is worth."
        if tried
        else "for the rest nothing is known, so the model may be wrong where managers see what it does not."
    )
    return f"Outcomes are seen after {seen}; {rest}"


def _calls(labels: Posterior | None, used: bool, domain: DecisionDomain) -> dict[str, Any] | None:
    if labels is None:
        return None
    taught = max(labels.taught.values(), default=0.0)
    if not labels.trust and taught and used:
        said = (
            "Outside the lessons it was taught, calls did not foretell held-out outcomes better than the model alone; "
            f"inside them they stand in for the outcome in {int(labels.labelled.sum()):,} cases."
        )
    elif not labels.trust and not taught:
        said = "Calls did not foretell held-out outcomes better than the model alone, so they were left out."
        if not labels.checked and domain.selective:
            said = (
                "Outcomes here were seen because of what was decided, which cannot tell what calls are worth; "
                "they were left out."
            )
        elif not labels.checked:
            said = "No resolved case was also called, so what calls are worth is unknown; they were left out."
    elif not used:
        said = "Labels from calls made the model worse on held-out outcomes, so they were left out."
    else:
        said = f"What people called stands in for the outcome in {int(labels.labelled.sum()):,} cases."
    return {
        "said": said,
        "trust": labels.trust,
        "gain": labels.gain,
        "gain_error": labels.gain_error,
        "checked": labels.checked,
        "taught": labels.taught,
    }


def _window(cases: pd.DataFrame) -> dict[str, str | None]:
    received = cases["received_at"].dropna() if "received_at" in cases else pd.Series(dtype=object)
    if received.empty:
        return {"since": None, "until": None}
    return {"since": received.min().isoformat(), "until": received.max().isoformat()}


def _rows(frame: pd.DataFrame) -> list[dict[str, float | int]]:
    return [
        {"stated": float(row.stated), "observed": float(row.observed), "n": int(row.n)}
        for row in frame.itertuples(index=False)
    ]
