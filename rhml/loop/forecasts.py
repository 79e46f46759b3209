"""Probabilities that people stated beside the model's, for what a report is asked about."""

from __future__ import annotations

import pandas as pd

from rhml.loop.asked import Asked
from rhml.reports.calls import Calls
from rhml.reports.forecasts import Forecasts
from rhml.reports.forecasts import forecasts as compute
from rhml.store import stated


def forecasts(asked: Asked) -> Forecasts:
    """Everyone's own probabilities, the model's and both averaged, on the same resolved cases."""
    judged, why = asked.calls.judged()
    if why:
        return Forecasts.nothing(why)
    calls, segments = asked.calls.take(judged.nonzero()[0]), asked.domain.segments.columns

    own, cases = (
        _own(calls),
        _read(calls, ("case_id", "right_action", "arrived_at", *segments)).drop_duplicates("case_id"),
    )
    opinions = stated.second_opinions(asked.store, asked.domain)
    # A second person's opinion comes after the decision; a call of the same person on the same case comes first.
    people = pd.concat([own, opinions[own.columns.to_list()]]) if len(opinions) else own
    model = stated.model_before_outcome(asked.store, asked.domain)

    people = people.drop_duplicates(["case_id", "manager"])
    return compute(people, model, cases, domain=asked.domain, seed=asked.seed)


def _own(calls: Calls) -> pd.DataFrame:
    """Probabilities stated before anything of the model was shown, and before the outcome was known."""
    hindsight = (calls.column("decided_at") > calls.column("known_at")).to_numpy(bool)
    said = calls.column("first_confidence").notna().to_numpy(bool)
    kept = calls.take((calls.unaided & said & ~hindsight).nonzero()[0])
    rows = _read(kept, ("case_id", "manager", "first_action", "first_confidence"))
    return rows.rename(columns={"first_action": "action", "first_confidence": "confidence"})


def _read(calls: Calls, names: tuple[str, ...]) -> pd.DataFrame:
    """Some columns alone: of a long log the others would be copied for nothing."""
    return pd.DataFrame({name: calls.column(name) for name in names})
