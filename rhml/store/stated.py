"""Probabilities stated before an outcome was known, beside those of decisions: the model's, and blind second opinions'."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted


def model_before_outcome(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """What the model said last of each case before the log held its outcome: case_id, action, probability.

    The likeliest action, where an intent made it recommend another: what is left of that one's probability would be spread
    over actions of which the model had said that one is likelier. A recommendation of an imported log is taken at its word, as
    its decision is.
    """
    d = quoted(domain.name)
    return store.frame(
        "SELECT case_id, action, probability FROM (SELECT r.case_id, coalesce(r.likeliest_action, r.action) AS action, "
        "coalesce(r.likeliest_probability, r.probability) AS probability, "
        "row_number() OVER (PARTITION BY r.case_id ORDER BY r.seq DESC) AS newest "
        f"FROM {d}.recommendations r JOIN (SELECT case_id, min(seq) AS known FROM {d}.outcomes GROUP BY case_id) o "
        "ON o.case_id = r.case_id WHERE (r.seq < o.known OR r.imported) AND r.probability IS NOT NULL) AS said "
        "WHERE newest = 1 ORDER BY case_id"
    )


def second_opinions(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """Second opinions that say how sure they were: case_id, manager, action, confidence, said_at.

    They were given blind, and none is taken once the outcome is known.
    """
    return store.frame(
        "SELECT case_id, manager, action, confidence, happened_at AS said_at "
        f"FROM {quoted(domain.name)}.opinions WHERE kind = 'given' AND confidence IS NOT NULL ORDER BY seq"
    )
