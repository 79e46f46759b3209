"""What moves a version, and what changed with it: gather cases, explain them, record the findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import NoChampion
from rhml.machine.explaining.global_view import global_view
from rhml.machine.explaining.version_changes import version_changes
from rhml.machine.model import Model
from rhml.stats.bands import segment_names
from rhml.store import frames, registry, studies
from rhml.store.engine import Store
from rhml.store.studies import Study

Progress = Callable[[float, str], None]
VIEW, CHANGES = "insight", "version changes"
"""The kinds of the two findings."""


@dataclass(frozen=True)
class Insight:
    """A version's whole picture, and what changed against an earlier one (None where there is none)."""

    version: str
    view: dict[str, Any]
    against: str | None
    changes: dict[str, Any] | None


def insight(
    store: Store,
    domain: DecisionDomain,
    version: str | None = None,
    *,
    against: str | None = None,
    by: str,
    at: datetime,
    progress: Progress,
) -> Insight:
    """Explain a version (the live one, else the newest) and compare it with another; records both findings."""
    version = version or registry.live_version(store, domain.name) or _newest(store, domain)
    for named in filter(None, (version, against)):
        registry.version(store, domain.name, named)  # refuses a name nobody knows
    earlier = against or before(store, domain, version)
    model = Model.from_bytes(registry.content(store, domain.name, version))
    cases = frames.cases(store, domain)
    cases = cases[~cases["bank"].astype(bool)].reset_index(drop=True)
    segments = pd.DataFrame(
        {c: segment_names(cases, c, domain) for c in domain.segment_columns}, index=cases.index
    )

    progress(0.1, f"Explaining {version} over its {domain.terms.many}")
    view = global_view(model, cases, segments).as_dict()
    changes = None
    if earlier is not None:
        progress(0.6, f"Comparing {version} with {earlier}")
        other = Model.from_bytes(registry.content(store, domain.name, earlier))
        waiting = frames.undecided(store, domain)
        changes = {"against": earlier} | version_changes(other, model, cases, waiting, segments).as_dict()

    found = [(VIEW, view), *([(CHANGES, changes)] if changes else [])]
    store.write(
        lambda tx: [
            studies.add(tx, domain.name, Study(kind, version, content, at, by)) for kind, content in found
        ]
    )
    return Insight(version, view, earlier, changes)


def _newest(store: Store, domain: DecisionDomain) -> str:
    trained = registry.versions(store, domain.name)
    if not trained:
        raise NoChampion(f"{domain.title} has no model yet. Retrain on resolved {domain.terms.many} first.")
    return trained[0].version


def before(store: Store, domain: DecisionDomain, version: str) -> str | None:
    """What a version is compared with: the champion at its training, else the version trained before it."""
    versions = registry.versions(store, domain.name)
    trained = next(v.trained_at for v in versions if v.version == version)
    live = [p.version for p in registry.promotions(store, domain.name) if p.promoted_at <= trained]
    older = [v.version for v in versions if v.trained_at < trained]
    return next((name for name in [*live, *older] if name != version), None)


def in_words(found: Insight, domain: DecisionDomain) -> str:
    """The strongest factors, the strongest pair and what changed, one line each."""
    labels = {f.name: f.label for f in domain.features}
    said = [
        f"{found.version}, explained on {found.view['n']:,} {domain.terms.many}; points of 100 in an average case:"
    ]
    for kind, most in (("weights", 10), ("pairs", 3)):
        for weight in found.view[kind][:most]:
            names = " with ".join(labels.get(name, name) for name in weight["features"])
            said.append(f"  {names}: {_in_points(weight['points'])}")
    if found.changes:
        changed, waiting = found.changes["changed"], found.changes["waiting"]
        said.append(
            f"Against {found.against}: another recommendation in {found.changes['different']['value'] or 0:.0%} of them, "
            f"and for {changed:,} of the {waiting:,} that wait."
        )
        for case in found.changes["cases"][:10]:
            factor = labels.get(case["factor"], case["factor"])
            said.append(
                f"  {case['case_id']}: {case['before']} before, now {case['after']}; moved most by {factor}"
            )
    return "\n".join(said)


def _in_points(found: dict[str, Any]) -> str:
    if found["value"] is None or found["low"] is None:
        return str(found["why"])
    value, low, high = (f"{100 * found[end]:.1f}" for end in ("value", "low", "high"))
    return f"{value} ({low} to {high}; n {found['n']:,})"
