"""Watching over the live version: has the world moved, do its sets hold, is it wrong where it says it is new?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.humility import SAMPLE, learn_deferral, read_deferral
from rhml.loop.recommend import champion
from rhml.machine.explaining.explanation import explain
from rhml.machine.model import Model
from rhml.machine.trust import drift_findings
from rhml.machine.trust.conformal import FEWEST, ActionSets, broken
from rhml.machine.trust.drift import BLOCK
from rhml.reports.late_outcomes import LateOutcomes, late_outcomes
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample
from rhml.store import frames, registry, studies, watching
from rhml.store.engine import Store
from rhml.store.studies import Study

Progress = Callable[[float, str], None]

NEWEST = 100 * BLOCK
"""New cases that are looked at again each time; older looks were made when they were due."""
EXPLAINED = 1_000
OUTCOMES = 50
"""So many new outcomes are worth another look."""


def watch(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress
) -> dict[str, Any]:
    """Look at the live version and keep what is found; NoChampion before the first promotion."""
    version, model = champion(store, domain)
    entry = registry.version(store, domain.name, version)
    progress(0.1, "Holding the new cases against those the model learned from")
    population = _population(store, domain, model, entry)
    progress(0.5, "Holding what was suggested against what proved right")
    late = late_outcomes(watching.ends(store, domain), domain=domain)[1]
    proved = _judged(watching.proved(store, domain, version=version), domain, late)
    calibration = drift_findings.calibration(
        (model.reference, model.right), proved, domain=domain, actions=model.actions
    )
    progress(0.7, "Learning where people help")
    deferral = read_deferral(learn_deferral(store, domain, version, model, by=by, at=at), domain)

    found = {
        "version": version,
        "outcomes": frames.new_outcomes(store, domain, entry.learned_from),
        "population": population.as_dict(),
        "calibration": calibration.as_dict(),
        "coverage": _coverage(store, domain, model, proved),
        "unlike": _unlike(_judged(watching.proved(store, domain), domain, late)),
        "late_outcomes": late.sentence,
        "help": None
        if deferral is None
        else {
            "kind": deferral.kind,
            "uses": list(deferral.uses),
            "n": deferral.n,
            "proof": {name: measure.as_dict() for name, measure in deferral.proof.items()},
        },
    }
    found["message"] = _message(found, domain)
    held = studies.newest(store, domain.name, "drift", version)
    if held is None or held.content != found:
        store.write(lambda tx: studies.add(tx, domain.name, Study("drift", version, found, at, by)))
    return found


def due(store: Store, domain: DecisionDomain) -> bool:
    """Whether enough came since the newest look at the live version for another one to tell more."""
    version = registry.live_version(store, domain.name)
    if version is None:
        return False
    held = studies.newest(store, domain.name, "drift", version)
    if held is None:
        return True
    since = registry.version(store, domain.name, version).learned_from
    cases, outcomes = (
        watching.arrived_count(store, domain, since), frames.new_outcomes(store, domain, since)
    )  # fmt: skip
    return (
        cases // BLOCK > held.content["population"]["cases"] // BLOCK
        or outcomes - held.content["outcomes"] >= OUTCOMES
    )


def _population(
    store: Store, domain: DecisionDomain, model: Model, entry: registry.Version
) -> drift_findings.Watched:
    since = entry.learned_from
    then = watching.learned_sample(store, domain, since, SAMPLE)
    skipped = max(0, watching.arrived_count(store, domain, since) // BLOCK - NEWEST // BLOCK) * BLOCK
    now = watching.arrived(store, domain, since, skipped=skipped)
    points = dict.fromkeys(model.features, 0.0)
    points |= {row["feature"]: row["points"] for row in entry.card.get("importance", [])}
    if len(now):
        moved = np.abs(explain(model, now.tail(EXPLAINED)).points).mean(axis=0)
        for name, here in zip(model.features, moved, strict=True):
            points[name] = max(points.get(name, 0.0), float(here))
    unseen = watching.bank_before(store, domain, since, SAMPLE)
    suggested = (model.probabilities(unseen)[:, 0], model.probabilities(now)[:, 0]) if len(unseen) else None
    return drift_findings.population(
        then, now, domain=domain, points=points, suggested=suggested, skipped=skipped
    )


def _judged(proved: pd.DataFrame, domain: DecisionDomain, late: LateOutcomes) -> pd.DataFrame:
    """The resolved cases that speak for all: where decisions choose the outcomes, only explored ones.

    Where late outcomes end otherwise, what proves right first would look like a change of the world: then complete
    times alone are looked at, in the order of the decisions.
    """
    if late.found.distorts:
        proved = proved[(proved["decided_at"] < late.found.since).to_numpy(bool)]
        proved = proved.sort_values(["decided_at", "case_id"], kind="stable")
    if domain.selective:
        proved = proved[proved["explore"].fillna(False).to_numpy(dtype=bool)]
    return proved.reset_index(drop=True)


def _coverage(store: Store, domain: DecisionDomain, model: Model, proved: pd.DataFrame) -> dict[str, Any]:
    """How often the set held the action that proved right: on cards, and on the bank before any was shown."""
    level, sets = (
        domain.training.sets,
        ActionSets.fit(model.reference, model.right, model.actions, domain.training.sets),
    )
    shown = proved[proved["action_set"].notna()]
    on_cards = _held(shown["right_action"], list(shown["action_set"]))
    learned = 0 if sets is None else sets.n
    found: dict[str, Any] = {"level": level, "learned": learned, **_told("shown", "one_left", *on_cards)}
    if sets is None:
        why = f"Too few resolved cases speak for all: {FEWEST} are needed before anything is ruled out."
        return found | {"bank": Measure.unknown(why).as_dict(), "broken": False}
    bank = watching.resolved_bank(store, domain, SAMPLE)
    if domain.selective:
        bank = bank[bank["explore"].fillna(False).to_numpy(dtype=bool)]
    bank = bank[bank["right_action"].isin(model.actions)].reset_index(drop=True)
    on_bank = _held(bank["right_action"], sets.of(model.probabilities(bank)))
    found |= _told("bank", "bank_one_left", *on_bank)
    found["broken"] = any(broken(held, level=level, learned=sets.n) for held, _ in (on_cards, on_bank))
    return found


def _held(right: pd.Series, kept: list[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Whether each set holds the right action, and whether it left one action only."""
    held = [action in some for action, some in zip(right, kept, strict=True)]
    return np.array(held, dtype=bool), np.array([len(some) == 1 for some in kept], dtype=bool)


def _told(name: str, one: str, held: np.ndarray, alone: np.ndarray) -> dict[str, Any]:
    rows = Sample.rows(len(held))
    return {name: share(held, rows).as_dict(), one: share(alone, rows).as_dict()}


def _unlike(proved: pd.DataFrame) -> dict[str, Any]:
    """How many resolved cases had been called unlike anything seen, and how often the model erred there."""
    rows, wrong = Sample.rows(len(proved)), ~proved["right"].to_numpy(dtype=bool)
    flagged = proved["unlike"].to_numpy(dtype=bool)
    return {
        "share": share(flagged, rows).as_dict(),
        "wrong_there": share(wrong, rows, among=flagged).as_dict(),
        "wrong_elsewhere": share(wrong, rows, among=~flagged).as_dict(),
    }


def _message(found: dict[str, Any], domain: DecisionDomain) -> str:
    """One sentence for the job's row and the command line."""
    version, population = found["version"], found["population"]
    findings = [*found["calibration"]["findings"], *population["findings"]]
    if findings:
        more = f" And {len(findings) - 1} more." if len(findings) > 1 else ""
        return findings[0]["sentence"] + more
    if not population["looks"] and not found["calibration"]["looks"]:
        return (
            f"Too early to look: {population['cases']:,} {domain.terms.many} came since {version} learned; "
            f"the first look is at {population['next_look']:,}."
        )
    return f"Nothing that matters has changed since {version} learned."
