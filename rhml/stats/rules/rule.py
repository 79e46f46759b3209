"""A rule that a person can keep in mind: at most three conditions on a case's facts.

>>> import pandas as pd
>>> rule = Rule((Condition("amount", ">=", 40_000.0), Condition("sector", "in", ("crafts", "retail"))))
>>> rule.covers(pd.DataFrame({"amount": [50_000.0, 10.0, None], "sector": ["crafts", "crafts", "retail"]})).tolist()
[True, False, False]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Feature

MOST = 3
"""Conditions of a rule, a range from … to … being one: more do not stay in a person's mind."""


def numbers(column: pd.Series) -> np.ndarray:
    """A column as numbers, dates as days since 1970; NaN where there is none."""
    if pd.api.types.is_datetime64_any_dtype(column):
        days = column.to_numpy("datetime64[D]")
        return np.where(np.isnat(days), np.nan, days.astype(np.int64))
    return pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)


@dataclass(frozen=True)
class Condition:
    """One fact compared with a value: a number at most or at least it, a yes or no, a level or one of some.

    A date is compared as the number of its days since 1970.
    """

    feature: str
    op: Literal["=", "<=", ">=", "in"]
    value: bool | float | str | tuple[str, ...]

    def holds(self, cases: pd.DataFrame) -> np.ndarray:
        """For each case whether it meets the condition; a missing fact, or column, meets none."""
        if self.feature not in cases:
            return np.zeros(len(cases), bool)
        column = cases[self.feature]
        if self.op == "in":
            return column.isin(list(self.value)).to_numpy(bool)
        if isinstance(self.value, str):
            return (column == self.value).fillna(False).to_numpy(bool)
        values = numbers(column)
        if isinstance(self.value, bool):
            return values == float(self.value)
        return {"<=": values <= self.value, ">=": values >= self.value, "=": values == self.value}[self.op]


@dataclass(frozen=True)
class Rule:
    """Cases that meet every condition; two conditions on one number are a range."""

    conditions: tuple[Condition, ...]

    def covers(self, cases: pd.DataFrame) -> np.ndarray:
        """For each case whether it belongs to the rule."""
        return np.logical_and.reduce([np.ones(len(cases), bool), *(c.holds(cases) for c in self.conditions)])

    def parts(self, domain: DecisionDomain, also: tuple[Feature, ...] = ()) -> tuple[str, ...]:
        """Each fact's conditions in the domain's labels and units: 'amount at least 40,000 €'.

        also: facts that are no features of the domain, such as what was recommended.
        """
        known = {feature.name: feature for feature in (*domain.features, *also)}
        return tuple(
            _words(known.get(name, Feature(name=name, label=name)), conditions)
            for name, conditions in self._by_feature().items()
        )

    def words(self, domain: DecisionDomain, also: tuple[Feature, ...] = ()) -> str:
        """The rule in one phrase: 'tenure at most 2 years and amount at least 40,000 €'."""
        return " and ".join(self.parts(domain, also))

    def _by_feature(self) -> dict[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            found.setdefault(condition.feature, []).append(condition)
        return found

    def content(self, learner: str) -> dict[str, Any]:
        """Plain values for the log; `learner` is 'people' or 'model'."""
        plain = [
            {"feature": c.feature, "op": c.op, "value": list(c.value) if c.op == "in" else c.value}
            for c in self.conditions
        ]
        return {"conditions": plain, "learner": learner}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Rule:
        """The rule of a lesson's content, as the log holds it."""
        return cls(
            tuple(
                Condition(c["feature"], c["op"], tuple(c["value"]) if c["op"] == "in" else c["value"])
                for c in content["conditions"]
            )
        )


def _words(feature: Feature, conditions: list[Condition]) -> str:
    name = _small(feature.label or feature.name)
    by_op = {condition.op: condition.value for condition in conditions}
    if "<=" in by_op and ">=" in by_op:
        low = by_op[">="]
        first = _shown(low, feature) if feature.kind == "date" else _number(low)
        return f"{name} from {first} to {_shown(by_op['<='], feature)}"
    op, value = next(iter(by_op.items()))
    if op == "in":
        return (
            f"{name} is {', '.join(value[:-1])} or {value[-1]}" if len(value) > 1 else f"{name} is {value[0]}"
        )
    if isinstance(value, bool):
        return f"{name} is {'yes' if value else 'no'}"
    if isinstance(value, str):
        return f"{name} is {value}"
    return f"{name} {_COMPARED[op]} {_shown(value, feature)}"


_COMPARED = {"<=": "at most", ">=": "at least", "=": "is"}


def _small(label: str) -> str:
    """A label inside a sentence: 'Amount' as 'amount', 'DTI ratio' as it stands."""
    return label[0].lower() + label[1:] if label[:1].isupper() and label[1:2].islower() else label


def _shown(value: float, feature: Feature) -> str:
    if feature.kind == "date":
        return str(np.datetime64(0, "D") + int(value))
    return f"{_number(value)} {feature.unit}".strip()


def _number(value: float) -> str:
    return f"{value:,.10g}"
