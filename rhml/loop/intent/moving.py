"""Within the unit of work of a statement: record the recommendations that change, order the queue, ask for whole cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.correcting import in_force
from rhml.loop.intent.cases import Held
from rhml.loop.intent.intending import Intended
from rhml.loop.intent.moved import Models, moved
from rhml.loop.intent.preview import recommended
from rhml.machine.explaining.explanation import explain
from rhml.machine.model import Model
from rhml.store import frames, intent_cases, intents, registry, scores
from rhml.store.engine import Store, Transaction

Progress = Callable[[float, str], None]


def move(
    store: Store, tx: Transaction, domain: DecisionDomain, held: Held, of: Intended, model: Model, *,
    at: datetime, progress: Progress,
) -> None:  # fmt: skip
    """Record the recommendations that change, order the queue, and ask for the whole cards of all."""
    then = recommended(held, domain, of.intent)
    places = np.flatnonzero(held.now != then)
    if len(places):
        progress(0.2, "Moving recommendations")
        ids = held.ids["recommendation_id"].take(places).to_pandas()
        rows = intent_cases.stored(tx, domain, pd.DataFrame({"id": ids, "place": range(len(places))}))
        inside = held.inside(of.intent)[places]
        told = moved(domain, rows, then[places], of, inside, _models(store, domain, model))
        told = _explained(store, domain, told, of, model)
        progress(0.6, "Recording them")
        scores.append_recommendations(tx, domain, told, version=None, at=at)
    intents.score_all_again(tx, domain.name)
    progress(0.85, "Ordering the queue")
    matters = of.matters(
        held.probabilities[:, : len(model.actions)], held.inside(of.intent),
        np.minimum(then, len(model.actions) - 1), held.stake, held.hidden,
    )  # fmt: skip
    intents.order_by_what_matters(tx, domain.name, held.ids["case_id"], matters)


def _models(store: Store, domain: DecisionDomain, live: Model) -> Models:
    """The models behind recommendations: mostly the live one, right after a promotion earlier ones as well."""
    known = {registry.live_version(store, domain.name): live}

    def of(version: str) -> Model:
        if version not in known:
            known[version] = Model.from_bytes(registry.content(store, domain.name, version))
        return known[version]

    return of


def _explained(
    store: Store, domain: DecisionDomain, told: pd.DataFrame, of: Intended, model: Model
) -> pd.DataFrame:
    """Among more than two actions the log does not hold what corrections add to each: there the trees are asked."""
    version = registry.live_version(store, domain.name)
    corrected = told["correction"].notna() & (told["model_version"] == version)
    if len(model.actions) == 2 or not corrected.any():
        return told
    rows = np.flatnonzero(corrected)
    ids = told["case_id"].iloc[rows].tolist()
    cases = frames.cases_of(store, domain, ids).set_index("case_id").loc[ids].reset_index()
    scored = explain(model, cases, in_force(store, domain, version), of.rule)
    told = told.copy()
    for name, found in (("base", scored.base), ("correction", scored.correction)):
        told.loc[told.index[rows], name] = found
    points = told["points"].tolist()
    for row, own in zip(rows, scored.points, strict=True):
        points[row] = own
    return told.assign(points=points)
